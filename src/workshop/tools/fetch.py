"""One bounded request to one of the services behind the tools, with errors that a model can act on."""

from __future__ import annotations

import asyncio
import functools
import importlib.metadata
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2

from workshop.settings import LOOPBACK, Service, load

TIMEOUT_SECONDS = 10.0

_NAMES: dict[Service, str] = {
    "weather": "weather service",
    "ip": "IP address service",
    "geo": "location service",
    "bank": "bank",
    "library": "library",
}


class ServiceError(RuntimeError):
    """A service could not be reached, refused, or answered with something that cannot be read.

    Attributes:
        service: Which one: ``weather``, ``ip``, ``geo``, ``bank`` or ``library``.
        status: The HTTP status of its answer; None if there was no answer.
        retry_after: Seconds the service asked us to wait; None if it did not say.
        document: The problem document that came with the error (RFC 9457); empty if there was none.
    """

    def __init__(
        self,
        service: Service,
        problem: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"The {_NAMES[service]} {problem}")
        self.service = service
        self.status = status
        self.retry_after = retry_after
        self.document = document or {}


async def fetch(
    service: Service,
    path: str,
    *,
    accept: str,
    method: str = "GET",
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """Send one request to a service: unless told otherwise, get a page.

    Args:
        service: Which service; the settings say at which address.
        path: What comes after that address, beginning with ``/``.
        accept: The media type wanted.
        method: The HTTP method.
        body: What to send, as JSON.
        headers: Further headers.

    Returns:
        A successful response, read to its end.

    Raises:
        ServiceError: no answer within ten seconds, or an answer that is an error.
    """
    base = load().service_url(service)
    try:
        # The client's own timeout bounds each read, not the whole: a reply that drips would never end.
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpx2.AsyncClient(**_options(base, accept)) as client,
        ):
            response = await client.request(method, base + path, json=body, headers=headers)
    except (TimeoutError, httpx2.TimeoutException):
        raise _too_slow(service) from None
    except httpx2.HTTPError:
        raise _out_of_reach(service) from None
    return _successful(service, response)


def fetch_now(service: Service, path: str, *, accept: str) -> httpx2.Response:
    """Get one page of a service of this machine, for code that cannot await; see :func:`fetch`."""
    base = load().service_url(service)
    try:
        with httpx2.Client(**_options(base, accept)) as client:
            response = client.get(base + path)
    except httpx2.TimeoutException:
        raise _too_slow(service) from None
    except httpx2.HTTPError:
        raise _out_of_reach(service) from None
    return _successful(service, response)


def decode(service: Service, response: httpx2.Response) -> dict[str, Any]:
    """The JSON object in a response.

    Raises:
        ServiceError: the body is not a JSON object.
    """
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServiceError(service, "sent an answer that cannot be read.", status=response.status_code)
    return body


def _options(base: str, accept: str) -> dict[str, Any]:
    return {
        "timeout": TIMEOUT_SECONDS,
        "verify": _certificates(),
        "follow_redirects": True,
        "headers": {"User-Agent": _user_agent(), "Accept": accept},
        # A proxy that the environment names cannot reach this machine's own gateway.
        "trust_env": not base.startswith(f"http://{LOOPBACK}"),
    }


@functools.cache
def _user_agent() -> str:
    # The weather service asks every client to say what it is and whom to ask about it:
    # https://www.weather.gov/documentation/services-web-api (Authentication).
    version = importlib.metadata.version("durable-agents-workshop")
    return f"durable-agents-workshop/{version} (course software; contact: the README of the project)"


def _too_slow(service: Service) -> ServiceError:
    return ServiceError(service, f"did not answer within {TIMEOUT_SECONDS:g} seconds.")


def _out_of_reach(service: Service) -> ServiceError:
    return ServiceError(service, "cannot be reached right now.")


def _successful(service: Service, response: httpx2.Response) -> httpx2.Response:
    if response.is_success:
        return response
    wait = _seconds(response.headers.get("retry-after"))
    document = _document(response)
    raise ServiceError(
        service,
        f"answered {_status(response.status_code)}{_detail(document)}."
        + (f" Try again in {wait:g} seconds." if wait is not None else ""),
        status=response.status_code,
        retry_after=wait,
        document=document,
    )


@functools.cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes some 50 ms, which a client made for one request would spend each time.
    return httpx2.create_ssl_context()


def _status(code: int) -> str:
    try:
        return f"{code} ({HTTPStatus(code).phrase})"
    except ValueError:
        return str(code)


def _document(response: httpx2.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _detail(document: Mapping[str, Any]) -> str:
    # Problem documents (RFC 9457), which the weather service and the course's own services send, explain themselves.
    detail = document.get("detail")
    return f": {detail.strip().rstrip('.')[:200]}" if isinstance(detail, str) and detail.strip() else ""


def _seconds(value: str | None) -> float | None:
    # "Retry-After" may also hold a date (RFC 9110, 10.2.3); none of the services sends one.
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
