# outcome: NOT YET · of another kind
# says: whole number
activities = 7
paid_calls = 4
repeated_calls = 'none'
