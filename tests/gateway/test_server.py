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
from tests.gateway.gateway_servers import NO_CERTIFICATES, wait_until

from workshop.gateway import server


@contextmanager
def process(
    folder: Path, *arguments: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    log = folder / "log"
    with log.open("w") as file:
        made = subprocess.Popen(
            [sys.executable, "-m", "workshop.gateway", *arguments],
            env={**os.environ, "WORKSHOP_STATE_DIR": str(folder), "WORKSHOP_MODE": "practice", **environment},
            stderr=file,
            stdout=file,
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
    key = "the-real-key-of-the-account"
    with process(tmp_path, "--port", "0", OPENAI_API_KEY=key) as (made, url, log):
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
                    f"{url}/v1/responses", json=body, headers={"authorization": f"Bearer {key}"}
                )
                assert reply.status_code == 200
        assert psutil.Process(made.pid).memory_info().rss < 150 * 2**20
        connections = psutil.Process(made.pid).net_connections()
        assert {each.laddr.ip for each in connections} == {"127.0.0.1"}
        made.send_signal(signal.SIGTERM)
        assert made.wait(5) == 0
    text = log.read_text()
    assert text.count("\n") == 2, text  # one line at the start, one at the end
    assert "private" not in text
    assert key not in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_even_with_calls_held(tmp_path: Path, number: signal.Signals) -> None:
    with process(tmp_path, "--port", "0") as (made, url, log):
        token = (tmp_path / "gateway.token").read_text()
        port = int(url.rpartition(":")[2])
        with httpx2.Client(verify=NO_CERTIFICATES, headers={"authorization": f"Bearer {token}"}) as client:
            fault = client.post(f"{url}/control/faults", json={"route": "any", "kind": "delay"}).json()["id"]
            held = socket.create_connection(("127.0.0.1", port))
            held.sendall(b"GET /ip/ HTTP/1.1\r\nhost: localhost\r\n\r\n")
            idle = socket.create_connection(("127.0.0.1", port))
            waiting = socket.create_connection(("127.0.0.1", port))
            waiting.sendall(
                f"GET /control/faults/{fault}?hits=9&timeout=60 HTTP/1.1\r\nhost: localhost\r\n"
                f"authorization: Bearer {token}\r\n\r\n".encode()
            )
            assert client.get(f"{url}/control/faults/{fault}?hits=1&timeout=5").json()["hits"] == 1
        made.send_signal(number)
        assert made.wait(10) == 0, "the calls that it holds would take a minute"
        for each in (held, idle, waiting):
            each.close()
    assert "Traceback" not in log.read_text()


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with server.listen(0) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "workshop.gateway", "--port", str(port)],
            env={**os.environ, "WORKSHOP_STATE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert result.returncode == 1
    assert result.stderr == f"The gateway cannot listen on 127.0.0.1:{port}: the port is taken.\n"
    assert result.stdout == ""


def test_a_port_can_be_had_again_at_once(tmp_path: Path) -> None:
    with server.listen(0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.accept()[0].close()
    server.listen(port).close()


def test_it_loads_no_sdk() -> None:
    code = (
        "import sys, workshop.gateway.server, workshop.gateway.__main__\n"
        "print([name for name in ('openai', 'agents', 'temporalio', 'IPython') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert result.stdout == "[]\n", result.stderr
