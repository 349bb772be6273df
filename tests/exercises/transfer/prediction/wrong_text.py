# outcome: NOT YET · of another kind
# says: whole number
withdrawals = 'one'
deposit_attempts = 2
missing = 0
