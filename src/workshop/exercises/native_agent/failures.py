"""Errors of the model's service as failures that say whether, and when, to try again."""

from __future__ import annotations

import os
import traceback
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.registry import exercise
from workshop.checks.tracebacks import own_place

if TYPE_CHECKING:
    from openai import APIStatusError
    from temporalio.exceptions import ApplicationError

_TEMPORAL = "https://docs.temporal.io"

_DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
_STATUSES = (400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503)
_MADE = (
    (503, "3"),
    (503, "120"),
    (503, "1.5"),
    (503, _DATE),
    (429, _DATE),
    (403, "3"),
    (401, ""),
    *((status, "") for status in (304, 402, 410, 418, 423, 504, 529)),
)
"""Status and ``retry-after`` of replies that the gateway never sends."""


@exercise(
    proves="Each error status is tried again only if that makes sense, and no earlier than the service asks.",
    hints=(
        "Would the same request, sent again in a minute, have a chance? Ask it for 401, 404, 409, 429 and 503.",
        "`ApplicationError(message, non_retryable=..., next_retry_delay=...)`, and for the header "
        f"`wait.isdecimal()`: {_TEMPORAL}/develop/python/failure-detection",
        "final = status < 500 and status not in (408, ...)\n"
        "delay = timedelta(seconds=int(wait)) if wait.isdecimal() else None\n"
        "return ApplicationError(told, non_retryable=final, next_retry_delay=delay)",
    ),
    timeout=40,
)
async def failures(bench: Bench) -> str:
    """Errors of the gateway's, made by real requests, and some that it never sends."""
    for status in _STATUSES:
        bench.fault("model", "status", status=status, calls=1)
    bench.fault("model", "rate_limit", retry_after=2, calls=1)
    for one in await bench.run(_probe_failures, len(_STATUSES) + 1):
        _judge_failure(one)
    return ""


def _judge_failure(one: dict[str, Any]) -> None:
    status, wait = one["status"], one["wait"]
    case = f"a {status}" + (f" with `retry-after: {wait}`" if wait else "")
    look = one["place"]
    if one["raised"]:
        wanted = "`to_failure` to return the ApplicationError; its caller raises it"
        if not one["right_kind"]:
            wanted = f"{case} to become an ApplicationError"
        raise NotYet(wanted, f"`to_failure` raised {one['raised']}", look)
    if "final" not in one:
        raise NotYet(f"`to_failure` to return an ApplicationError for {case}", one["described"], look)
    final = status < 500 and status not in (408, 409, 429)
    if one["final"] is not final:
        raise NotYet(
            f"{case} to be {'final' if final else 'tried again'}",
            f"non_retryable={one['final']}",
            f"{look}: what is given as `non_retryable`",
        )
    if one["unfit_delay"]:
        raise NotYet(
            f"{case}: a next_retry_delay that is a timedelta, or none",
            one["unfit_delay"],
            f"{look}: what is given as `next_retry_delay`",
        )
    delay = float(wait) if wait.isdecimal() else None
    if one["delay"] != delay and not final:
        raise NotYet(
            f"{case}: "
            + (f"the next attempt after {delay:g} s" if delay else "the retry policy decides when"),
            "no next_retry_delay" if one["delay"] is None else f"a next_retry_delay of {one['delay']:g} s",
            f"{look}: what is given as `next_retry_delay`",
        )
    if one["leaks"]:
        raise NotYet(
            "a failure without the service's own words, which can quote the key and are kept in the history",
            f"they are in {one['leaks']}",
            look,
        )


async def _probe_failures(module: ModuleType, requests: int) -> list[dict[str, Any]]:
    from openai import APIStatusError, AsyncOpenAI

    to_failure = need_function(module, "to_failure", is_async=False)
    client = AsyncOpenAI(max_retries=0)
    seen = []
    for _ in range(requests):
        try:
            await client.responses.create(model="practice", input="Hello")
        except APIStatusError as error:
            seen.append(_seen_failure(module, to_failure, error))
    for status, wait in _MADE:
        seen.append(_seen_failure(module, to_failure, _status_error(client, status, wait)))
    return seen


def _status_error(client: Any, status: int, wait: str) -> APIStatusError:
    """The error that OpenAI's client makes of such a reply. Its message quotes the key, as a real one may."""
    import httpx2
    from openai import APIStatusError

    request = httpx2.Request("POST", f"{client.base_url}responses")
    message = f"Incorrect API key provided: {client.api_key}."
    body = {"message": message, "code": "invalid_api_key"}
    headers = {"retry-after": wait} if wait else {}
    response = httpx2.Response(status, headers=headers, request=request, json={"error": body})
    return APIStatusError(message, response=response, body=body)


def _seen_failure(module: ModuleType, to_failure: Any, error: APIStatusError) -> dict[str, Any]:
    from datetime import timedelta

    from temporalio.exceptions import ApplicationError

    from workshop.runs.events import own_line_of_text

    seen: dict[str, Any] = {
        "status": error.status_code,
        "wait": error.response.headers.get("retry-after", ""),
        "place": place_of(module, to_failure),
        "raised": "",
    }
    try:
        failure = to_failure(error)
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
        line = own_place(own_line_of_text("".join(traceback.format_exception(problem))))
        seen["place"] = line or seen["place"]
        return seen | {"raised": told, "right_kind": isinstance(problem, ApplicationError)}
    if not isinstance(failure, ApplicationError):
        return seen | {"described": describe(failure)}
    delay = failure.next_retry_delay
    fits = delay is None or isinstance(delay, timedelta)
    return seen | {
        "final": failure.non_retryable,
        "delay": delay.total_seconds() if delay is not None and fits else None,
        "unfit_delay": "" if fits else describe(delay),
        "leaks": _leak(failure),
    }


def _leak(failure: ApplicationError) -> str:
    """Which part of a failure holds the key; empty if none does."""
    key = os.environ["OPENAI_API_KEY"]
    if key in failure.message:
        return f"the message: {failure.message.replace(key, '(the key)')}"
    if any(key in str(part) for part in failure.details):
        return "its details"
    return "its cause: the SDK's error" if failure.__cause__ is not None else ""
