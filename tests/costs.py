"""A pytest plugin that notes the processor time of each test, the processes that it started included.

With ``--costs FILE`` the seconds are written there as JSON: ``{group: [processor, tests, dearest, its seconds]}``.
The services that all tests share are not in it; :mod:`tests.__main__` counts those.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from workshop import slow_imports

# A plugin that the command line names is imported before nbval, which brings nbformat.
slow_imports.leave_out()

_BEFORE = pytest.StashKey[float]()
_GROUPS = pytest.StashKey["dict[str, Group]"]()

Group = list[float | int | str]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--costs", metavar="FILE", help="write the processor seconds of each group of tests there"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_GROUPS] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[_BEFORE] = spent(psutil.Process())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown" and item.config.getoption("--costs"):
        seconds = max(0.0, spent(psutil.Process()) - item.stash[_BEFORE])
        report.user_properties.append(("processor", seconds))
    return report


@pytest.hookimpl
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # In the process that gathers the reports of all workers.
    seconds = dict(report.user_properties).get("processor")
    if report.when != "teardown" or not isinstance(seconds, float) or _config is None:
        return
    name = report.nodeid.partition("@")[0]
    group = _config.stash[_GROUPS].setdefault(group_of(name), [0.0, 0, "", 0.0])
    group[0] = float(group[0]) + seconds
    group[1] = int(group[1]) + 1
    if seconds > float(group[3]):
        group[2:] = [name.rpartition("::")[2], seconds]


_config: pytest.Config | None = None


@pytest.hookimpl
def pytest_sessionstart(session: pytest.Session) -> None:
    global _config
    _config = None if hasattr(session.config, "workerinput") else session.config


@pytest.hookimpl
def pytest_sessionfinish(session: pytest.Session) -> None:
    if (file := session.config.getoption("--costs")) and not hasattr(session.config, "workerinput"):
        Path(file).write_text(json.dumps(session.config.stash[_GROUPS]), encoding="utf-8")


def group_of(name: str) -> str:
    """Where a test's seconds are added up: a folder of tests, a lesson's notebook, or a lesson's answers."""
    path = name.partition("::")[0]
    parts = path.split("/")
    if path.endswith(".ipynb"):
        return f"notebook {Path(path).stem}"
    if parts[:2] == ["tests", "exercises"] and len(parts) == 5:
        return f"answers in {parts[2]}"
    return "/".join(parts[:2]) if len(parts) > 2 else path


def spent(process: psutil.Process) -> float:
    """Processor seconds of a process and of all below it, those that have ended included."""
    seconds = sum(os.times()[:4]) if process.pid == os.getpid() else _own(process)
    for child in process.children(recursive=True):
        seconds += _own(child)
    return seconds


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(
        times.user + times.system + getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    )
