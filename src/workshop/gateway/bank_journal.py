"""What survives the gateway: the bank of each notebook, as a journal of what was done, one line each.

A bank is made again as a workflow is: by doing once more what is written there. A notebook's scope has a journal;
those of checks, tests and graders live as long as they do.
"""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path

from workshop.practice.bank import Bank, Refusal
from workshop.practice.json_bodies import Json
from workshop.settings import NOTEBOOK_SCOPE

log = logging.getLogger("workshop.gateway")


class Journals:
    """The journals of one state directory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def bank(self, scope: str) -> Bank:
        """The bank of a scope, as it was left; a new one if there is no journal."""
        path = self._path(scope)
        if path is None:
            return Bank()
        bank = Bank()
        _replay(bank, path)
        bank.noted = lambda done: _append(path, done)
        return bank

    def forget(self, scope: str) -> None:
        """Forget a scope's journal."""
        path = self._path(scope)
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _path(self, scope: str) -> Path | None:
        if self._folder is None or not NOTEBOOK_SCOPE.fullmatch(scope):
            return None
        return self._folder / f"{scope}.jsonl"


def _append(path: Path, done: Json) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # An emptied bank begins its journal anew, which so stays as short as a lesson.
        with path.open("w" if done["do"] == "clear" else "a", encoding="utf-8") as journal:
            journal.write(json.dumps(done) + "\n")
    except OSError as error:
        log.warning("the bank's journal %s cannot be written: %s", path, error)


def _replay(bank: Bank, path: Path) -> None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        # The last line may be half a line: a gateway that was killed while it wrote.
        with contextlib.suppress(ValueError, KeyError, TypeError, Refusal):
            bank.do(json.loads(line))


__all__ = ["Journals"]
