"""Draws a fleet: a bar for its runs and one for its calls, each part with its number in words below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from workshop.view.pictures import STYLE

_WIDTH, _LEFT, _RIGHT = 880, 14, 862
_BAR, _STEP, _TOP = 26, 92, 14
_KEY, _LETTER = 12, 7.2


@dataclass(frozen=True)
class Bar:
    """One part of a bar: what it is in words, its shade in the pictures' style, and its number."""

    words: str
    shade: str
    number: int


def draw(shown: Mapping[str, tuple[Sequence[Bar], int]], text: str) -> str:
    """An ``<svg>`` element.

    Args:
        shown: By title: the parts of a bar, and how many the whole bar stands for; 0: as many as there are.
        text: The same in words, as its description.
    """
    body = [_row(n, title, *bars) for n, (title, bars) in enumerate(shown.items())]
    height = _TOP + _STEP * len(shown)
    heading = escape(f"A fleet: {' and '.join(shown)}")
    style = f"width:100%;min-width:520px;max-width:{_WIDTH + 120}px;height:auto"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wstory" role="img" aria-label="{heading}" '
        f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" style="{style}">'
        f"<title>{heading}</title><desc>{escape(text)}</desc><style>{STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{height}" style="fill:var(--paper)"/>{"".join(body)}</svg>'
    )


def _row(n: int, title: str, bars: Sequence[Bar], whole: int) -> str:
    top = _TOP + n * _STEP
    y = top + 20
    drawn = [f'<text class="t" x="{_LEFT}" y="{top + 10}">{escape(title)}</text>']
    drawn.append(
        f'<rect class="wait" x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT}" height="{_BAR}" rx="3" '
        'style="fill:none"/>'
    )
    x, key = float(_LEFT), float(_LEFT)
    total = max(whole, sum(bar.number for bar in bars), 1)
    for bar in bars:
        if not bar.number:
            continue
        width = (_RIGHT - _LEFT) * bar.number / total
        drawn.append(
            f'<rect class="{bar.shade}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="3"/>'
        )
        words = f"{bar.number:,} {bar.words}"
        drawn.append(
            f'<rect class="{bar.shade}" x="{key:.1f}" y="{y + _BAR + 9}" width="{_KEY}" height="{_KEY}" rx="2"/>'
            f'<text class="c" x="{key + _KEY + 5:.1f}" y="{y + _BAR + 19}">{escape(words)}</text>'
        )
        x += width
        key += _KEY + 24 + len(words) * _LETTER
    return "".join(drawn)


__all__ = ["Bar", "draw"]
