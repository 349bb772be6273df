# outcome: NOT YET
# says: deposit_attempts
withdrawals = 1
deposit_attempts = 1
missing = 0
