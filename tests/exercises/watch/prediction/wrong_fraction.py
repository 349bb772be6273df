# outcome: NOT YET · of another kind
# says: a whole number
after_10 = 157
after_20 = 504
share = 0.9
