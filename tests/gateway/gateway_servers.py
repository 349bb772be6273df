"""Gateways for tests: a real uvicorn server on a free loopback port, in a thread of the test process."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from workshop.gateway import server
from workshop.practice.model import Decision, PlanRequest, ToolCall
from workshop.settings import Settings

# Reading the machine's certificates takes a tenth of a second for each client; loopback needs none.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def openai_client(base: str, key: str = "anything") -> AsyncOpenAI:
    """The real client, without retries."""
    http = httpx2.AsyncClient(verify=NO_CERTIFICATES, timeout=30)
    return AsyncOpenAI(base_url=base, api_key=key, max_retries=0, http_client=http)


class RunningGateway:
    """A gateway that answers, and plain HTTP access to it."""

    def __init__(self, port: int, settings: Settings) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.settings = settings
        self.token = settings.gateway_token()
        self.http = httpx2.Client(verify=NO_CERTIFICATES, timeout=30)

    def base(self, scope: str) -> str:
        """The base URL of the model in ``scope``."""
        return f"{self.url}/s/{scope}/v1"

    def control(self, scope: str, method: str, path: str, body: Any = None) -> Any:
        """Call a control route; its JSON."""
        headers = {"authorization": f"Bearer {self.token}"}
        reply = self.http.request(method, f"{self.url}/s/{scope}/control/{path}", json=body, headers=headers)
        assert reply.is_success, reply.text
        return reply.json()

    def meter(self, scope: str) -> Any:
        return self.control(scope, "GET", "meter")

    def counts(self, scope: str) -> tuple[int, ...]:
        """Model calls: arrived, completed, failed, in flight, repeats."""
        model = self.meter(scope)["model"]
        return tuple(model[name] for name in ("arrived", "completed", "failed", "in_flight", "repeats"))

    def calls(self, scope: str) -> list[Any]:
        return list(self.meter(scope)["calls"])

    def transcript(self, scope: str) -> list[Any]:
        return list(self.control(scope, "GET", "transcript")["calls"])

    def fault(self, scope: str, route: str, kind: str, **more: Any) -> str:
        return str(self.control(scope, "POST", "faults", {"route": route, "kind": kind, **more})["id"])

    def post(self, scope: str, body: Any, path: str = "responses", **headers: str) -> httpx2.Response:
        """POST to the model with any key; ``body`` is JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": "Bearer anything", "content-type": "application/json", **headers}
        return self.http.post(f"{self.base(scope)}/{path}", content=content, headers=sent)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.http.get(self.url + path, headers=headers)

    def close(self) -> None:
        self.http.close()


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[RunningGateway]:
    """Run a gateway, in practice mode unless told otherwise."""
    listener = server.listen(0)
    port = listener.getsockname()[1]
    made = Settings(state_dir=folder, **{"gateway_port": port, "mode_wanted": "practice", **settings})
    uvicorn = server.make(made)
    thread = threading.Thread(target=uvicorn.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    gateway = RunningGateway(port, made)
    try:
        wait_until(lambda: uvicorn.started)
        yield gateway
    finally:
        gateway.close()
        uvicorn.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


def wait_until(condition: Any, timeout: float = 5) -> None:
    """Wait until ``condition()`` holds; for what another process or thread does."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def scripted(request: PlanRequest) -> Decision:
    """A planner for tests of the protocol: what it does is written in the last user message.

    ``call NAME JSON; call NAME JSON`` asks for tools; ``say TEXT`` answers; after a tool's output it answers.
    """
    last = request.items[-1] if request.items else {}
    if last.get("type") == "function_call_output":
        return Decision(rule="test", text=f"The tool said: {last['output']}")
    content = last.get("content", "")
    text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    if request.tool_choice != "none" and text.startswith("call "):
        calls = []
        for part in text.split("; "):
            _, name, arguments = part.split(" ", 2)
            calls.append(ToolCall(name, json.loads(arguments)))
        return Decision(rule="test", calls=calls if request.parallel_tool_calls else calls[:1])
    if request.text_format is not None:
        return Decision(rule="test", text='{"answer":"yes"}')
    return Decision(rule="test", text=text.removeprefix("say ") or "Hello.")


def raw_request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """A request as it goes over the wire, for callers that no client would be: who hang up, or never read."""
    lines = (
        f"{method} {path} HTTP/1.1",
        "host: localhost",
        "user-agent: test",
        "authorization: Bearer anything",
        *headers,
        f"content-length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def error_of(reply: httpx2.Response) -> dict[str, Any]:
    """What a reply says is wrong, in OpenAI's shape."""
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str)
    return dict(error)


def strictly(response: Response) -> Response:
    """The same response, checked against the SDK's own model (the client itself does not check)."""
    return Response.model_validate(response.to_dict(), strict=True)


def strictly_event(event: Any) -> None:
    """The same for one event of a stream."""
    _events().validate_python(event.to_dict(), strict=True)


@cache
def _events() -> TypeAdapter[Any]:
    return TypeAdapter(ResponseStreamEvent)
