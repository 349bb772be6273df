"""Code that stops its whole worker is told with its line, and code that only waits is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import asyncio, os, sys
sys.path.insert(0, os.getcwd())
from workshop.checks.blocking import watch_loop
from my.sample.tool import run

def tell(verdict):
    print(verdict.got, verdict.look, sep=" | ", flush=True)
    os._exit(0)

async def main():
    watch_loop(tell)
    await run()
    print("free", flush=True)

asyncio.run(main())
"""


def _told(folder: Path, body: str) -> str:
    file = folder / "my" / "sample" / "tool.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        f"import asyncio, socket, subprocess, sys, time\nfrom time import sleep\n\n\nasync def run():\n    {body}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('subprocess.run([sys.executable, "-c", ""])', "create_subprocess_exec"),
        ('socket.create_connection(("127.0.0.1", 9), timeout=1)', "a synchronous connection"),
        ("time.sleep(0.5)", "await asyncio.sleep"),
        ("sleep(0.5)", "await asyncio.sleep"),
        ("while True: pass", "asyncio.to_thread"),
    ],
)
def test_what_stops_the_worker_is_told_with_its_line(tmp_path: Path, body: str, said: str) -> None:
    told = _told(tmp_path, body)
    assert said in told
    assert body in told.partition(" | ")[2]


@pytest.mark.parametrize(
    "body",
    [
        'await (await asyncio.create_subprocess_exec(sys.executable, "-c", "")).wait()',
        "await asyncio.to_thread(time.sleep, 3)",
        "await asyncio.sleep(3)",
        'await asyncio.gather(asyncio.open_connection("127.0.0.1", 9), return_exceptions=True)',
    ],
)
def test_what_only_waits_is_not(tmp_path: Path, body: str) -> None:
    assert _told(tmp_path, body) == "free"
