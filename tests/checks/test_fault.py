"""Whose fault it is: each kind of error from each place of a learner's file, and each trouble of the course's."""

# ruff: noqa: ASYNC240 - nothing else runs in these tests' event loops

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.checks import sample_checks
from workshop import catalog
from workshop.checks import bench, fault
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import Outcome
from workshop.errors import ServerSilent
from workshop.lab.no_result import NoResultYet

pytestmark = pytest.mark.usefixtures("services")

EXERCISES = sample_checks.everything

ERRORS = {
    "NameError": "nothing_of_that_name",
    "TypeError": "len(5)",
    "RuntimeError": "raise RuntimeError('no')",
    "KeyError": "{}['word']",
    "IndexError": "[][0]",
    "SystemExit": "raise SystemExit(3)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "RecursionError": "deep()",
    "StopIteration": "next(iter([]))",
    "GeneratorExit": "raise GeneratorExit",
    "TimeoutError": "raise TimeoutError('late')",
    "CancelledError": "raise asyncio.CancelledError",
    "ExceptionGroup": "raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])",
    "Odd": "raise Odd(lambda: None)",
    "LabError": "raise LabError('mine')",
    "RPCError": "raise RPCError('gone', RPCStatusCode.UNAVAILABLE, b'')",
}
"""What may go wrong in a line, by what is said of it."""

FILE = """
import asyncio
from datetime import timedelta
from temporalio import activity, workflow
from temporalio.exceptions import ActivityError
from temporalio.service import RPCError, RPCStatusCode
with workflow.unsafe.imports_passed_through():
    from agents import Agent, GuardrailFunctionOutput, function_tool, input_guardrail
    from workshop.errors import LabError

TIMES = dict(start_to_close_timeout=timedelta(seconds=5))

class Odd(Exception):
    # It cannot be pickled, shown or made anew from its arguments.
    def __init__(self, made):
        self.made = made
    def __str__(self):
        return self.missing

def deep():
    return deep()

@function_tool
def get_weather_alerts(state: str) -> str:
    "Alerts of a state."
    return "none"

@input_guardrail
async def guard(context, agent, given):
    # PLACE guardrail
    return GuardrailFunctionOutput(None, False)

@activity.defn
async def work(word: str) -> str:
    # PLACE activity
    return word

@activity.defn
async def refuse() -> None:
    raise ValueError("refused")

ACTIVITIES = [work, refuse]
agent = Agent("Helper", tools=[get_weather_alerts], input_guardrails=[guard])
# PLACE module

@workflow.defn
class Flow:
    def __init__(self):
        self.over = False
        # PLACE init

    @workflow.run
    async def run(self) -> dict:
        # PLACE workflow
        word = await workflow.execute_activity(work, "a", **TIMES)
        await workflow.wait_condition(lambda: self.over)
        return {"word": word}

    @workflow.signal
    def done(self):
        self.over = True
        # PLACE signal

    @workflow.update
    def say(self, word: str) -> int:
        # PLACE update
        return 1

    @say.validator
    def check_word(self, word: str) -> None:
        # PLACE validator
        pass

    @workflow.query
    def seen(self) -> str:
        # PLACE query
        return "yes"
"""

PLACES = ("module", "activity", "init", "workflow", "signal", "update", "validator", "query", "guardrail")


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty my/sample/ in the working directory."""
    (tmp_path / "my" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fault, "_controls", {})


async def judged(exercise_id: str, text: str, name: str = "flow") -> Outcome:
    Path(f"my/sample/{name}.py").write_text(text, encoding="utf-8")
    return await evaluate(exercise_id)


def with_error(place: str, line: str) -> str:
    """The file above with a line at a place of it."""
    marked = f"# PLACE {place}"
    assert FILE.count(marked) == 1
    return FILE.replace(marked, line)


async def test_the_file_without_an_error_passes() -> None:
    outcome = await judged("92.2", FILE)
    assert outcome.passed, outcome.block()


def errors_for(place: str) -> list[str]:
    """All where they are cheap, in a file that is only imported; elsewhere a third, another one in each place."""
    first = PLACES.index(place)
    return list(ERRORS) if place == "module" else list(ERRORS)[first % 3 :: 3]


@pytest.mark.parametrize("place", PLACES)
async def test_no_error_of_the_learners_is_the_courses_fault(place: str, tmp_path: Path) -> None:
    """The errors of one place beside each other, for most of their time is a wait."""
    at_once = asyncio.Semaphore(3)

    async def outcome_of(name: str) -> Outcome:
        folder = tmp_path / name
        (folder / "my" / "sample").mkdir(parents=True)
        (folder / "my" / "sample" / "flow.py").write_text(with_error(place, ERRORS[name]), encoding="utf-8")
        async with at_once:
            return await evaluate("92.2", folder)

    names = errors_for(place)
    for name, outcome in zip(names, await asyncio.gather(*map(outcome_of, names)), strict=True):
        # A library may take some for a refusal or an end in good order, and pass; what fails is the learner's.
        assert outcome.kind in ("not_yet", "passed"), f"{name} in {place}\n{outcome.block()}"
        if place in ("module", "workflow", "activity", "guardrail") and name in PLAIN:
            assert outcome.kind == "not_yet", f"{name} in {place}\n{outcome.block()}"
            assert name in outcome.block(), f"{name} in {place}\n{outcome.block()}"


PLAIN = ("NameError", "TypeError", "RuntimeError", "KeyError", "IndexError", "RecursionError")


UNDO = FILE.replace(
    "        # PLACE workflow\n",
    "        try:\n            await workflow.execute_activity(refuse, retry_policy=ONCE, **TIMES)\n"
    "        except ActivityError:\n            # PLACE undo\n            raise\n",
).replace(
    "TIMES = dict",
    "from temporalio.common import RetryPolicy\nONCE = RetryPolicy(maximum_attempts=1)\nTIMES = dict",
)


@pytest.mark.parametrize("name", ["NameError", "RuntimeError"])
async def test_an_error_in_the_undo_branch_is_told_with_its_line(name: str) -> None:
    text = UNDO.replace("execute_activity(refuse,", "execute_activity('nothing',").replace(
        "retry_policy=ONCE, **TIMES", "retry_policy=ONCE, start_to_close_timeout=timedelta(seconds=1)"
    )
    block = (await judged("92.3", text.replace("# PLACE undo", ERRORS[name]))).block()
    assert block.startswith("NOT YET"), block
    assert name in block
    assert ERRORS[name] in block.split("look at:")[1]


# --- what a check cannot read --------------------------------------------------------------------------


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose own file for the exercises is right."""

    one = _lesson('def answer(n): return {"word": "yes"}')
    monkeypatch.setattr(catalog, "lessons", lambda *_: [one])


@pytest.mark.parametrize("given", ["{}", "7", "{'word': []}", "object()"])
async def test_what_a_check_cannot_read_is_the_learners_if_the_courses_own_can_be_read(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "lessons", lambda *_: [_lesson('answer = {"word": ["yes"]}')])
    outcome = await judged("92.4", f"answer = {given}", "answer")
    assert outcome.kind == "not_yet", outcome.block()
    assert "as the course's own solution does" in outcome.block()


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize(
    "given", ["def answer(): ...", "def answer(n): return {}", "answer = 5", "def answer(n): ..."]
)
async def test_so_in_a_probe(given: str) -> None:
    outcome = await judged("92.5", given, "answer")
    assert outcome.kind == "not_yet", outcome.block()


async def test_a_check_that_cannot_read_the_courses_own_is_the_courses_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalog, "lessons", lambda *_: [_lesson("answer = {}")])
    for exercise_id in ("91.5", "92.4", "92.5"):
        outcome = await judged(exercise_id, "answer = {}", "answer")
        assert outcome.kind == "course_problem", outcome.block()


def _lesson(text: str) -> Any:
    return SimpleNamespace(files={"my/sample/answer.py": text}, exercises=())


# --- trouble of ours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        ServerSilent("The Temporal server does not answer."),
        NoResultYet("server does not answer", "The Temporal server does not answer."),
        ZeroDivisionError("a mistake of the author's"),
    ],
)
async def test_trouble_of_the_courses_is_never_the_learners(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(bench.Bench, "run", fail)
    assert (await judged("92.4", "answer = {}", "answer")).kind == "course_problem"


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("told_by", ["lab", "run"])
async def test_a_server_that_is_silent_in_a_probe_is_the_courses_fault(told_by: str) -> None:
    outcome = await judged("92.6", f"answer = {told_by!r}", "answer")
    assert outcome.kind == "course_problem", outcome.block()
    assert "did not answer in time" in outcome.block()


async def test_a_server_that_is_silent_while_it_is_asked_is_the_courses_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes connections, and says nothing: as a server that was stopped, or a machine that is too busy."""
    monkeypatch.setattr(fault, "_ANSWERS_WITHIN", 0.5)
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
        outcome = await judged("91.1", "answer = 41", "answer")
    assert outcome.kind == "course_problem", outcome.block()
    assert "Temporal server" in outcome.block()
