"""Under nbval, each lesson starts in an empty folder of its own, and a cell that fails shows what it printed.

The folder is as in a fresh clone, and beside no other lesson.

nbval starts a notebook's kernel where the notebook is, and has no option for that. There, lessons that run at the same
time would write the same ``my/``, and what one of them prints would depend on which had run before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from typing import Any

import pytest
from nbval import plugin
from nbval.kernel import RunningKernel


class KernelInItsOwnFolder(RunningKernel):  # type: ignore[misc]
    def __init__(self, kernel_name: str, cwd: str | None = None, **more: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="workshop-nbval-", ignore_cleanup_errors=True)
        super().__init__(kernel_name, cwd=self._folder.name, **more)

    def stop(self) -> None:
        super().stop()
        self._folder.cleanup()


plugin.RunningKernel = KernelInItsOwnFolder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    outputs = getattr(item, "test_outputs", None) or ()
    # A check tells what it saw before it raises, and nbval says only that something was raised.
    told = [
        one.get("text") or f"{one['ename']}: {one['evalue']}"
        for one in outputs
        if {"text", "ename"} & one.keys()
    ]
    if report.failed and told:
        report.sections.append(("What the cell printed", "\n".join(told)))
    return report
