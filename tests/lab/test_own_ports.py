"""A second copy of the course beside the first: ports of its own, and it says whose the default ones are."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing

import psutil
import pytest

from tests.conftest import Place
from workshop import settings as workshop_settings
from workshop.lab import services as lab_services
from workshop.lab.own_ports import settle
from workshop.lab.records import read_records
from workshop.settings import LOOPBACK, Settings


@pytest.fixture
def squatter() -> Iterator[int]:
    """A port that this very process holds."""
    with closing(socket.socket()) as held:
        held.bind((LOOPBACK, 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_second_copy_takes_ports_of_its_own(
    services: Settings, place: Place, squatter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = ("temporal_address", "ui_port", "gateway_port")
    default = place.settings.model_copy(
        update={**{field: getattr(services, field) for field in fields}, "jupyter_port": squatter}
    )
    told: list[str] = []
    settled = settle(default, told.append, asked_for=(), jupyter=True)
    assert [line.split(":")[0] for line in told] == [
        "Gateway",
        "Temporal server",
        "Temporal server",
        "JupyterLab",
    ]
    server = f"port {services.temporal_address.rpartition(':')[2]} is held by the Temporal server of"
    assert any(f"{server} {services.state_dir} (pid " in line for line in told)
    assert f"(pid {os.getpid()})" in told[-1]
    for field in (*fields, "jupyter_port"):
        assert getattr(settled, field) != getattr(default, field)

    # Kept: whoever reads the settings from here on finds them, and a port that is asked for goes first.
    for variable in ("TEMPORAL_ADDRESS", "WORKSHOP_UI_PORT", "WORKSHOP_GATEWAY_PORT"):
        monkeypatch.delenv(variable)
    read = workshop_settings.load()
    assert {field: getattr(read, field) for field in fields} == {
        field: getattr(settled, field) for field in fields
    }
    assert read.jupyter_port == place.settings.jupyter_port
    assert settle(read, told.append) == read
    assert len(told) == 4
    lab_services.up(read)
    assert sorted(read_records(read)) == ["gateway", "temporal"]


def test_what_was_asked_for_is_not_moved(services: Settings, place: Place) -> None:
    held = place.settings.model_copy(update={"gateway_port": services.gateway_port})
    assert settle(held, pytest.fail) == held


def test_a_server_of_nobodys_copy_is_used(
    services: Settings, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = place.settings.model_copy(update={"temporal_address": services.temporal_address})
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: ["temporal", "server", "start-dev"])
    assert settle(theirs, pytest.fail, asked_for=()) == theirs
