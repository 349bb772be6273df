"""``lab``: the services and JupyterLab in the foreground, ended together."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import httpx2
import psutil
import typer

from workshop.lab import links, ports, services
from workshop.lab.gateway_client import NO_CERTIFICATES
from workshop.lab.kernels import KEEP_METADATA
from workshop.lab.known_processes import end_processes
from workshop.lab.own_ports import settle
from workshop.lab.records import read_records, recorded_jupyter
from workshop.lab.service import ServiceError, port_taken
from workshop.lab.starting import environment_without_keys, tail_of
from workshop.lab.state_dir import need_state_dir
from workshop.settings import LOOPBACK, Settings

START_TIMEOUT = 90.0
"""Seconds in which JupyterLab must answer; it takes about three."""

_LOOK_EVERY = 0.05

# Without the news plugin no question covers the first cell, and JupyterLab asks nobody for news or updates.
# https://jupyterlab.readthedocs.io/en/stable/user/announcements.html
_PAGE = {
    "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True, "@jupyter/nbgrader": True}
}

# An author's environment holds nbgrader, which takes seconds to load and is no use in the browser.
_NBGRADER = ("assignment_list", "course_list", "formgrader", "validate_assignment")
_SERVER = {
    "ServerApp": {"jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in _NBGRADER}}
}


# JupyterLab breaks long lines of output within words.
_CSS = """.jp-OutputArea-output pre, .jp-RenderedText pre { word-break: normal !important; overflow-wrap: anywhere; }
"""


class _ToldToEnd(Exception):
    """SIGTERM or SIGHUP arrived."""


def run(settings: Settings, browser: bool | None = None) -> int:
    """Run JupyterLab until it ends or is interrupted; then end it and the services started here.

    Args:
        settings: Ports and state directory.
        browser: Whether to open one; None: where there is one to open.

    Returns:
        The exit code for the command.

    Raises:
        ServiceError: a port is taken, or something did not start.
    """
    need_state_dir(settings)
    _end_what_a_crash_left(settings)
    settings = settle(settings, typer.echo, jupyter=True)
    if not ports.is_free(settings.jupyter_port):
        raise port_taken(settings.jupyter_port, "JupyterLab", "WORKSHOP_JUPYTER_PORT")
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    open_browser = has_browser() if browser is None else browser
    began = time.monotonic()
    with _signals_raise() as ignore_signals, services.ended_afterwards(settings, say=typer.echo):
        # Before the services, which take about as long: both start at once.
        process, log = _spawn(settings, token, open_browser)
        try:
            with recorded_jupyter(settings, process.pid):
                services.up(settings, say=typer.echo)
                _await_answer(settings, process, log)
                _show_addresses(settings, token, time.monotonic() - began)
                code = process.wait()
                typer.echo("JupyterLab has ended.")
                return code
        except (KeyboardInterrupt, _ToldToEnd):
            typer.echo("\nEnding JupyterLab and the services started here ...")
            return 0
        finally:
            # A second Ctrl-C must not leave half of it running; every step from here on is bounded.
            ignore_signals()
            _end(process)


def first_notebook(root: Path) -> Path | None:
    """The first lesson's notebook, relative to the project's root; None if it has not been built."""
    found = sorted((root / "notebooks").glob("*.ipynb"))
    return found[0].relative_to(root) if found else None


def has_browser() -> bool:
    """Whether opening a browser here would show it to somebody."""
    if any(os.environ.get(variable) for variable in ("CODESPACES", "CI", "SSH_CONNECTION")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def jupyter_environment() -> dict[str, str]:
    """The environment for JupyterLab and its kernels: no real key, and this Python's own kernel first."""
    environment = environment_without_keys()
    own = str(Path(sys.prefix) / "share" / "jupyter")
    environment["JUPYTER_PATH"] = os.pathsep.join(filter(None, [own, environment.get("JUPYTER_PATH")]))
    return environment


def _spawn(settings: Settings, token: str, open_browser: bool) -> tuple[subprocess.Popen[bytes], Path]:
    notebook = first_notebook(settings.root)
    options: dict[str, object] = {
        # Another copy of the course has other tabs open.
        "LabApp.workspaces_dir": str(_own_directory(settings) / "workspaces"),
        "ServerApp.ip": LOOPBACK,
        "ServerApp.port": settings.jupyter_port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": str(settings.root),
        "ServerApp.open_browser": open_browser,
        "LabApp.custom_css": True,
        "LabApp.default_url": f"/lab/tree/{notebook.as_posix()}" if notebook else "/lab",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = True  # a container
    outside = links.browser_url(settings.jupyter_port, path="")
    if not outside.startswith(f"http://{LOOPBACK}"):
        # A Codespace: the browser comes in through GitHub's proxy, under that name and no other.
        options["ServerApp.allow_origin"] = outside
        options["ServerApp.local_hostnames"] = json.dumps(["localhost", outside.removeprefix("https://")])
    log = settings.state_dir / "logs" / "jupyter.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "workshop.cli.jupyter_server",
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            # In the environment, where other users of the machine cannot read it; a command line they can.
            env=_with_our_configuration(settings, jupyter_environment()) | {"JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for this command, which then ends JupyterLab
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    return process, log


def _with_our_configuration(settings: Settings, environment: dict[str, str]) -> dict[str, str]:
    # A directory of our own, read before the user's, whose settings stay as they are.
    place = _own_directory(settings)
    for folder in ("labconfig", "workspaces", "custom"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    (place / "custom" / "custom.css").write_text(_CSS)
    (place / "labconfig" / "page_config.json").write_text(json.dumps(_PAGE))
    server = _SERVER | {"FileContentsManager": {"pre_save_hook": KEEP_METADATA}}
    (place / "jupyter_server_config.json").write_text(json.dumps(server))
    path = filter(None, [str(place), environment.get("JUPYTER_CONFIG_PATH")])
    return environment | {"JUPYTER_CONFIG_PATH": os.pathsep.join(path)}


def _own_directory(settings: Settings) -> Path:
    return settings.state_dir / "jupyter"


def _await_answer(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(settings.jupyter_port):
        if process.poll() is not None:
            raise ServiceError(f"JupyterLab ended before it was ready.{tail_of(log)}")
        if time.monotonic() > deadline:
            raise ServiceError(f"JupyterLab does not answer after {START_TIMEOUT:g} s.{tail_of(log)}")
        time.sleep(_LOOK_EVERY)


def _answers(port: int) -> bool:
    if not ports.accepts(port):
        return False
    try:
        # The one route that needs no token: it tells the version.
        return httpx2.get(
            f"http://{LOOPBACK}:{port}/api", timeout=5, trust_env=False, verify=NO_CERTIFICATES
        ).is_success
    except httpx2.HTTPError:
        return False


def _address(settings: Settings, port: int, token: str) -> str:
    notebook = first_notebook(settings.root)
    path = f"/lab/tree/{notebook.as_posix()}" if notebook else "/lab"
    return links.browser_url(port, path, {"token": token})


def _show_addresses(settings: Settings, token: str, seconds: float) -> None:
    typer.echo(f"JupyterLab: ready ({seconds:.1f} s).")
    typer.echo("")
    typer.echo(f"  JupyterLab       {_address(settings, settings.jupyter_port, token)}")
    if settings.temporal_is_local:
        typer.echo(f"  Temporal Web UI  {links.web_ui(settings=settings)}")
    else:
        typer.echo(f"  Temporal server  {settings.temporal_address}")
    typer.echo(f"  Gateway          {links.browser_url(settings.gateway_port, '/health')}")
    typer.echo("")
    typer.echo("Ctrl-C ends all of it. Your work and progress stay.")


def _end_what_a_crash_left(settings: Settings) -> None:
    record = read_records(settings).get("jupyter")
    if record is None:
        return
    process = record.process()
    if process and record.owner_lives():
        token = _token_of(process)
        where = _address(settings, record.port, token) if token else "its terminal shows the address"
        raise ServiceError(
            f"The lab is running already (pid {record.owner_pid}, port {record.port}): {where}\n"
            "Use that one, or end it first with Ctrl-C in its terminal."
        )
    services.down(settings, say=typer.echo, only=["jupyter"])


def _token_of(process: psutil.Process) -> str | None:
    # It is written down nowhere; its own environment tells it, to the same user only.
    try:
        return process.environ().get("JUPYTER_TOKEN")
    except (psutil.Error, OSError):
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # JupyterLab ends its kernels in order on SIGTERM; on Windows they notice that it is gone.
        end_processes([psutil.Process(process.pid)])


@contextmanager
def _signals_raise() -> Iterator[Callable[[], None]]:
    def told(number: int, frame: FrameType | None) -> None:
        raise _ToldToEnd

    # Also SIGINT: a command that a script puts in the background inherits it ignored.
    wanted = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: told}
    if sys.platform != "win32":
        wanted[signal.SIGHUP] = told
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}

    def ignore() -> None:
        for number in wanted:
            signal.signal(number, signal.SIG_IGN)

    try:
        yield ignore
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
