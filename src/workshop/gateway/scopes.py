"""Scopes: what is counted, broken or stored under one ``/s/<scope>`` stays there."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Literal

from workshop.gateway.bank_journal import Journals
from workshop.gateway.byte_budget import ByteBudget
from workshop.gateway.errors import bad_request
from workshop.gateway.faults import Faults
from workshop.gateway.meter import Meter
from workshop.gateway.responses_api.conversations import Conversations
from workshop.gateway.responses_api.stored import StoredResponses
from workshop.gateway.spans import Spans
from workshop.gateway.traces import Traces
from workshop.practice.bank import Bank

Mode = Literal["practice", "live"]

DEFAULT = "default"
MOST_SCOPES = 100
# What all scopes together may keep, in bytes: the gateway has to stay under 150 MB.
TRANSCRIPT_BYTES = 32 * 1024 * 1024
STORED_BYTES = 24 * 1024 * 1024
TRACE_BYTES = 8 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Scope:
    """One scope's meter, faults, stored responses and conversations, traces, bank, and mode if it has its own."""

    def __init__(
        self, name: str, bank: Bank, bodies: ByteBudget, stored: ByteBudget, traces: ByteBudget
    ) -> None:
        self.name = name
        self.mode: Mode | None = None
        self.meter = Meter(bodies)
        self.faults = Faults()
        self.stored = StoredResponses(stored)
        self.conversations = Conversations(stored)
        self.traces = Traces(traces)
        self.spans = Spans(traces)
        self.bank = bank
        self._bodies = bodies

    def reset_meter(self) -> None:
        """Forget the calls and the transcript."""
        self.meter.close()
        self.meter = Meter(self._bodies)

    def forget_stored(self) -> None:
        """Forget stored responses and conversations."""
        self.stored.clear()
        self.conversations.clear()

    @property
    def idle(self) -> bool:
        """Whether nobody would miss it: no call under way, no fault that can still hit."""
        return not self.meter.busy and not any(fault.active for fault in self.faults.all())

    def close(self) -> None:
        """Forget everything; a bank that has a journal is there again when the scope is."""
        self.faults.clear_all()
        self.meter.close()
        self.forget_stored()
        self.traces.clear()
        self.spans.clear()


class Scopes:
    """Every scope in use; the one unused longest makes room for a new one."""

    def __init__(self, journals: Journals | None = None) -> None:
        self._journals = journals or Journals(None)
        self._bodies = ByteBudget(TRANSCRIPT_BYTES)
        self._stored = ByteBudget(STORED_BYTES)
        self._traces = ByteBudget(TRACE_BYTES)
        self._scopes: OrderedDict[str, Scope] = OrderedDict()

    def get(self, name: str) -> Scope:
        """The scope called ``name``, made if need be.

        Raises:
            ApiError: 400, it is no name for a scope.
        """
        scope = self._scopes.get(name)
        if scope is not None:
            self._scopes.move_to_end(name)
            return scope
        if not _NAME.fullmatch(name):
            raise bad_request(
                "Invalid scope: use 1 to 64 of the characters A-Z a-z 0-9 . _ -", "scope", "invalid_value"
            )
        bank = self._journals.bank(name)
        self._scopes[name] = Scope(name, bank, self._bodies, self._stored, self._traces)
        if len(self._scopes) > MOST_SCOPES:
            spare = next(
                (scope.name for scope in self._scopes.values() if scope.idle and scope.name != name), None
            )
            if spare is not None:
                self._scopes.pop(spare).close()
        return self._scopes[name]

    def forget(self, name: str) -> None:
        """Forget a scope; one that is not there is forgotten already."""
        scope = self._scopes.pop(name, None)
        if scope is not None:
            scope.close()
        self._journals.forget(name)


__all__ = ["DEFAULT", "Mode", "Scope", "Scopes"]
