"""``python -m tests.with_services python -m tests.prove``: kill the transfer everywhere, print what came of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time

from tests.with_services import SHARED
from workshop import settings as workshop_settings
from workshop.cli.table import table

from .transfer import Row, prove

_HEADER = ("killed after", "at the kill", "events", "result", "ledger", "attempts", "repeated", "seconds")

_NOTES = """\
killed after  the event that had just been written when the worker got SIGKILL; "at the kill" is the last one
              then. They differ where the server writes two at once: no crash comes between 4 and 5, say.
events        in the history at the kill; "+ 1" is the start of an attempt, which is written when it has ended.
attempts      at the withdrawal and at the deposit; more than 1 only for the one that was under way.
repeated      activities that had completed before the kill, and were begun again.
seconds       from the kill to the result.

Done, not reported: the money had moved, the worker died before it could say so, and the next attempt asked the
bank once more. With idempotency keys that counts once; the row WITHOUT keys shows what they prevent.
"""


def show(rows: list[Row]) -> str:
    """The rows as a table, and below it what did not hold."""
    cells = []
    for row in rows:
        result = "the same" if row is not rows[0] and row.result == rows[0].result else row.result
        numbers = (row.attempts, str(row.repeated), f"{row.seconds:.1f}")
        cells.append((row.title, row.killed_at, row.events, result, row.ledger, *numbers))
    failed = [f"FAILED  {row.title}: {problem}." for row in rows for problem in row.problems]
    return "\n".join([table(_HEADER, cells), "", _NOTES, *failed])


def main() -> int:
    """Run the proof; 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument(
        "--at", type=float, nargs="+", default=[], metavar="SECONDS", help="kill by the clock"
    )
    parser.add_argument("--boundary", type=int, nargs="+", metavar="N", help="only these boundaries")
    chosen = parser.parse_args()
    if SHARED not in os.environ:
        print(
            "It needs services of its own: python -m tests.with_services python -m tests.prove",
            file=sys.stderr,
        )
        return 2
    boundaries = [] if chosen.at and chosen.boundary is None else chosen.boundary
    began = time.monotonic()
    rows = asyncio.run(prove(workshop_settings.load(), boundaries, chosen.at))
    print(show(rows))
    held = sum(row.ok for row in rows)
    print(f"{held} of {len(rows)} held, in {time.monotonic() - began:.0f} s.")
    return 0 if held == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
