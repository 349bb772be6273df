"""A worker is killed in the agent's third model call, and another one takes over."""

from __future__ import annotations

from workshop.checks.bench import Bench
from workshop.checks.endings import beside, result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import judge_numbers, probe_numbers, start_run
from workshop.exercises.native_agent.project import FOLDER, files_from, project
from workshop.exercises.questions import WHERE_I_AM

_TEMPORAL = "https://docs.temporal.io"


@exercise(
    proves="The worker was killed in mid-run, and nothing that had been paid for was paid for again.",
    hints=(
        "Where is everything that the first worker knew when it died?",
        "A completed activity's result is read from the history; one that was still running is started again: "
        f"{_TEMPORAL}/encyclopedia/detecting-activity-failures",
        "paid_calls = ...  (as many as the question has turns)\nrepeated_calls = 0\nip_lookups = ...",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker in its third model call, start another, compare meter and prediction."""
    predicted = await bench.run(probe_numbers, ["paid_calls", "repeated_calls", "ip_lookups"])
    worker = f"{FOLDER}/worker.py"
    parts = f"{files_from('failures', 'workflow')}: do their checks pass?"
    with project(bench):
        with bench.fault("model", "delay", after=2, delay=60) as held:
            first = await bench.process(worker)
            question = {"text": WHERE_I_AM, "max_turns": 10}
            handle = await start_run(bench, "AgentWorkflow", question, queue="native-agent")
            third = "the third model call"
            await beside(handle, held.hit(timeout=40), parts, expected=third, process=first, timeout=40)
            first.kill()
        await result_of(handle, parts, process=await bench.process(worker), timeout=40)
    meter = bench.meter()
    return judge_numbers(
        predicted,
        {
            "paid_calls": meter.model.completed,
            "repeated_calls": meter.model.repeats,
            "ip_lookups": meter.services.get("ip", 0),
        },
    )
