# outcome: NOT YET · missing
# says: repeated_calls
activities = 7
paid_calls = 4
