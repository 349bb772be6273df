# outcome: NOT YET · wrong data
# says: it is there 0 times
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "        answer = await Runner.run("
NEW = "        await workflow.sleep(1)\n" + OLD
