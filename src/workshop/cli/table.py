"""Plain tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set rows in columns under a header. Columns that hold only numbers are set to the right."""
    everything = [header, *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(header))]
    numeric = [
        bool(rows) and all(_is_number(row[column]) for row in rows if row[column])
        for column in range(len(header))
    ]
    lines = []
    for row in everything:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return bool(cell) and all(letter.isdigit() or letter in ".%/ " for letter in cell)
