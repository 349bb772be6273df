# outcome: PASSED
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "result = await Runner.run(agent, question)"
NEW = "await workflow.sleep(timedelta(seconds=1)); result = await Runner.run(agent, question)"
