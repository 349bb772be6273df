"""``show.transcript``: the same calls, each with what was new in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.view.model_calls import QUESTION, THE_RUN, asks, exchange, run, says, sent_back, tells
from workshop import view as show
from workshop.lab.gateway_client import Exchange
from workshop.view import transcripts


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


def test_what_the_gateway_no_longer_holds_is_said() -> None:
    text = transcripts.transcript_view(run()[1:]).text()
    assert text.startswith("Transcript: 2 model calls; the gateway no longer holds 1 earlier call\n")


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


def test_chat_completions_of_the_other_provider_are_told_in_the_same_words() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "get_alerts", "arguments": '{"state":"CA"}'}}
    asking = {"role": "assistant", "content": None, "tool_calls": [call]}
    messages: list[Any] = [
        {"role": "system", "content": "Use tools."},
        {"role": "user", "content": "Alerts?"},
    ]
    tools = [{"type": "function", "function": {"name": "get_alerts"}}]

    def made(n: int, sent: list[Any], reply: Any, finish: str) -> Exchange:
        return Exchange(
            n=n,
            route="other",
            status="completed",
            http_status=200,
            request={"model": "m", "messages": sent, "tools": tools},
            response={"model": "other-model", "choices": [{"message": reply, "finish_reason": finish}]},
        )

    output = {"role": "tool", "tool_call_id": "c1", "content": "Wind."}
    second = [*messages, asking, output]
    text = transcripts.transcript_view(
        [
            made(1, messages, asking, "tool_calls"),
            made(2, second, {"role": "assistant", "content": "Windy."}, "stop"),
        ]
    ).text()
    assert text == (
        "Transcript: 2 model calls\n"
        "\n"
        "Call 1, other-model\n"
        "  Sent\n"
        "    instructions: Use tools.\n"
        "    user: Alerts?\n"
        "    tools offered: get_alerts\n"
        "  Came back\n"
        '    tool call: get_alerts(state="CA")\n'
        "Call 2, other-model\n"
        "  Newly sent\n"
        "    output of get_alerts: Wind.\n"
        "    tools offered: the same\n"
        "  Came back\n"
        "    text: Windy."
    )


def test_why_a_reply_was_given_is_shown_on_request() -> None:
    reply = {"id": "resp_1", "model": "practice-model", "output": [], "status": "completed"}
    told = {"rule": "use_tools", "why": "called get_weather_alerts: 'alerts' is in its name"}
    exchange = Exchange.model_validate(
        {
            "n": 1,
            "route": "model",
            "status": "completed",
            "request": {"input": "Hi"},
            "response": reply,
            **told,
        }
    )
    assert (
        "Why: use_tools: called get_weather_alerts"
        in transcripts.transcript_view([exchange], why=True).text()
    )
    assert "Why" not in transcripts.transcript_view([exchange]).text()
