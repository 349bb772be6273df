# outcome: PASSED
# two assignments
paid_calls = 7
repeated_calls = 3
