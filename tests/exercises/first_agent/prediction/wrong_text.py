# outcome: NOT YET
# says: whole number
paid_calls = 'seven'
repeated_calls = 'three'
