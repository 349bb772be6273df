"""Draws a run's budget: bars for the kinds of events, and the bytes by turn below the server's limits.

Both scales are linear, so that a square looks like one: what has been is drawn through, and dotted is how it would go
on to the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workshop.runs.budget import Budget, Limits
from workshop.view.pictures import STYLE
from workshop.view.wording import about, size

_WIDTH = 880
_TOP = 44
_BAR = 24
_LABELS = 220
_BARS_END = 420
_LEFT, _RIGHT = 520, 850
_HEIGHT = 230
_POINTS = 100
"""Places of a curve that are drawn, at most."""


def draw(title: str, budget: Budget, limits: Limits, text: str) -> str:
    """An ``<svg>`` element with ``text`` as its description."""
    body = [f'<text class="t" x="14" y="24">{escape(title)}</text>']
    kinds = sorted(budget.kinds.items(), key=lambda item: -item[1].bytes)
    for n, (kind, use) in enumerate(kinds):
        y = _TOP + n * (_BAR + 6)
        share = use.bytes / budget.bytes
        width = max(1.0, (_BARS_END - _LABELS) * share)
        body.append(f'<text class="c" x="14" y="{y + 16}">{escape(kind)}</text>')
        body.append(f'<rect class="mark" x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="3"/>')
        body.append(f'<text class="c" x="{_LABELS + width + 6:.1f}" y="{y + 16}">{share:.0%}</text>')
    body += _curve(budget, limits)
    height = _TOP + _HEIGHT + 54
    heading = escape(f"{title}: bytes of history by kind of event and by turn")
    style = f"width:100%;min-width:520px;max-width:{_WIDTH + 120}px;height:auto"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wstory" role="img" aria-label="{heading}" '
        f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" style="{style}">'
        f"<title>{heading}</title><desc>{escape(text)}</desc><style>{STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{height}" style="fill:var(--paper)"/>{"".join(body)}</svg>'
    )


def _curve(budget: Budget, limits: Limits) -> list[str]:
    highest = max(limits.end.bytes, budget.bytes) * 1.1
    ahead = budget.ahead(limits.end)
    made, turns = len(budget.turns), max(1, len(budget.turns), len(ahead))

    def place(turn: float, size: float) -> str:
        x, y = _LEFT + (_RIGHT - _LEFT) * turn / turns, _TOP + _HEIGHT * (1 - size / highest)
        return f"{x:.1f},{y:.1f}"

    parts = []
    for name, limit in (("flag", limits.flag), ("warning", limits.warning), ("end", limits.end)):
        height = _TOP + _HEIGHT * (1 - limit.bytes / highest)
        parts.append(
            f'<line class="line" x1="{_LEFT}" x2="{_RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>'
            f'<text class="s" x="{_LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{name}, {size(limit.bytes)}</text>'
        )
    foot = _TOP + _HEIGHT
    parts.append(f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{foot}" y2="{foot}"/>')
    if not made:
        return parts
    if len(ahead) > made:
        later = [place(n, ahead[n - 1]) for n in _some(made + 1, len(ahead))]
        parts.append(_line([place(made, budget.bytes), *later], dotted=True))
    parts.append(_line([place(n, budget.after(n).bytes) for n in _some(0, made)]))
    x, y = place(made, budget.bytes).split(",")
    parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" style="fill:var(--blue)"/>')
    parts.append(f'<text class="s" x="{_LEFT}" y="{foot + 18}">turn 0</text>')
    so_far = f"turn {made:,}: {size(budget.bytes)}"
    last = so_far if turns == made else f"about turn {about(turns):,}"
    parts.append(f'<text class="s" x="{_RIGHT}" y="{foot + 18}" text-anchor="end">{last}</text>')
    if turns > made:
        told = f"So far {so_far}. Dotted: if it goes on like this."
        parts.append(f'<text class="s" x="{_LEFT}" y="{foot + 38}">{told}</text>')
    return parts


def _some(first: int, last: int) -> list[int]:
    """Turns from one to another, evenly spread."""
    step = max(1, (last - first) // _POINTS)
    return [*range(first, last, step), last]


def _line(points: Sequence[str], *, dotted: bool = False) -> str:
    style = "fill:none;stroke:var(--blue);stroke-width:2.5" + (";stroke-dasharray:2 5" if dotted else "")
    return f'<polyline points="{" ".join(points)}" style="{style}"/>'


__all__ = ["draw"]
