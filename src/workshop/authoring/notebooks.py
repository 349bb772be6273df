"""Reading and writing notebooks so that the same content is always the same bytes."""

# nbformat is typed only in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from workshop.lab.kernels import KERNELSPEC, LANGUAGE

# JupyterLab and nbclient note when a cell ran, what is folded and which Python it was: none of it is content.
_CONTENT_METADATA = frozenset({"nbgrader", "tags", "deletable", "editable", "slideshow"})
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# What lab.start() calls the scope of one kernel.
_SCOPE = re.compile(r"\bnb-\d+-[0-9a-f]{8}\b")
_OVERWRITING = re.compile(r"^Overwriting (?=my/)", re.MULTILINE)


class NotebookError(ValueError):
    """A file is not a notebook that can be worked on; the message begins with its name."""


def read(path: Path) -> NotebookNode:
    """Read and validate a notebook of format 4.5 or newer.

    Raises:
        NotebookError: it is not one.
        OSError: it cannot be read.
    """
    try:
        notebook: NotebookNode = nbformat.v4.reads_json(path.read_text(encoding="utf-8"))
        if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) < (4, 5):
            raise NotebookError(f"{path.name}: format 4.5 or newer is needed: earlier cells have no ids")
        ids = [cell.get("id") for cell in notebook.cells]
        # nbformat would give the second one a new, random id.
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise NotebookError(f"{path.name}: two cells have the id {sorted(map(str, twice))[0]!r}")
        nbformat.validate(notebook)
    except NotebookError:
        raise
    except (ValueError, TypeError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise NotebookError(
            f"{path.name}: not a valid notebook: {(str(error).splitlines() or ['?'])[0]}"
        ) from None
    return notebook


def text(notebook: NotebookNode) -> str:
    """The one way to write a notebook down: sorted keys, indented by one, a newline at the end."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def write(path: Path, content: str) -> None:
    """Replace a file in one step, so that nobody ever reads half of it.

    Raises:
        OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        # mkstemp makes a file for its owner alone; a notebook is for all who may read the folder.
        fresh.chmod(path.stat().st_mode if path.exists() else 0o644)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Take away, in place, what differs from run to run and is not content."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    # What the course itself says of a lesson is content; the rest tells of a machine or a run.
    own = {"workshop": notebook.metadata["workshop"]} if "workshop" in notebook.metadata else {}
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(KERNELSPEC), language_info=NotebookNode(LANGUAGE), **own
    )
    count = 0
    for cell in notebook.cells:
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in _CONTENT_METADATA})
        # Jupyter writes these down also when they say nothing.
        for key in ("deletable", "editable"):
            if cell.metadata.get(key) is True:
                del cell.metadata[key]
        cell.source = cell.source.rstrip("\n")
        if cell.cell_type == "code":
            if cell.execution_count is not None:
                count += 1
                cell.execution_count = count
            cell.outputs = _outputs(cell.outputs, cell.execution_count)
    return notebook


def _outputs(outputs: list[Any], count: int | None) -> list[NotebookNode]:
    kept: list[NotebookNode] = []
    for output in map(NotebookNode, outputs):
        output.pop("transient", None)
        if "metadata" in output:
            output.metadata = NotebookNode()
        if output.output_type == "execute_result":
            output.execution_count = count
        if output.output_type == "stream":
            # A file that was there already is not the lesson's business.
            output.text = _SCOPE.sub("nb-0-00000000", _OVERWRITING.sub("Writing ", output.text))
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
                continue
        if "data" in output:
            output.data.pop(_WIDGET_VIEW, None)
            if not output.data:
                continue
        kept.append(output)
    return kept


__all__ = ["NotebookError", "normalise", "read", "text", "write"]
