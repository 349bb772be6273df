# outcome: NOT YET
# says: paid_calls
paid_calls = 6
repeated_calls = 2
