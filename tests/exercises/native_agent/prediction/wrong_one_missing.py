# outcome: NOT YET · missing
# says: no `ip_lookups` in the file
paid_calls = 4
repeated_calls = 0
