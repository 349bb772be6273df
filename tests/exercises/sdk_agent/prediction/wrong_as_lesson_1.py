# outcome: NOT YET · wrong number
# says: paid_calls
activities = 7
paid_calls = 6
repeated_calls = 2
