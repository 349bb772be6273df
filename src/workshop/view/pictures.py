"""Draws a workflow's story as SVG that is readable in a dark theme as in a light one.

Colours and words say the same; whatever is too long for its place is whole in a ``<title>`` (shown where the
pointer rests) and in the text alternative. JupyterLab's and VS Code's own colours are used where there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from workshop.runs.events import shorten
from workshop.runs.story import Line, Place, Row, Segment, State, Story, row_label, segment_text

_WIDTH = 880
_LABELS = 200
_RIGHT = _WIDTH - 18
_CLOCK_RIGHT = _RIGHT - 124  # bars drawn by the clock may be thin; their words stand to the right of them
_BAR = 22
_CAPTION = 19
_GAP = 10
_TITLE = 38
_LINE_LABEL = 18
_AXIS = 30
_NARROWEST_COLUMN = 22.0
_LETTER = 7.2  # average width of a letter at 12.5 px, in px; enough for wide fonts too
_SMALL = 6.7  # the same at 11.5 px
_MOST_ROWS = 60

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200)
"""Seconds between two marks on the axis."""

_SHADES: dict[State, str] = {
    "completed": "done",
    "failed": "bad",
    "timed out": "bad",
    "cancelled": "off",
    "running": "now",
    "waiting": "wait",
}

# Text on the solid fills is white, at a contrast of at least 4.5 to 1 in both themes.
STYLE = """
.wstory{--ink:var(--jp-ui-font-color1,var(--vscode-editor-foreground,#1f2328));
--dim:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#59636e));
--paper:var(--jp-layout-color0,var(--vscode-editor-background,#ffffff));
--blue:var(--jp-brand-color1,var(--vscode-charts-blue,#0969da));
color:var(--ink);font:12.5px var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",sans-serif)}
@media (prefers-color-scheme:dark){.wstory{
--ink:var(--jp-ui-font-color1,var(--vscode-editor-foreground,#e6edf3));
--dim:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,#9da7b1));
--paper:var(--jp-layout-color0,var(--vscode-editor-background,#0d1117));
--blue:var(--jp-brand-color1,var(--vscode-charts-blue,#4493f8))}}
.wstory text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.wstory .t{font-size:15px;font-weight:600}
.wstory .st{font-size:13px;font-weight:400}
.wstory .wire{stroke:var(--dim);stroke-width:1.2;stroke-dasharray:2 3}
.wstory .s{font-size:11.5px;fill:var(--dim)}
.wstory .c{font-size:11.5px}
.wstory .in{fill:#fff;stroke:none;font-weight:500}
.wstory .m{stroke:none}
.wstory .done{fill:#1a7f37}
.wstory .bad{fill:#cf222e}
.wstory .off{fill:#6e7781}
.wstory .now{fill:var(--blue);fill-opacity:.16;stroke:var(--blue);stroke-width:1.5}
.wstory .wait{fill:var(--dim);fill-opacity:.1;stroke:var(--dim);stroke-width:1.2;stroke-dasharray:4 3}
.wstory .mark{fill:#8250df}
.wstory .rule{stroke:currentColor;stroke-opacity:.13}
.wstory .line{stroke:var(--ink);stroke-width:1.6;stroke-dasharray:5 4}
.wstory .arrow{fill:none;stroke:currentColor;stroke-opacity:.5}
.wstory .tag{fill:var(--paper);stroke:var(--ink);stroke-width:1.2}
""".strip().replace("\n", "")


@dataclass(frozen=True)
class _Scale:
    """From a place to a distance from the left, in px."""

    columns: Sequence[float] | None
    seconds: float

    def x(self, place: Place) -> float:
        if self.columns is not None:
            return self.columns[min(place.column, len(self.columns) - 1)]
        return _LABELS + (_CLOCK_RIGHT - _LABELS) * min(1.0, place.seconds / self.seconds)


def draw(story: Story, *, by_time: bool = False, seconds: bool = False, note: str = "") -> str:
    """Draw a story.

    Args:
        story: What to draw.
        by_time: Draw by the clock, with seconds; otherwise by the order of events.
        seconds: Say below a picture by the order of events when they were. Two runs never agree in that.
        note: A line to add below, such as that the picture no longer follows the run.

    Returns:
        An ``<svg>`` element with its text alternative and its styles.
    """
    rows, left_out = _chosen(story.rows)
    scale = _scale(story, rows, by_time)
    tags, levels = _tags(story.lines, scale)
    top = _TITLE + levels * _LINE_LABEL + (6 if levels else 0)
    body: list[str] = []
    y = float(top)
    for n, row in enumerate(rows):
        if left_out and n == len(rows) // 2:
            body.append(_text(14, y + 15, f"… {left_out} more rows: see the text …", "s"))
            y += _BAR + _GAP
        drawn, height = _row(row, y, scale, story.side_by_side, [tag.x for tag in tags])
        body.append(
            f'<line class="rule" x1="14" x2="{_RIGHT}" y1="{_n(y - _GAP / 2)}" y2="{_n(y - _GAP / 2)}"/>'
        )
        body.append(drawn)
        y += height + _GAP
    if not rows:
        body.append(_text(14, y + 15, "No steps." if story.closed else "No steps yet.", "s"))
        y += _BAR + _GAP
    bottom = y
    height = bottom + _AXIS + (16 if note else 0)
    # All lines first: none runs through another one's label.
    lines = "".join(_line(tag, bottom) for tag in tags) + "".join(_label(tag) for tag in tags)
    moments = _moments(rows, scale) if seconds else []
    axis = _seconds_axis(story, top, bottom) if by_time else _order_axis(bottom, moments)
    extra = _text(14, bottom + _AXIS + 6, note, "s") if note else ""
    heading = escape(_heading(story))
    style = f"width:100%;min-width:520px;max-width:{_WIDTH + 120}px;height:auto"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wstory" role="img" aria-label="{heading}" '
        f'viewBox="0 0 {_WIDTH} {_n(height)}" width="{_WIDTH}" height="{_n(height)}" style="{style}">'
        f"<title>{heading}</title><desc>{escape(story.text())}</desc><style>{STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{_n(height)}" style="fill:var(--paper)"/>'
        f"{_title(story)}{axis}{lines}{''.join(body)}{extra}</svg>"
    )


def _heading(story: Story) -> str:
    return f"{story.workflow}: {story.status}" + (f" ({story.cause})" if story.cause else "")


def _title(story: Story) -> str:
    status = story.status + (f": {story.cause}" if story.cause else "")
    name = shorten(story.workflow, 40)
    shown = shorten(status, int((_RIGHT - 40 - len(name) * 9.5) / _LETTER))
    return (
        f'<text class="t" x="14" y="24">{escape(name)}<title>{escape(_heading(story))}</title>'
        f'<tspan class="st" dx="14">{escape(shown)}</tspan></text>'
    )


def _chosen(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """The rows to draw, and how many in the middle are left out of a very long picture."""
    if len(rows) <= _MOST_ROWS:
        return rows, 0
    half = _MOST_ROWS // 2
    return [*rows[:half], *rows[-half:]], len(rows) - 2 * half


def _scale(story: Story, rows: Sequence[Row], by_time: bool) -> _Scale:
    if by_time:
        return _Scale(None, max(story.end.seconds, 0.05))
    # A column begins where all that must fit before it has room; then the whole is stretched, or squeezed.
    ends: dict[int, list[tuple[int, float]]] = {}
    for row in rows:
        for segment in row.segments:
            if not row.instant:
                wanted = len(_inside(segment, story.side_by_side)) * _LETTER + 18
                ends.setdefault(segment.end.column, []).append((segment.start.column, wanted))
    wide = [0.0]
    for column in range(1, story.end.column + 1):
        begin = wide[-1] + (_NARROWEST_COLUMN if column > 1 else 4.0)
        for start, wanted in ends.get(column, ()):
            begin = max(begin, wide[start] + wanted)
        wide.append(begin)
    room = float(_RIGHT - _LABELS)
    factor = room / wide[-1] if wide[-1] > 0 else 1.0
    return _Scale([_LABELS + offset * min(factor, 2.0) for offset in wide], 1.0)


def _inside(segment: Segment, name_workers: bool, short: bool = False) -> str:
    """What is written on a segment."""
    # What waits is often drawn narrow: it has just begun to.
    text = "waits" if short and segment.state == "waiting" else segment.words
    if segment.first and segment.first == segment.last:
        text = f"{segment.first} {text}" if short else f"attempt {segment.first} {text}"
    elif segment.first:
        numbers = f"{segment.first}–{segment.last}"
        text = f"{numbers} {text}" if short else f"attempts {numbers} {text}"
    if name_workers and segment.worker is not None:
        text += f" · worker {segment.worker}"
    return text


def _row(row: Row, y: float, scale: _Scale, name_workers: bool, lines: Sequence[float]) -> tuple[str, float]:
    parts = []
    label = shorten(row.label, int((_LABELS - 26) / _LETTER))
    parts.append(f"<title>{escape(row_label(row))}</title>{_text(14, y + 15.5, label, '')}")
    tall = bool(row.of)
    if row.of:
        parts.append(_text(14, y + 15 + _CAPTION, shorten(row.of, int((_LABELS - 26) / _SMALL)), "s"))
    if row.instant:
        parts.append(_instant(row.segments[0], y, scale, lines))
    else:
        for before, after in pairwise(row.segments):
            if scale.x(after.start) - scale.x(before.end) > 3:
                middle = _n(y + _BAR / 2)
                wire = f"M{_n(scale.x(before.end) + 1)} {middle}H{_n(scale.x(after.start))}"
                parts.append(f'<path class="wire" d="{wire}"/>')
        for n, segment in enumerate(row.segments):
            parts.append(
                _bar(
                    segment,
                    y,
                    scale,
                    name_workers,
                    last=n == len(row.segments) - 1,
                    timer=row.kind == "timer",
                    row_start=row.start,
                    until=scale.x(row.segments[n + 1].start) if n + 1 < len(row.segments) else _RIGHT,
                    since=scale.x(row.segments[n - 1].end) if n else _LABELS,
                    lines=lines,
                )
            )
        caption = _captions(row)
        if caption:
            tall = True
            first = next(segment for segment in row.segments if segment.cause)
            parts.append(_caption(scale.x(first.start) + 2, y + 15 + _CAPTION, caption, lines))
    return f"<g>{''.join(parts)}</g>", _BAR + (_CAPTION if tall else 0)


def _captions(row: Row) -> str:
    """The causes below a bar: each once."""
    causes: list[str] = []
    for segment in row.segments:
        if segment.cause and segment.cause not in causes:
            causes.append(segment.cause)
    return " · ".join(causes)


def _bar(
    segment: Segment,
    y: float,
    scale: _Scale,
    name_workers: bool,
    *,
    last: bool,
    timer: bool,
    row_start: Place,
    until: float,
    since: float,
    lines: Sequence[float],
) -> str:
    left, right = scale.x(segment.start), scale.x(segment.end)
    width = max(right - left - (0 if last else 2), 3.0)
    shade = "off" if timer and segment.state == "completed" else _SHADES[segment.state]
    words = _inside(segment, name_workers)
    if len(words) * _LETTER + 8 > width:
        words = _inside(segment, name_workers, short=True)
    drawn = (
        f"<title>{escape(segment_text(segment, name_workers))}</title>"
        f'<rect class="{shade}" x="{_n(left)}" y="{_n(y)}" width="{_n(width)}" height="{_BAR}" rx="4"/>'
    )
    if len(words) * _LETTER + 8 <= width:
        solid = " in" if shade in ("done", "bad", "off") else ""
        drawn += _text(left + width / 2, y + 15.5, words, f"m{solid}", "middle")
    elif last:
        if left + width + 6 + len(words) * _LETTER <= _RIGHT:
            drawn += _beside(left + width + 6, y + 15.5, words, lines)
        elif scale.x(row_start) - 6 - len(words) * _LETTER >= _LABELS:
            drawn += _beside(scale.x(row_start) - 6, y + 15.5, words, lines, "end")
    elif left + width + 12 + len(words) * _LETTER <= until:
        drawn += _beside(left + width + 6, y + 15.5, words, lines)
    elif segment.first and len(str(segment.last)) * _LETTER + 6 <= width:
        drawn += _text(left + width / 2, y + 15.5, str(segment.last), "m in", "middle")
    elif segment.first and left + width + 6 + len(str(segment.last)) * _LETTER <= until:
        drawn += _text(left + width + 3, y + 15.5, str(segment.last), "")
    elif segment.first and left - 5 - len(str(segment.last)) * _LETTER >= since:
        # What follows begins at once, as the wait for the next attempt does: there is room before it.
        drawn += _text(left - 3, y + 15.5, str(segment.last), "", "end")
    return f"<g>{drawn}</g>"


def _beside(x: float, y: float, words: str, lines: Sequence[float], anchor: str = "start") -> str:
    """Words beside a bar; a vertical line that would run through them is interrupted there."""
    width = len(words) * _LETTER
    left = x if anchor == "start" else x - width
    return _paper(left, y, width, lines) + _text(x, y, words, "", anchor)


def _paper(left: float, y: float, width: float, lines: Sequence[float]) -> str:
    """A piece of background under words that a vertical line would run through; empty if none would."""
    if not any(left - 2 < line < left + width for line in lines):
        return ""
    return f'<rect style="fill:var(--paper)" x="{_n(left - 2)}" y="{_n(y - 11)}" width="{_n(width)}" height="14"/>'


def _instant(segment: Segment, y: float, scale: _Scale, lines: Sequence[float]) -> str:
    x, middle = scale.x(segment.start), y + _BAR / 2
    shade = {"completed": "mark", "failed": "bad"}.get(segment.state, "off")
    drawn = f'<path class="{shade}" d="M{_n(x - 8)} {_n(middle)}l8 -8 8 8 -8 8z"/>'
    if x + 14 + len(segment.words) * _LETTER <= _RIGHT:
        return drawn + _beside(x + 14, y + 15.5, segment.words, lines)
    return drawn + _beside(x - 14, y + 15.5, segment.words, lines, "end")


def _caption(x: float, y: float, text: str, lines: Sequence[float]) -> str:
    """A text that begins at x, or further left where it would not fit; cut if it is too long.

    A vertical line that would run through the words is interrupted there.
    """
    room = int((_RIGHT - _LABELS) / _SMALL)
    shown = shorten(text, room)
    begin = max(min(x, _RIGHT - len(shown) * _SMALL), _LABELS)
    paper = _paper(begin, y, len(shown) * _SMALL * 0.9 + 4, lines)
    return f"<g><title>{escape(text)}</title>{paper}{_text(begin, y, shown, 'c')}</g>"


@dataclass(frozen=True)
class _Tag:
    x: float
    left: float
    width: float
    level: int
    text: str


def _tags(lines: Sequence[Line], scale: _Scale) -> tuple[list[_Tag], int]:
    """Where the labels of the vertical lines go, so that none covers another; and how many levels."""
    taken: list[float] = []
    tags = []
    for line in sorted(lines, key=lambda line: scale.x(line.place)):
        x = scale.x(line.place)
        width = len(line.text) * _LETTER + 16
        left = min(max(x - width / 2, 14.0), _RIGHT - width)
        level = next((n for n, end in enumerate(taken) if end + 8 <= left), len(taken))
        if level == len(taken):
            taken.append(0.0)
        taken[level] = left + width
        tags.append(_Tag(x, left, width, level, line.text))
    return tags, len(taken)


def _line(tag: _Tag, bottom: float) -> str:
    return f'<path class="line" d="M{_n(tag.x)} {_n(_height_of(tag) + _LINE_LABEL - 2)}V{_n(bottom)}"/>'


def _label(tag: _Tag) -> str:
    y = _height_of(tag)
    return (
        f'<g><rect class="tag" x="{_n(tag.left)}" y="{_n(y - 2)}" width="{_n(tag.width)}" height="18" rx="9"/>'
        f"{_text(tag.left + tag.width / 2, y + 11.5, tag.text, 'c', 'middle')}</g>"
    )


def _height_of(tag: _Tag) -> float:
    return _TITLE - 2 + tag.level * _LINE_LABEL


def _order_axis(bottom: float, moments: Sequence[tuple[float, str]]) -> str:
    y = bottom + 8
    arrow = f'<path class="arrow" d="M{_LABELS} {_n(y)}H{_RIGHT}m-6 -4l6 4 -6 4"/>'
    if not moments:
        return arrow + _text(_LABELS, y + 15, "in the order of events, not by the clock", "s")
    return (
        arrow
        + _text(14, y + 15, "in order; seconds since its start", "s")
        + "".join(_text(x, y + 15, told, "s", "middle") for x, told in moments)
    )


def _moments(rows: Sequence[Row], scale: _Scale) -> list[tuple[float, str]]:
    """When what begins or ends at some of the columns did so; as many as have room."""
    at: dict[float, float] = {}
    for row in rows:
        for place in [row.start, *(segment.end for segment in row.segments)]:
            x = scale.x(place)
            at[x] = max(at.get(x, 0.0), place.seconds)
    chosen: list[tuple[float, str]] = []
    free = float(_LABELS)
    for x, seconds in sorted(at.items()):
        told = f"{seconds:.1f} s"
        half = len(told) * _SMALL / 2
        middle = min(max(x, _LABELS + half), _RIGHT - half)
        if middle - half >= free:
            chosen.append((middle, told))
            free = middle + half + 6
    return chosen


def _seconds_axis(story: Story, top: float, bottom: float) -> str:
    total = max(story.end.seconds, 0.05)
    step = next((size for size in _STEPS if total / size <= 9), 86400)
    drawn = []
    n = 0
    while n * step <= total * 1.001:
        x = _LABELS + (_CLOCK_RIGHT - _LABELS) * n * step / total
        anchor = "middle" if x < _RIGHT - 12 else "end"
        drawn.append(
            f'<line class="rule" x1="{_n(x)}" x2="{_n(x)}" y1="{_n(top - 4)}" y2="{_n(bottom + 4)}"/>'
            f"{_text(x, bottom + 18, f'{n * step:g} s', 's', anchor)}"
        )
        n += 1
    return "".join(drawn)


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    of_kind = f' class="{kind}"' if kind else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{of_kind} x="{_n(x)}" y="{_n(y)}"{at}>{escape(text)}</text>'


def _n(number: float) -> str:
    """A coordinate, to half a pixel: small differences of no meaning do not show in stored pictures."""
    return f"{round(number * 2) / 2:g}"


__all__ = ["STYLE", "draw"]
