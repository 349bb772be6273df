"""``lab.start()``: the first cell of every lesson."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.lab import services
from workshop.lab.earlier_runs import told_earlier_runs
from workshop.lab.fault_words import active_faults
from workshop.lab.forking import warm
from workshop.lab.gateway_client import GatewayClient
from workshop.lab.interrupts import tell_interrupts_in_one_line, wake_loop_on_signals
from workshop.lab.notebook_scope import scope_of_this_kernel
from workshop.lab.processes import forget_bytecode
from workshop.lab.traces import send_traces_to_gateway
from workshop.settings import NOTEBOOK_SCOPE, SettingsError

_PRACTICE = "Practice mode: the model and the tools' services are stand-ins on this machine. No key, no cost."
_LIVE = "Live mode: model calls go to {host} and cost money."

_scope: str | None = None
# What this process was given in its environment, before start() put the token and the gateway there: a key that
# is nowhere else must still reach a gateway that has to be started again. As a SecretStr, which shows nothing.
_exported: dict[str, object] = {}
_hooked = False


def start(folder: str | None = None) -> None:
    """Make this notebook ready; say in which mode it works. Running it again changes nothing.

    It sees to it that the services run, gives this notebook a scope of its own at the gateway, sets the
    environment variables that lead the SDKs there, and makes ``my/<folder>/`` for the files you write. The scope is
    the notebook's, also after a restart of its kernel: its runs and accounts are there again.

    Args:
        folder: Where this lesson's files go, within ``my/`` beside the notebook.

    Raises:
        LabError: something is missing or in the way; the message says what to do.
    """
    global _scope
    try:
        settings = _settings()
    except SettingsError as error:
        raise LabError(str(error)) from None
    report = services.up(settings, say=_say_ports, keep_mode=True)
    settings = report.settings
    begins = _scope is None
    if _scope is None:
        _scope = scope_of_this_kernel(settings)
    os.environ.update(settings.client_environment(_scope))
    if folder is not None:
        make_package(Path("my"), folder)
    _before_each_cell()
    send_traces_to_gateway()
    warm()
    if report.mode == "practice":
        print(_PRACTICE)
    else:
        print(_LIVE.format(host=urlsplit(settings.openai_base_url).hostname))
    for line in [*(_begin_again(_scope) if begins else []), *active_faults()]:
        print(line)


def _say_ports(step: str) -> None:
    # That something starts or runs is not news in a notebook; that it is not where one looks for it, is.
    if "this copy of the course takes" in step:
        print(step)


def _begin_again(scope: str) -> list[str]:
    """What a notebook's earlier kernel has left: its runs and accounts stay, and its faults and counts go."""
    if not NOTEBOOK_SCOPE.fullmatch(scope):
        return []
    with GatewayClient.for_scope() as client:
        client.clear_faults()
        client.clear_traces()
        client.clear_spans()
        client.reset_meter()
    return told_earlier_runs(scope)


def _settings() -> workshop_settings.Settings:
    settings = workshop_settings.load()
    for field in ("openai_api_key", "openai_base_url"):
        if workshop_settings.exported(field):
            _exported[field] = getattr(settings, field)
    return settings.model_copy(update=_exported)


def make_package(parent: Path, folder: str) -> Path:
    """Make ``parent/folder`` with everything in between importable; leave what is there.

    Raises:
        LabError: ``folder`` cannot be part of a module's name.
    """
    parts = folder.split("/")
    if not all(part.isidentifier() for part in parts):
        raise LabError(f"lab.start: {folder!r} cannot be imported from; use letters, digits and underscores.")
    place = parent
    for part in ["", *parts]:
        place = place / part
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").touch()
    return place


def forget_my_modules() -> None:
    """Forget the learner's modules, so that the next import reads the files as they are now."""
    for name in [name for name in sys.modules if name == "my" or name.startswith("my.")]:
        del sys.modules[name]
    forget_bytecode(Path("my"))
    importlib.invalidate_caches()


def _before_each_cell() -> None:
    global _hooked
    if _hooked or "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def before_cell(*_: object) -> None:
        # A file rewritten by %%writefile is imported as it is now, with no kernel restart.
        forget_my_modules()
        wake_loop_on_signals()

    wake_loop_on_signals()
    tell_interrupts_in_one_line(shell)
    shell.events.register("pre_run_cell", before_cell)
    _hooked = True


__all__ = ["forget_my_modules", "make_package", "start"]
