# outcome: PASSED
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "        return str(result.final_output)"
NEW = """        await workflow.wait_condition(lambda: True, timeout=5)
        await workflow.sleep(0.1)
        return str(result.final_output)"""
