# outcome: NOT YET · wrong number
# says: repeated_calls as it really came out
paid_calls = 4
repeated_calls = 1
ip_lookups = 1
