# outcome: NOT YET · does not run
# says: to answer as before
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "        result = await Runner.run("
NEW = "        await nobody_knows()\n" + OLD
