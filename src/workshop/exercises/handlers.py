"""The messages that a learner's workflow takes: the updates, queries and signals that a task asks for by name."""

from __future__ import annotations

import contextlib
import copy
import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Literal

from workshop.checks.bench import NotYet, describe, place_of

Kind = Literal["update", "query", "signal"]
_KINDS: tuple[Kind, ...] = ("update", "query", "signal")


def need_handler(
    module: ModuleType, defined: type, kind: Kind, name: str, takes: Mapping[str, type] | None = None
) -> Any:
    """The definition of a handler that a class of the learner's has.

    Args:
        module: The learner's.
        defined: The class.
        kind: Of which kind the handler must be.
        name: Its name, which is its method's as well.
        takes: The types of its parameters in order, by the names that the task gives them.

    Raises:
        NotYet: it has none, or one of another kind, or of other parameters; the message tells what it has instead.
    """
    method = inspect.getattr_static(defined, name, None)
    definition = _definition(method, kind)
    if definition is not None and definition.name == name:
        _need_parameters(module, method, f"the {kind} `{name}`", takes or {})
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


def need_validator(
    module: ModuleType, defined: type, name: str, takes: Mapping[str, type] | None = None
) -> Any:
    """The validator of an update; the arguments are those of :func:`need_handler`.

    Raises:
        NotYet: there is none.
    """
    definition = need_handler(module, defined, "update", name, takes)
    if definition.validator is None:
        raise NotYet(f"a validator of the update `{name}`", "it has none", f"`@{name}.validator`")
    _need_parameters(module, definition.validator, f"the validator of `{name}`", takes or {})
    return definition.validator


def _need_parameters(module: ModuleType, function: Any, what: str, takes: Mapping[str, type]) -> None:
    try:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    except (NameError, ValueError):
        return
    if any(one.kind is one.VAR_POSITIONAL for one in own):
        return
    # By place, as they are sent: one that has another's type is in the wrong place.
    kinds = list(takes.values())
    swapped = (
        one.annotation in kinds and one.annotation is not kind for one, kind in zip(own, kinds, strict=False)
    )
    if len(own) < len(kinds) or any(swapped):
        wanted = ", ".join(f"{name}: {kind.__name__}" for name, kind in takes.items())
        got = f"it takes ({', '.join(map(str, own))})"
        raise NotYet(f"{what} to take ({wanted}), in this order", got, place_of(module, function))


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


def is_of_type(name: str, base: type[BaseException]) -> bool:
    """In the child: whether an error is of a type, or of one that is made from it, as a learner's own may be.

    Args:
        name: The name of its class, which is all that Temporal tells.
        base: The type.
    """
    return name == base.__name__ or any(is_of_type(name, one) for one in base.__subclasses__())


def _definition(method: Any, kind: Kind) -> Any:
    # The SDK keeps an update's definition under another name than the others.
    return getattr(method, "_defn" if kind == "update" else f"__temporal_{kind}_definition", None)


def _told(named: list[str], kind: Kind) -> str:
    return f"the {kind} `{named[0]}`" if named else f"no {kind} of that name"
