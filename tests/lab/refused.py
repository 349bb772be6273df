"""Waiting for a result that does not come."""

from __future__ import annotations

import time

import pytest
from temporalio.client import WorkflowHandle

from workshop.lab.no_result import NoResultYet
from workshop.lab.results import result


async def refused(handle: WorkflowHandle[object, object], timeout: float = 10.0) -> tuple[NoResultYet, float]:
    """Why there is no result, said in six lines at most, and how many seconds that took."""
    began = time.monotonic()
    with pytest.raises(NoResultYet) as caught:
        await result(handle, timeout=timeout)
    shown = caught.value._render_traceback_()
    assert len("\n".join(shown).splitlines()) <= 6
    return caught.value, time.monotonic() - began
