"""Whether a cell was changed and not run: then the check judges a file that the learner no longer sees.

JupyterLab tells a kernel which notebook it belongs to, and saves that notebook every two minutes, or on Ctrl-S. Where
nothing is known of a notebook, as in the grader, or the change is not saved yet, the file's age has to do.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

_SESSION = "JPY_SESSION_NAME"
"""The environment variable in which JupyterLab tells a kernel where its notebook is."""

_OLD = 600.0
"""Seconds after which a file is old enough to say so after a pass. Shorter, and what a notebook stores would vary."""

_OLD_AND_WRONG = 120.0
"""The same where the file does not do yet what it should: then it may be another one than the learner sees."""


def note_on(path: Path, file: str, *, passed: bool) -> str:
    """What to say of the file that a check has judged; empty where there is nothing to say.

    Args:
        path: The file.
        file: As the cell that writes it calls it.
        passed: Whether the check has passed.
    """
    try:
        judged, saved = path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mtime
    except OSError:
        return ""
    notebook = notebook_file()
    cell = written_in(notebook, file) if notebook is not None else None
    if cell is not None and cell.strip() != judged.strip() and notebook and notebook.stat().st_mtime > saved:
        return f"The cell that writes {file} has changed since it was run: run it, then check again."
    age = time.time() - saved
    return f"checked {file}, saved {_ago(age)} ago" if age > (_OLD if passed else _OLD_AND_WRONG) else ""


def notebook_file() -> Path | None:
    """The notebook of this kernel; None where that is not known."""
    told = os.environ.get(_SESSION, "")
    if not told:
        # Visual Studio Code tells it in a variable of the notebook's own.
        told = str(getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", ""))
    path = Path(told)
    return path if told.endswith(".ipynb") and path.is_file() else None


def written_in(notebook: Path, file: str) -> str | None:
    """What the last cell of a saved notebook that writes a file would write; None if there is none."""
    try:
        cells: list[Any] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    head = re.compile(rf"%%writefile\s+{re.escape(file)}\s*\n")
    found = [source[match.end() :] for source in sources if (match := head.match(source))]
    return found[-1] if found else None


def _ago(seconds: float) -> str:
    for unit, length in (("days", 86400), ("hours", 3600)):
        if seconds >= 2 * length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds // 60:.0f} minutes"
