# outcome: NOT YET · does not run
# says: ended
import os
os._exit(0)
