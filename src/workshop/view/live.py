"""A view that refreshes itself, as a widget. Stored outputs use the static views instead."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

import ipywidgets  # type: ignore[import-untyped]

from workshop.errors import LabError
from workshop.view.document import View

_EVERY_SECONDS = 0.5
_LONGEST_SECONDS = 30 * 60


class LiveView(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Shows a view anew twice a second, until it is over, its button or :meth:`stop` is used, or half an hour is."""

    def __init__(self, read: Callable[[], View | Awaitable[View]]) -> None:
        self._read = read
        self._shown = ipywidgets.HTML()
        self._button = ipywidgets.Button(description="Stop refreshing")
        self._button.on_click(lambda _: self.stop())
        super().__init__([self._shown, self._button])
        self._task = asyncio.ensure_future(self._refresh())

    @property
    def running(self) -> bool:
        """Whether it still refreshes."""
        return not self._task.done()

    def stop(self) -> None:
        """Leave what is shown as it is."""
        self._task.cancel()
        self._button.disabled = True
        self._button.description = "Stopped"

    async def _refresh(self) -> None:
        until = time.monotonic() + _LONGEST_SECONDS
        with contextlib.suppress(asyncio.CancelledError):
            while time.monotonic() < until:
                try:
                    view = await self._now()
                    self._shown.value = view.html()
                    if view.over:
                        break
                except LabError as error:
                    self._shown.value = f"<p>{type(error).__name__}: waiting for the gateway</p>"
                await asyncio.sleep(_EVERY_SECONDS)
            self.stop()

    async def _now(self) -> View:
        # In a thread: a gateway that does not answer must not hold the notebook's own loop.
        view = await asyncio.to_thread(self._read)
        return await view if isinstance(view, Awaitable) else view


__all__ = ["LiveView"]
