# outcome: PASSED
# annotations and one unpacking
paid_calls: int
repeated_calls: int
paid_calls, repeated_calls = 3 + 4, 3
