"""The learner's files, as files of a project of their own: what they import comes along, under its new name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from workshop.catalog import STAND_IN
from workshop.errors import LabError

_QUEUE = re.compile(r"(?:^#[^\n]*\n)*^TASK_QUEUE = [^\n]*WORKSHOP_SCOPE[^\n]*\n", re.MULTILINE)

_STAND_IN = re.compile(rf"^{re.escape(STAND_IN)}[^\n]*\n", re.MULTILINE)


def collect(folder: Path, takes: tuple[str, ...], name: str) -> dict[str, str]:
    """Read files of ``my/<folder>`` and whatever of ``my/`` they import.

    Args:
        folder: The learner's folder, ``my/sdk_agent``.
        takes: The files to begin with, without ``.py``.
        name: The project's package.

    Returns:
        The texts by their path below the package, their imports put right. Files of another folder than this
        one keep that folder's name: ``native_agent/messages.py``.

    Raises:
        LabError: a file is missing, is not Python, or needs something that stays in the course.
    """
    found: dict[str, str] = {}
    wanted = [folder / f"{one}.py" for one in takes]
    while wanted:
        file = wanted.pop()
        place = _place(file, folder)
        if place in found:
            continue
        if not file.is_file():
            raise LabError(f"{_told(file)} is not there. Run the cell that writes it first.")
        text = file.read_text(encoding="utf-8")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise LabError(f"{_told(file)} is not Python: {error.msg} (line {error.lineno}).") from None
        for module in _modules(tree):
            if module.startswith("my."):
                wanted.append(_file_of(module, folder))
            elif module.partition(".")[0] == "workshop" and not module.startswith("workshop.tools"):
                raise LabError(f"{_told(file)} imports {module}, which stays in the course.")
        text = _QUEUE.sub(
            f'TASK_QUEUE = os.environ.get("TASK_QUEUE", "{_dashed(name)}")\n', _STAND_IN.sub("", text)
        )
        text = _renamed(text, folder, name)
        if "WORKSHOP_" in text:
            raise LabError(
                f"{_told(file)} reads a variable of the course (WORKSHOP_...), which the project will not have."
            )
        found[place] = text
    return found


def services_of(texts: dict[str, str]) -> set[str]:
    """Which modules of ``services`` these files use, by name: ``{"bank", "weather"}``."""
    used: set[str] = set()
    for text in texts.values():
        for names in re.findall(r"from \w+\.services import ([^\n]+)", text):
            used |= {one.strip() for one in names.split(",")}
    return used


def _modules(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [one.name for one in node.names]
    return found


def _renamed(text: str, folder: Path, name: str) -> str:
    own = re.escape(f"my.{folder.name}")
    text = re.sub(rf"\b(from|import) {own}\.", rf"\1 {name}.", text)
    text = re.sub(r"\b(from|import) my\.", rf"\1 {name}.", text)
    return re.sub(r"\b(from|import) workshop\.tools\b", rf"\1 {name}.services", text)


def _file_of(module: str, folder: Path) -> Path:
    return folder.parent.joinpath(*module.split(".")[1:]).with_suffix(".py")


def _place(file: Path, folder: Path) -> str:
    inside = file.relative_to(folder.parent)
    return inside.relative_to(folder.name).as_posix() if inside.parts[0] == folder.name else inside.as_posix()


def _told(file: Path) -> str:
    return "/".join(file.parts[-3:])


def _dashed(name: str) -> str:
    return name.replace("_", "-")


__all__ = ["collect", "services_of"]
