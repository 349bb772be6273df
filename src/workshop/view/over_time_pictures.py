"""Draws gauges over time: a strip for each, with numbered lines at the moments that have a name.

A gauge that did not answer leaves a gap: that is not the same as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from workshop.view.pictures import STYLE

_WIDTH, _LEFT, _RIGHT = 880, 220, 850
_TOP, _STRIP, _GAP = 34, 64, 22
_CURVE = "fill:none;stroke:var(--blue);stroke-width:2.5"
_LETTER = 7.2
_LABEL = int((_LEFT - 30) / _LETTER)


@dataclass(frozen=True)
class Point:
    """What the gauges said, some seconds after the beginning; None: no answer."""

    seconds: float
    values: Mapping[str, float | None]


def draw(
    names: Sequence[str],
    points: Sequence[Point],
    moments: Sequence[tuple[float, str]],
    text: str,
    *,
    by_time: bool,
) -> str:
    """An ``<svg>`` element with ``text`` as its description.

    Args:
        names: The gauges.
        points: What they said, in order.
        moments: Seconds and words of the moments that have a name.
        text: The same in words.
        by_time: Whether to draw by the clock, or moment by moment, evenly spread.
    """
    if by_time:
        longest = max([point.seconds for point in points], default=0.0) or 1.0
        places = [point.seconds / longest for point in points]
        lines = [seconds / longest for seconds, _ in moments]
    else:
        places = lines = [(n + 0.5) / len(points) for n in range(len(points))]
    bottom = _TOP + len(names) * (_STRIP + _GAP)
    body = [_moment(n, place, bottom) for n, place in enumerate(lines, start=1)]
    for n, name in enumerate(names):
        body.append(
            _strip(name, _TOP + n * (_STRIP + _GAP), places, [p.values[name] for p in points], by_time)
        )
    axis = f"{points[-1].seconds:.0f} s" if by_time and points else "in order, not by the clock"
    body.append(f'<text class="s" x="{_RIGHT}" y="{bottom + 2}" text-anchor="end">{axis}</text>')
    for n, (_, words) in enumerate(moments, start=1):
        body.append(f'<text class="c" x="14" y="{bottom + 6 + 18 * n}">{n} {escape(words)}</text>')
    height = bottom + 18 + 18 * len(moments)
    heading = escape(f"Over time: {', '.join(names)}")
    style = f"width:100%;min-width:520px;max-width:{_WIDTH + 120}px;height:auto"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wstory" role="img" aria-label="{heading}" '
        f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" style="{style}">'
        f"<title>{heading}</title><desc>{escape(text)}</desc><style>{STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{height}" style="fill:var(--paper)"/>{"".join(body)}</svg>'
    )


def _x(place: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * place


def _moment(n: int, place: float, bottom: int) -> str:
    x = _x(place)
    return (
        f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 12}" y2="{bottom - _GAP}"/>'
        f'<text class="c" x="{x:.1f}" y="{_TOP - 18}" text-anchor="middle">{n}</text>'
    )


def _strip(
    name: str, top: int, places: Sequence[float], values: Sequence[float | None], by_time: bool
) -> str:
    most = max([value for value in values if value is not None], default=0) or 1
    foot = top + _STRIP
    label = name if len(name) <= _LABEL else name[: _LABEL - 1] + "…"
    drawn = [
        f'<g><title>{escape(name)}</title><text x="14" y="{top + _STRIP / 2 + 4}">{escape(label)}</text></g>',
        f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{foot}" y2="{foot}"/>',
        f'<text class="s" x="{_LEFT - 6}" y="{foot + 4}" text-anchor="end">0</text>',
        f'<text class="s" x="{_LEFT - 6}" y="{top + 10}" text-anchor="end">{most:,g}</text>',
    ]

    def at(place: float, value: float) -> tuple[float, float]:
        return _x(place), foot - (_STRIP - 6) * value / most

    known = list(zip(places, values, strict=True))
    for (before, old), (after, new) in pairwise(known):
        if old is not None and new is not None:
            (x1, y1), (x2, y2) = at(before, old), at(after, new)
            # Between two looks, a number stays until it is another one.
            drawn.append(f'<path d="M{x1:.1f} {y1:.1f}H{x2:.1f}V{y2:.1f}" style="{_CURVE}"/>')
    if not by_time:
        for place, value in known:
            x, y = at(place, value or 0)
            if value is None:
                drawn.append(
                    f'<text class="s" x="{x:.1f}" y="{foot - 8}" text-anchor="middle">no answer</text>'
                )
            else:
                drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" style="fill:var(--blue)"/>')
                beside = y + 16 if y < top + 20 else y - 7
                drawn.append(f'<text class="c" x="{x + 8:.1f}" y="{beside:.1f}">{value:,g}</text>')
    return "".join(drawn)


__all__ = ["Point", "draw"]
