# outcome: NOT YET · wrong number
# says: it is less
after_10 = 450
after_20 = 3600
share = 90
