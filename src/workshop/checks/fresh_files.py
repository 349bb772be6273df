"""Finds the learner's modules where a check runs them, and reads each anew."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def module_name(file: str) -> str:
    """The module that a file such as ``my/first_agent/haiku.py`` is."""
    return file.removesuffix(".py").replace("/", ".")


class FreshFiles(importlib.abc.MetaPathFinder):
    """Finds ``my`` and what is in it below one directory, and reads the source, never an old ``.pyc``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module whose name begins with ``my``."""
        if name != "my" and not name.startswith("my."):
            return None
        place = self._root.joinpath(*name.split("."))
        file = place.with_suffix(".py")
        if file.is_file():
            return importlib.util.spec_from_file_location(name, file, loader=_Fresh(name, str(file)))
        if place.is_dir():
            # A package without an __init__.py, too: nothing of the learner's depends on it.
            initial = place / "__init__.py"
            loader = _Fresh(name, str(initial)) if initial.is_file() else None
            spec = importlib.machinery.ModuleSpec(name, loader, is_package=True)
            spec.submodule_search_locations = [str(place)]
            if loader:
                spec.origin, spec.has_location = str(initial), True
            return spec
        return None


class _Fresh(importlib.machinery.SourceFileLoader):
    def path_stats(self, path: str) -> Any:
        # Without its time of change, a source is compiled anew and no .pyc is looked for or written.
        raise OSError("not cached")
