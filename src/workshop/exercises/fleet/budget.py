"""A budget of tokens for one errand, over several runs of the agent and over a continue-as-new."""

from __future__ import annotations

import asyncio
import inspect
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
    """One errand with plenty, two that end at a known call, and one that has just enough.

    Those two end at their budget's very end, and a token before it.
    """
    questions = [bench.fresh.alerts_question(state) for state in bench.fresh.states(_QUESTIONS)]
    with project(bench):
        await _judge_plenty(bench, questions)
        sums = list(itertools.accumulate(map(_cost, _model_calls(bench))))
        # The ninth call is the third run's first: what the two runs before have spent decides.
        for most, paid, what in (
            (sums[4], 5, "what five calls cost"),
            (sums[8] - 1, 9, "one token less than nine calls cost"),
        ):
            bench.reset_meter()
            end = str(await bench.run(_probe_errand, f"{bench.scope}-{paid}", questions, most))
            _judge_end(end, _model_calls(bench), paid, f"a budget of {what}, {most} tokens,")
        await _judge_enough(bench, questions[0], sums[1])
    return "Its budget was carried over two continue-as-new, and exceeded by less than one call."


async def _judge_plenty(bench: Bench, questions: list[str]) -> None:
    end = await bench.run(_probe_errand, bench.scope, questions, _PLENTY)
    if end != "completed":
        raise NotYet("an errand with a budget of plenty to complete", str(end), _LOOK)
    if (calls := len(_model_calls(bench))) != _CALLS:
        raise NotYet(f"{_CALLS} model calls for {_QUESTIONS} questions", f"{calls}", _LOOK)


async def _judge_enough(bench: Bench, question: str, most: int) -> None:
    """One question, whose second call spends the last token: there is no call that a budget must stop."""
    bench.reset_meter()
    end = await bench.run(_probe_errand, f"{bench.scope}-enough", [question], most)
    if end != "completed":
        raise NotYet(
            f"an errand of two calls to complete with a budget of just what they cost, {most} tokens",
            f"{len(_model_calls(bench))} calls were paid; then it {end}",
            "the hook that raises: only a call that is still to come is refused",
        )


def _judge_end(end: str, calls: list[Any], paid: int, what: str) -> None:
    """See that an errand was ended by its budget, at the right call.

    Raises:
        NotYet: it was not, or too late, or too early.
    """
    if len(calls) != paid or end == "completed":
        # With what was really spent, beside what the learner's own message may say of it.
        got = f"{len(calls)} were paid, for {sum(map(_cost, calls))} tokens; then the errand {end}"
        raise NotYet(f"{what} to pay for {paid} calls of the model", got, _LOOK)
    if not end.startswith("failed: BudgetSpent"):
        raise NotYet(
            f"{what} to end the errand with an ApplicationError of the type BudgetSpent",
            end,
            "`on_llm_start`",
        )


def _cost(call: Any) -> int:
    return (call.input_tokens or 0) + (call.output_tokens or 0)


def _model_calls(bench: Bench) -> list[Any]:
    return [one for one in bench.meter().calls if one.route == "model" and one.status == "completed"]


async def _probe_errand(module: ModuleType, run: str, questions: list[str], most: int) -> str:
    import importlib

    from agents.lifecycle import RunHooksBase

    defined = need(module, "Budget", type, "a class")
    if not issubclass(defined, RunHooksBase):
        raise NotYet("`Budget`, a subclass of RunHooks", "another class", place_of(module))
    for hook in ("on_llm_start", "on_llm_end"):
        _need_hook(module, defined, RunHooksBase, hook)
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


def _need_hook(module: ModuleType, defined: type, base: type, hook: str) -> None:
    """Raises NotYet where a class has not the hook, or not as an async function."""
    written = getattr(defined, hook)
    if written is getattr(base, hook):
        own = [f"`{name}`" for name in vars(defined) if name.startswith("on_")]
        got = f"of hooks, there is only {' and '.join(own)}" if own else "there is no hook"
        raise NotYet(f"`{hook}` in `{defined.__name__}`", got, place_of(module))
    if not inspect.iscoroutinefunction(written):
        raise NotYet(f"`{hook}`, an async function", f"`{hook}` is a plain `def`", place_of(module, written))


async def _why(handle: WorkflowHandle[Any, Any]) -> str:
    from temporalio.client import WorkflowFailureError

    try:
        await asyncio.wait_for(handle.result(), 10)
    except WorkflowFailureError as error:
        cause = error.cause
        return f"{getattr(cause, 'type', '') or type(cause).__name__}: {cause}"
    return "nothing"
