"""Connections to the real services, kept open between calls.

Uses the HTTP client's transports rather than the client: what a client adds (cookies, redirects, default
headers) must not be added to a call that is passed on, and costs more time than the passing on itself.
"""

from __future__ import annotations

import ssl
from functools import cached_property, lru_cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

# Seconds; a model may think for minutes.
_TIMEOUT = httpx2.Timeout(connect=10, read=600, write=60, pool=None).as_dict()
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=64)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

UNREACHABLE = (httpx2.HTTPError, httpx2.InvalidURL)
"""What :meth:`Upstream.send`, and reading a response, raise when a service cannot be reached."""


class Upstream:
    """The way to the real services; connections are made when they are first needed."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, str], httpx2.AsyncHTTPTransport] = {}

    async def send(self, method: str, address: str, headers: dict[str, str], body: bytes) -> httpx2.Response:
        """Send a request; the response's body is still to be read, and the response to be closed.

        Raises:
            UNREACHABLE: there is no answer.
        """
        # A `Host` of its own is made from the address.
        request = httpx2.Request(method, _url(address), headers=headers, content=body or None)
        request.extensions = {"timeout": _TIMEOUT}
        return await self._transport(address).handle_async_request(request)

    async def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()

    def _transport(self, address: str) -> httpx2.AsyncHTTPTransport:
        parts = urlsplit(address)
        place = (parts.scheme, parts.netloc)
        if place not in self._transports:
            proxy = _proxy(parts.scheme, parts.hostname or "")
            self._transports[place] = httpx2.AsyncHTTPTransport(
                verify=self._certificates, limits=_LIMITS, proxy=proxy
            )
        return self._transports[place]

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        # Reading them takes a tenth of a second, and practice mode never needs them.
        return httpx2.create_ssl_context()


def _proxy(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for ``host`` (``HTTPS_PROXY``, ``NO_PROXY`` and so on)."""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all")


@lru_cache(maxsize=64)
def _url(address: str) -> httpx2.URL:
    return httpx2.URL(address)


__all__ = ["UNREACHABLE", "Upstream"]
