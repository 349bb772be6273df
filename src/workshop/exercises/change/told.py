"""A guardrail that answers in a tool's place: the model is told, the tool is not asked, and the run goes on."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import Any

from workshop.checks.agent_plugin import plugin
from workshop.checks.agent_runs import run_ids, start_all, told_to
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, running_worker
from workshop.exercises.change.project import project
from workshop.exercises.documentation import AGENTS_SDK

_TOOL = "get_weather_alerts"
_LOOK = "the body of `not_there`"
_FORBIDDEN = {
    "TX": "Are there any weather alerts in Texas?",
    "FL": "Are there any weather alerts in Florida?",
}
_ALLOWED = {"CA": "Are there any weather alerts in California?", "OR": "Any weather alerts in Oregon?"}


@exercise(
    proves="For two states the model was told that they are off limits, and no tool was asked; two were looked up.",
    hints=(
        "What can a guardrail of a tool return besides an exception? And what does it know of the call?",
        f"`ToolGuardrailFunctionOutput.reject_content(message)`, `.allow()`: {AGENTS_SDK}/guardrails/#tool-guardrails",
        "@tool_input_guardrail\nasync def not_there(data):\n"
        '    state = json.loads(data.context.tool_arguments)["state"]\n    if ...:\n'
        "        return ToolGuardrailFunctionOutput.reject_content(...)\n    return ...",
    ),
    timeout=60,
)
async def told(bench: Bench) -> str:
    """Ask for two states that are off limits, and for two that are not."""
    questions = {**_FORBIDDEN, **_ALLOWED}
    ids = run_ids(bench, questions)
    with project(bench):
        answers: dict[str, Any] = await bench.run(_probe_told, ids)
    client = await connect(bench, [plugin()])
    for state, question in questions.items():
        runs = await activity_runs(client.get_workflow_handle(ids[state][1]))
        asked = [run.name for run in runs].count(_TOOL)
        if state in _ALLOWED and asked != 1:
            raise NotYet(f"the tool to be asked for {question!r}", _told(runs), _LOOK)
        if state in _FORBIDDEN and asked:
            raise NotYet(f"the tool not to be asked for {question!r}: {state} is off limits", "it was", _LOOK)
        if state in _FORBIDDEN and not any(state in one for one in told_to(runs)):
            raise NotYet(f"the model to be told that {state} is off limits", _told(runs), _LOOK)
    return str(answers["TX"]).splitlines()[0]


def _told(runs: Any) -> str:
    return f"the model was told: {told_to(runs)[-1]}" if told_to(runs) else "the model was told nothing"


async def _probe_told(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, Any]:
    from agents import ToolInputGuardrail

    guardrail = need(module, "not_there", object, "a guardrail")
    if not isinstance(guardrail, ToolInputGuardrail):
        raise NotYet("`not_there`, a guardrail of a tool", "something else", "`@tool_input_guardrail`")
    defined = need(module, "ToldAgent", type, "a class")
    tool = importlib.import_module("my.change.activities").get_weather_alerts
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=[tool]) as client:
        handles = await start_all(client, "ToldAgent", questions)
        results = await asyncio.gather(*[result_of(handle, _LOOK) for handle in handles.values()])
        return dict(zip(handles, results, strict=True))
