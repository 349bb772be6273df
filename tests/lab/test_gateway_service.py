"""The gateway: started again for other settings, and told from that of another copy."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from tests.conftest import Place
from workshop import settings as workshop_settings
from workshop.lab import ports
from workshop.lab import services as lab_services
from workshop.lab.gateway_client import GatewayClient, GatewayError
from workshop.lab.records import read_records
from workshop.lab.service import Name, ServiceError
from workshop.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


def pids(place: Place) -> dict[Name, int]:
    return {name: record.pid for name, record in read_records(place.settings).items()}


def test_another_copys_gateway_is_told(services: Settings, tmp_path: Path) -> None:
    other = services.model_copy(
        update={
            "state_dir": tmp_path / "other",
            "temporal_address": f"127.0.0.1:{ports.free_port()}",
            "ui_port": ports.free_port(),
        }
    )
    with pytest.raises(ServiceError, match=r"another copy of this course \(pid \d+\)"):
        lab_services.up(other)
    with GatewayClient.for_scope(settings=other) as client, pytest.raises(GatewayError, match="another copy"):
        client.meter()


@posix
def test_mode_and_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    lab_services.up(place.settings)
    before = pids(place)
    monkeypatch.setenv("WORKSHOP_MODE", "auto")
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-real-secret")
    live = workshop_settings.load()

    # A notebook leaves a gateway alone that differs only by its own environment.
    assert lab_services.up(live, keep_mode=True).mode == "practice"
    assert pids(place) == before

    report = lab_services.up(live)
    assert (report.gateway.state, report.temporal.state) == ("restarted", "already running")
    assert report.mode == "live"
    assert pids(place)["temporal"] == before["temporal"]
    assert psutil.Process(pids(place)["gateway"]).environ()["OPENAI_API_KEY"] == "not-a-real-secret"
    assert "OPENAI_API_KEY" not in psutil.Process(pids(place)["temporal"]).environ()
    written = [path for path in place.settings.state_dir.rglob("*") if path.is_file()]
    assert not [path for path in written if b"not-a-real-secret" in path.read_bytes()]

    monkeypatch.delenv("OPENAI_API_KEY")
    assert lab_services.up(keep_mode=True).mode == "live"  # a kernel, to which the key was never given
    assert lab_services.up().mode == "practice"
