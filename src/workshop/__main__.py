"""The command line: ``python -m workshop COMMAND``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from workshop import settings as workshop_settings
from workshop import slow_imports
from workshop.catalog import LessonError, UnknownExercise
from workshop.errors import LabError
from workshop.paths import CoursePath
from workshop.settings import SettingsError

Arguments = ParamSpec("Arguments")

# What a user can put right, told in the message; anything else is a fault of ours and shows its traceback.
_EXPECTED = (LabError, SettingsError, LessonError, UnknownExercise)

app = typer.Typer(
    help="Durable Agents: the course's command line.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _told(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    @functools.wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except _EXPECTED as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None

    return run


@app.command()
@_told
def lab(
    browser: Annotated[
        bool | None,
        typer.Option("--browser/--no-browser", help="Open a browser; by default where there is one."),
    ] = None,
) -> None:
    """Start the services and JupyterLab, and end them again with Ctrl-C."""
    from workshop.cli import jupyter

    raise typer.Exit(jupyter.run(workshop_settings.load(), browser))


@app.command()
@_told
def up() -> None:
    """Start the Temporal server and the gateway in the background."""
    from workshop.lab import services

    services.up(say=typer.echo)


@app.command()
@_told
def down() -> None:
    """End the services that `up` started."""
    from workshop.lab import services
    from workshop.lab.records import read_records

    before = read_records(workshop_settings.load())
    services.down(say=typer.echo)
    if not before:
        typer.echo("Nothing to end: `up` has started nothing that still runs.")


@app.command()
@_told
def course(
    lesson: Annotated[int | None, typer.Option(help="Run only the lesson with this number.")] = None,
    path: Annotated[
        CoursePath, typer.Option(help="Which path: its lessons run, its exercises count.")
    ] = CoursePath.ALL,
) -> None:
    """Run every lesson's solution and print what passed."""
    from workshop.cli import course

    raise typer.Exit(course.run(workshop_settings.load(), lesson, path))


@app.command()
@_told
def status() -> None:
    """Show how far you are, and whether the services run."""
    from workshop.cli import progress

    progress.show(workshop_settings.load())


@app.command()
@_told
def reset(
    target: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE|LESSON]", help="For example 1.2, or 1; all lessons if left out."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Reset an exercise or a lesson, after keeping a copy."""
    from workshop.cli import progress

    progress.reset(workshop_settings.load(), target, yes)


@app.command()
@_told
def doctor() -> None:
    """Check the installation, and say how to fix what is wrong."""
    from workshop.cli import doctor

    raise typer.Exit(doctor.run())


@app.command()
@_told
def grade(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Learners' notebooks.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Run learners' notebooks and score every exercise."""
    from workshop.cli import grading

    raise typer.Exit(grading.run(notebooks, as_json=json))


@app.command()
@_told
def takehome(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    taken: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FOLDER", help="Your files: my/sdk_agent, my/native_agent or my/people."
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="The project's package; by default the folder's name.")
    ] = None,
) -> None:
    """Write a project of your own: a durable agent with tests, containers and CI, without the course."""
    from workshop.takehome import project

    project.make(folder, name=name, taken=taken, say=typer.echo)


def main() -> None:
    """Run the command line with this process's arguments."""
    if sys.platform == "win32":
        # Lesson titles hold characters that a redirected Windows stream would not encode.
        for stream in (sys.stdout, sys.stderr):
            getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    slow_imports.leave_out()
    app(prog_name="python -m workshop")


if __name__ == "__main__":
    main()
