"""What a person reads of widgets."""

from __future__ import annotations

import html
import re
from typing import Any


def words_in(widget: Any) -> str:
    """All that a widget and those within it say."""
    own = [getattr(widget, "description", ""), getattr(widget, "value", "")]
    lines = [read(text) for text in own if isinstance(text, str) and text]
    return "\n".join([*lines, *(words_in(child) for child in getattr(widget, "children", ()))])


def read(markup: str) -> str:
    """What a person reads of some HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))
