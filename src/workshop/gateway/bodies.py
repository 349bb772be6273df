"""The bodies of requests: read whole, up to a limit, and as JSON."""

from __future__ import annotations

from starlette.requests import Request

from workshop.gateway.errors import ApiError, bad_request
from workshop.practice import json_bodies
from workshop.practice.json_bodies import Json

LARGEST_BODY = 8 * 1024 * 1024  # bytes


async def read_body(request: Request, limit: int = LARGEST_BODY) -> bytes:
    """The request's body.

    Raises:
        ApiError: 413, it is larger than ``limit`` bytes.
        ClientDisconnect: the caller left before it was whole.
    """
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdigit() else 0
    pieces: list[bytes] = []
    if size <= limit:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                break
            pieces.append(piece)
    if size > limit:
        message = f"The request is larger than the gateway takes ({limit // (1024 * 1024)} MiB)."
        raise ApiError(413, message, code="request_too_large")
    return b"".join(pieces)


def read_json(body: bytes) -> Json:
    """The JSON object in ``body``.

    Raises:
        ApiError: 400, it is not JSON, or not an object.
    """
    try:
        return json_bodies.read(body)
    except json_bodies.BodyError as error:
        raise bad_request(str(error), code=error.code) from None


__all__ = ["LARGEST_BODY", "read_body", "read_json"]
