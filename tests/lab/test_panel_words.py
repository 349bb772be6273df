"""What a panel says of faults."""

from __future__ import annotations

from typing import Any

import pytest

from workshop.lab import panel_words
from workshop.lab.gateway_client import FaultSpec


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


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"route": "model", "kind": "server_error"}, "Every model call gets 500 (server error)."),
        ({"route": "geo", "kind": "status", "status": 404, "calls": 1},
         "Every call to the location service gets 404, once."),
        ({"route": "ip", "kind": "cut", "after": 2, "seconds": 3},
         "Every call to the IP address service breaks off in the middle of the reply, after the first 2, for 3 s."),
        ({"route": "bank", "kind": "garbage"}, "Every call to the bank gets a reply that cannot be read."),
        ({"route": "bank", "kind": "delay", "when": "after"},
         "Every call to the bank takes effect, but its reply is held back."),
    ],
)  # fmt: skip
def test_what_faults_do(given: dict[str, Any], text: str) -> None:
    assert panel_words.effect(FaultSpec.model_validate(given)) == text
