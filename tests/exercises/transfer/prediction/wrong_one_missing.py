# outcome: NOT YET · missing
# says: missing
withdrawals = 1
deposit_attempts = 2
