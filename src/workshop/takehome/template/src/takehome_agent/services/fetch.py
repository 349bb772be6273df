"""One bounded request to a service, with errors that a person and a model can act on."""

import os
from collections.abc import Mapping
from typing import Any

import httpx2

TIMEOUT_SECONDS = 10.0

ADDRESSES = {
    "weather": "https://api.weather.gov",
    "ip": "https://api.ipify.org",
    "geo": "http://ip-api.com",
    "bank": "",  # yours: BANK_URL
}
"""Where the services are; WEATHER_URL, IP_URL, GEO_URL and BANK_URL win."""

# The weather service asks every client to say what it is and whom to ask about it:
# https://www.weather.gov/documentation/services-web-api
USER_AGENT = os.environ.get("USER_AGENT", "takehome-agent (set USER_AGENT to a name and an address of yours)")


class ServiceError(RuntimeError):
    """A service could not be reached, refused, or answered with something that cannot be read.

    Attributes:
        status: The HTTP status of its answer; None if there was no answer.
        retry_after: Seconds the service asked us to wait; None if it did not say.
        document: The problem document that came with the error (RFC 9457); empty if there was none.
    """

    def __init__(
        self,
        service: str,
        problem: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"The {service} service {problem}")
        self.status = status
        self.retry_after = retry_after
        self.document = document or {}


async def fetch(
    service: str,
    path: str,
    *,
    accept: str,
    method: str = "GET",
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """Send one request to a service: a successful response, read to its end, or a ServiceError."""
    base = os.environ.get(f"{service.upper()}_URL", ADDRESSES[service])
    told = {"User-Agent": USER_AGENT, "Accept": accept, **(headers or {})}
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=True, headers=told) as client:
            response = await client.request(method, base + path, json=body)
    except httpx2.HTTPError:
        raise ServiceError(service, "cannot be reached right now.") from None
    if response.is_success:
        return response
    wait = response.headers.get("retry-after", "")
    raise ServiceError(
        service,
        f"answered {response.status_code}.",
        status=response.status_code,
        retry_after=float(wait) if wait.isdecimal() else None,
        document=_object(response),
    )


def decode(service: str, response: httpx2.Response) -> dict[str, Any]:
    """The JSON object in a response; a ServiceError if there is none."""
    body = _object(response)
    if not body:
        raise ServiceError(service, "sent an answer that cannot be read.", status=response.status_code)
    return body


def _object(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
