"""``lab.aside("long")``: a second scope of this notebook's, for a run that goes on while others come and go.

What its processes call is counted, and broken, apart: a ``lab.reset_meter()`` in between does not touch it. It is
always in practice mode: what makes a thousand calls only to show that they are paid for once should cost nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from workshop import settings as workshop_settings
from workshop.lab.faults import Fault, fault, meter
from workshop.lab.gateway_client import FaultKind, FaultRoute, GatewayClient, Meter

_UNWATCHED = 120


class Aside:
    """A scope beside the notebook's own. Made by :func:`aside`.

    Attributes:
        scope: Its name at the gateway, which also names the task queues of its processes.
    """

    def __init__(self, name: str) -> None:
        self._settings = workshop_settings.load()
        self.scope = f"{self._settings.scope}-{name}"
        with GatewayClient.for_scope(self.scope) as client:
            client.set_mode("practice")

    @property
    def env(self) -> Mapping[str, str]:
        """What a process of it finds in its environment: ``lab.process(..., env=aside.env)``."""
        return self._settings.client_environment(self.scope)

    def meter(self) -> Meter:
        """What its processes have cost so far."""
        return meter(scope=self.scope)

    def fault(self, route: FaultRoute, kind: FaultKind, **how: Any) -> Fault:
        """Make calls of its processes fail; the arguments are those of ``lab.fault``."""
        return fault(route, kind, scope=self.scope, **how)


def aside(name: str) -> Aside:
    """A scope of this name beside the notebook's own, in practice mode; the same one each time.

    Args:
        name: Letters, digits and ``-``.

    Raises:
        LabError: the gateway does not answer.
    """
    return Aside(name)


def crowd(wanted: int) -> int:
    """How many agents take part: as many as are wanted, but at most 120 where a notebook is only executed.

    That is so while ``WORKSHOP_VIEWS`` is ``static``: in CI, in ``python -m workshop course``, for stored outputs.
    """
    return min(wanted, _UNWATCHED) if os.environ.get("WORKSHOP_VIEWS") == "static" else wanted


__all__ = ["Aside", "aside", "crowd"]
