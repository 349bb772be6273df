# outcome: NOT YET
# says: paid_calls
paid_calls = 4
repeated_calls = 0
