# outcome: NOT YET · wrong number
# says: it is more
after_10 = 112
after_20 = 224
share = 72
