# outcome: PASSED
# says: Model calls paid twice: 0
"""A day on which six things are broken, and how they are mended."""

SEED = 18
BY_HAND = False


async def mend(day) -> None:
    # The night gets a worker of its own, and what is no address fails at once.
    workers = day.folder / "workers.toml"
    text = workers.read_text().replace('env = { OTHER_API_KEY = "last-year" }', "")
    workers.write_text(text + '\n[workers.night]\nserves = ["nights"]\n')
    day.edit("places.py", "return await location.get_location_info(address)", TRIED)
    (day.folder / "briefings.py").write_text(
        (day.folder / "briefings.py").read_text().replace("headlin(", "headline(")
    )
    day.edit("harbours.py", "time.sleep(PAUSE * 6000)", "pass")
    day.temporal("task-queue", "config", "set", "--task-queue", "surveys", *LIMIT)
    day.deploy()
    await day.retry()


LIMIT = ["--task-queue-type", "activity", "--queue-rps-limit", "100"]
TRIED = """try:
        return await location.get_location_info(address)
    except ValueError as error:
        return f"no place: {error}"
"""
