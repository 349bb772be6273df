"""The paths through the course, the README's tables of them, and the command that runs one."""

from __future__ import annotations

import pytest

from workshop import settings
from workshop.authoring import readme
from workshop.catalog import Lesson, lessons
from workshop.paths import CoursePath, exercises_on, lessons_on, minutes_of

LESSONS = lessons()


def test_each_path_holds_the_shorter_ones() -> None:
    shorter: set[str] = set()
    for path in CoursePath:
        taken = {one.id for lesson in LESSONS for one in exercises_on(path, lesson)}
        assert taken > shorter, path
        shorter = taken
    assert shorter == {one.id for lesson in LESSONS for one in lesson.exercises}


def test_ninety_minutes_leave_time_to_talk() -> None:
    chosen = [one for lesson in LESSONS for one in exercises_on(CoursePath.NINETY_MINUTES, lesson)]
    assert {one.path for one in chosen} == {"core"}
    assert minutes_of(chosen) <= 75


def test_a_lesson_says_how_far_a_path_goes_in_it() -> None:
    lesson = LESSONS[0].model_copy(update={"paths": {"half-day": "core", "one-day": "full"}})
    kinds = {path: {one.path for one in exercises_on(path, lesson)} for path in CoursePath}
    assert kinds[CoursePath.NINETY_MINUTES] == set()
    assert kinds[CoursePath.HALF_DAY] == {"core"}
    assert kinds[CoursePath.ONE_DAY] == {"core", "full"}
    assert lessons_on(CoursePath.NINETY_MINUTES, [lesson]) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_names_only_paths_that_there_are(lesson: Lesson) -> None:
    assert set(lesson.paths) <= set(CoursePath) - {CoursePath.ALL}


def test_the_readme_is_in_step() -> None:
    text = (settings.load().root / "README.md").read_text(encoding="utf-8")
    assert readme.refreshed(text, LESSONS) == text
    assert readme.TO_WRITE not in text


def test_a_table_is_made_again_and_what_was_written_by_hand_is_kept() -> None:
    row = "| 2 | [Old](x) | 1 | 1 | What was seen |\n"
    old = f"# A\n<!-- lessons -->\n{row}<!-- /lessons -->\nB\n<!-- paths -->\n<!-- /paths -->\n"
    new = readme.refreshed(old, LESSONS[:2])
    assert new.startswith("# A\n<!-- lessons -->\n| # | Lesson |")
    assert (
        f"| {LESSONS[1].minutes} | {LESSONS[1].core_minutes} | What was seen |\n<!-- /lessons -->\nB\n" in new
    )
    assert f"| {readme.TO_WRITE} |" in new
    assert "| 90 minutes (`90min`) |" in new
    assert readme.refreshed(new, LESSONS[:2]) == new


def test_a_readme_without_the_markers() -> None:
    with pytest.raises(ValueError, match="<!-- lessons -->"):
        readme.refreshed("# A\n", LESSONS)
