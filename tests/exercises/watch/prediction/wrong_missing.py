# outcome: NOT YET · missing
# says: share
after_10 = 157
after_20 = 504
