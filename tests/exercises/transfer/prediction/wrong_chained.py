# outcome: NOT YET · wrong number
# one value for all
withdrawals = deposit_attempts = missing = 1
