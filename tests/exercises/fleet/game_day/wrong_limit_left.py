# outcome: NOT YET · times
# says: surveys-2, surveys-3
"""A day on which six things are broken, and how they are mended."""

SEED = 18
BY_HAND = False


async def mend(day) -> None:
    day.edit("briefings.py", "return headlin(", "return headline(")
    day.edit("harbours.py", "time.sleep(PAUSE * 6000)", "await asyncio.sleep(PAUSE)")
    day.edit("workers.toml", '"briefings", "poems"', '"briefings", "nights", "poems"')
    day.edit("workers.toml", 'env = { OTHER_API_KEY = "last-year" }\n', "")
    day.deploy()
    client = await day.connect()
    await client.get_workflow_handle("places-3").terminate("not an address")
    await day.retry()
