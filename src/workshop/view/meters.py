"""``show.meter()``: what the runs have cost, and what was paid twice."""

from __future__ import annotations

from workshop.lab.gateway_client import GatewayClient, Meter, ModelCounts
from workshop.view.document import Block, Paragraph, Table, View
from workshop.view.readings import settled
from workshop.view.wording import ROUTES, count, outcome, remark

_HEADER = ("call", "to", "outcome", "tokens in", "tokens out", "in short", "remark")
_SERVICES = {"weather": "weather", "ip": "IP address", "geo": "location"}
_NUMBERS = frozenset({0, 3, 4})


def read_meter(calls: bool = True) -> View:
    """The meter of this process's scope, now.

    Args:
        calls: Whether to list the calls below the totals.

    Raises:
        GatewayError: the gateway does not answer.
    """
    with GatewayClient.for_scope() as client:
        return meter_view(settled(client), calls)


def meter_view(meter: Meter, calls: bool = True) -> View:
    """A meter as totals and, unless ``calls`` is False, a table of its calls."""
    model = meter.model
    paid_twice = f"{count(model.repeats, 'repeat')}, paid twice" if model.repeats else "no repeats"
    lines = [f"Model calls completed: {model.completed:,} ({paid_twice})"]
    if model.failed or model.in_flight:
        others = [(model.failed, "failed"), (model.in_flight, "under way")]
        lines.append(
            f"Other model calls: {', '.join(f'{number:,} {word}' for number, word in others if number)}"
        )
    guess = " (estimated)" if meter.estimated else ""
    lines.append(f"Tokens: {model.input_tokens:,} in, {model.output_tokens:,} out{guess}")
    if meter.other.arrived:
        lines.append(f"The other provider: {_told(meter.other)}")
    services = ", ".join(
        f"{_SERVICES.get(name, name)} {number:,}" for name, number in meter.services.items() if number
    )
    lines.append(f"Calls to services: {services or 'none'}")
    if meter.calls and (gone := meter.calls[0].n - 1):
        lines.append(f"Counted, but no longer listed: {count(gone, 'earlier call')}")
    blocks: list[Block] = [Paragraph("\n".join(lines))]
    if calls and meter.calls:
        blocks.append(_table(meter))
    return View("Meter", blocks)


def _told(counts: ModelCounts) -> str:
    said = [f"{counts.completed:,} completed"]
    named = ((counts.repeats, "paid twice"), (counts.failed, "failed"), (counts.in_flight, "under way"))
    said += [f"{number:,} {word}" for number, word in named if number]
    return f"{', '.join(said)}; tokens: {counts.input_tokens:,} in, {counts.output_tokens:,} out"


def _table(meter: Meter) -> Table:
    numbers = _numbers(meter)
    rows = [
        (
            str(numbers.get(call.n, "")),
            ROUTES[call.route],
            outcome(call.status, call.http_status),
            "" if call.input_tokens is None else f"{call.input_tokens:,}",
            "" if call.output_tokens is None else f"{call.output_tokens:,}",
            call.summary,
            remark(call, numbers),
        )
        for call in meter.calls
    ]
    # A column in which nothing is said only takes room.
    kept = [column for column in range(len(_HEADER)) if any(row[column] for row in rows)]
    return Table(
        caption="Calls in the order in which they arrived",
        header=[_HEADER[column] for column in kept],
        rows=[[row[column] for column in kept] for row in rows],
        numbers=frozenset(place for place, column in enumerate(kept) if column in _NUMBERS),
    )


def _numbers(meter: Meter) -> dict[int, int]:
    """The numbers of the model calls, as the transcript and a fault's ``after`` count them: without the services."""
    listed = [call.n for call in meter.calls if call.route in ("model", "other")]
    first = (
        meter.model.arrived + meter.other.arrived - len(listed) + 1
    )  # of very many calls, only the latest are listed
    return {n: first + place for place, n in enumerate(listed)}


__all__ = ["meter_view", "read_meter"]
