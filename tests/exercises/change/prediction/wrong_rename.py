# outcome: NOT YET · wrong number
# says: `activity_name`
instructions = True
tool_timeout = True
activity_name = True
no_tool = False
first_step = False
result = True
