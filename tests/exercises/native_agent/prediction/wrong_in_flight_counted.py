# outcome: NOT YET · wrong number
# says: 5; it is less
paid_calls = 5
repeated_calls = 0
ip_lookups = 1
