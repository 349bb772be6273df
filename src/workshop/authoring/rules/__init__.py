"""The rules of a lesson that a program can hold: one function each.

- ``frame``     how a lesson is laid out
- ``exercise``  what makes an exercise
- ``content``   what may stand in a cell
- ``stored``    what is stored with it

Each takes a page and yields what breaks its rule.
"""

from __future__ import annotations

from workshop.authoring.page import Rule
from workshop.authoring.rules.content import (
    cell_length,
    exercise_is_our_word,
    files_in_my,
    no_banners,
    no_emoji,
    no_input,
    no_installs,
    no_keys,
    no_machine_paths,
    no_secrets_set,
    pictures,
)
from workshop.authoring.rules.exercise import FindCheck, exercises, registered
from workshop.authoring.rules.frame import closing, first_code, headings, minutes, opening, slides
from workshop.authoring.rules.stored import normal_form, outputs_stored


def rules(find: FindCheck) -> tuple[Rule, ...]:
    """All rules, in the order in which their findings are told."""
    return (
        opening,
        minutes,
        headings,
        first_code,
        exercises,
        registered(find),
        closing,
        cell_length,
        pictures,
        no_installs,
        no_banners,
        no_input,
        no_secrets_set,
        files_in_my,
        no_emoji,
        no_keys,
        no_machine_paths,
        exercise_is_our_word,
        slides,
        outputs_stored,
        normal_form,
    )


__all__ = ["rules"]
