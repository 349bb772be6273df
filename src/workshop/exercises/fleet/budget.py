"""A budget of tokens for one errand, over several runs of the agent and over a continue-as-new."""

from __future__ import annotations

import asyncio
import itertools
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.endings import ending_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.fleet.project import project

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_QUESTIONS = 5
_CALLS = 2 * _QUESTIONS
_LOOK = "`Budget`"
_PLENTY = 10_000_000


@exercise(
    proves="An errand of ten calls was stopped before the first call that its budget did not cover, in its third run.",
    hints=(
        "`usage` counts from each `Runner.run` anew. Whose counter lives as long as the errand?",
        "`RunHooks`: `on_llm_start` is called before each call of the model, `on_llm_end` after it: "
        f"{AGENTS_SDK}/ref/lifecycle/",
        "async def on_llm_start(self, *arguments):\n    if self.spent >= self.most:\n"
        '        raise ApplicationError(..., type="BudgetSpent", non_retryable=True)\n\n'
        "async def on_llm_end(self, context, agent, response):\n    self.spent += response.usage.total_tokens",
    ),
    timeout=90,
)
async def budget(bench: Bench) -> str:
    """One errand with plenty, and two that end at a known call: at its budget's very end, and a token before it."""
    questions = [bench.fresh.alerts_question(state) for state in bench.fresh.states(_QUESTIONS)]
    with project(bench):
        await _judge_plenty(bench, questions)
        costs = [(one.input_tokens or 0) + (one.output_tokens or 0) for one in _model_calls(bench)]
        sums = list(itertools.accumulate(costs))
        # The ninth call is the third run's first: what the two runs before have spent decides.
        for most, paid, what in (
            (sums[4], 5, "what five calls cost"),
            (sums[8] - 1, 9, "one token less than nine calls cost"),
        ):
            bench.reset_meter()
            end = str(await bench.run(_probe_errand, f"{bench.scope}-{paid}", questions, most))
            _judge_end(end, len(_model_calls(bench)), paid, f"a budget of {what}")
    return "Its budget was carried over two continue-as-new, and exceeded by less than one call."


async def _judge_plenty(bench: Bench, questions: list[str]) -> None:
    end = await bench.run(_probe_errand, bench.scope, questions, _PLENTY)
    if end != "completed":
        raise NotYet("an errand with a budget of plenty to complete", str(end), _LOOK)
    if (calls := len(_model_calls(bench))) != _CALLS:
        raise NotYet(f"{_CALLS} model calls for {_QUESTIONS} questions", f"{calls}", _LOOK)


def _judge_end(end: str, calls: int, paid: int, what: str) -> None:
    """See that an errand was ended by its budget, at the right call.

    Raises:
        NotYet: it was not, or too late, or too early.
    """
    if calls != paid or end == "completed":
        raise NotYet(f"{what} to pay for {paid} calls of the model", f"{calls} were paid", _LOOK)
    if not end.startswith("failed: BudgetSpent"):
        raise NotYet(
            f"{what} to end the errand with an ApplicationError of the type BudgetSpent",
            end,
            "`on_llm_start`",
        )


def _model_calls(bench: Bench) -> list[Any]:
    return [one for one in bench.meter().calls if one.route == "model" and one.status == "completed"]


async def _probe_errand(module: ModuleType, run: str, questions: list[str], most: int) -> str:
    import importlib

    from agents.lifecycle import RunHooksBase

    defined = need(module, "Budget", type, "a class")
    if not issubclass(defined, RunHooksBase):
        raise NotYet("`Budget`, a subclass of RunHooks", "another class", place_of(module))
    given = defined(5, 3)
    for name, wanted in (("most", 5), ("spent", 3)):
        if getattr(given, name, None) != wanted:
            raise NotYet(
                f"`Budget(5, 3).{name}` to be {wanted}", repr(getattr(given, name, None)), "`__init__`"
            )
    workflow = importlib.import_module("my.fleet.frugal").Frugal
    tool = importlib.import_module("my.fleet.activities").get_weather_alerts
    errand = {"questions": questions, "most": most}
    async with running_worker(plugins=[plugin()], workflows=[workflow], activities=[tool]) as client:
        handle = await client.start_workflow("Frugal", errand, id=run, task_queue=task_queue())
        how = await ending_of(handle, _LOOK, what="the errand", timeout=40)
        return how if how != "failed" else f"failed: {await _why(handle)}"


async def _why(handle: WorkflowHandle[Any, Any]) -> str:
    from temporalio.client import WorkflowFailureError

    try:
        await asyncio.wait_for(handle.result(), 10)
    except WorkflowFailureError as error:
        cause = error.cause
        return f"{getattr(cause, 'type', '') or type(cause).__name__}: {cause}"
    return "nothing"
