# outcome: NOT YET · wrong number
# says: ip_lookups as it really came out
paid_calls = 4
repeated_calls = 0
ip_lookups = 2
