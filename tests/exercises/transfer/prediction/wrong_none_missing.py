# outcome: NOT YET · of another kind
# None instead of a number
withdrawals = 1
deposit_attempts = 2
missing = None
