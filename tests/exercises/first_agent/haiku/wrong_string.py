# outcome: NOT YET · of another kind
# says: Agent
agent = "You answer every question with a haiku."
