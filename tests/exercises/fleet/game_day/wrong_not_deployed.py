# outcome: NOT YET · does nothing
# says: still stand
"""A day on which six things are broken, and how they are mended."""

SEED = 18
BY_HAND = False


async def mend(day) -> None:
    day.edit("briefings.py", "return headlin(", "return headline(")
    day.edit("harbours.py", "time.sleep(PAUSE * 6000)", "await asyncio.sleep(PAUSE)")
    day.edit("workers.toml", '"briefings", "poems"', '"briefings", "nights", "poems"')
    day.edit("workers.toml", 'env = { OTHER_API_KEY = "last-year" }\n', "")
    queue = ["--task-queue", "surveys", "--task-queue-type", "activity", "--queue-rps-limit", "default"]
    day.temporal("task-queue", "config", "set", *queue)
    client = await day.connect()
    await client.get_workflow_handle("places-3").terminate("not an address")
    await day.retry()
