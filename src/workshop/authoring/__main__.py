"""``python -m workshop.authoring``: build, lint, execute, tidy, new, slides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workshop import settings, slow_imports

app = typer.Typer(
    help="Commands for authors of lessons.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Lessons: 1, 01_first_agent or a path. All of them if none is named."),
]


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit 1 if out of step.")] = False,
) -> None:
    """Make notebooks/ and the README's tables from solutions/."""
    # nbgrader takes seconds to import, so each command imports what it needs.
    from workshop.authoring.build import build as make
    from workshop.authoring.notebooks import NotebookError, write
    from workshop.authoring.readme import refreshed
    from workshop.catalog import lessons

    root = settings.load().root
    try:
        built = make(root / "solutions", root / "notebooks", check=check)
    except NotebookError as error:
        raise _fail(str(error)) from None
    for name in built.written:
        state = (
            "out of step with its solution: run python -m workshop.authoring build" if check else "written"
        )
        typer.echo(f"notebooks/{name}: {state}")
    for name in built.stray:
        typer.echo(f"notebooks/{name}: no such solution: remove it, or rename the solution back")
    if not built.written:
        typer.echo(f"{len(built.unchanged)} notebooks in step with solutions/.")
    stale = False
    readme = root / "README.md"
    if readme.is_file():
        old = readme.read_text(encoding="utf-8")
        try:
            new = refreshed(old, lessons(root / "solutions"))
        except ValueError as error:
            raise _fail(str(error)) from None
        stale = new != old
        if stale and check:
            typer.echo("README.md: its tables are out of step: run python -m workshop.authoring build")
        elif stale:
            write(readme, new)
            typer.echo("README.md: tables written")
    if built.stray or (check and (built.written or stale)):
        raise typer.Exit(1)


@app.command()
def lint(names: Names = None) -> None:
    """Hold the solutions to the rules of a lesson."""
    from workshop.authoring.lint import lint as look

    paths = _paths(names)
    problems = look(paths)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{len(paths)} lessons, {len(problems)} problems.")
    if problems:
        raise typer.Exit(1)


@app.command()
def execute(names: Names = None) -> None:
    """Run solutions in practice mode and store what they print."""
    from workshop.authoring.execute import ExecutionFailed
    from workshop.authoring.execute import execute as run
    from workshop.authoring.notebooks import NotebookError
    from workshop.errors import LabError

    try:
        run(_paths(names), typer.echo)
    except (ExecutionFailed, NotebookError, LabError) as error:
        raise _fail(str(error)) from None


@app.command()
def tidy(names: Names = None) -> None:
    """Take out of solutions what is not content, without running them."""
    from workshop.authoring import notebooks

    for path in _paths(names):
        try:
            content = notebooks.text(notebooks.normalise(notebooks.read(path)))
        except notebooks.NotebookError as error:
            raise _fail(str(error)) from None
        if content != path.read_text(encoding="utf-8"):
            notebooks.write(path, content)
            typer.echo(f"{path.name}: tidied")


@app.command()
def new(number: int, name: str) -> None:
    """Write the skeleton of a lesson to solutions/."""
    from workshop.authoring import skeleton

    try:
        path = skeleton.new(settings.load().root / "solutions", number, name)
    except (ValueError, FileExistsError) as error:
        raise _fail(str(error)) from None
    typer.echo(f"{path.name}: written; fill it in, then run: python -m workshop.authoring lint {number}")


@app.command()
def slides(names: Names = None) -> None:
    """Make build/slides/*.html from solutions, without running them."""
    try:
        from workshop.authoring.notebooks import NotebookError, write
        from workshop.authoring.slides import export
    except ModuleNotFoundError as error:
        raise _fail(f"{error.name} is not installed: run make setup-dev") from None

    folder = settings.load().root / "build" / "slides"
    for path in _paths(names):
        try:
            write(folder / f"{path.stem}.html", export(path))
        except NotebookError as error:
            raise _fail(str(error)) from None
        typer.echo(f"build/slides/{path.stem}.html: written")


def _paths(names: list[str] | None) -> list[Path]:
    folder = settings.load().root / "solutions"
    every = sorted(folder.glob("*.ipynb"))
    if not names:
        if not every:
            raise _fail(f"there is no notebook in {folder.name}/")
        return every
    chosen: list[Path] = []
    for name in names:
        found = [path for path in every if _is_named(path, name)]
        if not found:
            known = ", ".join(path.stem for path in every) or "none"
            raise _fail(f"there is no lesson {name!r}; there are: {known}")
        chosen += found
    return chosen


def _is_named(path: Path, name: str) -> bool:
    if name.isdigit():
        return path.stem.partition("_")[0].lstrip("0") == name.lstrip("0")
    return path.stem == Path(name).stem


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    slow_imports.leave_out()
    app(prog_name="python -m workshop.authoring")
