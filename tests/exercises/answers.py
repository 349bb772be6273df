"""Answers to the exercises, right ones and wrong ones, each a file of its own.

``tests/exercises/<folder>/<file>/<right|wrong>_<name>.py`` is an answer to the exercise whose learner writes
``my/<folder>/<file>.py``. Its first lines are comments::

    # outcome: NOT YET · swallows errors      how the check must end; of a wrong one, which of the KINDS it is
    # says: one model call                    a text that the check must print
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import nbformat

from workshop import catalog

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


KINDS = {
    "does not run": "a syntax error, a failing import, code that raises at once, a process that ends itself",
    "missing": "a name, a part, a parameter or one of several is not there, or has another name",
    "of another kind": "a class for an instance, a text for a number, a signal for an update, a decorator left out",
    "does nothing": "returns nothing, does not ask, does not start: the body is empty in effect",
    "not awaited": "a coroutine that nothing awaits; an `await` or a star in the wrong place",
    "hard-coded": "made for the example: one input, one state, one amount, one model's words",
    "wrong data": "takes, passes on or returns something else than what it was given",
    "wrong order": "what should run side by side runs in turn, what comes first comes last",
    "wrong decision": "a condition inverted, constant or one off: says yes, goes on or ends where it should not",
    "too much": "does it twice, asks more often, goes on where it should stop",
    "never ends": "waits or loops for ever, answers too late, blocks whoever runs it",
    "forgets": "what was said or done before is not kept, or not carried on",
    "swallows errors": "an error is hidden, returned like an answer, or another is caught than the one meant",
    "wrong failure": "fails where it should not, as another type, retried or not retried against the task",
    "error text": "what is told of a failure or a refusal is too little to act on, or gives away a key",
    "times": "another timeout, interval, deadline, number of turns or of attempts than asked for",
    "no limit": "nothing bounds turns, tries, waiting or a history",
    "not deterministic": "a clock, chance or the process decides in a workflow; a replay takes other steps",
    "outside its place": "input or output in a workflow, an activity called directly, a handler that refuses",
    "not idempotent": "a key or id is missing, shared by two or differs between attempts: done twice, or not",
    "cancellation": "a cancellation is lost, caught, or leaves something undone",
    "messages": "signals, updates, queries: lost, counted twice, refused or accepted wrongly, in another order",
    "told in words": "instructions or a question say too little, or do what the code should",
    "schema": "types, fields or descriptions that a model is shown are wrong or missing",
    "wiring": "queue, plugin, client, worker, agent: something is not registered, or somebody else is asked",
    "wrong number": "a prediction that does not come out",
}
"""What can be wrong with an answer. `make test` judges at least one of each kind, and one of each exercise."""


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        path: Its file.
        source: What the learner would have written, comments included.
        outcome: The first word or words of the check's verdict.
        says: A text that the verdict holds; empty for any.
        kind: What is wrong with it; empty if nothing is.
    """

    path: Path
    source: str
    outcome: str
    says: str
    kind: str

    @property
    def file(self) -> str:
        """The learner's file that it stands for."""
        return f"my/{self.path.parent.relative_to(FOLDER).as_posix()}.py"

    @property
    def name(self) -> str:
        """From the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()


def read(path: Path) -> Answer:
    """Read one answer.

    Raises:
        KeyError: it does not say how the check must end.
    """
    source = path.read_text(encoding="utf-8")
    said: dict[str, str] = {}
    for line in source.splitlines():
        key, colon, value = line.removeprefix("# ").partition(": ")
        if not line.startswith("# ") or not colon or key not in ("outcome", "says"):
            break
        said[key] = value
    outcome, _, kind = said["outcome"].partition(" · ")
    return Answer(path, source, outcome, said.get("says", ""), kind)


def answers() -> list[Answer]:
    """All of them, by exercise and name."""
    return [read(path) for path in sorted(FOLDER.glob("*/*/*.py"))]


def lay_out(folder: Path, file: str, source: str) -> None:
    """Write an answer into a folder where the rest of its lesson is done: given files and the course's solutions.

    Args:
        folder: The learner's directory, which holds ``my/``.
        file: The file that the answer is for, such as ``my/first_agent/haiku.py``.
        source: The answer.
    """
    lesson = next(one for one in catalog.lessons() if file in one.files)
    for name, text in written_at_the_end(lesson.file).items():
        write(folder / name, text)
    write(folder / file, source)


@functools.cache
def written_at_the_end(notebook: Path) -> dict[str, str]:
    """What a solution's cells have written when all have run: of two cells for one file, the later counts."""
    cells = nbformat.read(notebook, as_version=4).cells
    found = [
        (catalog.WRITEFILE.match(cell.source), cell.source) for cell in cells if cell.cell_type == "code"
    ]
    return {match[1]: catalog.strip_markers(text).partition("\n")[2] + "\n" for match, text in found if match}


def write(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
