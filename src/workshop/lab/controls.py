"""What the widgets of the lab have in common: plain ipywidgets on light and dark pages, and with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets  # type: ignore[import-untyped]  # it has no types

# JupyterLab's variables, then VS Code's, then what is readable on light and dark alike.
LINE = "var(--jp-border-color2, var(--vscode-panel-border, rgba(128,128,128,.4)))"
SHADE = "var(--jp-layout-color2, var(--vscode-textCodeBlock-background, rgba(128,128,128,.12)))"
MONO = (
    "font-family:var(--jp-code-font-family, var(--vscode-editor-font-family, monospace));"
    "font-size:var(--jp-code-font-size, 13px)"
)
CLASS = "workshop-panel"

# The ring that ipywidgets draws around the control that has the keyboard is hard to see on red.
STYLE = (
    f"<style>.{CLASS} :is(button, input, pre):focus-visible"
    "{outline:2px solid currentColor !important;outline-offset:-3px}</style>"
)


def strong(text: str) -> str:
    """A text as HTML, emphasised."""
    return f"<strong>{escape(text)}</strong>"


def block(html: str) -> str:
    """Some HTML with lines as close as in text; nothing if it is empty."""
    # ipywidgets gives its HTML the height of a line of controls.
    return f'<div style="line-height:1.5">{html}</div>' if html else ""


def html_box(value: str = "") -> Any:
    """A widget that shows HTML."""
    return ipywidgets.HTML(value=value, layout={"margin": "0", "min_width": "0"})


def section(children: Sequence[Any], *, last: bool = False) -> Any:
    """Widgets one below the other, with a line below them unless they are the last."""
    return ipywidgets.VBox(
        list(children),
        layout={
            "border_bottom": "none" if last else "1px solid rgba(128,128,128,.3)",
            "padding": "0.5rem 0",
            "overflow": "hidden",
        },
    )


def close_all(widget: Any) -> None:
    """Close a widget and all that is in it."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    widget.close()


__all__ = ["CLASS", "LINE", "MONO", "SHADE", "STYLE", "block", "close_all", "html_box", "section", "strong"]
