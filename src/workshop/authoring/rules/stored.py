"""What is stored with a lesson: outputs of one whole run, and nothing of the machine that made them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workshop.authoring import notebooks
from workshop.authoring.page import Page, Problem, output_texts

_SHOWS = re.compile(r"^(?:print|(?:await )?(?:show|check|hint|solution)\b[\w.]*)\(", re.MULTILINE)


def outputs_stored(page: Page) -> Iterator[Problem]:
    """The whole notebook was run, in order, without errors; nbval can compare what it stored."""
    if all(cell.execution_count is None for _, cell in page.code()):
        yield page.problem(None, "holds no outputs", "run: execute")
        return
    count = 0
    for n, cell in page.code():
        if not cell.source.strip():
            yield page.problem(n, "an empty code cell", "delete it")
            continue
        count += 1
        if cell.execution_count is None:
            yield page.problem(n, "was not run", "run: execute")
        elif cell.execution_count != count:
            yield page.problem(n, f"ran as number {cell.execution_count}, not {count}", "run: execute")
        elif not cell.outputs and _SHOWS.search(cell.source) and not cell.source.startswith("%%"):
            yield page.problem(n, "shows something, but no output is stored", "run: execute")
        for kind, _ in output_texts(cell):
            if kind == "error":
                yield page.problem(n, "an error is stored as output", "mend the cell, then run: execute")
            elif kind == "stderr":
                yield page.problem(n, "stored output on stderr", "silence its cause, then run: execute")
            elif "widget" in kind:
                yield page.problem(n, "a widget is stored as output", "show the static view instead")


def normal_form(page: Page) -> Iterator[Problem]:
    """The file is what the authoring commands would write: kernel python3, no traces of a machine."""
    if page.notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield page.problem(None, "its kernel is not python3", "choose it, or run: tidy")
    elif page.raw != notebooks.text(notebooks.normalise(notebooks.read(page.path))):
        yield page.problem(None, "holds metadata of one run or one machine", "run: tidy")


__all__ = ["normal_form", "outputs_stored"]
