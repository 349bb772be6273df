# outcome: NOT YET
# says: ended
import os
os._exit(0)
