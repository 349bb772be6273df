# outcome: NOT YET · wrong number
paid_calls = 5
repeated_calls = 1
ip_lookups = 1
