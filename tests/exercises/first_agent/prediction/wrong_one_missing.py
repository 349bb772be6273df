# outcome: NOT YET
# says: repeated_calls
paid_calls = 7
