"""The proofs' rows as tables in plain text, each with what its columns mean and what did not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from workshop.cli.table import table

from . import agent_faults, agent_kills, fleet, long_watch, night, rows, transfer, two_workers
from .agent_faults import TOOLS
from .proof import Proven

_TRANSFER = ("killed after", "at the kill", "events", "result", "ledger", "attempts", "repeated", "seconds")
_KILLS = (
    "agent",
    "question",
    "killed after",
    "at the kill",
    "answer",
    "model calls",
    "in flight, made again",
    "repeated",
    "seconds",
)
_FAULTS = (
    "agent",
    "broken",
    "how",
    "for",
    "at",
    "the run ends with",
    "attempts",
    "cut off",
    "repeated",
    "seconds",
)
_TWO_WORKERS = (
    "run",
    "killed at",
    "and at",
    "model calls",
    "in flight",
    "repeated",
    "the money",
    "answers that count",
    "seconds",
)

_ABOUT_TRANSFER = """\
killed after  the event that had just been written when the worker got SIGKILL. Two numbers: the server writes
              these two at once, and no crash comes between them.
at the kill   the last event then; a start counts when the attempt is under way.
events        in the history at the kill; "+ 1" is the start of an attempt, which is written when it has ended.
attempts      at the withdrawal and at the deposit; more than 1 only for the one that was under way.
repeated      activities that had completed before the kill, and were begun again.
seconds       from the kill to the result.

Done, not reported: the money had moved, the worker died before it could say so, and the next attempt asked the
bank once more. With idempotency keys that counts once; the row WITHOUT keys shows what they prevent.
"""

_ABOUT_KILLS = """\
killed after           the event that had just been written when the worker got SIGKILL. Two numbers: the server
                       writes these two at once, and no crash comes between them.
at the kill            the last event then; a start counts when the attempt is under way.
answer                 whether it is that of the run to which nothing happened.
model calls            completed, before and after the kill together, by the meter of the run's own scope.
in flight, made again  the call that had reached its service, and been answered, when the worker died before it
                       could say so. Nobody knows that it was answered: it is made again, and if it is the
                       model's, paid for again. Nothing prevents that, so it is counted apart.
repeated               calls made again although they had been completed before the kill.
seconds                from the kill to the answer: a dead worker is noticed by a timeout.
"""

_ABOUT_FAULTS = """\
broken     whose service; tools: each of the three at its only call.
for        how long: one call; two calls; or for good.
attempts   at the broken call, in the order of "at".
cut off    model calls whose answer was made, and then lost on the way: made again, and if that is how the service
           counts, paid for again. Counted apart, as with a call in flight.
repeated   model calls made again although they had been completed.
seconds    the longest of the runs.
"""

_ABOUT_TWO_WORKERS = """\
run                 and where its first worker is killed. A boundary: the workers are led to it, one task at a time,
                    and stand still there. There is one after each transaction of the server's, be it of one event or
                    of several, and while a task is under way. Which of several waiting activities comes next is the
                    server's choice: a boundary's number is the same in each run, the event before it need not be.
                    In full swing: two workers take what there is, and are stopped when the history has so many
                    events; it may be some more, since the run goes on while the word gets about.
killed at, and at   the last event when one worker got SIGKILL, and when the other did: read while all stood still. A
                    start counts when the attempt is under way; what is scheduled and started for an update counts,
                    though the server writes it only with what comes of it. Only one: the run was over before the
                    second kill.
model calls         completed, by the meter of the run's own scope.
in flight           attempts at activities that died with a worker: made again, so that a call may be, too.
repeated            calls made again beyond those: they had been completed.
the money           what the bank's ledger says.
answers that count  a person sends the same answer twice: presses the button again.
seconds             from the first kill to the end.
"""


def show_transfer(found: Sequence[transfer.Row]) -> str:
    """The money transfer."""
    cells = []
    for row in found:
        result = "the same" if row is not found[0] and row.result == found[0].result else row.result
        numbers = (row.attempts, str(row.repeated), f"{row.seconds:.1f}")
        cells.append((row.title, row.killed_at, row.events, result, row.ledger, *numbers))
    return _shown(_TRANSFER, cells, _ABOUT_TRANSFER, found)


def show_kills(proven: Sequence[Proven]) -> str:
    """The agents, killed at every boundary."""
    cells: list[tuple[str, ...]] = []
    for one in proven:
        for whole in one.wholes:
            name, calls = whole.question.name, whole.meter.model
            start = (one.agent.name, name, "nothing happens to it", f"({len(whole.end.events)} events)")
            cells.append((*start, "", str(calls.completed), "", str(calls.repeats), ""))
            cells += [_kill(row) for row in one.kills if row.question == name]
    found: list[rows.Row] = [row for one in proven for row in [*one.undisturbed, *one.kills]]
    return _shown(_KILLS, cells, _ABOUT_KILLS, found)


def _kill(row: agent_kills.Row) -> tuple[str, ...]:
    numbers = (str(row.paid), row.again, str(row.repeated), f"{row.seconds:.1f}")
    return (row.agent, row.question, row.title, row.killed_at, row.answer, *numbers)


def show_faults(proven: Sequence[Proven]) -> str:
    """The agents with everything broken that they call."""
    found = [row for one in proven for row in one.faults]
    cells = []
    order = {"model": 0, "tools": 1}
    ordered = sorted(found, key=lambda row: (row.agent, order[_broken(row)]))
    groups = {
        key: [row for row in ordered if _group(row) == key] for key in dict.fromkeys(map(_group, ordered))
    }
    for (agent, broken, how, lasts), group in groups.items():
        ends = ", ".join(dict.fromkeys(row.end for row in group))
        attempts = ", ".join(str(row.attempts) for row in group)
        lost, repeated = sum(row.lost for row in group), sum(row.repeated for row in group)
        at = ", ".join(row.trouble.call for row in group)
        longest = f"{max(row.seconds for row in group):.1f}"
        cells.append((agent, broken, how, lasts, at, ends, attempts, str(lost), str(repeated), longest))
    return _shown(_FAULTS, cells, _ABOUT_FAULTS, found)


def _broken(row: agent_faults.Row) -> str:
    return "tools" if row.trouble.route in TOOLS else row.trouble.route


def _group(row: agent_faults.Row) -> tuple[str, str, str, str]:
    return row.agent, _broken(row), row.trouble.kind, row.trouble.lasts


def totals(one: Proven) -> str:
    """One agent's proof in a line."""
    again = [row.again for row in one.kills if row.again]
    model = again.count("model")
    repeated = sum(row.repeated for row in one.kills) + sum(row.repeated for row in one.faults)
    return (
        f"{one.agent.name}: {len(one.kills)} runs killed, {len(one.faults)} with a fault; {repeated} completed calls "
        f"made again. In flight and made again: {model} of the model, {len(again) - model} of tools."
    )


def show_two_workers(proven: Sequence[two_workers.Proven]) -> str:
    """The runs with several agents and with people, with both workers killed in turn."""
    found = [row for one in proven for row in one.rows]
    cells = []
    for row in found:
        first, second, *_ = [*row.killed_at, "", ""]
        numbers = (str(row.paid_calls), str(row.again), str(row.repeated))
        cells.append((row.title, first, second, *numbers, row.ledger, row.answers, f"{row.seconds:.1f}"))
    return _shown(_TWO_WORKERS, cells, _ABOUT_TWO_WORKERS, found)


def show_watch(found: Sequence[long_watch.Row]) -> str:
    """The long watch."""
    cells = [
        (row.title, row.killed_at, f"{row.paid:,}", str(row.repeated), f"{row.seconds:.0f}") for row in found
    ]
    return _shown(("run", "killed in call", "paid", "repeated", "seconds"), cells, "", found)


def show_fleet(found: Sequence[fleet.Row]) -> str:
    """The fleets."""
    cells = [
        (
            row.title,
            f"{row.agents:,}",
            f"{row.killed_after:,}",
            str(row.lost),
            f"{row.paid:,}",
            str(row.repeated),
            str(row.given_up),
            f"{row.seconds:.0f}",
        )
        for row in found
    ]
    header = ("fleet", "agents", "killed after call", "lost", "paid", "repeated", "given up", "seconds")
    return _shown(header, cells, "", found)


def show_nights(found: Sequence[night.Row]) -> str:
    """The alert's nights."""
    cells = [
        (
            row.title,
            str(row.runs),
            str(row.stuck),
            str(row.told),
            str(row.false),
            f"{row.first:.0f} to {row.last:.0f}" if row.told else "",
        )
        for row in found
    ]
    header = ("night", "runs", "stand still", "told", "told wrongly", "seconds after their start")
    return _shown(header, cells, "", found)


def coverage(one: two_workers.Proven) -> str:
    """In a line, how often and where the workers of one story were really killed."""
    _, *killed = one.rows
    kinds = Counter(row.killed_at[0].partition(" ")[2] for row in killed if row.killed_at)
    after = ", ".join(f"{count} {name}" for name, count in sorted(kinds.items()))
    kills = sum(len(row.killed_at) for row in killed)
    return (
        f"{one.story}, {one.way}: {kills} kills, the first at {len(killed)} of {one.places} places: {after}."
    )


def _shown(
    header: Sequence[str], cells: Sequence[Sequence[str]], about: str, found: Iterable[rows.Row]
) -> str:
    failed = [f"FAILED  {row.title}: {problem}." for row in found for problem in row.problems]
    return "\n".join([table(header, cells), "", about, *failed])


__all__ = [
    "coverage",
    "show_faults",
    "show_fleet",
    "show_kills",
    "show_nights",
    "show_transfer",
    "show_two_workers",
    "totals",
]
