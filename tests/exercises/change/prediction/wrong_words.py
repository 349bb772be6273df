# outcome: NOT YET · of another kind
# says: True or False
instructions = True
tool_timeout = True
activity_name = False
no_tool = False
first_step = False
result = "yes"
