"""A guardrail that trips ends the run, before the model is asked."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import causes, run_ids, start_all
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import ending_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker
from workshop.exercises.change.project import project
from workshop.exercises.documentation import AGENTS_SDK

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_TRIPPED = "InputGuardrailTripwireTriggered"
_REFUSED = {"poem": "Write a poem about rust.", "sum": "What is 12 times 12?"}
_ANSWERED = {
    "california": "Are there any weather alerts in California?",
    "shout": "ANY WEATHER ALERTS IN TEXAS?",
}


@exercise(
    proves="Two questions were refused: their runs failed at once, and no model was asked. Two others were answered.",
    hints=(
        "What does a guardrail return? And what does an exception of the SDK do to a workflow that does not name it?",
        f"`GuardrailFunctionOutput(output_info=..., tripwire_triggered=...)`: {AGENTS_SDK}/guardrails/",
        "@input_guardrail(name=NAME, run_in_parallel=False)\nasync def only_weather(context, agent, question):\n"
        "    return GuardrailFunctionOutput(output_info=..., tripwire_triggered=not ...)\n\n"
        "@workflow.defn(failure_exception_types=[AgentsException])\nclass GuardedAgent:",
    ),
    timeout=60,
)
async def guarded(bench: Bench) -> str:
    """Two questions off topic, then two on topic."""
    with project(bench):
        ends: dict[str, str] = await bench.run(_probe_guarded, run_ids(bench, _REFUSED))
        for name, end in ends.items():
            if _TRIPPED not in end:
                raise NotYet(
                    f"{_REFUSED[name]!r} to be refused: a run that fails with {_TRIPPED}",
                    end,
                    "`only_weather`",
                )
        if paid := bench.meter().model.completed:
            raise NotYet(
                "no model call for a refused question", f"{paid} were paid", "`run_in_parallel=False`"
            )
        ends = await bench.run(_probe_guarded, run_ids(bench, _ANSWERED))
    for name, end in ends.items():
        if end.startswith("failed"):
            raise NotYet(f"{_ANSWERED[name]!r} to be answered", end, "`tripwire_triggered=`")
    return ends["california"].splitlines()[0]


async def _probe_guarded(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, str]:
    import importlib

    defined = need(module, "GuardedAgent", type, "a class")
    guardrail = need(module, "only_weather", object, "a guardrail")
    if getattr(guardrail, "run_in_parallel", None) is not False:
        raise NotYet(
            "`only_weather`, a guardrail that is asked before the model",
            "one that is asked beside it, or none",
            "`@input_guardrail(name=NAME, run_in_parallel=False)`",
        )
    tool = importlib.import_module("my.change.activities").get_weather_alerts
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=[tool]) as client:
        handles = await start_all(client, "GuardedAgent", questions)
        ends = await asyncio.gather(*[_end_of(handle) for handle in handles.values()])
        return dict(zip(handles, ends, strict=True))


async def _end_of(handle: WorkflowHandle[Any, Any]) -> str:
    from temporalio.client import WorkflowFailureError

    look = "`failure_exception_types=`"
    await ending_of(handle, look, what="the run, once its question is refused or answered,")
    try:
        return str(await handle.result())
    except WorkflowFailureError as error:
        chain = list(causes(error))
        return f"failed: {getattr(chain[-1], 'type', '') or type(chain[-1]).__name__}: {chain[-1]}"
