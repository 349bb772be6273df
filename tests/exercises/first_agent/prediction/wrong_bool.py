# outcome: NOT YET · of another kind
# says: whole number
paid_calls = 7
repeated_calls = True
