# outcome: NOT YET · of another kind
# hedges with a set of numbers
paid_calls = {6, 7, 8}
repeated_calls = {2, 3, 4}
