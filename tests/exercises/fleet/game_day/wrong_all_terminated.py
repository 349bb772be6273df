# outcome: NOT YET · forgets
# says: mended, it could have gone on to its result
"""A day on which six things are broken, and how they are mended."""

SEED = 18
BY_HAND = False


async def mend(day) -> None:
    client = await day.connect()
    async for run in client.list_workflows("ExecutionStatus = 'Running'"):
        await client.get_workflow_handle(run.id).terminate("cleared away")
