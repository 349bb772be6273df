# outcome: PASSED
turns = 4
paid_calls: int = turns
repeated_calls = ip_lookups - 1 if (ip_lookups := 1) else 0
