# outcome: NOT YET · wrong number
# says: paid_calls
paid_calls = 8
repeated_calls = 4
