"""Files in the state directory that belong to what this notebook has started, and go once the notebook is gone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import psutil

from workshop import settings as workshop_settings


def own_file(suffix: str) -> Path:
    """A path for a new file of this process; what processes that are gone have left there is deleted.

    Args:
        suffix: How its name ends, such as ``".db"``.
    """
    folder = workshop_settings.load().state_dir / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        owner = old.name.partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            old.unlink(missing_ok=True)
    return folder / f"{os.getpid()}-{secrets.token_hex(4)}{suffix}"


__all__ = ["own_file"]
