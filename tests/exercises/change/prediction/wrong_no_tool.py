# outcome: NOT YET · wrong number
# says: `no_tool`
instructions = True
tool_timeout = True
activity_name = False
no_tool = True
first_step = False
result = True
