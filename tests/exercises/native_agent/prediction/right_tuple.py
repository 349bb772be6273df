# outcome: PASSED
paid_calls, repeated_calls, ip_lookups = 4, 0, 1
