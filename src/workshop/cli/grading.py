"""``grade``: learners' notebooks, scored."""

from __future__ import annotations

from pathlib import Path

import typer

from workshop import settings as workshop_settings
from workshop.lab import services


def run(notebooks: list[Path], *, as_json: bool) -> int:
    """Score the notebooks and print a table or JSON; steps go to standard error.

    Args:
        notebooks: What to grade.
        as_json: JSON instead of tables.

    Returns:
        0 if every notebook was graded, 2 if one is not of this course, 1 if the course itself was at fault.
    """
    from workshop.grading import grade

    settings = workshop_settings.load()
    with services.ended_afterwards(settings):
        reports = grade.grade_notebooks(
            notebooks,
            settings=settings,
            say=lambda line: typer.echo(line, err=True),
            # Each as it comes: what is graded stays graded if a later notebook brings the grader down.
            done=None if as_json else lambda report: typer.echo(grade.render_table([report]) + "\n"),
        )
    if as_json:
        typer.echo(grade.to_json(reports))
    return grade.exit_code(reports)
