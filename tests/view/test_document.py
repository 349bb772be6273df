"""What every view shares: the same content as text and as HTML."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from tests.view.model_calls import meter, run
from workshop.view import meters, transcripts
from workshop.view.document import Node, Paragraph, Table, Tree, Verbatim, View

VIEW = View(
    "Sample <view>",
    [
        Paragraph("One & two\nthree"),
        Table("A table", ("n", "what"), [("1", "<b>bold</b>"), ("12", "two\nlines")], frozenset({0})),
        Tree([Node("label", "value", (Node("inner", "a <b>\nb"),)), Node("alone")]),
        Verbatim('{\n  "a": 1\n}'),
    ],
)


class Outline(HTMLParser):
    """Checks that tags pair, and keeps the tags and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_html_is_escaped_whole_and_accessible() -> None:
    outline = Outline()
    outline.feed(VIEW.html())
    assert outline.open == []
    tags = dict(outline.tags)
    assert tags["section"]["aria-label"] == "Sample <view>"
    assert {attrs["scope"] for tag, attrs in outline.tags if tag == "th"} == {"col"}
    assert "caption" in tags
    assert "b" not in tags
    assert "<b>bold</b>" in outline.text
    assert "color" not in VIEW.html()


@pytest.mark.parametrize(
    "make", [lambda: VIEW, lambda: transcripts.transcript_view(run()), lambda: meters.meter_view(meter())]
)
def test_text_and_html_hold_the_same_words(make: Callable[[], View]) -> None:
    view = make()
    outline = Outline()
    outline.feed(view.html())

    def words(text: str) -> list[str]:
        return text.replace(":", " ").split()

    assert words(outline.text) == words(view.text())
    bundle = view._repr_mimebundle_()
    assert bundle == {"text/plain": view.text(), "text/html": view.html()}
    assert repr(view) == view.text()


def test_text_of_a_table_and_a_tree() -> None:
    assert VIEW.text() == (
        "One & two\nthree\n\n"
        "A table:\n n  what\n 1  <b>bold</b>\n12  two lines\n\n"
        "label: value\n  inner:\n    a <b>\n    b\nalone\n\n"
        '{\n  "a": 1\n}'
    )


def test_a_table_whose_first_cells_are_nested() -> None:
    view = View("x", [Table("Both", ["what", "n"], [["a", "1"], ["b", "2"]], frozenset({1}), levels=[0, 1])])
    assert view.text() == "Both:\nwhat  n\na     1\n  b   2"
    assert view.html().count("padding-left") == 1
