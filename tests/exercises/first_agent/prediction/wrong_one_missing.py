# outcome: NOT YET · missing
# says: repeated_calls
paid_calls = 7
