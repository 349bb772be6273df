"""What ``show`` makes of meters, transcripts and traces: the same content as text and as HTML."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from workshop import view as show
from workshop.lab.gateway_client import Exchange, GatewayClient, Meter, Span, Trace
from workshop.view import meters, traces, transcripts
from workshop.view.document import Node, Paragraph, Table, Tree, Verbatim, View

Item = dict[str, Any]

QUESTION = {"role": "user", "content": "Any alerts where I am?"}
TOOLS = [{"type": "function", "name": name, "parameters": {}} for name in ("get_ip", "get_alerts")]


def asks(name: str, call_id: str, **arguments: Any) -> Item:
    return {
        "type": "function_call",
        "id": f"fc_{call_id}",
        "call_id": call_id,
        "name": name,
        "arguments": json.dumps(arguments),
        "status": "completed",
    }


def tells(call_id: str, output: Any) -> Item:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def says(text: str) -> Item:
    return {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }


def sent_back(item: Item) -> Item:
    """An item as the SDK sends it with the next call: without what only the server knows."""
    return {key: value for key, value in item.items() if key not in ("id", "status")}


def exchange(
    n: int, sent: Any, received: list[Item] | None, status: str = "completed", **request: Any
) -> Exchange:
    body = {"model": "gpt-5", "instructions": "Use tools.", "input": sent, "tools": TOOLS, **request}
    reply = None
    if received is not None:
        reply = {"id": f"resp_{n}", "model": "practice-model", "output": received, "status": "completed"}
    return Exchange.model_validate(
        {"n": n, "route": "model", "status": status, "http_status": 200, "request": body, "response": reply}
    )


def run(first_n: int = 1) -> list[Exchange]:
    ask_ip, ask_alerts = asks("get_ip", "c1"), asks("get_alerts", "c2", state="CA")
    first = [QUESTION]
    second = [*first, sent_back(ask_ip), tells("c1", "203.0.113.7")]
    third = [*second, sent_back(ask_alerts), tells("c2", "2 alerts:\n1. Flood\n2. Wind")]
    return [
        exchange(first_n, first, [ask_ip]),
        exchange(first_n + 1, second, [ask_alerts]),
        exchange(first_n + 2, third, [says("Flood and wind.")]),
    ]


THE_RUN = """Transcript: 3 model calls

Call 1, practice model
  Sent
    instructions: Use tools.
    user: Any alerts where I am?
    tools offered: get_ip, get_alerts
  Came back
    tool call: get_ip()
Call 2, practice model
  Newly sent
    output of get_ip: 203.0.113.7
    tools offered: the same
  Came back
    tool call: get_alerts(state="CA")
Call 3, practice model
  Newly sent
    output of get_alerts:
      2 alerts:
      1. Flood
      2. Wind
    tools offered: the same
  Came back
    text: Flood and wind."""


# -- transcript ----------------------------------------------------------------------------------------


def test_a_transcript_shows_what_was_new_in_each_call() -> None:
    assert transcripts.transcript_view(run()).text() == THE_RUN


def test_a_second_run_of_the_same_question_begins_anew() -> None:
    text = transcripts.transcript_view([*run(), *run(4)]).text()
    assert text.count("user: Any alerts where I am?") == 2
    assert text.count("Newly sent") == 4


def test_the_last_calls_keep_their_numbers() -> None:
    text = transcripts.transcript_view(run(), last=1).text()
    assert text.startswith(
        "Transcript: 3 model calls, of which the last 1\n\nCall 3, practice model\n  Newly sent"
    )
    assert "<ul>" in transcripts.transcript_view(run(), last=1).html()
    assert "<ol>" in transcripts.transcript_view(run()).html()
    with pytest.raises(ValueError, match="at least one"):
        show.transcript(last=0)


def test_a_reply_continued_on_the_server_and_a_live_model() -> None:
    first = exchange(1, "Hello", [says("Hi.")])
    second = exchange(2, "And now?", [says("Bye.")], previous_response_id="resp_1")
    assert first.response
    assert isinstance(first.response, dict)
    first.response["model"] = "gpt-5-2025"
    text = transcripts.transcript_view([first, second]).text()
    assert "Call 1, gpt-5-2025\n  Sent\n    instructions: Use tools.\n    user: Hello\n" in text
    assert "Call 2, practice model\n  Newly sent\n    user: And now?\n    tools offered: the same\n" in text


def test_another_agent_takes_over() -> None:
    handoff = asks("transfer_to_weather", "h1")
    first = exchange(1, [QUESTION], [handoff])
    second = exchange(
        2,
        [QUESTION, sent_back(handoff), tells("h1", '{"assistant": "Weather"}')],
        [says("Sunny.")],
        instructions="Talk about the weather.",
        tools=[],
    )
    text = transcripts.transcript_view([first, second]).text()
    assert (
        "  Newly sent\n    instructions: Talk about the weather.\n    output of transfer_to_weather:" in text
    )
    assert "tools offered: none" in text


def test_choice_and_shape_are_said() -> None:
    schema = {"type": "object", "properties": {"city": {}, "region": {}}}
    call = exchange(
        1,
        "Where?",
        [says('{"city": "Reno", "region": "NV"}')],
        tool_choice={"type": "function", "name": "get_ip"},
        text={"format": {"type": "json_schema", "name": "final_output", "schema": schema}},
    )
    text = transcripts.transcript_view([call]).text()
    assert "tool choice: get_ip" in text
    assert "answer must fit: JSON with city, region" in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "in_flight", "http_status": None}, "Call 1, gpt-5, under way"),
        ({"status": "in_flight", "http_status": None}, "Came back\n    nothing yet"),
        ({"status": "cut"}, "Call 1, gpt-5, cut off"),
        ({"status": "failed", "http_status": None}, "Call 1, gpt-5, failed\n"),
        (
            {"status": "failed", "http_status": 429, "response": {"error": {"message": "Slow down."}}},
            "failed (429)",
        ),
        (
            {"status": "failed", "http_status": 429, "response": {"error": {"message": "Slow down."}}},
            "Came back\n    error: Slow down.",
        ),
        ({"status": "failed", "response": "%%garbage%%"}, "something that is no reply: %%garbage%%"),
        ({"request": {}}, "Call 1, model\n"),
        ({"request": {"input": [3, {"type": "odd_thing"}], "tools": [4], "text": 5}}, "odd thing"),
        ({"response": {"output": [{"type": "reasoning"}]}}, "reasoning: not shown by the provider"),
        (
            {"response": {"output": [asks("f", "c")], "status": "incomplete", "incomplete_details": {}}},
            "cut short: no reason given",
        ),
        (
            {"response": {"output": [{"type": "function_call", "name": "f", "arguments": "{oops"}]}},
            "tool call: f with {oops",
        ),
        (
            {"request": {"input": [tells("c9", [{"type": "input_image"}])]}},
            "output of a tool: (input image)",
        ),
    ],
)
def test_what_goes_wrong_is_said_in_words(change: dict[str, Any], expected: str) -> None:
    call = exchange(1, [QUESTION], None).model_copy(update=change)
    view = transcripts.transcript_view([call])
    assert expected in view.text()
    assert view.html()


def test_services_are_not_in_the_transcript_and_long_texts_are_cut() -> None:
    weather = Exchange(n=1, route="weather", status="completed", http_status=200)
    assert transcripts.transcript_view([weather]).text() == "Transcript: 0 model calls"
    text = transcripts.transcript_view([exchange(1, "x" * 5_000, None)]).text()
    assert "... (1,000 characters more)" in text


# -- meter ---------------------------------------------------------------------------------------------


def meter(*calls: Item, **model: int) -> Meter:
    body = {
        "scope": "nb-123-abc",
        "mode": "practice",
        "estimated": True,
        "model": model,
        "services": {"weather": 0, "ip": 2, "geo": 0},
        "calls": list(calls),
    }
    return Meter.model_validate(body)


def test_a_meter_says_what_was_paid_twice() -> None:
    paid = {
        "route": "model",
        "status": "completed",
        "http_status": 200,
        "input_tokens": 1200,
        "output_tokens": 8,
    }
    view = meters.meter_view(
        meter(
            {"n": 1, **paid, "summary": "asks for f()"},
            {"n": 2, "route": "ip", "status": "completed", "http_status": 200},
            {"n": 3, **paid, "repeats": 1, "summary": "asks for f()"},
            {"n": 4, "route": "model", "status": "failed", "http_status": 429, "fault": "rate_limit"},
            {"n": 5, "route": "model", "status": "in_flight"},
            arrived=4,
            completed=2,
            failed=1,
            in_flight=1,
            repeats=1,
            input_tokens=2400,
            output_tokens=16,
        )
    )
    assert view.text() == (
        "Model calls completed: 2 (1 repeat, paid twice)\n"
        "Other model calls: 1 failed, 1 under way\n"
        "Tokens: 2,400 in, 16 out (estimated)\n"
        "Calls to services: IP address 2\n"
        "\n"
        "Calls in the order in which they arrived:\n"
        "call  to                  outcome       tokens in  tokens out  in short      remark\n"
        "   1  model               completed         1,200           8  asks for f()\n"
        "   2  IP address service  completed\n"
        "   3  model               completed         1,200           8  asks for f()  "
        "repeats call 1: paid twice\n"
        "   4  model               failed (429)                                       fault: rate limit\n"
        "   5  model               under way"
    )
    assert "repeats call 1: paid twice" in view.html()
    assert "nb-123-abc" not in view.text() + view.html()


def test_an_empty_meter_is_four_short_facts() -> None:
    empty = meter().model_copy(update={"services": {}, "estimated": False})
    assert meters.meter_view(empty).text() == (
        "Model calls completed: 0 (no repeats)\nTokens: 0 in, 0 out\nCalls to services: none"
    )


# -- trace ---------------------------------------------------------------------------------------------


def span(kind: str, name: str = "", *children: Span, **data: Any) -> Span:
    error = data.pop("error", None)
    return Span(span_id="span_4f", type=kind, name=name, data=data, children=list(children), error=error)


def test_a_trace_is_a_tree_in_plain_words() -> None:
    usage = {"input_tokens": 1, "output_tokens": 7}
    trace = Trace(
        trace_id="trace_9a",
        name="Agent workflow",
        spans=[
            span(
                "agent",
                "Weather agent",
                span(
                    "turn",
                    "turn 1",
                    span("response", "resp_1", usage=usage, response_id="resp_1"),
                    span("function", "get_ip", input="{}", output="203.0.113.7"),
                ),
                span("guardrail", "short", triggered=True),
                span("handoff", "Triage to Weather"),
                span(
                    "function", "broken", error={"message": "Error running tool", "data": {"error": "boom"}}
                ),
            )
        ],
    )
    view = traces.trace_view([trace])
    assert view.text() == (
        "Trace: Agent workflow\n\n"
        "agent Weather agent\n"
        "  turn 1\n"
        "    model call: 1 token in, 7 out\n"
        "    tool get_ip\n"
        "      input: {}\n"
        "      output: 203.0.113.7\n"
        "  guardrail short: tripped\n"
        "  handoff Triage to Weather\n"
        "  tool broken\n"
        "    error: Error running tool: boom"
    )
    for secret in ("trace_9a", "span_4f", "resp_1"):
        assert secret not in view.text() + view.html()


def test_the_latest_trace_is_shown_unless_more_are_asked_for() -> None:
    two = [Trace(trace_id="a", name="first"), Trace(trace_id="b", name="second")]
    assert traces.trace_view(two).text() == "Trace: second"
    assert traces.trace_view(two, None).text() == "Trace: first\n\nTrace: second"
    assert traces.trace_view([]).text() == "No trace yet: run an agent first."


# -- what every view shares ----------------------------------------------------------------------------

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


def test_a_schema_is_what_the_model_is_told() -> None:
    tool = SimpleNamespace(name="add", description="Adds.", params_json_schema={"type": "object"})
    text = show.schema(tool).text()
    told = json.loads(text.partition("\n\n")[2])
    assert told == {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    with pytest.raises(TypeError, match="function_tool"):
        show.schema(print)  # type: ignore[arg-type]


# -- reading from the gateway --------------------------------------------------------------------------


class Gateway:
    """In the place of a client: a meter whose last call ends while it is being read."""

    def __init__(self, *meters: Meter) -> None:
        self.meters = list(meters)

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def meter(self) -> Meter:
        return self.meters.pop(0) if len(self.meters) > 1 else self.meters[0]

    def transcript(self) -> list[Exchange]:
        return run()

    def traces(self) -> list[Trace]:
        return [Trace(trace_id="a", name="only")]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    running = {"n": 1, "route": "model", "status": "in_flight"}
    ended = {**running, "status": "completed", "http_status": 200}
    fake = Gateway(meter(running, in_flight=1), meter(running, in_flight=1), meter(ended, completed=1))
    monkeypatch.setattr(GatewayClient, "for_scope", classmethod(lambda cls: fake))
    return fake


def test_a_view_waits_until_the_gateway_has_noted_the_last_call(gateway: Gateway) -> None:
    assert show.meter().text().startswith("Model calls completed: 1 ")
    assert show.transcript().text() == THE_RUN
    assert show.trace().text() == "Trace: only"


async def test_a_live_meter_refreshes_until_it_is_stopped(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workshop.view import live

    monkeypatch.setattr(live, "_EVERY_SECONDS", 0.01)
    view = show.meter(live=True)
    shown, button = view.children

    async def until(ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not ready():  # noqa: ASYNC110 - a widget offers no event
                await asyncio.sleep(0.01)

    await until(lambda: "Model calls completed: 1 " in shown.value)
    assert view.running
    gateway.meters = [meter(completed=9)]
    await until(lambda: "Model calls completed: 9 " in shown.value)
    button.click()
    await until(lambda: not view.running)
    assert (button.disabled, button.description) == (True, "Stopped")
