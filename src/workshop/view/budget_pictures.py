"""Draws a run's budget: bars for the kinds of events, and a curve of bytes that climbs towards the server's limits.

The curve's scale is logarithmic, so that a run of some kilobytes and an end at 50 megabytes fit into one picture.
"""

from __future__ import annotations

import math
from html import escape

from workshop.runs.budget import Budget, Limits
from workshop.view.pictures import STYLE

_WIDTH = 880
_TOP = 44
_BAR = 24
_LABELS = 220
_BARS_END = 420
_LEFT, _RIGHT = 520, 850
_HEIGHT = 230
_LOWEST = 1_000
"""Bytes at the foot of the curve."""


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
    height = _TOP + _HEIGHT + 34
    heading = escape(f"{title}: bytes of history by kind of event and by turn")
    style = f"width:100%;min-width:520px;max-width:{_WIDTH + 120}px;height:auto"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wstory" role="img" aria-label="{heading}" '
        f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" style="{style}">'
        f"<title>{heading}</title><desc>{escape(text)}</desc><style>{STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{height}" style="fill:var(--paper)"/>{"".join(body)}</svg>'
    )


def _curve(budget: Budget, limits: Limits) -> list[str]:
    highest = max(limits.end.bytes, budget.bytes) * 2

    def height_of(size: float) -> float:
        share = math.log(max(size, _LOWEST) / _LOWEST) / math.log(highest / _LOWEST)
        return _TOP + _HEIGHT * (1 - share)

    parts = []
    for name, limit in (("flag", limits.flag), ("warning", limits.warning), ("end", limits.end)):
        y = height_of(limit.bytes)
        parts.append(f'<line class="line" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="s" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
    foot = _TOP + _HEIGHT
    parts.append(f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{foot}" y2="{foot}"/>')
    turns = len(budget.turns)
    if not turns:
        return parts
    points, used = [], budget.begun.bytes
    for n, turn in enumerate(budget.turns, start=1):
        used += turn.bytes
        points.append(f"{_LEFT + (_RIGHT - _LEFT) * n / turns:.1f},{height_of(used):.1f}")
    line = " ".join(points)
    parts.append(f'<polyline points="{line}" style="fill:none;stroke:var(--blue);stroke-width:2.5"/>')
    parts.append(f'<text class="s" x="{_LEFT}" y="{foot + 18}">turn 1</text>')
    parts.append(f'<text class="s" x="{_RIGHT}" y="{foot + 18}" text-anchor="end">turn {turns:,}</text>')
    return parts


__all__ = ["draw"]
