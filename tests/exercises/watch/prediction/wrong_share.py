# outcome: NOT YET · wrong number
# says: share within 5 points
after_10 = 157
after_20 = 504
share = 72
