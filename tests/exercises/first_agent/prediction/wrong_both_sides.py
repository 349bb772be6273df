# outcome: NOT YET · wrong number
# counts repeated calls of both runs
paid_calls = 7
repeated_calls = 6
