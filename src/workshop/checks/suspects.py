"""Which line of the learner's is likely to be to blame: it asks the clock, chance or the machine, or keeps an error."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .needs import place_name

_IMPURE = {
    "datetime.now": "`workflow.now()` gives the same in each replay",
    "datetime.utcnow": "`workflow.now()` gives the same in each replay",
    "datetime.today": "`workflow.now()` gives the same in each replay",
    "date.today": "`workflow.now()` gives the same in each replay",
    "time.time": "`workflow.time()` gives the same in each replay",
    "time.time_ns": "`workflow.time_ns()` gives the same in each replay",
    "time.monotonic": "`workflow.time()` gives the same in each replay",
    "time.perf_counter": "`workflow.time()` gives the same in each replay",
    "random": "`workflow.random()` gives the same in each replay",
    "secrets": "`workflow.random()` gives the same in each replay",
    "uuid.uuid4": "`workflow.uuid4()` gives the same in each replay",
    "uuid.uuid1": "`workflow.uuid4()` gives the same in each replay",
    "uuid4": "`workflow.uuid4()` gives the same in each replay",
    "os.getpid": "the process id is different after a kill",
    "os.urandom": "`workflow.random()` gives the same in each replay",
    "os.environ": "an environment variable may be different after a kill",
    "os.getenv": "an environment variable may be different after a kill",
    "open": "a file may have changed; an activity may read it",
    "id": "an object's `id` is different in each process",
    "hash": "a string's `hash` is different in each process",
}
"""By how a call begins: what to know about it."""


def suspect_in(defined: type) -> tuple[str, str]:
    """The first line in a workflow's own methods that asks the clock, chance or the machine.

    Args:
        defined: The workflow's class.

    Returns:
        The line as text with its place, and a reason that can follow a sentence; two empty texts if there is none, or
        if something else changes, such as a variable outside the class.
    """
    try:
        source, _ = inspect.getsourcelines(defined)
        file = inspect.getsourcefile(defined) or ""
        tree = ast.parse(inspect.cleandoc("".join(source)))
    except (OSError, TypeError, SyntaxError):
        return "", ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = ast.unparse(node)
            known = next((one for one in _IMPURE if name == one or name.startswith(f"{one}.")), None)
            bare = isinstance(node, ast.Name) and known in ("random", "secrets")
            if known is not None and not bare:
                text = source[node.lineno - 1].strip()
                return f"{place_name(Path(file))}: {text}", f" ({_IMPURE[known]})"
    return "", ""


def run_at_import(path: Path) -> str:
    """The line at the top level of a learner's file that runs an agent whenever the file is imported; empty if none.

    Args:
        path: The file.
    """
    try:
        source = path.read_text(encoding="utf-8")
        body = ast.parse(source).body
    except (OSError, ValueError, SyntaxError):
        return ""
    for statement in body:
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
        if isinstance(statement, ast.Expr | ast.Assign) and any(
            ast.unparse(call.func) in ("asyncio.run", "Runner.run_sync") for call in calls
        ):
            return source.splitlines()[statement.lineno - 1].strip()
    return ""


def catcher_in(function: Callable[..., Any], error: type[BaseException]) -> str:
    """The first line of a function that keeps an error from its caller.

    Args:
        function: The learner's. What it calls is not looked at.
        error: The error.

    Returns:
        The line as text with its place, for a sentence to go on after a colon; empty if there is none, or if it cannot
        be told.
    """
    own = inspect.unwrap(function)
    try:
        lines, _ = inspect.getsourcelines(own)
        tree = ast.parse(textwrap.dedent("".join(lines)))
        place = place_name(Path(inspect.getsourcefile(own) or ""))
    except (OSError, TypeError, SyntaxError):
        return ""
    known = vars(builtins) | getattr(own, "__globals__", {})
    for node in ast.walk(tree):
        for line, why in _catching(node, error, known):
            return f"{place}: {lines[line - 1].strip().rstrip(':')}{why}"
    return ""


def _catching(node: ast.AST, error: type[BaseException], known: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Where a statement keeps an error, and what to know about it."""
    if isinstance(node, ast.Try):
        for step in node.finalbody:
            # It leaves the block before the error can, whichever that is.
            if found := next((one for one in ast.walk(step) if isinstance(one, ast.Return)), None):
                yield found.lineno, " (`return` in a `finally` discards any error)"
        for handler in node.handlers:
            raises = any(isinstance(one, ast.Raise) for one in ast.walk(handler))
            if not raises and (handler.type is None or issubclass(error, _classes(handler.type, known))):
                yield handler.lineno, ""
    elif isinstance(node, ast.With):
        for item in node.items:
            call = item.context_expr
            named = (
                call.args
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("suppress")
                else []
            )
            if issubclass(error, tuple(one for each in named for one in _classes(each, known))):
                yield node.lineno, ""


def _classes(named: ast.expr, known: dict[str, Any]) -> tuple[type, ...]:
    """The classes that an expression after ``except`` names, as far as names tell."""
    if isinstance(named, ast.Tuple):
        return tuple(one for each in named.elts for one in _classes(each, known))
    first, *rest = ast.unparse(named).split(".")
    value = known.get(first)
    for name in rest:
        value = getattr(value, name, None)
    return (value,) if isinstance(value, type) else ()
