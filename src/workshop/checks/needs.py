"""What probes say about the learner's module when something in it is missing or of the wrong kind.

Probes run in the child process; the ``NotYet`` raised here crosses over to the notebook.
"""

from __future__ import annotations

import inspect
import os
import types
from pathlib import Path
from typing import Any

from .outcomes import NotYet, alternatives, shorten


def need(module: types.ModuleType, name: str, kind: type | tuple[type, ...] = object, what: str = "") -> Any:
    """The value of ``name`` in the learner's module.

    Args:
        module: The learner's module.
        name: What the exercise asks to be defined.
        kind: What it must be an instance of.
        what: How to call that in the message, instead of the names of ``kind``: ``"an Agent"``.

    Raises:
        NotYet: it is missing, is still ``...``, or is something else.
    """
    wanted = what or _kinds(kind)
    expected = f"`{name}`, {wanted}" if wanted else f"`{name}`"
    if name not in vars(module):
        near = [other for other in vars(module) if other.lower() == name.lower()]
        got = f"no `{name}` in the file"
        raise NotYet(expected, f"{got} (there is `{near[0]}`)" if near else got, place_of(module))
    value = vars(module)[name]
    if value is Ellipsis:
        raise NotYet(expected, f"`{name}` is still `...`", place_of(module))
    if not isinstance(value, kind):
        raise NotYet(expected, f"`{name}` is {describe(value)}", place_of(module))
    return value


def need_function(module: types.ModuleType, name: str, *, is_async: bool | None = None) -> Any:
    """The function ``name`` of the learner's module.

    Args:
        module: The learner's module.
        name: What the exercise asks to be defined.
        is_async: Whether it must be an ``async def``; None if it may be either.

    Raises:
        NotYet: it is missing, is no function, or is of the other sort.
    """
    word = {True: "an async function", False: "a plain function", None: "a function"}[is_async]
    value = need(module, name, object, word)
    if not callable(value) or inspect.isclass(value):
        raise NotYet(f"`{name}`, {word}", f"`{name}` is {describe(value)}", place_of(module))
    if is_async is not None and inspect.iscoroutinefunction(value) is not is_async:
        other = "a plain `def`" if is_async else "an `async def`"
        raise NotYet(f"`{name}`, {word}", f"`{name}` is {other}", place_of(module, value))
    return value


def place_of(module: types.ModuleType, value: object = None) -> str:
    """Where a function or class of the learner's stands, as ``my/folder/file.py, line 3``; else the file."""
    file = module.__file__ or module.__name__
    name = Path(os.path.relpath(file)).as_posix()
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    if code is not None and os.path.realpath(code.co_filename) == os.path.realpath(file):
        return f"{name}, line {code.co_firstlineno}"
    return name


def describe(value: object) -> str:
    """A value in a few words: its kind, and what it looks like if that is short."""
    if value is None:
        return "None"
    if inspect.iscoroutine(value):
        return "a coroutine (a call whose `await` is missing)"
    if inspect.isclass(value):
        return f"the class {value.__name__}, not an instance of it"
    if isinstance(value, types.FunctionType):
        return f"the function {value.__name__}"
    kind = type(value).__name__
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    if isinstance(value, (str, int, float, bool, list, tuple, dict, set)):
        return f"{article} {kind}: {shorten(repr(value), 120)}"
    return f"{article} {kind}"


def _kinds(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if object in kinds:
        return ""
    names = [one.__name__ for one in kinds]
    return f"{'an' if names[0][:1].lower() in 'aeiou' else 'a'} {alternatives(names)}"
