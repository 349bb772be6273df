# outcome: NOT YET · of another kind
# says: whole number
paid_calls = 'seven'
repeated_calls = 'three'
