# outcome: PASSED
model_calls = 4
tools = 3
activities = model_calls + tools
paid_calls = model_calls
repeated_calls = 0
