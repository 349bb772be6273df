"""The corpus as one table: nothing is silently wrong, and how often the practice model helps is printed."""

from __future__ import annotations

from collections import Counter

from tests.practice.corpus.reading import TABLES, cases, run

HELPS = 0.80
"""The share of requests that must be helped with; the others must be told that they are not."""


def test_nothing_is_silently_wrong() -> None:
    every = cases()
    outcomes = [(case, run(case)) for case in every]
    wrong = [f"{case.where}: {case.text!r}: {one.told}" for case, one in outcomes if one.verdict == "wrong"]
    counts = Counter(one.verdict for _, one in outcomes)
    for table in TABLES:
        mine = Counter(one.verdict for case, one in outcomes if case.where.startswith(f"{table.stem}:"))
        print(f"{table.stem:20} {mine['helped']:4} helped {mine['honest']:4} honest {mine['wrong']:4} wrong")
    print(
        f"of {len(every)}: {counts['helped']} helped, {counts['honest']} honestly not, {counts['wrong']} silently wrong"
    )
    assert len(every) >= 300
    assert not wrong, "\n".join(wrong)
    assert counts["helped"] >= HELPS * len(every), [
        case.where for case, one in outcomes if one.verdict == "honest"
    ]
