# outcome: PASSED
# three assignments
withdrawals = 1
deposit_attempts = 2
missing = 0
