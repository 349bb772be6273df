"""Every check against other right answers than the solution, and against wrong ones.

The solutions are run by nbval, and the lint sees that what is stored of their checks says PASSED.

An answer is a file ``tests/exercises/<folder>/<file>/<right|wrong>_<name>.py``, for the learner's
``my/<folder>/<file>.py``. Its first lines say how the check must end (``# outcome: NOT YET``) and a text that its
message must hold (``# says: ...``). Where the instructor's notes quote the message that an answer meets, it must
be that message.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests import instructor_notes
from workshop.catalog import Exercise, Lesson, lessons, strip_markers
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import WORDS

ANSWERS = Path(__file__).parent
LESSONS = lessons()
EXERCISES = {exercise.id: (lesson, exercise) for lesson in LESSONS for exercise in lesson.exercises}
BY_FILE = {exercise.file: exercise.id for _, exercise in EXERCISES.values()}
QUOTES = instructor_notes.quotes()

pytestmark = pytest.mark.usefixtures("services")


@dataclass(frozen=True)
class Answer:
    exercise_id: str
    name: str
    source: str
    outcome: str
    says: str
    file: str
    """Where it stands, from the root of the repository."""

    @classmethod
    def read(cls, path: Path) -> Answer:
        source = path.read_text(encoding="utf-8")
        said = {}
        for line in source.splitlines()[:2]:
            key, _, value = line.removeprefix("# ").partition(": ")
            said[key] = value
        return cls(
            exercise_id=BY_FILE[f"my/{path.parent.relative_to(ANSWERS).as_posix()}.py"],
            name=path.stem,
            source=source,
            outcome=said["outcome"],
            says=said.get("says", ""),
            file=path.relative_to(ANSWERS.parents[1]).as_posix(),
        )


def answers() -> list[Answer]:
    return [Answer.read(path) for path in sorted(ANSWERS.glob("*/*/*.py"))]


def body(cell_source: str) -> tuple[str, str]:
    """The file that a %%writefile cell writes, and what it writes into it."""
    first, _, rest = cell_source.partition("\n")
    return first.removeprefix("%%writefile ").strip(), rest + "\n"


def write_files_before(lesson: Lesson, exercise: Exercise, folder: Path) -> None:
    """Write what the lesson's other cells write: all that is given, and the solutions of the other exercises."""
    for cell in nbformat.read(lesson.file, as_version=4).cells:
        own = cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.grade_id
        if cell.cell_type == "code" and cell.source.startswith("%%writefile ") and not own:
            write(folder, *body(strip_markers(cell.source)))


def write(folder: Path, file: str, text: str) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("answer", answers(), ids=lambda answer: f"{answer.exercise_id}-{answer.name}")
async def test_answer(answer: Answer, tmp_path: Path) -> None:
    lesson, exercise = EXERCISES[answer.exercise_id]
    assert exercise.file
    write_files_before(lesson, exercise, tmp_path)
    write(tmp_path, exercise.file, answer.source)
    outcome = await evaluate(exercise.id, tmp_path)
    assert WORDS[outcome.kind] == answer.outcome, outcome.block()
    assert answer.says in outcome.block()
    for mistake in QUOTES.get(answer.file, ()):
        assert set(mistake.quoted) <= set(outcome.block().splitlines()), mistake.title


@pytest.mark.parametrize("exercise_id", EXERCISES)
async def test_what_is_shipped_is_not_attempted(exercise_id: str, tmp_path: Path) -> None:
    lesson, exercise = EXERCISES[exercise_id]
    write_files_before(lesson, exercise, tmp_path)
    write(tmp_path, *body(exercise.shipped))
    assert (await evaluate(exercise.id, tmp_path)).kind == "not_attempted"


def enough(exercise: Exercise) -> tuple[int, int]:
    own = [answer for answer in answers() if answer.exercise_id == exercise.id]
    return (
        sum(answer.outcome == "PASSED" for answer in own),
        sum(answer.outcome == "NOT YET" for answer in own),
    )


@pytest.mark.parametrize("exercise_id", EXERCISES)
def test_each_check_meets_other_right_answers_and_wrong_ones(exercise_id: str) -> None:
    right, wrong = enough(EXERCISES[exercise_id][1])
    assert right >= 1
    assert wrong >= 3
