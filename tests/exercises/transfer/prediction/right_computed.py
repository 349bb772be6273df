# outcome: PASSED
# computed
killed, gone_on = 1, 1

withdrawals = 1
deposit_attempts = killed + gone_on
missing = 100 - (70 + 30)
