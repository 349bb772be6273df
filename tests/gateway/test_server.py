"""The gateway as a process: how it starts, what it says, how it ends, what it must not load."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.gateway.gateway_servers import NO_CERTIFICATES, raw_request, wait_until
from workshop.gateway import __main__ as command
from workshop.gateway import server

AS_A_COMMAND = ("-m", "workshop.gateway")
# The same, and at the end, on stdout, what it has loaded of that which would make it slow to start.
TELLING_WHAT_IT_LOADED = (
    "-c",
    "import sys; from workshop.gateway import __main__ as command; code = command.main()\n"
    "print([name for name in ('openai', 'agents', 'temporalio', 'IPython') if name in sys.modules])\n"
    "sys.exit(code)",
)
KEY = "the-real-key-of-the-account"


@contextmanager
def process(folder: Path, how: tuple[str, ...]) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A gateway on a free port, its address, and the file to which it logs."""
    log = folder / "log"
    environment = {"WORKSHOP_STATE_DIR": str(folder), "WORKSHOP_MODE": "practice", "OPENAI_API_KEY": KEY}
    with log.open("w") as file:
        made = subprocess.Popen(
            [sys.executable, *how, "--port", "0"],
            env={**os.environ, **environment},
            stderr=file,
            stdout=subprocess.PIPE,
            text=True,
        )
    try:
        wait_until(lambda: "listening" in log.read_text(), 20)
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        assert found is not None
        yield made, found[0], log
    finally:
        made.kill()
        made.wait()


def test_health_memory_and_log(tmp_path: Path) -> None:
    with process(tmp_path, TELLING_WHAT_IT_LOADED) as (made, url, log):
        with httpx2.Client(verify=NO_CERTIFICATES) as client:
            health = client.get(f"{url}/health").json()
            assert health == {
                "ok": True,
                "service": "durable-agents-workshop",
                "mode": "practice",
                "pid": made.pid,
                "version": "0.1.0",
            }
            for number in range(50):
                body = {"model": "gpt-5", "input": f"a private question {number}"}
                reply = client.post(
                    f"{url}/v1/responses", json=body, headers={"authorization": f"Bearer {KEY}"}
                )
                assert reply.status_code == 200
        assert psutil.Process(made.pid).memory_info().rss < 150 * 2**20
        connections = psutil.Process(made.pid).net_connections()
        assert {each.laddr.ip for each in connections} == {"127.0.0.1"}
        assert_ends_at_once(made, url, tmp_path, signal.SIGINT)
        assert made.communicate()[0] == "[]\n"
    text = log.read_text()
    assert "private" not in text
    assert KEY not in text
    assert [line.split(" INFO ")[1].split()[0] for line in text.splitlines()] == [
        "listening",
        "fault",
        "stopped",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
def test_a_command_that_is_told_to_end_does_so_at_once(tmp_path: Path) -> None:
    with process(tmp_path, AS_A_COMMAND) as (made, url, log):
        assert_ends_at_once(made, url, tmp_path, signal.SIGTERM)
    assert "Traceback" not in log.read_text()


def assert_ends_at_once(made: subprocess.Popen[str], url: str, state: Path, number: signal.Signals) -> None:
    """A signal ends the process although it holds calls of all kinds."""
    token = (state / "gateway.token").read_text()
    place = ("127.0.0.1", int(url.rpartition(":")[2]))
    with httpx2.Client(verify=NO_CERTIFICATES, headers={"authorization": f"Bearer {token}"}) as client:
        fault = client.post(f"{url}/control/faults", json={"route": "any", "kind": "delay"}).json()["id"]
        held, idle, waiting = (socket.create_connection(place) for _ in range(3))
        held.sendall(raw_request("GET", "/ip/"))
        waiting.sendall(
            raw_request("GET", f"/control/faults/{fault}?hits=9&timeout=60").replace(
                b"anything", token.encode()
            )
        )
        assert client.get(f"{url}/control/faults/{fault}?hits=1&timeout=5").json()["hits"] == 1
    made.send_signal(number)
    assert made.wait(10) == 0, "the calls that it holds would take a minute"
    for each in (held, idle, waiting):
        each.close()


def test_a_taken_port_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path))
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["gateway", "--port", str(port)])
        assert command.main() == 1
    told = capfd.readouterr()
    assert told.err == f"The gateway cannot listen on 127.0.0.1:{port}: the port is taken.\n"
    assert told.out == ""


def test_a_port_can_be_had_again_at_once() -> None:
    with server.listen(0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.accept()[0].close()
    server.listen(port).close()
