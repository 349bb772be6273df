# outcome: NOT YET · does not run
# says: NameError: name 'nobody_knows' is not defined
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "        result = await Runner.run("
NEW = "        await nobody_knows()\n" + OLD
