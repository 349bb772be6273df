"""A killed worker, predicted: which steps of an agent are done again, and which are paid for."""

from __future__ import annotations

from workshop.checks.agent_runs import answered, held_or_ended, need_calm
from workshop.checks.bench import Bench
from workshop.checks.exercise import id_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import judge_numbers, need_done, probe_numbers, start_run
from workshop.exercises.questions import WHERE_I_AM
from workshop.exercises.sdk_agent.project import QUEUE, WORKER, WORKFLOW, need_agent


@exercise(
    proves="A worker was killed in mid-run, another one continued, and nothing that had been paid for was paid for"
    " again.",
    hints=(
        "Which steps had completed when the worker died? What happens to a step that had only begun?",
        "A bar is an activity, however many attempts it took; a completed activity never runs again: "
        "https://docs.temporal.io/encyclopedia/detecting-activity-failures",
        "activities = ...  (four model calls and three tools)\npaid_calls = 4\nrepeated_calls = ...",
    ),
    timeout=120,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker while the third model call is held, start another, compare history and meter."""
    predicted = await bench.run(probe_numbers, ["activities", "paid_calls", "repeated_calls"])
    need_agent(bench)
    need_done(bench, WORKER)
    look = f"the files of exercises {id_of(WORKFLOW)} to {id_of(WORKER)}"
    with bench.fault("model", "delay", delay=60, after=2) as held:
        first = await bench.process(WORKER)
        handle = await start_run(bench, "WeatherAgent", WHERE_I_AM, queue=QUEUE)
        await held_or_ended(handle, held, first, look)
        first.kill()
    await answered(handle, await bench.process(WORKER), look)
    paid = bench.meter().model
    runs = await activity_runs(handle)
    need_calm(runs, tries=2)
    seen = {
        "activities": len(runs),
        "paid_calls": paid.completed,
        "repeated_calls": paid.repeats,
    }
    return judge_numbers(predicted, seen)
