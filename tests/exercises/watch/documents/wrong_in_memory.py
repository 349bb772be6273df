# outcome: NOT YET · forgets
# says: in whatever process
"""Documents by reference: the pages lie in a file, and the agent gets its name."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from my.watch.pages import pages_of
from my.watch.store import write_whole
from temporalio import activity

FOLDER = Path("my/watch/reports")


@activity.defn
async def open_report(name: Literal["handbook.pdf", "register.xlsx"]) -> dict[str, Any]:
    """Open a report of the archive. Returns its report_id and how it begins."""
    pages = await asyncio.to_thread(pages_of, name)
    FOLDER.mkdir(exist_ok=True)
    global KEPT
    KEPT = pages
    data = json.dumps(pages).encode()
    report_id = hashlib.sha256(data).hexdigest()
    return {"report_id": report_id, "pages": len(pages), "begins": pages[0][:200]}


@activity.defn
async def read_part(report_id: str, about: str) -> str:
    """Read the page of an opened report that says most about something."""
    best = max(KEPT, key=lambda page: page.lower().count(about.lower()))
    return best if about.lower() in best.lower() else f"The report says nothing about {about}."
