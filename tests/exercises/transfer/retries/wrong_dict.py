# outcome: NOT YET
# says: RetryPolicy
RETRIES = {'maximum_attempts': 5}
