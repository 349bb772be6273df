"""The messages that a learner's workflow takes: the updates, queries and signals that a task asks for by name."""

from __future__ import annotations

import contextlib
import copy
import inspect
from types import ModuleType
from typing import Any, Literal

from workshop.checks.bench import NotYet, describe, place_of

Kind = Literal["update", "query", "signal"]
_KINDS: tuple[Kind, ...] = ("update", "query", "signal")


def need_handler(module: ModuleType, defined: type, kind: Kind, name: str) -> Any:
    """The definition of a handler that a class of the learner's has.

    Args:
        module: The learner's.
        defined: The class.
        kind: Of which kind the handler must be.
        name: Its name, which is its method's as well.

    Raises:
        NotYet: it has none, or one of another kind; the message tells what it has instead.
    """
    method = inspect.getattr_static(defined, name, None)
    definition = _definition(method, kind)
    if definition is not None and definition.name == name:
        return definition
    place = place_of(module, method) if inspect.isfunction(method) else place_of(module)
    expected = f"the {kind} `{name}`"
    if definition is not None:
        raise NotYet(expected, f"its decorator names it {definition.name!r}", place)
    if other := next((one for one in _KINDS if _definition(method, one)), None):
        raise NotYet(
            expected, f"`{name}` is a {other}" if other != "update" else f"`{name}` is an update", place
        )
    if inspect.isfunction(method):
        got = f"`{name}` is a plain method: `@workflow.{kind}` is missing"
        if kind == "update":
            got += ", or its validator has the same name and has replaced it"
        raise NotYet(expected, got, place)
    if method is not None:
        raise NotYet(expected, f"`{name}` is {describe(method)}", place)
    named = [key for key, one in vars(defined).items() if _definition(one, kind)]
    raise NotYet(expected, f"`{defined.__name__}` has " + _told(named, kind), f"`@workflow.{kind}`")


def need_validator(module: ModuleType, defined: type, name: str) -> Any:
    """The validator of an update.

    Raises:
        NotYet: there is none.
    """
    definition = need_handler(module, defined, "update", name)
    if definition.validator is None:
        raise NotYet(f"a validator of the update `{name}`", "it has none", f"`@{name}.validator`")
    return definition.validator


def need_unchanged(module: ModuleType, instance: Any, what: str, function: Any, *arguments: Any) -> None:
    """Call a query or a validator outside a workflow: it must leave the object as it is.

    What it changes a replay does not: queries and validators are not run again.

    Args:
        module: The learner's.
        instance: An object of the learner's class, in a state in which the function has something to do.
        what: What it is, for the message: ``"the query `pending`"``.
        function: The function.
        arguments: Its arguments, without the object.

    Raises:
        NotYet: it changes something.
    """
    before = copy.deepcopy(vars(instance))
    # What it returns or raises is judged in a run.
    with contextlib.suppress(Exception):
        function(instance, *arguments)
    if changed := [name for name, value in vars(instance).items() if value != before.get(name)]:
        got = f"it changes `self.{changed[0]}`, and a replay would not repeat that"
        raise NotYet(f"{what} to change nothing", got, place_of(module, function))


def _definition(method: Any, kind: Kind) -> Any:
    # The SDK keeps an update's definition under another name than the others.
    return getattr(method, "_defn" if kind == "update" else f"__temporal_{kind}_definition", None)


def _told(named: list[str], kind: Kind) -> str:
    return f"the {kind} `{named[0]}`" if named else f"no {kind} of that name"
