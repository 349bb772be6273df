# outcome: NOT YET · of another kind
# says: RetryPolicy
RETRIES = {'maximum_attempts': 5}
