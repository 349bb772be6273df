"""A fleet mended from another process: it says what is to be deployed, and the one that runs the workers does it.

Orders and answers are files beside the fleet's own, each written whole.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from workshop.errors import LabError, LabTimeout
from workshop.game.reach import Reach

if TYPE_CHECKING:
    from workshop.game.day import Day

_LOOK_EVERY = 0.05
_PATIENCE = 60.0


class Remote(Reach):
    """A fleet whose workers run elsewhere: in the kernel that has called :func:`serve`."""

    def __init__(self, root: Path, address: str) -> None:
        super().__init__(root, address)
        self._orders = 0

    def deploy(self, *names: str) -> None:
        """As :meth:`workshop.game.day.Day.deploy`.

        Raises:
            LabError: it cannot be done.
            LabTimeout: nobody answers.
        """
        self._orders += 1
        _write(self.folder / f"order-{self._orders}.json", list(names))
        answer = self.folder / f"done-{self._orders}.json"
        deadline = time.monotonic() + _PATIENCE
        while not answer.exists():
            if time.monotonic() > deadline:
                raise LabTimeout("Nobody has deployed the workers.")
            time.sleep(_LOOK_EVERY)
        if error := json.loads(answer.read_text(encoding="utf-8")):
            raise LabError(str(error))


async def serve(day: Day) -> NoReturn:
    """Deploy what is ordered from elsewhere, until cancelled."""
    number = 1
    while True:
        order = day.folder / f"order-{number}.json"
        if not order.exists():
            await asyncio.sleep(_LOOK_EVERY)
            continue
        said = ""
        try:
            day.deploy(*map(str, json.loads(order.read_text(encoding="utf-8"))))
        except LabError as error:
            said = str(error)
        _write(day.folder / f"done-{number}.json", said)
        number += 1


def _write(path: Path, value: object) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value), encoding="utf-8")
    part.replace(path)


__all__ = ["Remote", "serve"]
