"""The provider keeps the conversation: each call names the response before it, and sends only what is new."""

from __future__ import annotations

from types import ModuleType

from workshop.checks.agent_runs import MODEL_CALL, asked_in, items_of, said_in, text_of
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.watch.project import activities, project

_CHECKS = 4
_LOOK = "`make_check`"


@exercise(
    proves="Each call was sent one new item, and named the response before it: the provider has the rest.",
    hints=(
        "What does the model know of the check before, if you send it nothing but a new question?",
        f"`Runner.run(..., previous_response_id=..., auto_previous_response_id=True)`: {AGENTS_SDK}/running_agents/",
        "result = await Runner.run(\n    WATCH, question(number), context=self.bulletin,\n"
        "    previous_response_id=self.last, auto_previous_response_id=True)\n"
        "self.last = result.last_response_id\nself.note(...)",
    ),
    timeout=40,
)
async def remembered(bench: Bench) -> str:
    """Four checks; what each call was sent, and which response it named."""
    with project(bench):
        log = await bench.run(_probe_remembered, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    calls = [run for run in runs if run.name == MODEL_CALL]
    if len(calls) != 2 * _CHECKS:
        raise NotYet(f"{_CHECKS} checks, so {2 * _CHECKS} model calls", f"{len(calls)} model calls", _LOOK)
    before = None
    for n, call in enumerate(calls, start=1):
        _judge_call(n, call, before)
        before = (call.output or {}).get("response_id")
    if not isinstance(log, dict) or len(log) != _CHECKS:
        raise NotYet(f"a log of {_CHECKS} places", describe(log), "`self.note(number, ...)`")
    (bulletin,) = [run.output for run in runs if run.name == "read_bulletin"]
    for item in [item for call in calls for item in items_of(call) if "output" in item]:
        if text_of(item) not in bulletin.values():
            got = f"it told the model {shorten(text_of(item), 120)!r}"
            raise NotYet(
                "the tool to find its state in the bulletin", got, f"{_LOOK}: `context=self.bulletin`"
            )
    said = said_in(calls[-1]).splitlines()[0]
    if not any(said in str(line) for line in log.values()):
        raise NotYet("the log to tell what the model said", describe(log), "`self.note(number, ...)`")
    return f"Of {len(calls)} calls none was sent more than one item."


def _judge_call(n: int, call: ActivityRun, before: str | None) -> None:
    named = call.input[0].get("previous_response_id")
    sent = len(items_of(call))
    within = n % 2 == 0
    if before is not None and named != before:
        got = "it named none" if named is None else "it named another"
        look = (
            "`auto_previous_response_id=True`"
            if within
            else "`previous_response_id=...`, and what `self.last` is"
        )
        raise NotYet(f"model call {n} to name the response before it", got, f"{_LOOK}: {look}")
    if sent != 1:
        look = "`auto_previous_response_id=True`" if within else "the second argument of `Runner.run`"
        raise NotYet(f"model call {n} to be sent one new item", f"it was sent {sent}", f"{_LOOK}: {look}")
    if n == 1 and not asked_in(call).startswith("Check 1:"):
        raise NotYet(
            "the first question to be that of check 1", repr(asked_in(call)), f"{_LOOK}: `question(number)`"
        )


async def _probe_remembered(module: ModuleType, workflow_id: str) -> object:
    defined = need(module, "RememberedWatch", type, "a class")
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities()) as client:
        handle = await client.start_workflow(
            "RememberedWatch", _CHECKS, id=workflow_id, task_queue=task_queue()
        )
        log = await result_of(handle, _LOOK, what="the watch")
    return log
