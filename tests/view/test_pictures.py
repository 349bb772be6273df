"""What is drawn where: numbers of short attempts, lines that leave words alone, and seconds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from workshop.runs.story import Line, Place, Row, Segment, Story
from workshop.view.pictures import draw
from workshop.view.timelines import Timeline

SVG = "{http://www.w3.org/2000/svg}"


def retried(attempts: int) -> Story:
    """A run whose activity fails at once each time, and waits for its next attempt."""
    moments = [float(2**n) for n in range(attempts)]
    segments = [
        Segment(Place(n, at), Place(n, at), "failed", "failed", n + 1, n + 1, "closed")
        for n, at in enumerate(moments)
    ]
    last = moments[-1]
    segments.append(
        Segment(
            Place(attempts, last),
            Place(attempts + 1, last + 9),
            "waiting",
            "waits",
            attempts + 1,
            attempts + 1,
        )
    )
    row = Row("activity", "withdraw", tuple(segments))
    return Story("Pay", "running", "", (row,), (), Place(attempts + 1, last + 9), 1, False, False)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_each_attempt_that_has_room_has_its_number() -> None:
    drawn = " ".join(texts(draw(retried(6), by_time=True)))
    # The wait for the seventh begins where the sixth ends.
    assert [number for number in ("4", "5", "6", "7") if re.search(rf"\b{number}\b", drawn)] == [
        "4",
        "5",
        "6",
        "7",
    ]


def test_a_line_runs_through_no_words_and_no_label() -> None:
    row = Row(
        "signal",
        "approve",
        (Segment(Place(1, 1), Place(1, 1), "completed", "signal received"),),
        instant=True,
    )
    done = Row("activity", "pay", (Segment(Place(0, 0), Place(5, 5), "completed", "completed"),))
    lines = (Line(Place(1, 1.2), "a worker stopped answering"), Line(Place(1, 1.6), "worker 2 took over"))
    story = Story("Pay", "completed", "", (done, row), lines, Place(5, 5), 2, False, True)
    svg = draw(story, by_time=True)
    # Drawn first, the lines are below every label; and words that one would cross have paper under them.
    assert svg.rindex('class="line"') < svg.index('class="tag"')
    words = svg.index(">signal received<")
    assert "fill:var(--paper)" in svg[svg.index('class="mark"') : words]


def test_a_picture_by_order_says_when_unless_it_is_stored() -> None:
    first = Row("activity", "withdraw", (Segment(Place(1, 0.2), Place(2, 1.3), "completed", "completed"),))
    second = Row("activity", "deposit", (Segment(Place(3, 1.3), Place(4, 4.0), "completed", "completed"),))
    story = Story("Pay", "completed", "", (first, second), (), Place(5, 4.1), 1, False, True)
    assert not [text for text in texts(draw(story)) if re.fullmatch(r"\d+\.\d s", text)]
    told = texts(draw(story, seconds=True))
    assert [text for text in told if re.fullmatch(r"\d+\.\d s", text)] == ["0.2 s", "1.3 s", "1.3 s", "4.0 s"]
    assert "in order; seconds since its start" in told
    # The words are the same: they are what is compared.
    assert Timeline(story, seconds=True).text() == Timeline(story).text()
