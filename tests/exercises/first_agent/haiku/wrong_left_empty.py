# outcome: NOT YET ATTEMPTED
# says: haiku.py
from agents import Agent

...  # your code here
