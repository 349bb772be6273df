"""The instructor's notes fit the lessons: their exercises, minutes, files and answers.

That the quoted messages are what the checks say is seen where the answers run, in ``test_answers.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests import instructor_notes
from tests.instructor_notes import Notes
from workshop import settings
from workshop.catalog import Lesson, lessons
from workshop.paths import CoursePath, exercises_on, minutes_of

PARTS = [
    "Before you start",
    "Run of show",
    "Exercise by exercise",
    "Demo script",
    "Cut points",
    "Five mistakes you will see",
]


@pytest.fixture(params=lessons(), ids=lambda lesson: lesson.name)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    found: Lesson = request.param
    return found


@pytest.fixture
def notes(lesson: Lesson) -> Notes:
    return instructor_notes.read(instructor_notes.notes_file(lesson))


def test_each_file_belongs_to_a_lesson() -> None:
    folder = settings.load().root / "instructor"
    expected = {instructor_notes.notes_file(lesson).name for lesson in lessons()}
    assert {path.name for path in folder.iterdir()} == expected | {"README.md"}


@pytest.mark.parametrize("path", CoursePath)
def test_the_readme_states_the_minutes_of_each_path(path: CoursePath) -> None:
    readme = (settings.load().root / "instructor" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith("|") and f"`{path}`" in line)
    minutes = sum(minutes_of(exercises_on(path, lesson)) for lesson in lessons())
    assert f"{minutes} minutes of exercises" in row


def test_title_and_parts(lesson: Lesson, notes: Notes) -> None:
    assert notes.title == f"Lesson {lesson.number} · {lesson.title}: notes for the instructor"
    assert notes.opening
    assert [part.title for part in notes.parts] == PARTS


def test_before_you_start_is_a_short_list(notes: Notes) -> None:
    bullets = [line for line in notes.part("Before you start").lines if line.startswith("- ")]
    assert 3 <= len(bullets) <= 6


def test_run_of_show_is_without_gap_or_overlap(lesson: Lesson, notes: Notes) -> None:
    slots = notes.slots
    assert slots[0].start == 0
    assert all(one.end == following.start for one, following in pairwise(slots))
    assert all(slot.start < slot.end for slot in slots)
    assert slots[-1].end >= lesson.minutes


def test_each_row_of_the_run_of_show_is_read(notes: Notes) -> None:
    rows = [line for line in notes.part("Run of show").lines if re.match(r"\|\s*\d", line)]
    assert len(rows) == len(notes.slots)


def test_run_of_show_gives_each_exercise_its_minutes(lesson: Lesson, notes: Notes) -> None:
    given = [slot.exercise for slot in notes.slots if slot.exercise]
    assert given == [f"{one.id} ({one.minutes} min)" for one in lesson.exercises]
    for slot in notes.slots:
        assert slot.end - slot.start >= slot.exercise_minutes, slot


def test_run_of_show_states_its_minutes(lesson: Lesson, notes: Notes) -> None:
    prose = "\n".join(line for line in notes.part("Run of show").lines if not line.startswith("|"))
    assert re.search(rf"\b{notes.slots[-1].end} minutes", prose)
    assert re.search(
        rf"\bcore\b.*\b{lesson.core_minutes} minutes|\b{lesson.core_minutes} minutes.*\bcore\b", prose
    )


def test_each_exercise_has_its_section(lesson: Lesson, notes: Notes) -> None:
    sections = notes.exercises
    assert [section.title for section in sections] == [f"{one.id} {one.title}" for one in lesson.exercises]
    for section in sections:
        before = section.text.find("**Say before:**")
        assert 0 <= before < section.text.find("**Say after:**"), section.title


def test_demo_script_names_files_that_the_lesson_writes(lesson: Lesson, notes: Notes) -> None:
    assert re.search(r"^1\. ", notes.part("Demo script").text, re.MULTILINE)
    assert notes.demo_files <= lesson.files.keys()


def test_cells_of_the_demo_script_can_be_typed(notes: Notes) -> None:
    for cell in notes.part("Demo script").fences("python"):
        compile(code_of(cell), notes.path.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_commands_and_cells_import_files_that_the_lesson_writes(lesson: Lesson, notes: Notes) -> None:
    assert set(modules_of(notes)) <= lesson.files.keys()


def test_five_mistakes(lesson: Lesson, notes: Notes) -> None:
    mistakes = notes.mistakes
    assert [mistake.title.partition(" ")[0] for mistake in mistakes] == ["1.", "2.", "3.", "4.", "5."]
    own = {
        f"tests/exercises/{(one.file or '').removeprefix('my/').removesuffix('.py')}"
        for one in lesson.exercises
    }
    for mistake in mistakes:
        assert mistake.answer.rpartition("/")[0] in own, mistake.title
        assert (settings.load().root / mistake.answer).is_file(), mistake.answer
        assert len(mistake.quoted) >= 2, f"{mistake.title}: more of the message than its first word"
        assert re.search(r"^\*\*Do:\*\* \S", mistake.text, re.MULTILINE), mistake.title


def code_of(cell: tuple[str, ...]) -> str:
    """A cell in a list, at the list's indentation, without IPython's own lines."""
    indents = [len(line) - len(line.lstrip()) for line in cell if line.strip()]
    cut = min(indents, default=0)
    return "\n".join(line[cut:] for line in cell if not line.lstrip().startswith("%")) + "\n"


def modules_of(notes: Notes) -> Iterator[str]:
    for cell in notes.part("Demo script").fences("python"):
        for node in ast.walk(ast.parse(code_of(cell), notes.path.name)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("my."):
                yield f"{(node.module or '').replace('.', '/')}.py"
