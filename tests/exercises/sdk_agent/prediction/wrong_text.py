# outcome: NOT YET
# says: whole number
activities = 7
paid_calls = 4
repeated_calls = 'none'
