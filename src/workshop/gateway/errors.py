"""Errors as each service words them: OpenAI, the National Weather Service, ip-api, the course's bank and library.

Sources: https://platform.openai.com/docs/guides/error-codes (shape and codes),
https://www.weather.gov/documentation/services-web-api (problem documents, RFC 7807), https://ip-api.com/docs/api:json,
https://www.rfc-editor.org/rfc/rfc9457 (problem documents today: the bank).
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Literal

Route = Literal["model", "weather", "ip", "geo", "bank", "library"]


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
    extra = headers or {}
    if route == "model":
        kind, code = _KINDS.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
        return {"content-type": "application/json", **extra}, ApiError(
            status, message, kind=kind, code=code
        ).body()
    if route == "weather":
        return {"content-type": "application/problem+json", **extra}, dump(problem(status, message))
    if route in ("bank", "library"):
        return {"content-type": "application/problem+json", **extra}, dump(
            course_problem(route, status, message)
        )
    if route == "geo":
        return {"content-type": "application/json; charset=utf-8", **extra}, dump(
            {"status": "fail", "message": message}
        )
    return {"content-type": "text/plain", **extra}, f"{message}\n".encode()


_PROBLEMS = {
    400: ("BadRequest", "Bad Request"),
    403: ("Forbidden", "Forbidden"),
    404: ("NotFound", "Not Found"),
    429: ("TooManyRequests", "Too Many Requests"),
}


def problem(status: int, detail: str, **extra: object) -> dict[str, Any]:
    """A problem document as api.weather.gov sends it; the correlation id is fixed, so that replies repeat."""
    name, title = _PROBLEMS.get(status, ("UnexpectedProblem", "Unexpected Problem"))
    return {
        "correlationId": "practice",
        **extra,
        "title": title,
        "type": f"https://api.weather.gov/problems/{name}",
        "status": status,
        "detail": detail,
        "instance": "https://api.weather.gov/requests/practice",
    }


def course_problem(service: str, status: int, detail: str, code: str | None = None) -> dict[str, Any]:
    """A problem document as the course's own services send it; without a code, that of the status is used."""
    if code is None:
        try:
            code = HTTPStatus(status).name.lower()
        except ValueError:
            code = "error"
    return {
        "type": f"https://{service}.example/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8. A lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


__all__ = ["ApiError", "Route", "bad_request", "course_problem", "dump", "problem", "service_error"]
