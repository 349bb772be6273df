"""What probes say about the learner's module when something in it is missing or of the wrong kind.

Probes run in the child process; the ``NotYet`` raised here crosses over to the notebook.
"""

from __future__ import annotations

import ast
import difflib
import dis
import inspect
import os
import re
import time
import types
from collections.abc import Collection
from pathlib import Path
from typing import Any

from .blocking import SLEEPS
from .outcomes import A_COROUTINE, NotYet, alternatives, shorten


def need(
    module: types.ModuleType,
    name: str,
    kind: type | tuple[type, ...] = object,
    what: str = "",
    besides: Collection[str] = (),
) -> Any:
    """The value of ``name`` in the learner's module.

    Args:
        module: The learner's module.
        name: What the exercise asks to be defined.
        kind: What it must be an instance of.
        what: How to call that in the message, instead of the names of ``kind``: ``"an Agent"``.
        besides: What else the exercise asks for: none of these is ``name`` by another name.

    Raises:
        NotYet: it is missing, is still ``...``, or is something else.
    """
    wanted = what or _kinds(kind)
    expected = f"`{name}`, {wanted}" if wanted else f"`{name}`"
    if name not in vars(module):
        got = f"no `{name}` in the file"
        near = _near(module, name, kind, besides)
        raise NotYet(expected, f"{got} (there is `{near}`)" if near else got, place_of(module))
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


def need_free_loop(module: types.ModuleType, function: Any) -> None:
    """Make sure that an async function of the learner's does not stop its whole worker with ``time.sleep``.

    What it does in other functions is not seen.

    Raises:
        NotYet: it does.
    """
    own = inspect.unwrap(function)
    steps = list(dis.get_instructions(own))
    values = [own.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None for step in steps]
    called = any(
        value is time and following.argval == "sleep"
        for value, following in zip(values, steps[1:], strict=False)
    )
    if called or any(value is time.sleep for value in values):
        raise NotYet(
            f"`{own.__name__}` to let its worker do other work while it waits",
            SLEEPS,
            place_of(module, own),
        )


def place_of(module: types.ModuleType, value: object = None) -> str:
    """Where a function or class of the learner's stands, with the text of its first line; else the file."""
    file = module.__file__ or module.__name__
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    if code is not None and os.path.realpath(code.co_filename) == os.path.realpath(file):
        return line_of(value)
    return place_name(Path(file))


def place_name(file: Path) -> str:
    """A learner's file as the learner knows it, ``my/folder/file.py``."""
    parts = file.parts
    if "my" in parts[:-1]:
        return "/".join(parts[len(parts) - 1 - parts[::-1].index("my") :])
    return Path(os.path.relpath(file)).as_posix()


def line_of(value: object) -> str:
    """Where a function or class is defined, as ``my/folder/file.py: def run(self)``; empty if that is not known.

    With the line's text, since a number would be counted without the notebook's ``%%writefile``; without its colon,
    since a message goes on after one of its own.
    """
    try:
        own = inspect.unwrap(value) if callable(value) else value
        file = inspect.getsourcefile(own)  # type: ignore[arg-type]
        lines, _ = inspect.getsourcelines(own)  # type: ignore[arg-type]
    except (OSError, TypeError):
        return ""
    # Above it stand its decorators.
    said = next((line.strip() for line in lines if _DEFINITION.match(line)), lines[0].strip())
    return f"{place_name(Path(file or ''))}: {said.removesuffix(':')}"


_DEFINITION = re.compile(r"\s*(async\s+def|def|class)\b")


def describe(value: object) -> str:
    """A value in a few words: its kind, and what it looks like if that is short."""
    if value is None:
        return "None"
    if inspect.iscoroutine(value):
        return A_COROUTINE
    if inspect.isclass(value):
        return f"the class {value.__name__}, not an instance of it"
    if isinstance(value, types.FunctionType):
        return _function(value)
    kind = type(value).__name__
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    if isinstance(value, (str, int, float, bool, list, tuple, dict, set)):
        return f"{article} {kind}: {shorten(repr(value), 120)}"
    return f"{article} {kind}"


def _near(
    module: types.ModuleType, name: str, kind: type | tuple[type, ...], besides: Collection[str]
) -> str:
    """What the learner may have called ``name`` instead; empty if nothing is like it."""
    own = [other for other in _own_names(module) if other not in besides]
    by_lower = {other.lower(): other for other in reversed(own)}
    if close := difflib.get_close_matches(name.lower(), by_lower, n=1):
        return by_lower[close[0]]
    if kind is object:
        return ""
    return next((other for other in own if isinstance(vars(module)[other], kind)), "")


def _own_names(module: types.ModuleType) -> list[str]:
    """The names that the module itself assigns, in order; not those that it imports."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):
        return []
    assigned: set[str] = set()
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            assigned.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assigned.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported.update((one.asname or one.name).partition(".")[0] for one in node.names)
    return [name for name in vars(module) if name in assigned - imported and not name.startswith("__")]


def _function(value: types.FunctionType) -> str:
    library = str(value.__module__).partition(".")[0]
    if library in ("my", "__main__"):
        return f"the function {value.__name__}"
    outer = value.__qualname__.replace(".<locals>", "").rpartition(".")[0]
    origin = f"{value.__module__}.{outer}" if outer else value.__module__
    return f"a function of the library {library} ({value.__name__} of {origin})"


def _kinds(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if object in kinds:
        return ""
    names = [one.__name__ for one in kinds]
    return f"{'an' if names[0][:1].lower() in 'aeiou' else 'a'} {alternatives(names)}"
