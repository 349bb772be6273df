"""``doctor``: everything the course needs, each finding in one line with its remedy."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx2
import typer
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workshop import settings as workshop_settings
from workshop.lab import ports
from workshop.lab.gateway_client import NO_CERTIFICATES, GatewayClient, GatewayError, Health
from workshop.lab.programs import temporal_cli
from workshop.lab.records import read_records
from workshop.lab.service import Name
from workshop.lab.state_dir import state_dir_problem
from workshop.lab.temporal_service import temporal_host_and_port, temporal_problem
from workshop.settings import Settings, SettingsError

Verdict = Literal["fine", "note", "stop"]

_REINSTALL = "run `make setup`, or `python -m pip install -r requirements.txt`"
_GB = 1024**3
_ENOUGH, _HARDLY = 1 * _GB, _GB // 5
_MODEL_TIMEOUT = 60.0  # seconds; a real model may have to wake up


@dataclass(frozen=True)
class Finding:
    """One line. ``stop``: the course cannot go on like this; ``note``: it can, but you should know."""

    verdict: Verdict
    text: str


def run() -> int:
    """Print every finding.

    Returns:
        1 if one of them stops the course, else 0.
    """
    stopped = False
    for finding in findings():
        typer.echo(f"{finding.verdict}  {finding.text}")
        stopped = stopped or finding.verdict == "stop"
    return int(stopped)


def findings() -> Iterator[Finding]:
    """Look at one thing after the other."""
    yield python_version(sys.version_info[:3])
    try:
        settings = workshop_settings.load()
    except SettingsError as error:
        yield from packages(workshop_settings.Settings().root / "requirements.txt")
        yield Finding("stop", f"Settings: {error}. Correct it in .env or in the environment.")
        return
    yield from packages(settings.root / "requirements.txt")
    yield cli()
    yield disk(settings)
    yield key(settings)
    if state_dir_problem(settings.state_dir):
        return  # nothing that follows could be asked without the gateway's token, which is kept there
    yield from port_findings(settings)
    yield temporal(settings)
    yield from gateway(settings)


def python_version(version: tuple[int, int, int] | tuple[int, ...]) -> Finding:
    """Judge the Python that runs this."""
    text = ".".join(map(str, version))
    if (3, 11) <= version[:2] <= (3, 13):
        return Finding("fine", f"Python {text}.")
    return Finding(
        "stop",
        f"Python {text}; the course needs 3.11, 3.12 or 3.13: "
        "delete .venv and run `make setup PYTHON=python3.12`.",
    )


def packages(lock: Path) -> Iterator[Finding]:
    """Compare what is installed with the lock."""
    try:
        wanted = _locked(lock)
    except OSError as error:
        yield Finding(
            "stop", f"Packages: {lock.name} cannot be read ({error.strerror}): restore it from git."
        )
        return
    direct = _direct()
    missing, different, worse = [], [], False
    for name, version in wanted.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if installed != version:
            different.append(f"{name} {installed} instead of {version}")
            worse = worse or name in direct
    if missing:
        yield Finding("stop", f"Packages: {_some(missing)} not installed: {_REINSTALL}.")
    if different:
        yield Finding("stop" if worse else "note", f"Packages: {_some(different)}: {_REINSTALL}.")
    if not missing and not different:
        yield Finding("fine", f"Packages: all {len(wanted)} as locked.")


def cli() -> Finding:
    """Look for the ``temporal`` program."""
    path = temporal_cli()
    if path is None:
        text = "Temporal CLI: none here; the Python SDK will download it at the first start"
        if sys.platform == "win32":
            return Finding("note", f"{text} (it needs the internet once).")
        return Finding("note", f"{text}. To have it at hand, {_REINSTALL}.")
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("stop", f"Temporal CLI: {path} does not run ({type(error).__name__}): {_REINSTALL}.")
    return Finding("fine", f"Temporal CLI: {told.stdout.strip().removeprefix('temporal version ')}.")


def disk(settings: Settings) -> Finding:
    """Look at the disk that holds the state directory."""
    if problem := state_dir_problem(settings.state_dir):
        return Finding(
            "stop",
            f"Disk: {problem}: set WORKSHOP_STATE_DIR (in .env, say) to a directory that can be written.",
        )
    place = settings.state_dir
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"Disk: {free / _GB:.1f} GB free at {settings.state_dir}"
    if free < _HARDLY:
        return Finding("stop", f"{text}: make room, the Temporal server and the logs need some.")
    if free < _ENOUGH:
        return Finding("note", f"{text}: that may not last; make room.")
    return Finding("fine", f"{text}.")


def key(settings: Settings) -> Finding:
    """Say whether there is a key and which mode that makes; never what it is."""
    if settings.mode == "practice":
        having = "present but not used" if settings.openai_api_key else "none, and none is needed"
        return Finding("fine", f"OpenAI key: {having} (practice mode).")
    if settings.openai_api_key is None:
        return Finding(
            "note",
            f"OpenAI key: none, but WORKSHOP_MODE is live. {settings.openai_base_url} must do without one; "
            "else put OPENAI_API_KEY into .env.",
        )
    return Finding("fine", f"OpenAI key: present (live mode, {settings.openai_base_url}).")


def port_findings(settings: Settings) -> Iterator[Finding]:
    """Look at each port: free, ours, or in somebody else's hands."""
    records = read_records(settings)
    pids: dict[int, Name] = {}
    for name, record in records.items():
        if process := record.process():
            pids[process.pid] = name
            # The server itself may be a child of the process on record.
            pids |= {child.pid: name for child in process.children(recursive=True)}
    wanted: list[tuple[str, int, str]] = []
    if settings.temporal_is_local:
        _, port = temporal_host_and_port(settings)
        wanted.append(("Temporal server", port, "TEMPORAL_ADDRESS"))
        wanted.append(("Temporal Web UI", settings.ui_port, "WORKSHOP_UI_PORT"))
    wanted.append(("gateway", settings.gateway_port, "WORKSHOP_GATEWAY_PORT"))
    wanted.append(("JupyterLab", settings.jupyter_port, "WORKSHOP_JUPYTER_PORT"))
    # Who else is welcome there: `up` makes use of a server that runs already.
    reused = settings.temporal_is_local and temporal_problem(settings) is None
    gateway = _health(settings)
    for what, port, variable in wanted:
        text = f"Port {port} ({what})"
        holder = ports.holder(port)
        if holder is None:
            yield Finding("fine", f"{text}: free.")
        elif holder.pid in pids:
            yield Finding("fine", f"{text}: ours, pid {holder.pid}.")
        elif what.startswith("Temporal") and reused:
            yield Finding("fine", f"{text}: a Temporal server that was running already, {holder}.")
        elif what == "gateway" and gateway is not None and _knows_us(settings):
            yield Finding("fine", f"{text}: a gateway of this copy, {holder}.")
        else:
            yield Finding(
                "stop", f"{text}: held by {holder}: end it, or set {variable} (in .env, say) to a free port."
            )


def temporal(settings: Settings) -> Finding:
    """Ask the Temporal server for its health."""
    host, port = temporal_host_and_port(settings)
    address = settings.temporal_address
    if settings.temporal_is_local:
        if not ports.accepts(port, host):
            return Finding("note", f"Temporal server: not running: python -m workshop up ({address}).")
        remedy = "run `python -m workshop down`, then `up`"
    else:
        remedy = "check TEMPORAL_ADDRESS and the other TEMPORAL_ variables"
    if problem := temporal_problem(settings):
        return Finding("stop", f"Temporal server: {address} does not answer ({problem}): {remedy}.")
    return Finding("fine", f"Temporal server: answers at {address}.")


def gateway(settings: Settings) -> Iterator[Finding]:
    """Ask the gateway, and the model through it."""
    health = _health(settings)
    if health is None:
        if ports.accepts(settings.gateway_port):
            return  # said already: the port is somebody else's
        yield Finding("note", "Gateway: not running: python -m workshop up.")
        return
    if health.mode != settings.mode:
        yield Finding(
            "note",
            f"Gateway: runs in {health.mode} mode, but the settings say {settings.mode}: "
            "run `python -m workshop up`.",
        )
    else:
        yield Finding("fine", f"Gateway: answers at {settings.gateway_url} ({health.mode} mode).")
    yield model(settings, health)


def model(settings: Settings, health: Health) -> Finding:
    """Make one small call to the model, through the gateway."""
    where = "practice" if health.mode == "practice" else settings.openai_base_url
    try:
        with GatewayClient.for_scope("doctor", settings) as client:
            reply = httpx2.post(
                f"{settings.scope_url('doctor')}/v1/responses",
                headers={"Authorization": f"Bearer {settings.gateway_token()}"},
                json={"model": _model_name(settings, health), "input": "Say hello.", "max_output_tokens": 16},
                timeout=_MODEL_TIMEOUT,
                trust_env=False,
                verify=NO_CERTIFICATES,
            )
            client.forget_scope()
    except (httpx2.HTTPError, GatewayError) as error:
        return Finding("stop", f"Model ({where}): no answer ({type(error).__name__}): see the gateway's log.")
    if reply.is_success:
        return Finding("fine", f"Model ({where}): answers.")
    if reply.status_code in (401, 403):
        remedy = "check OPENAI_API_KEY in .env, or remove it to work in practice mode"
    elif reply.status_code == 404:
        remedy = "check WORKSHOP_MODEL and OPENAI_BASE_URL"
    else:
        remedy = "try again, or set WORKSHOP_MODE=practice"
    return Finding("stop", f"Model ({where}): answers {reply.status_code} to a small call: {remedy}.")


def _model_name(settings: Settings, health: Health) -> str:
    if settings.model or health.mode == "practice":
        return settings.model or "practice-model"
    from agents.models import get_default_model

    return get_default_model()


def _health(settings: Settings) -> Health | None:
    if not ports.accepts(settings.gateway_port):
        return None
    try:
        with GatewayClient.for_scope("doctor", settings) as client:
            return client.health()
    except GatewayError:
        return None


def _knows_us(settings: Settings) -> bool:
    try:
        with GatewayClient.for_scope("doctor", settings) as client:
            client.meter()
            return True
    except GatewayError:
        return False


def _locked(lock: Path) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        try:
            requirement = Requirement(line.split(" #")[0].strip())
        except InvalidRequirement:
            continue  # an option such as -e, a comment, or an empty line
        if requirement.marker is None or requirement.marker.evaluate():
            version = next((one.version for one in requirement.specifier if one.operator == "=="), None)
            if version:
                wanted[canonicalize_name(requirement.name)] = version
    return wanted


def _direct() -> set[str]:
    try:
        required = importlib.metadata.requires("durable-agents-workshop") or []
    except importlib.metadata.PackageNotFoundError:
        return set()
    return {canonicalize_name(Requirement(line).name) for line in required}


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
