"""The state directory: whether anything can be kept there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from workshop.lab.service import ServiceError
from workshop.settings import Settings


def state_dir_problem(state_dir: Path) -> str | None:
    """Say why nothing can be kept in the state directory, None if it can; makes nothing that stays."""
    place = state_dir
    while not os.path.lexists(place):
        place = place.parent
    if not os.path.isdir(place):
        return f"{place} is not a directory"
    try:
        # Tried, for the mode bits do not tell: a disk can be mounted read-only, and root may write anywhere.
        with tempfile.TemporaryFile(dir=place):
            return None
    except OSError as error:
        return f"{place} cannot be written: {error.strerror}"


def need_state_dir(settings: Settings) -> None:
    """Make the state directory.

    Raises:
        ServiceError: it cannot be made, or not be written.
    """
    problem = state_dir_problem(settings.state_dir)
    if problem is None:
        try:
            settings.state_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"{settings.state_dir} cannot be made: {error.strerror}"
    if problem is not None:
        raise ServiceError(
            f"The course cannot keep its state ({problem}). "
            "Set WORKSHOP_STATE_DIR (in .env, say) to a directory that can be written."
        )


__all__ = ["need_state_dir", "state_dir_problem"]
