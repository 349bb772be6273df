"""Make ``notebooks/`` from ``solutions/`` with nbgrader's own preprocessors.

They are used as a library: nbgrader's command line wants a database and deletes what it finds in its way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import (  # type: ignore[import-untyped]
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    LockCells,
)

from workshop.authoring import notebooks
from workshop.authoring.notebooks import NotebookError
from workshop.catalog import BEGIN_SOLUTION, END_SOLUTION, PLACEHOLDER


@dataclass(frozen=True)
class Built:
    """What one build found: files by name, in order."""

    written: tuple[str, ...]
    """Those that differed from what the solutions say (with ``check``, nothing was written)."""
    unchanged: tuple[str, ...]
    stray: tuple[str, ...]
    """Those in ``notebooks`` that no solution stands behind."""

    @property
    def in_step(self) -> bool:
        """Whether ``notebooks`` was what the solutions say."""
        return not self.written and not self.stray


def build(solutions: Path, target: Path, *, check: bool = False) -> Built:
    """Make the learner's notebooks.

    Args:
        solutions: The folder with the sources.
        target: The folder to write to.
        check: Write nothing, only compare.

    Raises:
        NotebookError: a source cannot be cut; nothing at all was written then.
        OSError: a file cannot be read or written.
    """
    sources = sorted(solutions.glob("*.ipynb"))
    made = {path.name: notebooks.text(exercise_notebook(path)) for path in sources}
    written: list[str] = []
    unchanged: list[str] = []
    for name, content in made.items():
        path = target / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            unchanged.append(name)
            continue
        written.append(name)
        if not check:
            notebooks.write(path, content)
    stray = sorted(path.name for path in target.glob("*.ipynb") if path.name not in made)
    return Built(tuple(written), tuple(unchanged), tuple(stray))


def exercise_notebook(path: Path) -> NotebookNode:
    """One solution notebook as the learner gets it: no solutions, no outputs, check cells locked.

    Raises:
        NotebookError: the notebook, its nbgrader metadata or its markers are wrong.
        OSError: it cannot be read.
    """
    notebook = notebooks.normalise(notebooks.read(path))
    notebook.metadata.pop("workshop", None)  # the catalogue reads the solutions
    for cell in notebook.cells:
        # Slides are made of the solutions.
        cell.metadata.pop("slideshow", None)
    log = logging.getLogger("workshop.authoring.nbgrader")
    # nbgrader logs an error before it raises it; once is enough.
    log.disabled = True
    resources: dict[str, object] = {}
    try:
        for preprocessor in (
            LockCells(log=log),
            ClearSolutions(
                code_stub={"python": PLACEHOLDER},
                begin_solution_delimeter=BEGIN_SOLUTION,
                end_solution_delimeter=END_SOLUTION,
                log=log,
            ),
            ClearOutput(log=log),
            CheckCellMetadata(log=log),
        ):
            notebook, resources = preprocessor.preprocess(notebook, resources)
    except Exception as error:
        raise NotebookError(f"{path.name}: nbgrader: {str(error).splitlines()[0]}") from error
    return notebook


__all__ = ["Built", "build", "exercise_notebook"]
