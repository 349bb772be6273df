"""What a panel says of faults."""

from __future__ import annotations

import pytest

from workshop.lab import panel_words


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Cut the network", "cut"),
        ("Bank down", "bank_down"),
        ("429!", "fault_429"),
        ("class", "fault_class"),
        ("…", "fault"),
    ],
)
def test_names_for_faults(label: str, name: str) -> None:
    assert panel_words.fault_name(label) == name
