# outcome: NOT YET · wrong decision
# says: the replay test to fail
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "Otherwise answer with a haiku."
NEW = "Otherwise answer in French."
