"""What is on record of the services."""

from __future__ import annotations

import json
import os

import psutil

from tests.conftest import Place
from workshop.lab import services


def test_somebody_else_with_the_same_pid_is_left_alone(place: Place) -> None:
    records = place.settings.state_dir / "services.json"
    records.parent.mkdir(parents=True, exist_ok=True)
    record = {"pid": os.getpid(), "started_at": psutil.Process().create_time() - 100, "port": 1}
    records.write_text(json.dumps({"gateway": record}))
    assert services.down(place.settings) == []  # and this process is still here to say so
    records.write_text("{ half a file")
    assert services.down(place.settings) == []
