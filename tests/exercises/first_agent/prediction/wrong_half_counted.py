# outcome: NOT YET · wrong number
# the call under way counted as paid, not as repeated
paid_calls = 8
repeated_calls = 3
