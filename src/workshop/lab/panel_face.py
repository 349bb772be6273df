"""How a panel looks: plain ipywidgets, which say everything in words and show colour only beside them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets  # type: ignore[import-untyped]  # it has no types

from workshop.lab.controls import CLASS, LINE, MONO, SHADE, STYLE, block, close_all, html_box, section, strong
from workshop.lab.panel_shown import Action, Shown, ShownFault, ShownProcess
from workshop.lab.panel_words import LOG_LINES, Tone

# Windows knows no signals; ending a process there is as final.
KILL = "Kill (SIGKILL)" if sys.platform != "win32" else "Kill"

LABELS: dict[Action, str] = {"start": "Start", "kill": KILL, "restart": "Restart", "stop": "Stop"}

_MEANS: dict[Action, str] = {
    "start": "Start {name} as a process of its own",
    "kill": "Kill {name} at once: it cannot notice, clean up or refuse",
    "restart": "Start {name} again, with a new log; if it is running, it is killed first",
    "stop": "Ask {name} to end, as Ctrl-C in a terminal does; kill it if it has not ended after 5 seconds",
}

_ICONS: dict[Action, str] = {"start": "play", "kill": "bolt", "restart": "refresh", "stop": "stop"}

_TONES: dict[Tone, str] = {
    "good": "var(--jp-success-color1, #388e3c)",
    "bad": "var(--jp-error-color1, #d32f2f)",
    "neutral": LINE,
}


class Face:
    """The widgets of a panel. ``root`` is what a notebook displays."""

    def __init__(
        self,
        processes: Sequence[tuple[str, Callable[[Action], str]]],
        faults: Mapping[str, str],
        *,
        meter: bool,
        press: Callable[[int, Action], None],
        switch: Callable[[str, bool], None],
    ) -> None:
        """Build them; nothing is displayed yet.

        Args:
            processes: The processes' names, each with a function that tells the code for an action.
            faults: The switches' labels, each with the code that does the same.
            meter: Whether there is a meter.
            press: Called with a process's place and the action whose button was pressed.
            switch: Called with a label and the new value when a box was ticked or unticked.
        """
        self._rows = [_Row(place, name, code, press) for place, (name, code) in enumerate(processes)]
        self._switches = [_Switch(label, code, switch) for label, code in faults.items()]
        self._others = html_box()
        self._meter = html_box()
        self._said = html_box(STYLE)
        parts: list[Any] = []
        if self._rows:
            # Side by side where there is room, so that what a press did stays in view.
            beside = ipywidgets.Box(
                [row.box for row in self._rows],
                layout={"flex_flow": "row wrap", "grid_gap": "0.5rem 1rem", "overflow": "hidden"},
            )
            parts.append(section([beside]))
        if self._switches:
            head = html_box(
                block(
                    f"<div>{strong('Faults')}: what fails on purpose, for this notebook and its processes "
                    "only</div>"
                )
            )
            parts.append(section([head, *[switch.box for switch in self._switches], self._others]))
        if meter:
            parts.append(section([self._meter]))
        parts.append(section([self._said], last=True))
        self.root = ipywidgets.VBox(
            parts, layout={"max_width": "70rem", "padding": "0.25rem 0", "overflow": "hidden"}
        )
        self.root.add_class(CLASS)
        self._parts = parts

    def show(self, shown: Shown) -> None:
        """Show it; what has not changed is not sent again."""
        for row, process in zip(self._rows, shown.processes, strict=True):
            row.show(process)
        for switch, fault in zip(self._switches, shown.faults, strict=True):
            switch.show(fault)
        self._others.value = block(f"<div>{escape(shown.others)}</div>") if shown.others else ""
        self._meter.value = block(_meter_html(shown.meter))
        self._said.value = STYLE + block(_said_html(shown))

    def end(self, text: str) -> None:
        """Take the controls away and say why."""
        self.root.children = (html_box(block(f"<p>{escape(text)}</p>")),)
        for part in self._parts:
            close_all(part)

    def button(self, process: int, action: Action) -> Any:
        """A process's button."""
        return self._rows[process].buttons[action]

    def box(self, fault: int) -> Any:
        """A fault's box."""
        return self._switches[fault].tick


class _Row:
    def __init__(
        self,
        place: int,
        name: str,
        code: Callable[[Action], str],
        press: Callable[[int, Action], None],
    ) -> None:
        self._head = html_box()
        self._log = html_box()
        self.buttons = {action: self._button(place, name, action, code, press) for action in LABELS}
        bar = ipywidgets.HBox(
            list(self.buttons.values()), layout={"flex_flow": "row wrap", "margin": "0.25rem 0"}
        )
        self.box = ipywidgets.VBox(
            [self._head, bar, self._log],
            layout={"flex": "1 1 24rem", "min_width": "0", "overflow": "hidden"},
        )

    @staticmethod
    def _button(
        place: int,
        name: str,
        action: Action,
        code: Callable[[Action], str],
        press: Callable[[int, Action], None],
    ) -> Any:
        button = ipywidgets.Button(
            description=LABELS[action],
            icon=_ICONS[action],
            tooltip=f"{_MEANS[action].format(name=name)}. In code: {code(action)}",
            button_style="danger" if action == "kill" else "",
            layout={"width": "auto"},
        )
        button.on_click(lambda _: press(place, action))
        return button

    def show(self, process: ShownProcess) -> None:
        # The colour repeats what the words say.
        self._head.value = block(
            f'<div role="status" style="border-left:0.3rem solid {_TONES[process.tone]};'
            f'padding-left:0.5rem">{strong(process.name)}: {escape(process.state)}</div>'
        )
        # Its height does not change: a button that moves away below the pointer is pressed by mistake.
        # Nor does its width: a long line is scrolled to, not made room for.
        text = "\n".join(escape(line) for line in process.lines) or "<i>It has printed nothing so far.</i>"
        self._log.value = block(
            f'<pre tabindex="0" aria-label="The last lines that {escape(process.name)} printed" '
            f'style="{MONO};line-height:1.35;height:calc({LOG_LINES * 1.35}em + 1.6rem);margin:0;'
            f"padding:0.4rem 0.6rem;background:{SHADE};overflow:auto;white-space:pre;box-sizing:border-box;"
            f'width:0;min-width:100%">{text}</pre>'
        )


class _Switch:
    def __init__(self, label: str, code: str, switch: Callable[[str, bool], None]) -> None:
        self._label = label
        self._on = False
        self._switch = switch
        self.tick = ipywidgets.Checkbox(
            description=label,
            indent=False,
            tooltip=f"{label}. In code: {code}",
            layout={"width": "auto", "min_width": "10rem", "margin": "0 0.75rem 0 0"},
        )
        self._told = html_box()
        # Beside its box as long as there is some room for it, so that they stand in columns; else below.
        self._told.layout.flex = "1 1 20rem"
        self.box = ipywidgets.HBox([self.tick, self._told], layout={"flex_flow": "row wrap"})
        self.tick.observe(self._changed, names="value")

    def show(self, fault: ShownFault) -> None:
        self._on = fault.on
        self.tick.value = fault.on
        state = f"{strong('on')}{escape(fault.hits)}" if fault.on else "off"
        # As high as its box, and closer together where it takes two lines.
        self._told.value = (
            f'<div style="line-height:1.5;padding:0.25rem 0">{state} · {escape(fault.effect)}</div>'
        )

    def _changed(self, change: Any) -> None:
        # Only the learner's tick is news; the panel's own is what it was told.
        if change["new"] != self._on:
            self._on = change["new"]
            self._switch(self._label, change["new"])


def _meter_html(meter: tuple[tuple[str, str], ...] | str) -> str:
    if isinstance(meter, str):
        return f"<div>{strong('Meter')}: {escape(meter)}</div>"
    # With a space between them: without, a line has no place to break.
    cells = " ".join(
        f'<span style="white-space:nowrap;margin-right:1.5rem"><b style="font-size:1.25em">{escape(amount)}'
        f"</b> {escape(name)}</span>"
        for amount, name in meter
    )
    return f'<div>{strong("Meter")}: what this notebook has called</div><div role="status">{cells}</div>'


def _said_html(shown: Shown) -> str:
    if not shown.code:
        said = "press a button or tick a box, and the line of Python that does the same appears here."
        return f"<div>{strong('As code')}: {said}</div>"
    role = "alert" if shown.failed else "status"
    head = "Last press, failed" if shown.failed else "Last press"
    return (
        f'<div role="{role}" style="white-space:pre-wrap">{strong(head)}: {escape(shown.done)}</div>'
        f"<div>{strong('As code')}: "
        f'<code style="{MONO};background:{SHADE};padding:0.1rem 0.4rem;white-space:pre-wrap">'
        f"{escape(shown.code)}</code></div>"
    )


__all__ = ["KILL", "LABELS", "Face"]
