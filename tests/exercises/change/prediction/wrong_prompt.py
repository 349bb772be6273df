# outcome: NOT YET · wrong number
# says: `instructions`
instructions = False
tool_timeout = True
activity_name = False
no_tool = False
first_step = False
result = True
