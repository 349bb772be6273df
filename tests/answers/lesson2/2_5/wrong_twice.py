# outcome: NOT YET
# says: withdrawals
withdrawals = 2
deposit_attempts = 2
missing = 0
