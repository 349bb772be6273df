"""A service that is down: for its first requests, or for good. No answer has seen it unless its check shows it.

For an activity that swallows its errors, Temporal has nothing to try again; for a tool that does, the agent has a text
that looks like news.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .bench import Bench, NotYet, describe, need
from .needs import line_of

if TYPE_CHECKING:
    from workshop.lab.faults import Fault
    from workshop.lab.gateway_client import FaultKind, FaultRoute


@contextlib.contextmanager
def outage(
    bench: Bench,
    *services: FaultRoute,
    requests: int | None = None,
    after: int = 0,
    kind: FaultKind = "server_error",
) -> Iterator[list[Fault]]:
    """Let services fail as long as the block lasts.

    Args:
        bench: The check's.
        services: Which: ``"weather"``, ``"ip"``, ``"geo"``, ``"bank"``, ``"library"``, ``"model"``.
        requests: How many requests to each fail before it works again; all, unless given.
        after: How many are let through first.
        kind: How it fails: ``"server_error"``, ``"refuse"``, ``"cut"``, ``"garbage"`` and so on; see ``lab.fault``.

    Yields:
        The failures, one a service, whose ``hits`` count the requests that failed.
    """
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(bench.fault(service, kind, calls=requests, after=after))
            for service in services
        ]


async def need_error(
    bench: Bench, service: FaultRoute, name: str, *arguments: Any, kind: FaultKind = "server_error"
) -> str:
    """Call one function of the learner's, an activity or not, while the service that it asks is down: it must raise.

    Args:
        bench: The check's.
        service: Which service.
        name: The function's name in the exercise's file.
        arguments: What it is called with.
        kind: How the service fails.

    Returns:
        The error, as ``ServiceError: ...``.

    Raises:
        NotYet: it returns something, as if all were well, or has not asked the service at all.
    """
    with outage(bench, service, kind=kind) as (fault,):
        told = await bench.run(probe_call, name, list(arguments))
        asked = fault.hits
    if not asked:
        raise NotYet(
            f"`{name}` to ask the {service} service", "it asked for nothing", told["line"] or f"`{name}`"
        )
    if "returned" in told:
        raise NotYet(
            f"`{name}` to raise an error when the {service} service is down",
            f"it returned {told['returned']}, so that nobody tries again",
            told["line"] or f"`{name}`",
        )
    return str(told["raised"])


def made_final(error: BaseException) -> str:
    """What of an error keeps Temporal from another attempt, in words; empty if nothing does."""
    from temporalio.exceptions import ApplicationError

    if not isinstance(error, ApplicationError) or not error.non_retryable:
        return ""
    return f"an {type(error).__name__} with non_retryable=True, after which nobody tries again: {error}"


async def probe_call(module: ModuleType, name: str, arguments: list[Any]) -> dict[str, str]:
    """A probe: call a function, an activity or not; what it ``returned`` or ``raised``, and its ``line``."""
    from temporalio.testing import ActivityEnvironment

    function = need(module, name)
    line = line_of(function)
    try:
        if hasattr(function, "__temporal_activity_definition"):
            value = ActivityEnvironment().run(function, *arguments)
        else:
            value = function(*arguments)
        if inspect.isawaitable(value):
            value = await value
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {error}", "line": line}
    return {"returned": describe(value), "line": line}
