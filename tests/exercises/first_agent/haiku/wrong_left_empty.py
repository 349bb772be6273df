# outcome: NOT YET ATTEMPTED · does nothing
# says: haiku.py
from agents import Agent

...  # your code here
