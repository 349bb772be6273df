# outcome: NOT YET · wrong number
# says: paid_calls
paid_calls = 4
repeated_calls = 0
