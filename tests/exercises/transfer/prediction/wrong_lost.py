# outcome: NOT YET · wrong number
# believes the money is lost as in plain.py
withdrawals = 1
deposit_attempts = 1
missing = 30
