# outcome: PASSED
before, after = 2, 2
paid_calls: int = before + after
repeated_calls: int = 0
ip_lookups: int = 1
