"""``python -m tests.with_services python -m tests.prove``: kill and break everything, print what came of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence

from tests.with_services import SHARED
from workshop import settings as workshop_settings

from . import rows
from .changing import prove_changing
from .fleet import prove_fleet
from .long_watch import prove_watch
from .night import prove_nights
from .people import Sample, prove_people
from .proof import prove_agents
from .stories import OF_ONE_RUN, STORIES
from .tables import (
    coverage,
    show_faults,
    show_fleet,
    show_kills,
    show_nights,
    show_transfer,
    show_two_workers,
    show_watch,
    totals,
)
from .transfer import prove

IN_SWING = 3
"""In full swing, every third number of events is enough: at the boundaries, each has been tried by itself."""


def main() -> int:
    """Run the proofs; 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument(
        "--only",
        choices=("transfer", "agents", "people", "watch", "change", "fleet", "night"),
        help="one proof; people: research, approvals and the watch",
    )
    parser.add_argument(
        "--at", type=float, nargs="+", default=[], metavar="SECONDS", help="kill the transfer by the clock"
    )
    parser.add_argument(
        "--boundary", type=int, nargs="+", metavar="N", help="kill the transfer only at these boundaries"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="of the agents' and the people's runs and of the moves, take only every N-th",
    )
    parser.add_argument(
        "--story",
        choices=[story.name for story in STORIES],
        help="of the people's runs, only this one, and only at its boundaries",
    )
    chosen = parser.parse_args()
    if chosen.story:
        chosen.only = "people"
    if SHARED not in os.environ:
        print(
            "It needs services of its own: python -m tests.with_services python -m tests.prove",
            file=sys.stderr,
        )
        return 2
    settings = workshop_settings.load()
    began = time.monotonic()
    every: list[rows.Row] = []
    if chosen.only in (None, "transfer"):
        boundaries = [] if chosen.at and chosen.boundary is None else chosen.boundary
        transfers = asyncio.run(prove(settings, boundaries, chosen.at))
        every += transfers
        print(f"The money transfer\n\n{show_transfer(transfers)}")
        print(_verdict(transfers, began))
    all_of_them = not chosen.at and chosen.boundary is None
    if chosen.only in (None, "agents") and all_of_them:
        then = time.monotonic()
        proven = asyncio.run(prove_agents(settings, chosen.every, chosen.every))
        print(f"\nThe agents, killed\n\n{show_kills(proven)}")
        print(f"\nThe agents, with a fault\n\n{show_faults(proven)}")
        for one in proven:
            every += one.rows
            print(totals(one))
        print(_verdict([row for one in proven for row in one.rows], then))
    if chosen.only in (None, "people") and all_of_them:
        then = time.monotonic()
        stories = [story for story in STORIES if chosen.story in (None, story.name)]
        swinging = [] if chosen.story else OF_ONE_RUN
        at_boundaries = Sample(chosen.every, stories)
        in_swing = Sample(chosen.every * IN_SWING, swinging)
        told = asyncio.run(prove_people(settings, at_boundaries, in_swing, dead_workers=not chosen.story))
        print(f"\nThe research, the approvals and the watch, both workers killed\n\n{show_two_workers(told)}")
        for story in told:
            every += story.rows
            if story.places:
                print(coverage(story))
        print(_verdict([row for story in told for row in story.rows], then))
    if chosen.only in (None, "watch") and all_of_them:
        then = time.monotonic()
        watched = asyncio.run(prove_watch(settings))
        every += watched
        print(f"\nThe long watch\n\n{show_watch(watched)}")
        print(_verdict(watched, then))
    if chosen.only in (None, "change") and all_of_them:
        then = time.monotonic()
        changed = asyncio.run(prove_changing(settings, chosen.every))
        every += changed
        print(f"\nThe agents that change, killed\n\n{show_watch(changed)}")
        print(_verdict(changed, then))
    if chosen.only in (None, "fleet") and all_of_them:
        then = time.monotonic()
        fleets = asyncio.run(prove_fleet(settings))
        every += fleets
        print(f"\nThe fleet, two of its four workers killed\n\n{show_fleet(fleets)}")
        print(_verdict(fleets, then))
    if chosen.only in (None, "night") and all_of_them:
        then = time.monotonic()
        nights = asyncio.run(prove_nights(settings))
        every += nights
        print(f"\nThe alert, through nights of faults\n\n{show_nights(nights)}")
        print(_verdict(nights, then))
    return 0 if every and all(row.ok for row in every) else 1


def _verdict(found: Sequence[rows.Row], began: float) -> str:
    return f"{sum(row.ok for row in found)} of {len(found)} held, in {time.monotonic() - began:.0f} s.\n"


if __name__ == "__main__":
    sys.exit(main())
