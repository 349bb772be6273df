"""Durable Agents: a hands-on course on AI agents that survive anything.

A notebook imports from here: ``from workshop import check, hint, lab, show, solution``. Each name is loaded
when it is used; importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop import lab
    from workshop import view as show
    from workshop.checks import check, hint, solution

# name -> module, and what to take from it (None: the module itself)
_HOMES: dict[str, tuple[str, str | None]] = {
    "lab": ("workshop.lab", None),
    "show": ("workshop.view", None),
    "check": ("workshop.checks", "check"),
    "hint": ("workshop.checks", "hint"),
    "solution": ("workshop.checks", "solution"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, attribute = _HOMES[name]
    module = importlib.import_module(home)
    value: object = module if attribute is None else getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)


__all__ = ["check", "hint", "lab", "show", "solution"]
