# outcome: NOT YET
# says: whole number
paid_calls = 7
repeated_calls = True
