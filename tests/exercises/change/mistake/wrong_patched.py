# outcome: NOT YET · wrong decision
# says: the replay test to fail
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "        result = await Runner.run("
NEW = "        if workflow.patched('nap'):\n            await workflow.sleep(1)\n" + OLD
