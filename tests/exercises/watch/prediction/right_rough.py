# outcome: PASSED
after_10 = 140
after_20 = 560
share = 88
