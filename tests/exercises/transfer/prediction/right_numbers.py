# outcome: PASSED
withdrawals, deposit_attempts, missing = 1, 2, 0
