"""Errors as the gateway words them: in OpenAI's shape, or in the words of the service that a call was for.

Source: https://platform.openai.com/docs/guides/error-codes (shape and codes).
"""

from __future__ import annotations

from typing import Literal

from workshop.practice import world
from workshop.practice.json_bodies import dump

Route = Literal["model", "other", "weather", "ip", "geo", "bank", "library"]
MODEL_ROUTES: tuple[Route, ...] = ("model", "other")
"""Where models answer: the provider that the agents use, and the other one."""


class ApiError(Exception):
    """A reply that is an error in OpenAI's shape. Raise it anywhere below a route.

    Args:
        status: HTTP status, 400 to 599.
        message: What is wrong and what would be right, in a sentence.
        kind: OpenAI's ``type``.
        param: The part of the request at fault, such as ``tools[0].name``.
        code: OpenAI's machine-readable code.
        headers: Further reply headers.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = headers or {}

    def body(self) -> bytes:
        """The JSON document that OpenAI's clients expect."""
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return dump({"error": error})


def bad_request(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A 400 in OpenAI's shape."""
    return ApiError(400, message, param=param, code=code)


# What a real server says with each status; a fault borrows the same words.
_KINDS: dict[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def service_error(
    route: Route, status: int, message: str, headers: dict[str, str] | None = None
) -> tuple[dict[str, str], bytes]:
    """An error with ``status`` in the words of the service behind ``route``: its headers and its body."""
    if route == "model" or route == "other":
        kind, code = _KINDS.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
        content_type, body = "application/json", ApiError(status, message, kind=kind, code=code).body()
    else:
        refusal = world.refusal(route, status, message)
        content_type, body = refusal.content_type, refusal.body
    return {"content-type": content_type, **(headers or {})}, body


__all__ = ["MODEL_ROUTES", "ApiError", "Route", "bad_request", "service_error"]
