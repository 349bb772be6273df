"""A Temporal server of the notebook's own: really killed, restarted on its file, and never left behind."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from tests.lab.ended import gone
from tests.transfer_bank import Bank
from tests.waiting import until
from workshop import lab
from workshop.lab import ports, processes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


@pytest.fixture(autouse=True)
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A notebook's directory and state; whatever a test starts is ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(processes, "_logs", {})
    yield
    processes.end_all()


def family(pid: int) -> list[int]:
    """A process and what it started: the holder and the server itself."""
    pids = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    assert len(pids) == 2
    return pids


async def test_a_workflow_goes_on_after_the_server_was_killed_and_restarted(tmp_path: Path) -> None:
    server = lab.temporal_server()
    address, first = server.address, family(server.pid)
    bank = Bank(tmp_path / "bank", address)
    try:
        await bank.connect()
        bank.worker()
        handle = await bank.start(7, "wait")

        async def waits() -> bool:
            names = [event.event_type async for event in handle.fetch_history_events()]
            return len(names) == 4  # its first task is done

        await until(waits)
        server.kill()
        assert (server.running, repr(server)) == (False, "Temporal server server: killed by SIGKILL")
        assert all(gone(pid) for pid in first)
        assert ports.is_free(int(address.rpartition(":")[2]))

        assert server.restart() is server
        # It answers at once, at the same place; the same worker does the rest.
        assert server.address == address
        assert (
            await (await Client.connect(address)).get_workflow_handle(handle.id).describe()
        ).id == handle.id
        assert server.pid not in first
        async with asyncio.timeout(60):
            await handle.signal("approve")
            assert await handle.result() == "withdrew 7, deposited 7"
    finally:
        bank.close()
    server.stop()
    assert repr(server) == "Temporal server server: exit code 0"


async def test_a_second_one_of_the_name_ends_the_first_and_begins_empty() -> None:
    first = lab.temporal_server("spare")
    pids = family(first.pid)
    handle = await (await Client.connect(first.address)).start_workflow("Any", id="any", task_queue="none")
    assert (await handle.describe()).id == "any"
    second = lab.temporal_server("spare")
    assert all(gone(pid) for pid in pids)
    assert (first.running, second.running) == (False, True)
    assert repr(second) == "Temporal server spare: running"
    assert lab.find_process("spare") is second
    with pytest.raises(RPCError) as unknown:
        await (await Client.connect(second.address)).get_workflow_handle("any").describe()
    assert unknown.value.status == RPCStatusCode.NOT_FOUND


NOTEBOOK = """
import sys, time
from workshop import lab
print(lab.temporal_server().pid, flush=True)
if sys.argv[1] == "end":
    sys.exit()
time.sleep(600)
"""


@pytest.mark.parametrize("way", ["end", "kill -9"])
def test_it_does_not_outlive_its_notebook(way: str) -> None:
    # The first process of a notebook is no fork: nothing waits for the fork server, which need not start here.
    environment = {**os.environ, "WORKSHOP_PREFORK": "0"}
    kernel = subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK, way], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert kernel.stdout is not None
    try:
        pid = int(kernel.stdout.readline())
        if way == "kill -9":
            pids = family(pid)
            kernel.kill()
        else:
            pids = [pid]
        kernel.wait(timeout=30)
        assert all(gone(one) for one in pids)
    finally:
        kernel.kill()
        kernel.wait()
        kernel.stdout.close()
    left = [one for one in psutil.process_iter(["cmdline"]) if os.getcwd() in str(one.info["cmdline"])]
    assert left == []


def test_one_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()  # and never answers
        monkeypatch.setattr(ports, "free_port", lambda: taken.getsockname()[1])
        with pytest.raises(
            lab.ProcessError, match=r"server ended \(exit code 1\)(.|\n)*address already in use"
        ):
            lab.temporal_server()
    assert processes.all_processes() == {}


def test_it_tells_its_metrics_and_has_a_web_ui_where_it_is_asked_for() -> None:
    server = lab.temporal_server(web_ui=True, codec_endpoint="http://127.0.0.1:9")
    assert "service_requests" in httpx2.get(server.metrics_url).text
    page = server.link("a/b")
    assert page.url.endswith("/namespaces/default/workflows/a%2Fb")
    # What the Web UI's page asks first: whom to have payloads opened by.
    told = httpx2.get(page.url.partition("/namespaces")[0] + "/api/v1/settings").json()
    assert told["Codec"]["Endpoint"] == "http://127.0.0.1:9"
    server.restart()
    assert httpx2.get(page.url).status_code == 200
    headless = lab.temporal_server("spare")
    with pytest.raises(lab.LabError, match="spare has no Web UI"):
        headless.link("a")


async def test_its_limits_are_those_that_it_was_given() -> None:
    server = lab.temporal_server("small", config={"limit.historySize.error": 300 * 1024})
    assert (server.limits.end.bytes, server.limits.end.events) == (300 * 1024, 51_200)
    assert server.limits.flag.bytes == 4 * 2**20
    assert server.limits.whose == "as small is configured"
    client = await Client.connect(server.address)
    handle = await client.start_workflow("Nobody's", id="large", task_queue="nobody")

    async def grow() -> None:
        for _ in range(12):
            await handle.signal("more", "x" * 50 * 1024)

    with pytest.raises(RPCError, match="Workflow history size exceeds limit"):
        await grow()
    (*_, last) = [event async for event in handle.fetch_history_events()]
    why = last.workflow_execution_terminated_event_attributes.reason
    assert why == "Workflow history size exceeds limit."


def test_a_port_that_is_taken_meanwhile_is_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    free = ports.free_port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = iter([port])
        monkeypatch.setattr(ports, "free_port", lambda: next(found, None) or free())
        server = lab.temporal_server("taken")
    assert server.running
    assert server.address != f"127.0.0.1:{port}"
