"""The keys that callers present: the gateway's own token, or any key in place of the real API's."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from workshop.gateway.errors import ApiError


def bearer(request: Request) -> str | None:
    """The key in the ``Authorization`` header, or None."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() or None if kind.lower() == "bearer" else None


def require(key: str | None) -> str:
    """Refuse a caller without a key, as the real API does; in practice mode any key will do.

    Raises:
        ApiError: 401.
    """
    if key is None:
        message = (
            "You didn't provide an API key. Send one in an Authorization header using Bearer auth "
            "(i.e. Authorization: Bearer YOUR_KEY); in practice mode any will do."
        )
        raise ApiError(401, message, code="invalid_api_key")
    return key


def is_token(key: str | None, token: str) -> bool:
    """Whether a key is the gateway's token; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest((key or "").encode(), token.encode())


__all__ = ["bearer", "is_token", "require"]
