# outcome: NOT YET · wrong number
# says: paid_calls
paid_calls = 6
repeated_calls = 2
