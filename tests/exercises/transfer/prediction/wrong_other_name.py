# outcome: NOT YET · missing
# says: no `missing` in the file (there is `lost`)
# the third number under another name
withdrawals = 1
deposit_attempts = 2
lost = 0
