"""What a staged failure does, in words; and which ones are active in this notebook, with the way out."""

from __future__ import annotations

from workshop.errors import LabError
from workshop.lab.gateway_client import FaultSpec, FaultState, GatewayClient
from workshop.settings import load

_PATIENCE = 1.0
"""Seconds that the gateway may take; it answers in milliseconds or it is not there."""

_WHO = {
    "any": "Every call to the model and the services",
    "model": "Every model call",
    "other": "Every call to the other provider's model",
    "weather": "Every call to the weather service",
    "ip": "Every call to the IP address service",
    "geo": "Every call to the location service",
    "bank": "Every call to the bank",
    "library": "Every call to the library",
}


def effect(spec: FaultSpec | FaultState) -> str:
    """What a fault does, in one sentence."""
    who = _WHO.get(spec.route or "any", f"Every call to {spec.route}")
    match spec.kind:
        case "refuse":
            does = "is refused: the connection closes without a reply"
        case "cut":
            does = "breaks off in the middle of the reply"
        case "rate_limit":
            wait = "" if spec.retry_after is None else f" and retry-after {spec.retry_after:g} s"
            does = f"gets 429 (too many requests){wait}"
        case "server_error":
            does = "gets 500 (server error)"
        case "status":
            does = f"gets {spec.status}"
        case "delay":
            what = "is held back" if spec.when == "before" else "takes effect, but its reply is held back"
            does = what + ("" if spec.delay is None else f" for {spec.delay:g} s")
        case "garbage":
            does = "gets a reply that cannot be read"
        case "forget":
            does = "meets a provider that has lost its stored responses and conversations"
        case "pace":
            does = f"streams its reply word by word, {0.15 if spec.delay is None else spec.delay:g} s apart"
        case _:
            does = "fails"
    limits = []
    if spec.after:
        limits.append(f"after the first {spec.after}")
    if spec.calls is not None:
        limits.append("once" if spec.calls == 1 else f"{spec.calls} times")
    if spec.seconds is not None:
        limits.append(f"for {spec.seconds:g} s")
    # The word network might mislead: workers still reach Temporal, that is the point.
    rest = " Temporal is not affected." if spec.route == "any" else ""
    return ", ".join([f"{who} {does}", *limits]) + f".{rest}"


def in_short(fault: FaultState | FaultSpec) -> str:
    """A fault in two or three words: ``model rate limit``."""
    return f"{fault.route} {(fault.kind or '').replace('_', ' ')}"


def active_faults() -> list[str]:
    """The failures that are active in this notebook's scope, in lines; none if the gateway does not answer."""
    try:
        settings = load()
        with GatewayClient(
            settings.gateway_url, settings.gateway_token(), settings.scope, timeout=_PATIENCE
        ) as client:
            active = [fault for fault in client.faults() if fault.active]
    except (LabError, OSError, ValueError):
        return []
    told = [f"A fault is active: {effect(fault)}" for fault in active]
    return [*told, way_out(len(told))] if told else []


def way_out(number: int) -> str:
    """How this many failures are ended."""
    return f"`lab.clear_faults()` ends {'it' if number == 1 else 'them'}."


__all__ = ["active_faults", "effect", "in_short", "way_out"]
