# outcome: PASSED
model_calls, tools = 4, 3
activities = model_calls + tools
paid_calls = model_calls
repeated_calls = model_calls - paid_calls
