# outcome: NOT YET · wrong number
# says: after_20
after_10 = 150
after_20 = 310
share = 90
