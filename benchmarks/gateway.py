"""How fast the gateway answers, what forwarding adds, and how much memory it takes.

Starts its own gateways on free ports, prints a table, asserts nothing. ``python benchmarks/gateway.py``

The clients are bare sockets: a full HTTP client would cost more than what is measured, on the same two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

TOOLS = [
    {
        "type": "function",
        "name": name,
        "description": description,
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {key: {"type": "string", "description": told} for key, told in arguments.items()},
            "required": list(arguments),
            "additionalProperties": False,
        },
    }
    for name, description, arguments in (
        (
            "get_weather_alerts",
            "Get weather alerts for a US state.",
            {"state": "Two-letter code, such as CA."},
        ),
        ("get_location_info", "Get the location of an IP address.", {"ipaddress": "An IPv4 address."}),
        ("get_ip_address", "Get the IP address of this machine.", {}),
    )
]


def request(number: int) -> dict[str, object]:
    """The third turn of the story's question; ``number`` makes each conversation a new one."""
    return {
        "model": "practice-model",
        "instructions": "You are a helpful agent. If no tool fits, answer in haiku.",
        "tools": TOOLS,
        "tool_choice": "auto",
        "input": [
            {"role": "user", "content": f"({number}) Are there any weather alerts where I am?"},
            {"type": "function_call", "call_id": "c1", "name": "get_ip_address", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "203.0.113.42"},
            {
                "type": "function_call",
                "call_id": "c2",
                "name": "get_location_info",
                "arguments": '{"ipaddress": "203.0.113.42"}',
            },
            {
                "type": "function_call_output",
                "call_id": "c2",
                "output": "Denver, Colorado (CO), United States",
            },
        ],
    }


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, path: str = "/s/bench/v1/responses") -> None:
        self._port = port
        self._path = path

    async def __aenter__(self) -> Client:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def post(self, body: dict[str, object]) -> float:
        """Send one request; seconds until the reply is whole."""
        payload = json.dumps(body).encode()
        head = (
            f"POST {self._path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\nauthorization: Bearer x\r\n"
            f"content-type: application/json\r\ncontent-length: {len(payload)}\r\n\r\n"
        )
        start = time.perf_counter()
        self._writer.write(head.encode() + payload)
        reply = await self._reader.readuntil(b"\r\n\r\n")
        if not reply.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"unexpected reply: {reply[:100]!r}")
        length = re.search(rb"content-length: (\d+)", reply)
        if length is None:
            raise SystemExit("a reply without a length")
        await self._reader.readexactly(int(length[1]))
        return time.perf_counter() - start


async def one_client(port: int, count: int) -> list[float]:
    async with Client(port) as client:
        return [await client.post(request(number)) for number in range(count)]


async def many_clients(port: int, clients: int, count: int) -> tuple[list[float], float]:
    numbers = iter(range(10_000, 10_000 + count))

    async def work() -> list[float]:
        async with Client(port) as client:
            return [await client.post(request(number)) for number in numbers]

    start = time.perf_counter()
    times = await asyncio.gather(*(work() for _ in range(clients)))
    return [seconds for each in times for seconds in each], time.perf_counter() - start


async def direct_and_forwarded(upstream: int, forwarder: int, count: int) -> tuple[list[float], list[float]]:
    """Turn by turn, so that whatever else the machine does meets both alike."""
    direct, forwarded = [], []
    async with Client(upstream) as near, Client(forwarder) as far:
        for number in range(count):
            direct.append(await near.post(request(20_000 + number)))
            forwarded.append(await far.post(request(40_000 + number)))
    return direct, forwarded


@contextmanager
def gateway(folder: str, **environment: str) -> Iterator[tuple[int, psutil.Process]]:
    """A gateway of our own; its port and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workshop.gateway", "--port", "0"],
        env={**os.environ, "WORKSHOP_STATE_DIR": folder, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", line)
        if found is None:
            raise SystemExit(f"the gateway did not start: {line}")
        yield int(found[1]), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(5)


def row(what: str, times: list[float], rate: float | None = None) -> None:
    ordered = sorted(times)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    told = f"{rate:8.0f}" if rate is not None else " " * 8
    print(f"{what:<44}{p50 * 1000:8.2f}{p99 * 1000:8.2f}{told}")


def mebibytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=2000)
    count: int = parser.parse_args().requests
    with (
        tempfile.TemporaryDirectory() as folder,
        gateway(folder, WORKSHOP_MODE="practice") as (port, process),
        gateway(
            f"{folder}/live",
            WORKSHOP_MODE="live",
            OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1",
        ) as (live, live_process),
    ):
        idle = mebibytes(process)
        asyncio.run(one_client(port, 200))  # the first calls fill caches
        print(f"{'':<44}{'p50 ms':>8}{'p99 ms':>8}{'per s':>8}")
        row("practice reply, 1 client", asyncio.run(one_client(port, count)))
        times, seconds = asyncio.run(many_clients(port, 16, count * 2))
        row("practice reply, 16 keep-alive clients", times, len(times) / seconds)
        asyncio.run(direct_and_forwarded(port, live, 100))
        direct, forwarded = asyncio.run(direct_and_forwarded(port, live, count // 2))
        row("local upstream, direct", direct)
        row("local upstream, through the gateway", forwarded)
        added = statistics.median(forwarded) - statistics.median(direct)
        print(f"{'added by forwarding, p50':<44}{added * 1000:8.2f}")
        print(f"{'memory, MiB: idle':<44}{idle:8.1f}")
        print(f"{'memory, MiB: after these calls':<44}{mebibytes(process):8.1f}")
        print(f"{'memory, MiB: after forwarding':<44}{mebibytes(live_process):8.1f}")


if __name__ == "__main__":
    main()
