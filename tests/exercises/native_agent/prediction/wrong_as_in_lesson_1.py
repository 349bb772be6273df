# outcome: NOT YET · wrong number
# says: paid_calls as it really came out
paid_calls = 6
repeated_calls = 2
ip_lookups = 2
