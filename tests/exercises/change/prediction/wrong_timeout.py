# outcome: NOT YET · wrong number
# says: `tool_timeout`
instructions = True
tool_timeout = False
activity_name = False
no_tool = False
first_step = False
result = True
