"""Draws the cost of durability as SVG: history left, seconds right, both axes logarithmic.

Lines differ by dashes and by the shape of their points, and the legend says so in words; colour is only a third
help. The picture brings its own background, so that it can be read on a light page and on a dark one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 880, 470
_TOP, _BOTTOM = 116, 408
_PANELS = ((84, 424), (516, 856))
"""Left and right edge of each panel."""

_STYLE = """
.cost{--ink:#1f2328;--dim:#59636e;--paper:#fbfbfd;--edge:#c9ced8;--plain:#59636e;--native:#9a4a00;--sdk:#0a5cc4;
font:15px system-ui,-apple-system,"Segoe UI",sans-serif}
@media (prefers-color-scheme:dark){.cost{--ink:#e6edf3;--dim:#a8b2bc;--paper:#0d1117;--edge:#444c56;
--plain:#a8b2bc;--native:#f0a35e;--sdk:#6cb0ff}}
.cost text{fill:var(--ink)}
.cost .h{font-size:16px;font-weight:600}
.cost .s{font-size:14px;fill:var(--dim)}
.cost .rule{stroke:var(--dim);stroke-opacity:.25}
.cost .axis{fill:none;stroke:var(--dim)}
.cost .limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 4}
.cost .line{fill:none;stroke-width:2.5}
""".strip().replace("\n", "")

_DASHES = {"plain process": "2 5", "native loop": "9 5", "SDK agent": ""}
_COLOURS = {"plain process": "--plain", "native loop": "--native", "SDK agent": "--sdk"}
_SAID = {
    "plain process": "plain process (lesson 1): dotted, circles",
    "native loop": "native loop (lesson 3): dashed, squares",
    "SDK agent": "SDK agent (lesson 4): solid, triangles",
}


@dataclass(frozen=True)
class Line:
    """One agent's points: turns, and what they cost."""

    agent: str
    points: Sequence[tuple[int, float]]


@dataclass(frozen=True)
class _Scale:
    """A logarithmic scale between two places on the picture."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + (self.end - self.begin) * share


def draw(sizes: Sequence[Line], seconds: Sequence[Line], limit: int, told: str) -> str:
    """Draw both panels.

    Args:
        sizes: Bytes of history.
        seconds: Seconds from question to answer.
        limit: The largest history, in bytes.
        told: The numbers in words, for those who do not see the picture.
    """
    title = "Cost of durability, by the number of turns"
    about = (
        "Two logarithmic plots over the number of turns. Left, the history in bytes: it grows nearly with the "
        "square of the turns, and is nearly the same for both agents. Right, the seconds of a run. " + told
    )
    (few, small), (many, large) = sizes[-1].points[-2:]
    note = f"{few} to {many} turns: {large / small:.0f} times the history"
    body = [
        _panel(_PANELS[0], "Size of the history", sizes, _bytes, limit, note),
        _panel(_PANELS[1], "Seconds for the whole run", seconds, _seconds),
        _legend([line.agent for line in seconds]),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cost" role="img" aria-labelledby="t d" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}">\n'
        f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(about)}</desc>\n<style>{_STYLE}</style>\n'
        f'<rect x="1" y="1" width="{_WIDTH - 2}" height="{_HEIGHT - 2}" rx="10" '
        f'style="fill:var(--paper);stroke:var(--edge)"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _panel(
    edges: tuple[int, int],
    heading: str,
    lines: Sequence[Line],
    unit: Callable[[float], str],
    limit: float | None = None,
    note: str = "",
) -> str:
    values = [value for line in lines for _, value in line.points]
    turns = sorted({n for line in lines for n, _ in line.points})
    low = 10.0 ** math.floor(math.log10(min(values)))
    high = 10.0 ** math.ceil(math.log10(max([*values, limit or 0.0])))
    left, right = edges
    x = _Scale(turns[0] / 1.3, turns[-1] * 1.3, left, right)
    y = _Scale(low, high, _BOTTOM, _TOP)
    drawn = [_text(left - 60, _TOP - 18, heading, "h")]
    for power in range(round(math.log10(high / low)) + 1):
        value = low * 10**power
        at = _n(y(value))
        drawn.append(f'<path class="rule" d="M{left} {at}H{right}"/>')
        drawn.append(_text(left - 8, y(value) + 5, unit(value), "s", "end"))
    drawn.append(f'<path class="axis" d="M{left} {_TOP}V{_BOTTOM}H{right}"/>')
    for n in turns:
        drawn.append(f'<path class="axis" d="M{_n(x(n))} {_BOTTOM}v5"/>')
        drawn.append(_text(x(n), _BOTTOM + 22, str(n), "s", "middle"))
    drawn.append(_text((left + right) / 2, _BOTTOM + 44, "turns", "s", "middle"))
    if limit is not None:
        drawn.append(f'<path class="limit" d="M{left} {_n(y(limit))}H{right}"/>')
        drawn.append(_text(left + 8, y(limit) + 18, f"{limit / 2**20:.0f} MB: the server ends the run", "s"))
    if note:
        drawn.append(_text(right - 6, _BOTTOM - 14, note, "s", "end"))
    drawn += [_line(line, x, y) for line in lines]
    return "\n".join(drawn)


def _line(line: Line, x: _Scale, y: _Scale) -> str:
    places = [(x(turns), y(value)) for turns, value in line.points]
    colour = f"var({_COLOURS[line.agent]})"
    path = "L".join(f"{_n(a)} {_n(b)}" for a, b in places)
    drawn = f'<path class="line" style="stroke:{colour};stroke-dasharray:{_DASHES[line.agent] or "none"}" d="M{path}"/>'
    return drawn + "".join(_mark(line.agent, a, b) for a, b in places)


def _mark(agent: str, x: float, y: float) -> str:
    style = f'style="fill:var(--paper);stroke:var({_COLOURS[agent]});stroke-width:2"'
    if agent == "plain process":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="5" {style}/>'
    if agent == "native loop":
        return f'<rect x="{_n(x - 4.5)}" y="{_n(y - 4.5)}" width="9" height="9" {style}/>'
    return f'<path d="M{_n(x)} {_n(y - 6)}l6 10.5h-12z" {style}/>'


def _legend(agents: Sequence[str]) -> str:
    drawn = []
    for n, agent in enumerate(agents):
        left, y = 24 + 283 * n, 40
        stroke = f"stroke:var({_COLOURS[agent]});stroke-dasharray:{_DASHES[agent] or 'none'}"
        drawn.append(f'<path class="line" style="{stroke}" d="M{left} {y - 5}h48"/>')
        drawn.append(_mark(agent, left + 24, y - 5))
        name, _, way = _SAID[agent].partition(": ")
        drawn.append(_text(left + 58, y, name, ""))
        drawn.append(_text(left + 58, y + 20, way, "s"))
    return "\n".join(drawn)


def _bytes(value: float) -> str:
    return f"{value / 1e6:g} MB" if value >= 1e6 else f"{value / 1e3:g} KB"


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    of_kind = f' class="{kind}"' if kind else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{of_kind} x="{_n(x)}" y="{_n(y)}"{at}>{escape(text)}</text>'


def _n(number: float) -> str:
    return f"{round(number * 2) / 2:g}"


__all__ = ["Line", "draw"]
