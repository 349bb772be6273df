"""The paths through the course, the README's tables of them, and the command that runs one."""

from __future__ import annotations

import pytest

from workshop import settings
from workshop.authoring import readme
from workshop.catalog import lessons
from workshop.paths import CoursePath, exercises_on, lessons_on, minutes_of

LESSONS = lessons()


def test_ninety_minutes_are_the_core_of_the_first_four() -> None:
    taken = lessons_on(CoursePath.NINETY_MINUTES, LESSONS)
    assert [one.number for one in taken] == [1, 2, 3, 4]
    chosen = [exercise for one in taken for exercise in exercises_on(CoursePath.NINETY_MINUTES, one)]
    assert {exercise.path for exercise in chosen} == {"core"}
    assert minutes_of(chosen) <= 75


def test_half_a_day_adds_what_is_full_and_the_core_of_the_next_two() -> None:
    taken = {one.number: exercises_on(CoursePath.HALF_DAY, one) for one in LESSONS}
    assert {exercise.path for number in (1, 2, 3, 4) for exercise in taken[number]} == {"core", "full"}
    assert {exercise.path for number in (5, 6) for exercise in taken[number]} == {"core"}


def test_all_is_everything() -> None:
    assert [exercises_on(CoursePath.ALL, one) for one in LESSONS] == [list(one.exercises) for one in LESSONS]


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
