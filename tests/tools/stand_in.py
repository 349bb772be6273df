"""A server that speaks the formats of the services behind the tools."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

Answer = Callable[[Request], Response]


class StandIn:
    """A server whose one answer a test sets, and which keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Answer = lambda _: PlainTextResponse("no answer set", 500)
        self.delay_seconds = 0.0

    async def reply(self, request: Request) -> Response:
        self.requests.append(request)
        await asyncio.sleep(self.delay_seconds)
        return self.answer(request)

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        content = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda _: Response(content, status, named)
