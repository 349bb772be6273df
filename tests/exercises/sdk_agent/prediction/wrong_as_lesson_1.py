# outcome: NOT YET
# says: paid_calls
activities = 7
paid_calls = 6
repeated_calls = 2
