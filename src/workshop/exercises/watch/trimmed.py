"""Trim: of a conversation the last checks are kept, whole, so that no call misses its output."""

from __future__ import annotations

import copy
import traceback
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, need_function, place_of
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.watch.checks_made import asked_of, judge_checks
from workshop.exercises.watch.project import activities, project

_CHECKS = 7
_KEPT = 3


@exercise(
    proves="Seven checks were made with the last three before each of them, and no call has lost its output.",
    hints=(
        "Where does the third check from the end begin? Number the items, and note which of them begin a check.",
        f'`enumerate(items)`, `item.get("role")`, and a slice from there on: {AGENTS_SDK}/running_agents/',
        'starts = [n for n, item in enumerate(items) if item.get("role") == "user"]\n'
        "if len(starts) <= KEPT:\n    return items\nreturn items[...:]",
    ),
    timeout=40,
)
async def trimmed(bench: Bench) -> str:
    """The function on conversations of the check's own, then a watch of seven checks that uses it."""
    with project(bench):
        questions = await bench.run(_probe_trimmed, bench.scope)
    calls = asked_of(await activity_runs(await handle_of(bench)))
    judge_checks(calls, questions, "`last_checks`")
    for n, call in enumerate(calls):
        wanted = min(n // 2, _KEPT)
        if call.before != wanted:
            raise NotYet(
                f"{call.question!r} to be asked with the {wanted} checks before it",
                f"it was asked with {call.before}",
                "`last_checks`",
            )
    return f"Check {_CHECKS} was asked with {calls[-1].before} checks before it, as check {_KEPT + 1} was."


async def _probe_trimmed(module: ModuleType, workflow_id: str) -> list[str]:
    from my.watch.places import question  # type: ignore[import-not-found]  # the learner's

    defined = need(module, "TrimmedWatch", type, "a class")
    last_checks = need_function(module, "last_checks", is_async=False)
    look = place_of(module, last_checks)
    for checks in (0, 1, _KEPT, _KEPT + 1, 6):
        _judge_alone(last_checks, checks, look)
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities()) as client:
        handle = await client.start_workflow("TrimmedWatch", _CHECKS, id=workflow_id, task_queue=task_queue())
        await result_of(handle, look, what="the watch")
    return [question(number) for number in range(1, _CHECKS + 1)]


def _judge_alone(last_checks: Any, checks: int, look: str) -> None:
    items = [item for number in range(1, checks + 1) for item in _check(number)]
    told = f"`last_checks` of a conversation with {checks} {'check' if checks == 1 else 'checks'}"
    try:
        kept = last_checks(copy.deepcopy(items))
    except Exception as error:
        line = f"{look.partition(':')[0]}: {traceback.extract_tb(error.__traceback__)[-1].line}"
        raise NotYet(f"{told}: no error", f"{type(error).__name__}: {error}", line) from None
    if not isinstance(kept, list):
        raise NotYet(f"{told}: a list of items", describe(kept), look)
    wanted = [item for number in range(max(1, checks - _KEPT + 1), checks + 1) for item in _check(number)]
    if kept == wanted:
        return
    first = kept[0] if kept else {}
    if kept and first.get("role") != "user":
        kind = first.get("type", first.get("role"))
        raise NotYet(f"{told} to begin with a question", f"it begins with an item {kind!r}", look)
    got = [item["content"] for item in kept if item.get("role") == "user"]
    questions = [item["content"] for item in wanted if item.get("role") == "user"]
    if got != questions:
        raise NotYet(f"{told} to hold {', '.join(questions) or 'nothing'}", ", ".join(got) or "nothing", look)
    raise NotYet(
        f"{told} to hold all that belongs to its checks: {len(wanted)} items", f"{len(kept)} items", look
    )


def _check(number: int) -> list[dict[str, Any]]:
    """The items of one check; the fifth asked two tools."""
    items: list[dict[str, Any]] = [{"role": "user", "content": f"Check {number}"}]
    calls = [f"call-{number}-{n}" for n in range(2 if number == 5 else 1)]
    items += [{"type": "function_call", "call_id": one, "name": "get", "arguments": "{}"} for one in calls]
    items += [{"type": "function_call_output", "call_id": one, "output": "rain"} for one in calls]
    answer = [{"type": "output_text", "text": f"Answer {number}"}]
    return [*items, {"type": "message", "role": "assistant", "content": answer}]
