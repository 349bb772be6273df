# outcome: PASSED
activities, paid_calls, repeated_calls = (7, 4, 0)
