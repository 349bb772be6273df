"""The house: imports run one way, nothing is in a circle, no room is too large, and the picture of it is true.

What only types need counts as well. The rooms are described in CONTRIBUTING.md.
"""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "workshop"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("authoring", "grading", "takehome"),
    ("exercises",),
    ("checks",),
    ("game", "view"),
    ("lab",),
    ("runs",),
    ("gateway",),
    ("practice",),
    ("tools",),
    ("paths",),
    ("catalog",),
    ("settings", "errors", "slow_imports"),
)
"""From the top: a room knows those below it, never one beside or above it."""

LONGEST_MODULE = 500
LARGEST_SHARE = 1 / 5
DRAWN = re.compile(r"^ +(\w+) --> (\w+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("workshop", cache_dir=None)


def room(module: str) -> str:
    """``lab`` for ``workshop.lab.ports``; ``workshop`` for the package's own front door."""
    return module.split(".")[1] if "." in module else module


def test_every_room_has_its_place() -> None:
    found = {
        path.stem for path in SOURCES.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    placed = {name for layer in LAYERS for name in layer}
    assert found - {"__init__"} == placed, "a room that LAYERS does not place, or one that is gone"


def test_imports_run_one_way(graph: grimp.ImportGraph) -> None:
    height = {name: -n for n, layer in enumerate(LAYERS) for name in layer}
    wrong = []
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            below, above = room(imported), room(module)
            # The front door hands out names of the rooms behind it, and none of them asks there.
            if above != below and above != "workshop" and height.get(below, 1) >= height[above]:
                wrong.append(f"{module} imports {imported}: {below} is not below {above}")
    assert not wrong, (
        "Imports run down the LAYERS of this test, so that a room can be read without those above:\n"
        + "\n".join(wrong)
    )


def test_nothing_is_in_a_circle(graph: grimp.ImportGraph) -> None:
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        pytest.fail(f"These modules need each other, so none can be read or tested alone: {circle}")


def test_no_module_is_too_long() -> None:
    long = {path.relative_to(SOURCES).as_posix(): n for path, n in lengths() if n > LONGEST_MODULE}
    assert not long, f"A module is one idea, in {LONGEST_MODULE} lines at most: split {long}"


def test_no_room_is_too_large() -> None:
    sizes: dict[str, int] = {}
    for path, length in lengths():
        name = room_of(path)
        sizes[name] = sizes.get(name, 0) + length
    most = LARGEST_SHARE * sum(sizes.values())
    large = {name: size for name, size in sizes.items() if size > most}
    assert not large, f"A room holds a fifth of the house ({most:.0f} lines) at most: {large}"


def test_the_picture_is_true(graph: grimp.ImportGraph) -> None:
    needs: dict[str, set[str]] = {}
    for module in graph.modules:
        if room(module) != "workshop":
            needs.setdefault(room(module), set()).update(
                room(imported) for imported in graph.find_modules_directly_imported_by(module)
            )
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    picture = text.partition("```mermaid\n")[2].partition("```")[0]
    drawn = set(DRAWN.findall(picture))
    wanted = reduced({name: found - {name} for name, found in needs.items()})
    assert drawn == wanted, (
        f"CONTRIBUTING.md draws the rooms: add {sorted(wanted - drawn)}, take away {sorted(drawn - wanted)}"
    )


def reduced(needs: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows that a picture needs: none that is said by a longer way."""

    below: dict[str, set[str]] = {}
    for name in TopologicalSorter(needs).static_order():
        below[name] = set().union(*({near} | below[near] for near in needs.get(name, ())))
    far = {name: set().union(*(below[near] for near in found)) for name, found in needs.items()}
    return {(name, near) for name, found in needs.items() for near in found - far[name]}


def room_of(path: Path) -> str:
    """A package; among the exercises, a lesson's: they lie side by side, and there will be more."""
    parts = path.relative_to(SOURCES).parts
    return "/".join(parts[:2]) if parts[0] == "exercises" else parts[0]


def lengths() -> list[tuple[Path, int]]:
    paths = sorted(SOURCES.rglob("*.py"))
    return [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths]
