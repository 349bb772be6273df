"""The collection of answers: it is large enough, says what is wrong, and what is shipped is not taken for an answer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.exercises.answers import KINDS, answers, lay_out
from tests.exercises.sample import sample
from workshop import catalog
from workshop.checks.engine import evaluate

ANSWERS = answers()
EXERCISES = [exercise for lesson in catalog.lessons() for exercise in lesson.exercises]


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
async def test_what_is_shipped_is_not_attempted(exercise: catalog.Exercise, tmp_path: Path) -> None:
    assert exercise.file
    lay_out(tmp_path, exercise.file, exercise.shipped.partition("\n")[2] + "\n")
    assert (await evaluate(exercise.id, tmp_path)).kind == "not_attempted"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_each_check_meets_other_right_answers_and_wrong_ones(exercise: catalog.Exercise) -> None:
    outcomes = Counter(answer.outcome for answer in ANSWERS if answer.file == exercise.file)
    assert outcomes["PASSED"] >= 1
    assert outcomes["NOT YET"] >= 3


def test_each_answer_belongs_to_an_exercise() -> None:
    assert {answer.file for answer in ANSWERS} <= {exercise.file for exercise in EXERCISES}


def test_a_wrong_answer_says_of_which_kind_it_is() -> None:
    for answer in ANSWERS:
        wrong = answer.path.name.startswith("wrong_")
        assert wrong == (answer.outcome != "PASSED"), answer.name
        assert answer.kind in KINDS if wrong else not answer.kind, answer.name


def test_the_sample_has_each_kind_and_each_exercise() -> None:
    chosen = [answer for answer in ANSWERS if answer.path in sample()]
    assert {answer.file for answer in chosen} == {exercise.file for exercise in EXERCISES}
    assert {answer.kind for answer in chosen} == set(KINDS)
