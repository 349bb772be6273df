# outcome: PASSED
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
    text = json.dumps(pages).encode()
    name = hashlib.sha256(text).hexdigest()
    path = FOLDER / name
    if not path.exists():
        write_whole(path, text)
    return dict(report_id=name, pages=len(pages), begins="\n".join(pages)[:200])


@activity.defn
async def read_part(report_id: str, about: str) -> str:
    """Read the page of an opened report that says most about something."""
    wanted = about.casefold()
    found, most = "", 0
    for page in json.loads((FOLDER / report_id).read_text()):
        count = page.casefold().count(wanted)
        if count > most:
            found, most = page, count
    return found or "Nothing about that in the report, sorry."
