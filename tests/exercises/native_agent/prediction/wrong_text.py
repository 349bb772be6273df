# outcome: NOT YET · of another kind
# says: a whole number
paid_calls = "4"
repeated_calls = 0
ip_lookups = 1
