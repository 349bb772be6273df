"""``graph = show.gauges({...})``: some numbers over time, and at the moments that a lesson names.

Where views are stored, the picture has the moments alone: when they were, and what was between, differs.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2
import ipywidgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop.errors import LabError, LabTimeout
from workshop.view.document import Paragraph, Table, View
from workshop.view.over_time_pictures import Point, draw

Values = Mapping[str, float | None]
"""What the gauges say, by name; None: whoever should tell does not answer."""

_EVERY_SECONDS = 0.5
_LONGEST_SECONDS = 30 * 60
_SILENT = "no answer"


@dataclass(frozen=True)
class Moment:
    """A moment with a name, and what the gauges said then."""

    words: str
    seconds: float
    values: Values


class Gauges:
    """Reads its gauges twice a second until :meth:`stop`, half an hour at most. Made by ``show.gauges``.

    Attributes:
        moments: Those that were reached, in order.
    """

    def __init__(self, gauges: Mapping[str, Callable[[], float]], *, live: bool) -> None:
        self.moments: list[Moment] = []
        self._gauges = dict(gauges)
        self._samples: list[Moment] = []
        self._changed = asyncio.Event()
        self._began = time.monotonic()
        self._live = live
        self._shown = ipywidgets.HTML() if live else None
        if live:
            display(self._shown)  # type: ignore[no-untyped-call]
        self._task = asyncio.ensure_future(self._sample())

    async def reach(self, words: str, expected: Mapping[str, float | None], timeout: float = 40.0) -> None:
        """Wait until some of the gauges say what is expected, and note the moment.

        Args:
            words: What to call it.
            expected: By name of the gauge; None: no answer.
            timeout: Seconds to wait at most.

        Raises:
            LabError: there is no such gauge, or they have been stopped.
            LabTimeout: they do not say so in time.
        """
        if unknown := [name for name in expected if name not in self._gauges]:
            raise LabError(f"There is no gauge {unknown[0]!r}. There are: {', '.join(self._gauges)}.")
        asked = self._now()  # what was read before is about what was before
        try:
            async with asyncio.timeout(timeout):
                while not self._is(expected, asked):
                    if self._task.done():
                        raise LabError("These gauges have been stopped.")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            last = self._samples[-1].values if self._samples else {}
            told = ", ".join(f"{name}: {number(last.get(name))}" for name in expected)
            raise LabTimeout(
                f"After {timeout:g} s, this was not reached: {words}. Last seen: {told}."
            ) from None
        latest = self._samples[-1]
        self.moments.append(Moment(words, latest.seconds, latest.values))

    def _is(self, expected: Values, since: float) -> bool:
        """Whether the latest sample, if it was begun since then, says this."""
        if not self._samples or self._samples[-1].seconds < since:
            return False
        latest = self._samples[-1].values
        return all(latest[name] == value for name, value in expected.items())

    def _now(self) -> float:
        return time.monotonic() - self._began

    def stop(self) -> None:
        """Read no more; the picture stays as it is."""
        self._task.cancel()

    async def _sample(self) -> None:
        try:
            while (seconds := self._now()) < _LONGEST_SECONDS:
                # In a thread: one that does not answer must not hold the notebook's own loop.
                values = await asyncio.to_thread(self._read)
                self._samples.append(Moment("", seconds, values))
                self._changed.set()
                if self._shown is not None:
                    self._shown.value = self._svg()
                await asyncio.sleep(_EVERY_SECONDS)
        except asyncio.CancelledError:
            pass
        finally:
            self._changed.set()

    def _read(self) -> Values:
        values: dict[str, float | None] = {}
        for name, gauge in self._gauges.items():
            try:
                values[name] = gauge()
            except (httpx2.HTTPError, OSError):
                values[name] = None
        return values

    def text(self) -> str:
        """The moments as a table: nothing in it differs between two runs that went the same way."""
        return View("gauges", [self._table()]).text()

    def html(self) -> str:
        """The picture, and the table below it."""
        below = View("gauges", [self._table() if self.moments else Paragraph("Nothing was reached yet.")])
        return f'<figure style="margin:0;overflow-x:auto">{self._svg()}</figure>\n{below.html()}'

    def _svg(self) -> str:
        samples = self._samples if self._live else self.moments
        points = [Point(sample.seconds, sample.values) for sample in samples]
        named = [(moment.seconds, moment.words) for moment in self.moments]
        return draw(list(self._gauges), points, named, self.text(), by_time=self._live)

    def _table(self) -> Table:
        rows = [
            [f"{n} {moment.words}", *(number(moment.values[name]) for name in self._gauges)]
            for n, moment in enumerate(self.moments, start=1)
        ]
        columns = frozenset(range(1, len(self._gauges) + 1))
        return Table("At these moments", ["moment", *self._gauges], rows, columns)

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def number(value: float | None) -> str:
    """A gauge's value in a table."""
    return _SILENT if value is None else f"{value:,g}"


def gauges(of: Mapping[str, Callable[[], float]]) -> Gauges:
    """Begin to read; live in this cell's output, unless views are to be static."""
    return Gauges(of, live=os.environ.get("WORKSHOP_VIEWS") != "static")


__all__ = ["Gauges", "Moment", "gauges"]
