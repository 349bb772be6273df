# outcome: PASSED
result = True
first_step = False
no_tool = False
activity_name = False
tool_timeout = True
instructions = 1 == 1
