# outcome: NOT YET
# says: whole number
withdrawals = 'one'
deposit_attempts = 2
missing = 0
