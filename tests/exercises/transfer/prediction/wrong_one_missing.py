# outcome: NOT YET
# says: missing
withdrawals = 1
deposit_attempts = 2
