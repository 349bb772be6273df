"""The world outside, over real HTTP on this machine: a scripted model that counts, and the services of the tools."""

import json
import select
import socket
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from takehome_agent.services.fetch import ADDRESSES

from tests import KEY

PAUSE = 0.3
"""Seconds that the model thinks. A worker that is killed meanwhile gets no answer, and nothing is paid."""

VALUES = {"state": "CA", "ipaddress": "203.0.113.7", "payee": "Ana", "amount": 20}
"""What the model passes for a parameter of this name; by its type otherwise."""

BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "array": [], "object": {}}

MOVED_TWICE = "money moved twice: each attempt at a payment needs the same idempotency key"

SERVICES: dict[str, tuple[str, Any]] = {
    "/weather/": ("application/geo+json", {"features": [{"properties": {"event": "High Wind Watch"}}]}),
    "/geo/": ("application/json", {"status": "success", "city": "Fresno", "region": "CA"}),
    "/ip/": ("text/plain", "203.0.113.7"),
}
"""What a service answers, by its name in ``ADDRESSES`` (services/fetch.py)."""


class Outside:
    """A server for one session of tests."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.paid: Counter[str] = Counter()
        self.requests = 0
        self.moved: Counter[str] = Counter()
        self.keys: set[str] = set()
        self.failing = 0
        self.losing = False
        self.lost: set[str] = set()
        outside = self

        class Handler(_Handler):
            world = outside

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What a worker needs to find it."""
        here = f"http://127.0.0.1:{self.server.server_port}"
        urls = {f"{name.upper()}_URL": f"{here}/{name}" for name in ADDRESSES}
        return {
            "OPENAI_BASE_URL": f"{here}/v1",
            "OPENAI_API_KEY": KEY,
            "OPENAI_AGENTS_DISABLE_TRACING": "1",
            **urls,
        }

    def fail(self, requests: int) -> None:
        """Let the next requests to the tools' services fail."""
        with self.lock:
            self.failing = requests

    def lose_first_answers(self) -> None:
        """Let each of the tools' services do what it is asked, and hang up the first time instead of answering."""
        with self.lock:
            self.losing, self.lost = True, set()

    def calls(self, mark: str) -> int:
        """How many model calls were paid whose request holds this text."""
        return sum(count for body, count in self.paid.items() if mark in body)

    def repeats(self, mark: str = "") -> int:
        """How many of them had been paid before."""
        return sum(count - 1 for body, count in self.paid.items() if mark in body)

    def moved_twice(self) -> bool:
        """Whether money moved more often on one way than on another: each run moves it once on each."""
        return len(set(self.moved.values())) > 1

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    world: Outside

    def do_GET(self) -> None:
        if self.is_down():
            return self.answer(503, "text/plain", "down")
        for prefix, (kind, body) in SERVICES.items():
            if self.path.startswith(prefix):
                return None if self.is_lost() else self.answer(200, kind, body)
        self.answer(404, "text/plain", "unknown")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path.startswith("/bank/"):
            return self.move(json.loads(body))
        if self.headers.get("authorization") != f"Bearer {KEY}":
            error = {
                "error": {"message": "wrong key", "type": "invalid_request_error", "code": "invalid_api_key"}
            }
            return self.answer(401, "application/json", error)
        reply = script(json.loads(body))
        time.sleep(PAUSE)
        if self.has_hung_up():
            return None
        with self.world.lock:
            self.world.paid[body] += 1
        self.answer(200, "application/json", reply)

    def is_down(self) -> bool:
        with self.world.lock:
            self.world.requests += 1
            down = self.world.failing > 0
            self.world.failing -= down
            return down

    def is_lost(self) -> bool:
        """Whether this answer gets lost on its way: nothing is sent, and the connection is closed."""
        with self.world.lock:
            lost = self.world.losing and self.path not in self.world.lost
            self.world.lost.add(self.path)
        return lost

    def move(self, body: dict[str, Any]) -> None:
        """Money moves once for each idempotency key; without one it moves each time."""
        if self.is_down():
            return self.answer(503, "text/plain", "down")
        path = self.path.removeprefix("/bank/accounts/")
        account, _, kind = path.partition("/")
        key = self.headers.get("idempotency-key", "")
        with self.world.lock:
            if not key or key not in self.world.keys:
                self.world.keys.add(key)
                self.world.moved[path] += 1
        if self.is_lost():
            return None
        kind = kind.removesuffix("s")
        told = {
            "entry": 1,
            "kind": kind,
            "account": account,
            "amount": body["amount"],
            "balance": 0,
            "repeated": False,
        }
        self.answer(200, "application/json", told)

    def has_hung_up(self) -> bool:
        if not select.select([self.connection], [], [], 0)[0]:
            return False
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def answer(self, status: int, kind: str, body: Any) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass  # who asked is gone

    def log_message(self, *_: object) -> None:
        pass


def script(request: dict[str, Any]) -> dict[str, Any]:
    """The model: uses each tool that it is offered once, one after the other, and then answers."""
    items = request["input"] if isinstance(request["input"], list) else []
    used = sum(item.get("type") == "function_call_output" for item in items)
    tools = [tool for tool in request.get("tools", []) if tool["type"] == "function"]
    output: dict[str, Any]
    if used < len(tools):
        tool = tools[used]
        schema = tool.get("parameters") or {}
        arguments = {name: value(name, kind) for name, kind in schema.get("properties", {}).items()}
        call = {"call_id": f"call_{used}", "name": tool["name"], "arguments": json.dumps(arguments)}
        output = {"type": "function_call", "id": f"fc_{used}", "status": "completed", **call}
    else:
        text = {"type": "output_text", "text": f"Done, with {used} tools.", "annotations": []}
        output = {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [text],
        }
    return {
        "id": f"resp_{used}",
        "object": "response",
        "created_at": 0,
        "model": request["model"],
        "status": "completed",
        "output": [output],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }


def value(name: str, schema: dict[str, Any]) -> Any:
    """An argument that fits a parameter's schema."""
    if name in VALUES:
        return VALUES[name]
    if schema.get("enum"):
        return schema["enum"][0]
    return BY_TYPE.get(str(schema.get("type")), "text")
