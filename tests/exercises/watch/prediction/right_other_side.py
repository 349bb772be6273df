# outcome: PASSED
after_10 = 180
after_20 = 430
share = 93
