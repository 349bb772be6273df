"""How ``lab.approvals`` looks: a line and two buttons for each call, which stay where they are when it is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets  # type: ignore[import-untyped]  # it has no types

from workshop.lab.cases import STATES, Case, Said
from workshop.lab.controls import CLASS, MONO, SHADE, STYLE, block, html_box, strong


class Face:
    """The widgets. ``root`` is what a notebook displays."""

    def __init__(self, press: Callable[[str, bool], None], code: Callable[[str, bool], str]) -> None:
        """Build them; nothing is displayed yet.

        Args:
            press: Called with a call's id, and True for yes.
            code: Tells the line of Python that does the same.
        """
        self._press = press
        self._code = code
        self._rows: dict[str, _Row] = {}
        self._head = html_box()
        self._said = html_box(STYLE)
        self.root = ipywidgets.VBox(
            [self._head, self._said],
            layout={"max_width": "70rem", "padding": "0.25rem 0", "overflow": "hidden"},
        )
        self.root.add_class(CLASS)

    def show(self, cases: Sequence[Case], summary: str, said: Said) -> None:
        """Show them; what has not changed is not sent again."""
        for case in cases:
            if case.call_id not in self._rows:
                self._rows[case.call_id] = _Row(case, self._press, self._code)
                self.root.children = (self._head, *[row.box for row in self._rows.values()], self._said)
            self._rows[case.call_id].show(case)
        self._head.value = block(f'<div role="status">{strong("Approvals")}: {escape(summary)}</div>')
        self._said.value = STYLE + block(_said_html(said))

    def button(self, call_id: str, approved: bool) -> Any:
        """A call's button."""
        row = self._rows[call_id]
        return row.yes if approved else row.no


class _Row:
    def __init__(
        self, case: Case, press: Callable[[str, bool], None], code: Callable[[str, bool], str]
    ) -> None:
        self._told = html_box()

        def button(label: str, icon: str, approved: bool) -> Any:
            made = ipywidgets.Button(
                description=label,
                icon=icon,
                tooltip=f"{label} {case.call}. In code: {code(case.call_id, approved)}",
                layout={"width": "auto"},
            )
            made.on_click(lambda _: press(case.call_id, approved))
            return made

        self.yes = button("Approve", "check", approved=True)
        self.no = button("Reject", "times", approved=False)
        bar = ipywidgets.HBox([self.yes, self.no], layout={"flex_flow": "row wrap", "margin": "0.25rem 0"})
        self.box = ipywidgets.VBox([self._told, bar], layout={"overflow": "hidden"})

    def show(self, case: Case) -> None:
        self._told.value = block(
            f'<div role="status"><code style="{MONO};background:{SHADE};padding:0.1rem 0.4rem">'
            f"{escape(case.call)}</code> {STATES[case.state]}</div>"
        )
        for button in (self.yes, self.no):
            button.disabled = case.state != "waiting"


def _said_html(said: Said) -> str:
    if not said.code:
        text = "press a button, and the line of Python that does the same appears here."
        return f"<div>{strong('As code')}: {text}</div>"
    role, head = ("alert", "Last press, failed") if said.failed else ("status", "Last press")
    return (
        f'<div role="{role}">{strong(head)}: {escape(said.text)}</div><div>{strong("As code")}: '
        f'<code style="{MONO};background:{SHADE};padding:0.1rem 0.4rem;white-space:pre-wrap">'
        f"{escape(said.code)}</code></div>"
    )


__all__ = ["Face"]
