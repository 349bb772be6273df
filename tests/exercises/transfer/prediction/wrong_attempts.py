# outcome: NOT YET · wrong number
# says: deposit_attempts
withdrawals = 1
deposit_attempts = 1
missing = 0
