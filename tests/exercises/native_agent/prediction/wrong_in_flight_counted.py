# outcome: NOT YET · wrong number
# says: 5; the real number is lower
paid_calls = 5
repeated_calls = 0
ip_lookups = 1
