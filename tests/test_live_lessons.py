"""Lessons 3 and 4 in live mode: the key reaches the API unharmed, and is nowhere else on this machine.

The "real API" is a second gateway, in practice mode, behind a proxy that notes what it was sent and can refuse a
key the way the real one does: by quoting it. A script plays the notebook; it is started as from a shell in which
the key was exported, which is the hardest case.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from tests.conftest import Place
from tests.gateway.gateway_servers import NO_CERTIFICATES
from workshop.lab import services

SECRET = secrets.token_hex(16)
KEY = f"live-key-for-tests-{SECRET}"
REFUSED = "Alaska"
"""A question that names this state is refused with 401."""

NOTEBOOK = """
import asyncio, os, pathlib, uuid
from temporalio.client import Client
from workshop import lab, settings, show
from workshop.lab.gateway_client import GatewayClient
from workshop.lab.records import read_records

KEPT = pathlib.Path("kept")
KEPT.mkdir()
for folder in ("first_agent", "native_agent", "sdk_agent"):
    lab.start(folder)
lab.stand_in("1", "3", "4")

def keep(name, what):
    (KEPT / name).write_bytes(what if isinstance(what, bytes) else str(what).encode())

async def main():
    workers = {
        kind: lab.process(f"my/{kind}_agent/worker.py", name=f"{kind} worker") for kind in ("native", "sdk")
    }
    plain = lab.process("my/first_agent/agent.py", "Are there any weather alerts in REFUSED?", name="plain")
    from my.native_agent.shared import TASK_QUEUE as native_queue, Question
    from my.native_agent.workflow import AgentWorkflow
    from my.sdk_agent.connection import TASK_QUEUE as sdk_queue, connect
    from my.sdk_agent.workflow import WeatherAgent

    await asyncio.gather(*[worker.wait_for("ready", 60) for worker in workers.values()])
    client = await connect()
    native_client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])

    async def ask(kind, question):
        if kind == "native":
            return await native_client.start_workflow(
                AgentWorkflow.run, Question(question), id=f"native-{uuid.uuid4()}", task_queue=native_queue)
        return await client.start_workflow(
            WeatherAgent.run, question, id=f"sdk-{uuid.uuid4()}", task_queue=sdk_queue)

    async def one(kind, name, question):
        handle = await ask(kind, question)
        try:
            print(kind, name, "ANSWER", await lab.result(handle, timeout=60))
        except lab.LabError as error:
            print(kind, name, "FAILED", error)
        history = await handle.fetch_history()
        keep(f"{kind}-{name}.history", b"".join(event.SerializeToString() for event in history.events))
        keep(f"{kind}-{name}.json", history.to_json())
        print(await show.history(handle), await show.timeline(handle))
        if kind == "sdk":
            print(await show.spans(handle))
        return await handle.describe()

    await asyncio.gather(*[
        one(kind, name, f"Are there any weather alerts in {state}?")
        for kind in ("native", "sdk")
        for name, state in (("good", "California"), ("refused", "REFUSED"))
    ])
    await plain.wait(60)
    print(show.meter(), show.transcript(), os.environ)
    for name, process in {**workers, "plain": plain}.items():
        print(name, process.output())
        if process.running and os.path.exists(f"/proc/{process.pid}/environ"):
            for file in ("environ", "cmdline"):
                keep(f"{name}.{file}", pathlib.Path(f"/proc/{process.pid}/{file}").read_bytes())
    for service, record in read_records(settings.load()).items():
        if os.path.exists(f"/proc/{record.pid}/cmdline"):
            for file in ("cmdline", *(["environ"] if service == "temporal" else [])):
                keep(f"{service}.{file}", pathlib.Path(f"/proc/{record.pid}/{file}").read_bytes())
    await asyncio.sleep(0.3)  # a worker's traces are sent at intervals
    with GatewayClient.for_scope() as gateway:
        for route in ("meter", "transcript", "traces"):
            keep(f"{route}.json", gateway._control("GET", route).content)

asyncio.run(main())
""".replace("REFUSED", REFUSED)


@dataclass
class Api:
    """The proxy in front of the upstream."""

    address: str
    keys: list[str] = field(default_factory=list)
    """The ``Authorization`` header of each model call, in order of arrival."""


@contextmanager
def api(upstream: str) -> Iterator[Api]:
    """An API that notes keys, refuses some, and has the rest answered at ``upstream``."""
    http = httpx2.Client(verify=NO_CERTIFICATES, timeout=30, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            bearer = self.headers["authorization"]
            made.keys.append(bearer)
            if REFUSED.encode() in body:
                self._answer(401, _refusal(bearer.removeprefix("Bearer ")))
                return
            headers = {"authorization": bearer, "content-type": "application/json"}
            reply = http.post(upstream + self.path, content=body, headers=headers)
            self._answer(reply.status_code, reply.content)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Api(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        http.close()


def _refusal(key: str) -> bytes:
    """What the real API says about a wrong key, with the key written out and with stars in it."""
    told = f"Incorrect API key provided: {key} ({key[:8]}{'*' * 12}{key[-4:]})."
    error = {"message": told, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}
    return json.dumps({"error": error}).encode()


@contextmanager
def practice_gateway(folder: Path) -> Iterator[str]:
    """A gateway process in practice mode; its address."""
    folder.mkdir()
    mine = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "WORKSHOP_"))
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "workshop.gateway", "--port", "0"],
            env={**mine, "WORKSHOP_STATE_DIR": str(folder), "WORKSHOP_MODE": "practice"},
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            found = re.search(rb"http://127\.0\.0\.1:\d+", process.stderr.readline())
            assert found is not None
            yield found[0].decode()
        finally:
            process.terminate()
            _, rest = process.communicate(timeout=10)
            log.write(rest)


@pytest.fixture
def notebook(tmp_path: Path, place: Place) -> Iterator[tuple[str, Api]]:
    """The notebook's output, after it has run in live mode; and the API. The services have ended in order."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "notebook.py").write_text(NOTEBOOK)
    with practice_gateway(tmp_path / "upstream") as upstream, api(upstream) as made:
        environment = {
            **os.environ,
            **place.environment,
            "WORKSHOP_MODE": "live",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{made.address}/v1",
            # The tools' services too, or the test would need the network.
            **{f"WORKSHOP_{name.upper()}_URL": f"{upstream}/{name}" for name in ("weather", "ip", "geo")},
        }
        ran = subprocess.run(
            [sys.executable, "-u", "notebook.py"],
            cwd=work,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        services.down(place.settings)
        assert ran.returncode == 0, ran.stdout
        (work / "kept" / "output.txt").write_text(ran.stdout)
        yield ran.stdout, made


def test_lessons_3_and_4_in_live_mode_keep_the_key_to_the_gateway(
    notebook: tuple[str, Api], tmp_path: Path
) -> None:
    output, made = notebook
    kept = tmp_path / "work" / "kept"
    # Both agents work as in practice mode, and are refused as by the real API.
    assert "Live mode" in output
    for kind in ("native", "sdk"):
        assert re.search(rf"^{kind} good ANSWER .", output, re.MULTILINE), output
        assert re.search(rf"^{kind} refused FAILED ", output, re.MULTILINE), output
    meter = json.loads((kept / "meter.json").read_text())
    assert meter["mode"] == "live"
    # Two turns of each agent; a refusal of each and of the plain process. On a machine so busy that a heartbeat
    # comes too late, a call is made again.
    counts = meter["model"]
    assert counts["completed"] - counts["repeats"] == 4
    assert counts["failed"] >= 3
    assert made.keys == [f"Bearer {KEY}"] * counts["arrived"]

    # These hold what was said, so that looking for the key in them means something.
    database = next(tmp_path.rglob("temporal.db"))
    for place, sign in (
        (database, b"weather alerts in California"),
        (kept / "sdk-good.history", b"weather alerts in California"),
        (kept / "sdk-refused.history", b"Incorrect API key provided: (key) ((key))."),
        (kept / "transcript.json", b"Incorrect API key provided: (key) ((key))."),
        (kept / "output.txt", b"Incorrect API key provided: (key) ((key))."),
        (kept / "traces.json", b"Weather agent"),
    ):
        assert sign in place.read_bytes(), place.name
    if sys.platform == "linux":
        for kind in ("native", "sdk"):
            assert b"OPENAI_API_KEY=workshop-" in (kept / f"{kind}.environ").read_bytes()
        assert (kept / "temporal.environ").exists()
    assert [path.name for path in files(tmp_path) if holds_the_key(path.read_bytes())] == []


def files(folder: Path) -> list[Path]:
    """Everything that was written: logs, records, the server's database, what the notebook kept."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert len(found) > 20
    return found


def holds_the_key(data: bytes) -> bool:
    """Whether data hold the key: whole, in part, or in base64 at any offset."""
    parts = [SECRET[:12], SECRET[-12:], KEY]
    plain = [part.encode() for part in parts]
    encoded = [base64.b64encode(b"x" * shift + SECRET.encode())[4:-8] for shift in range(3)]
    return any(part in data for part in [*plain, *encoded])


def test_the_search_finds_what_it_looks_for() -> None:
    for shift in range(4):
        told = json.dumps({"data": base64.b64encode(b"." * shift + KEY.encode() + b"...").decode()})
        assert holds_the_key(told.encode())
    assert holds_the_key(f"{KEY[:-8]}".encode())
    assert not holds_the_key(b"live-key-for-tests-")
