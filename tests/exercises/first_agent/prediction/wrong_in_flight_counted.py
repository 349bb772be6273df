# outcome: NOT YET
# says: paid_calls
paid_calls = 8
repeated_calls = 4
