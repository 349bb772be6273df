# outcome: NOT YET · wrong number
activities = 8
paid_calls = 5
repeated_calls = 1
