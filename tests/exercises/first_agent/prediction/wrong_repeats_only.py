# outcome: NOT YET · wrong number
# says: repeated_calls
paid_calls = 7
repeated_calls = 4
