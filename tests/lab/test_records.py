"""What is on record of the services."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psutil

from tests.conftest import Place
from workshop.lab import services
from workshop.lab.records import read_records, record_of, write_records


def test_somebody_else_with_the_same_pid_is_left_alone(place: Place) -> None:
    records = place.settings.state_dir / "services.json"
    records.parent.mkdir(parents=True, exist_ok=True)
    record = {"pid": os.getpid(), "started_at": psutil.Process().create_time() - 100, "port": 1}
    records.write_text(json.dumps({"gateway": record}))
    assert services.down(place.settings) == []  # and this process is still here to say so
    records.write_text("{ half a file")
    assert services.down(place.settings) == []


def test_what_is_gone_already_is_told_and_forgotten(place: Place) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    place.settings.state_dir.mkdir(parents=True)
    write_records(
        place.settings, {"temporal": record_of(process.pid, 1), "gateway": record_of(process.pid, 2)}
    )
    assert all(record.process() for record in read_records(place.settings).values())
    process.kill()
    process.communicate()
    said: list[str] = []
    assert services.down(place.settings, say=said.append) == []
    assert len([line for line in said if "was gone already" in line]) == 2
    assert read_records(place.settings) == {}
