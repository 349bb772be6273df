# outcome: NOT YET · too much
# says: to answer as before
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "                for tool in TOOLS\n"
NEW = "                for tool in TOOLS[:1]\n"
