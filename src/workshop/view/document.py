"""What a notebook shows, once: as text that can be stored and compared, and as the same content in HTML.

The HTML names no colours, so that it is readable in a dark theme as in a light one; what must stand out is
said in words, and bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# JupyterLab breaks words wherever a line of <pre> ends.
_WRAPPED = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere"


@dataclass(frozen=True)
class Paragraph:
    """One or more lines of prose."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table with a caption and a header row.

    Attributes:
        caption: What the table holds.
        header: The columns' names.
        rows: The cells, row by row.
        numbers: Which columns hold numbers, by place from 0: they are aligned to the right.
        levels: How deep each row's first cell is nested, from 0; none of them unless given.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    levels: Sequence[int] = ()


@dataclass(frozen=True)
class Node:
    """One entry of a nested list.

    Attributes:
        label: What it is, in a few words.
        value: What it says; may have several lines.
        children: What belongs under it.
    """

    label: str
    value: str = ""
    children: Sequence[Node] = ()


@dataclass(frozen=True)
class Tree:
    """A nested list; ``ordered`` numbers its first level for those who hear it instead of seeing it."""

    roots: Sequence[Node]
    ordered: bool = False


@dataclass(frozen=True)
class Verbatim:
    """Text whose spaces and line ends matter."""

    text: str


Block = Paragraph | Table | Tree | Verbatim


class View:
    """Something a cell ends with: Jupyter shows the HTML, ``print`` and a stored comparison use the text.

    Attributes:
        over: Whether what it shows has ended, so that a live view need not look again.
    """

    over = False

    def __init__(self, name: str, blocks: Sequence[Block]) -> None:
        self._name = name
        self._blocks = tuple(blocks)

    def text(self) -> str:
        """All of it as plain text."""
        return "\n\n".join(_block_text(block) for block in self._blocks)

    def html(self) -> str:
        """All of it as HTML that a screen reader can walk through."""
        inside = "\n".join(_block_html(block) for block in self._blocks)
        return f'<section aria-label="{escape(self._name)}">\n{inside}\n</section>'

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def _block_text(block: Block) -> str:
    if isinstance(block, Table):
        return _table_text(block)
    if isinstance(block, Tree):
        return "\n".join(line for root in block.roots for line in _node_text(root, 0))
    return block.text


def _table_text(table: Table) -> str:
    rows = [list(table.header), *[[" ".join(cell.split()) for cell in row] for row in table.rows]]
    for row, level in zip(rows[1:], _levels(table), strict=True):
        row[0] = "  " * level + row[0]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    lines = [f"{table.caption}:"]
    for row in rows:
        cells = [
            cell.rjust(width) if column in table.numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _levels(table: Table) -> Sequence[int]:
    return table.levels or [0] * len(table.rows)


def _node_text(node: Node, depth: int) -> list[str]:
    indent = "  " * depth
    first, *rest = node.value.split("\n")
    if rest:
        lines = [f"{indent}{node.label}:", *[f"{indent}  {line}".rstrip() for line in (first, *rest)]]
    else:
        lines = [f"{indent}{node.label}: {first}" if first else f"{indent}{node.label}"]
    for child in node.children:
        lines += _node_text(child, depth + 1)
    return lines


def _block_html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "\n".join(f"<p>{escape(line)}</p>" for line in block.text.split("\n"))
    if isinstance(block, Verbatim):
        return f'<pre style="{_WRAPPED}">{escape(block.text)}</pre>'
    if isinstance(block, Table):
        return _table_html(block)
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>\n" + "\n".join(_node_html(root) for root in block.roots) + f"\n</{tag}>"


def _table_html(table: Table) -> str:
    def cell(tag: str, text: str, column: int, more: str = "", level: int = 0) -> str:
        style = f"text-align: {'right' if column in table.numbers else 'left'}"
        if level and column == 0:
            style += f"; padding-left: {1.5 * level + 0.5:g}em"
        return f'<{tag}{more} style="{style}">{escape(text)}</{tag}>'

    head = "".join(cell("th", text, column, ' scope="col"') for column, text in enumerate(table.header))
    body = "\n".join(
        "<tr>" + "".join(cell("td", text, column, level=level) for column, text in enumerate(row)) + "</tr>"
        for row, level in zip(table.rows, _levels(table), strict=True)
    )
    caption = f'<caption style="text-align: left">{escape(table.caption)}</caption>'
    return f"<table>\n{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _node_html(node: Node) -> str:
    label = f"<strong>{escape(node.label)}</strong>"
    if "\n" in node.value:
        own = f'{label}: <pre style="{_WRAPPED}">{escape(node.value)}</pre>'
    else:
        own = f"{label}: {escape(node.value)}" if node.value else label
    if not node.children:
        return f"<li>{own}</li>"
    return f"<li>{own}\n<ul>\n" + "\n".join(_node_html(child) for child in node.children) + "\n</ul>\n</li>"


__all__ = ["Block", "Node", "Paragraph", "Table", "Tree", "Verbatim", "View"]
