# outcome: PASSED
# one annotated unpacking
withdrawals: int
deposit_attempts: int
missing: int
withdrawals, deposit_attempts, missing = 1, 2, 0
