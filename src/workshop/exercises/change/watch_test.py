"""The learner's test of the watch: it passes for a right one in other words, and fails for broken ones."""

from __future__ import annotations

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.exercises.change.project import Change, failures_of, project
from workshop.exercises.documentation import TEMPORAL

_RIGHT = Change(
    "has other instructions",
    'name="Weather watch", instructions=INSTRUCTIONS',
    'name="Night watch", instructions="Watch the weather."',
)

_BROKEN = (
    Change(
        "forgets its first day",
        "log.append(str(result.final_output))",
        "log = [str(result.final_output)]",
    ),
    Change(
        "keeps its log in the wrong order",
        "log.append(str(result.final_output))",
        "log.insert(0, str(result.final_output))",
    ),
    Change(
        "uses its tool inside the workflow, not as an activity",
        "    return Agent(",
        "    from agents import function_tool\n\n"
        '    @function_tool(name_override="get_weather_alerts")\n'
        "    async def inside(state: str) -> str:\n"
        '        """Get the active weather alerts of a US state."""\n'
        '        return "Flood Watch"\n\n'
        "    alerts = inside\n    return Agent(",
    ),
    Change(
        "asks for the same thing twice",
        "            result = await Runner.run(make_agent(), question)\n",
        "            await workflow.execute_activity(\n"
        '                get_weather_alerts, "CA", start_to_close_timeout=TIMEOUT\n            )\n'
        "            result = await Runner.run(make_agent(), question)\n",
    ),
)


@exercise(
    proves="Your test passes for a watch in other words, and fails for four watches that are broken.",
    hints=(
        "Which four replies does the model give, in order? What does the run return, and what stands in its history?",
        "`async with stage(...) as client:`, `client.start_workflow(Watch.run, [...], id=..., task_queue=...)`: "
        f"{TEMPORAL}/testing-suite",
        'replies = [asks("CA"), says("..."), asks("TX"), says("...")]\nasync with stage(*replies) as client:\n'
        "    handle = await client.start_workflow(...)\n    assert await handle.result() == [...]\n"
        "    found = activities(await handle.fetch_history())\nassert found == [...] * 2",
    ),
    timeout=90,
    note="runs your test with six watches",
)
async def watch_test(bench: Bench) -> str:
    """Run the test with the course's watch, one in other words, and broken ones."""
    with project(bench):
        told = await failures_of(bench, None, _RIGHT, *_BROKEN)
    plain, renamed, *broken = told
    if plain:
        raise NotYet("your test to pass with the watch as it is", plain, "the body of your test")
    if renamed:
        raise NotYet(f"your test to pass with a watch that {_RIGHT.what}", renamed, "the last `assert`")
    for change, failure in zip(_BROKEN, broken, strict=True):
        if not failure:
            raise NotYet(
                f"your test to fail for a watch that {change.what}", "it passes", "the `assert`s of your test"
            )
    return f"For a watch that {_BROKEN[0].what} it says: {broken[0]}"
