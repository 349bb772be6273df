"""Sends the Agents SDK's traces to the gateway, where they can be seen without an account.

The SDK costs seconds to import, so nothing here imports it: a hook waits until the notebook or script does.
"""

from __future__ import annotations

import sys
from types import ModuleType

import wrapt

from workshop import settings as workshop_settings

_EXPORT_EVERY = 0.1
"""Seconds between exports, and as much again for the SDK's own rhythm: a view that reads a worker's trace waits
for the last one, and a process killed with SIGKILL loses at most this much."""

_hooked = False


def send_traces_to_gateway() -> None:
    """Have this process's traces go to its scope at the gateway only, once ``agents`` is imported.

    Calling it again changes nothing. The scope is the one in the environment when ``agents`` is imported.
    """
    global _hooked
    if not _hooked:
        _hooked = True
        wrapt.when_imported("agents")(_install)


def _install(_: ModuleType) -> None:
    from agents import set_trace_processors
    from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor

    settings = workshop_settings.load()
    exporter = BackendSpanExporter(
        # Any bearer will do there; not the one in the environment, which a demo may have made a wrong one.
        api_key=settings.gateway_token(),
        endpoint=f"{settings.scope_url()}/v1/traces/ingest",
        # The gateway is on this machine: it answers at once or not at all, and an agent must not wait for it.
        max_retries=1,
        base_delay=0.1,
    )
    set_trace_processors([BatchTraceProcessor(exporter, schedule_delay=_EXPORT_EVERY)])


def flush_traces() -> None:
    """Send what this process has traced so far, now. Does nothing if it never imported the Agents SDK."""
    if "agents" in sys.modules:
        from agents.tracing import flush_traces as flush

        flush()


__all__ = ["flush_traces", "send_traces_to_gateway"]
