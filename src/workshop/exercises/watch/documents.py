"""A document by reference: its pages go into a file named by what is in them, and the history gets the name."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_activity
from workshop.exercises.watch.project import project

_PAGES = [
    f"Contents: hail, floods, fog.{' And more.' * 30}",
    "About fog. Hail is not fog.",
    "HAIL falls. Hail breaks glass. Count the hail.",
    "Floods come, and floods go.",
    *[f"Page {number} lists rivers and roads." * 400 for number in range(5, 60)],
]
_OTHER = ["Another edition. Hail, hail.", *_PAGES[1:]]
_NAME = "handbook.pdf"
_NAMED = "`open_report`: its name comes from the content"
_SMALL = 2_000
"""Bytes that the result of ``open_report`` may have."""


@exercise(
    proves="Nearly a megabyte became a reference of some hundred bytes, and one page of it was read.",
    hints=(
        "The history gets what the activity returns. What must somebody know to find the pages again, and no more?",
        "`hashlib.sha256(data).hexdigest()`, `write_whole(path, data)`, `max(pages, key=...)`, `str.count`: "
        "https://docs.temporal.io/external-storage",
        "data = json.dumps(pages).encode()\nreport_id = ...\nwrite_whole(FOLDER / report_id, data)\n"
        'return {"report_id": report_id, "pages": len(pages), "begins": pages[0][:200]}\n'
        "# and\npages = json.loads((FOLDER / report_id).read_bytes())\n"
        "best = max(pages, key=lambda page: page.lower().count(about.lower()))",
    ),
    timeout=40,
)
async def documents(bench: Bench) -> str:
    """Two editions of a document of the check's own, opened twice; parts of it, read."""
    with project(bench):
        report_id, size = await bench.run(_probe_open_report)
        # In another process, as after a crash: what the first one had in memory is gone.
        await bench.run(_probe_read_part, report_id)
    return f"{sum(map(len, _PAGES)):,} characters were opened, and the history got {size} bytes."


async def _probe_open_report(module: ModuleType) -> list[Any]:
    from temporalio.testing import ActivityEnvironment

    open_report = need_activity(module, "open_report")
    folder = need(module, "FOLDER", Path, "a path")
    look = place_of(module, open_report)
    editions = iter([_PAGES, _PAGES, _OTHER])
    vars(module)["pages_of"] = lambda name: next(editions)
    run = ActivityEnvironment().run
    first = await run(open_report, _NAME)
    size = _judge_opened(first, look)
    again = await run(open_report, _NAME)
    if again != first:
        got = f"another attempt returned {shorten(str(again.get('report_id')), 80)!r}"
        raise NotYet("the same report_id for the same pages", got, _NAMED)
    if left := [path.name for path in _files(folder) if path.name != first["report_id"]]:
        raise NotYet("one file for one report", f"there is also {shorten(left[0], 60)}", look)
    other = await run(open_report, _NAME)
    if other.get("report_id") == first["report_id"]:
        got = "it has the same: who has the old one now reads the new pages"
        raise NotYet("another report_id for another edition", got, _NAMED)
    return [first["report_id"], size]


async def _probe_read_part(module: ModuleType, report_id: str) -> None:
    from temporalio.testing import ActivityEnvironment

    read_part = need_activity(module, "read_part")
    look = place_of(module, read_part)

    async def read(about: str, expected: str) -> Any:
        try:
            return await ActivityEnvironment().run(read_part, report_id, about)
        except Exception as error:
            line = f"{look.partition(':')[0]}: {traceback.extract_tb(error.__traceback__)[-1].line}"
            raise NotYet(
                f"{expected}, in whatever process", f"{type(error).__name__}: {error}", line
            ) from None

    for about, page in (("hail", _PAGES[2]), ("Floods", _PAGES[3]), ("Fog", _PAGES[1])):
        part = await read(about, f"of {about!r} the page {page!r}")
        if part != page:
            got = (
                f"{len(part):,} characters"
                if isinstance(part, str) and len(part) > _SMALL
                else describe(part)
            )
            raise NotYet(f"of {about!r} the page {page!r}", got, look)
    wanted = "of 'volcanoes', which stands on no page, words that say so"
    part = await read("volcanoes", wanted)
    if not isinstance(part, str) or not part.strip() or part in _PAGES:
        told = "a page that says nothing about it" if part in _PAGES else describe(part)
        raise NotYet(wanted, told, look)


def _judge_opened(opened: Any, look: str) -> int:
    if not isinstance(opened, dict):
        raise NotYet("a dictionary from `open_report`", describe(opened), look)
    if missing := {"report_id", "pages", "begins"} - set(opened):
        raise NotYet("`report_id`, `pages` and `begins`", f"{sorted(missing)[0]} is missing", look)
    if not isinstance(opened["report_id"], str):
        raise NotYet("`report_id`, a text", describe(opened["report_id"]), look)
    try:
        size = len(json.dumps(opened))
    except TypeError:
        raise NotYet("a result that can be written as JSON", describe(opened), look) from None
    if size > _SMALL:
        raise NotYet(f"a result of {_SMALL:,} bytes at most", f"{size:,} bytes", look)
    if opened["pages"] != len(_PAGES):
        raise NotYet(f"`pages`, the number {len(_PAGES)}", describe(opened["pages"]), look)
    if opened["begins"] != _PAGES[0][:200]:
        raise NotYet(
            f"`begins`, the first 200 characters: {_PAGES[0][:30]!r}...", _begins(opened["begins"]), look
        )
    return size


def _begins(value: Any) -> str:
    return f"{len(value):,} characters" if isinstance(value, str) and len(value) != 200 else describe(value)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())
