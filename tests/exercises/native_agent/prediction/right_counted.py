# outcome: PASSED
before, after = 2, 2
paid_calls = before + after
repeated_calls, ip_lookups = 0, 1
