# outcome: PASSED
# computed from named parts
FIRST_RUN = 3  # the fourth was under way
SECOND_RUN = 4

paid_calls = FIRST_RUN + SECOND_RUN
repeated_calls = min(FIRST_RUN, SECOND_RUN)
