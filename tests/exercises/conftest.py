"""Makes each answer a test: its check must end as the answer says.

    pytest tests/exercises/people                           # a sample of a lesson's answers
    pytest tests/exercises/people/saga                      # ... of an exercise's
    pytest tests/exercises/people/saga/wrong_no_undo.py     # this one
    pytest tests/exercises --all-answers                    # all of them (make prove)

The sample has a wrong answer to each exercise, and every kind of mistake: :mod:`tests.exercises.sample`.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import instructor_notes
from tests.conftest import shared_services
from tests.exercises.answers import Answer, lay_out, read
from tests.exercises.sample import sample
from workshop import catalog
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import WORDS

QUOTES = instructor_notes.quotes()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-answers", action="store_true", help="judge every answer, not a sample")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    # One that is named is offered as a module, too, by pytest itself: below.
    if is_answer(file_path) and not parent.session.isinitpath(file_path):
        return AnswerFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return AnswerFile.from_parent(parent, path=module_path) if is_answer(module_path) else None


def is_answer(path: Path) -> bool:
    """Whether a file holds an answer."""
    return path.name.startswith(("right_", "wrong_")) and path.suffix == ".py"


class AnswerFile(pytest.File):
    """A file that holds an answer."""

    def collect(self) -> Iterator[pytest.Item]:
        chosen = self.session.isinitpath(self.path) or self.config.getoption("--all-answers")
        if chosen or self.path in sample():
            yield AnswerTest.from_parent(self, name=self.path.parent.name)


class AnswerTest(pytest.Item):
    """An answer, judged by the check of its exercise."""

    def runtest(self) -> None:
        """Judge it, in a folder where the rest of its lesson is done."""
        shared_services(self.config)
        asyncio.run(judge(read(self.path)))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, self.nodeid


async def judge(answer: Answer) -> None:
    """Check an answer.

    Raises:
        AssertionError: the check ended otherwise, or said something else.
    """
    exercise = catalog.exercise_of(answer.file)
    assert exercise, f"no exercise writes {answer.file}"
    with tempfile.TemporaryDirectory(prefix="workshop-answer-") as folder:
        lay_out(Path(folder), answer.file, answer.source)
        outcome = await evaluate(exercise.id, Path(folder))
    assert WORDS[outcome.kind] == answer.outcome, outcome.block()
    assert answer.says in outcome.block()
    # Where the instructor's notes quote the message that an answer meets, it must be that message.
    for mistake in QUOTES.get(answer.name, ()):
        assert set(mistake.quoted) <= set(outcome.block().splitlines()), mistake.title
