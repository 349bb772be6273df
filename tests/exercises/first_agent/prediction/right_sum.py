# outcome: PASSED
first, second = 3, 4
paid_calls: int = first + second
repeated_calls: int = first
