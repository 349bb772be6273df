# outcome: NOT YET · wrong number
# says: `first_step`
instructions = True
tool_timeout = True
activity_name = False
no_tool = False
first_step = True
result = True
