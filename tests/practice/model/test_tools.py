"""Which tool a text asks for, and which it does not: a question about an action, or one not wanted."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import (
    COURSE,
    EMAIL,
    MAIL,
    MANY,
    NUMBER,
    OTHERWISE_HAIKU,
    WEATHER,
    Row,
    is_haiku,
    silent,
    tool,
)

ACCOUNT = [tool("delete_account", "Delete the account."), tool("get_plan", "Get the plan.")]

ROWS = [
    Row(
        "the right operation",
        "What is 6 times 7?",
        [("multiply", {"a": 6, "b": 7})],
        [
            tool("add", "Add two numbers", a=NUMBER, b=NUMBER),
            tool("multiply", "Multiply two numbers", a=NUMBER, b=NUMBER),
        ],
    ),
    Row(
        "cancel, not look up",
        "Please cancel order #A-99",
        [("cancel_order", {"order_id": "A-99"})],
        [
            tool("lookup_order", "Look up the status of an order", order_id=""),
            tool("cancel_order", "Cancel an order", order_id=""),
        ],
    ),
    Row(
        "no arguments",
        "can I please have a random number?",
        [("get_random_number", {})],
        [tool("get_random_number", "Get a random number between 1 and 100.")],
        OTHERWISE_HAIKU,
    ),
    Row("thirty tools", "delete the warehouse 12", [("delete_warehouse", {"warehouse_id": "12"})], MANY),
    Row("no description", "What is the moon phase?", [("moon_phase", {})], [tool("moon_phase"), WEATHER]),
    Row(
        "by name and words of a stranger",
        "Get the data for user ID user123",
        [("get_user_data", {"user_id": "user123"})],
        [EMAIL, tool("get_user_data", "Get user data by ID.", user_id="")],
    ),
    Row(
        "weather by another word",
        "Do I need an umbrella in Seattle?",
        [("get_weather", {"city": "Seattle"})],
        [WEATHER],
    ),
    Row("my address", "what is my ip address?", [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row(
        "a state in passing is no request for alerts",
        "What's the capital of California?",
        is_haiku,
        COURSE,
        OTHERWISE_HAIKU,
    ),
    *(
        Row(f"no action: {text}", text, silent, ACCOUNT)
        for text in (
            "Please don't delete my account.",
            "How do I delete my account?",
            "Should I delete my account?",
            "What happens if I delete my account?",
            "Why was my account deleted?",
            "Can you explain how to delete my account?",
            "I don't want to delete my account",
            "Delete my account. Actually, don't.",
        )
    ),
    *(
        Row(f"an action: {text}", text, [("delete_account", {})], ACCOUNT)
        for text in (
            "Delete my account.",
            "Can you delete my account, please?",
            "I never use it, delete my account",
        )
    ),
    Row(
        "no action, whatever the duty", "Please don't delete my account", silent, ACCOUNT, "Delete accounts."
    ),
    Row("without the action", "Show my plan without deleting my account", [("get_plan", {})], ACCOUNT),
    Row(
        "not yet",
        "Don't send anything yet, just tell me: what did Anna write",
        lambda d: all(call.name != "send_mail" for call in d.calls),
        MAIL,
    ),
    Row(
        "what is to be said may forbid",
        "Send a mail to a@b.co saying don't be late",
        [("send_mail", {"to": "a@b.co", "body": "don't be late"})],
        MAIL,
    ),
    Row(
        "broken schemas",
        "What's the weather in Tokyo?",
        lambda d: d.calls[0].name == "get_weather",
        [
            {
                "type": "function",
                "name": "get_weather",
                "description": None,
                "parameters": {
                    "type": "object",
                    "properties": {"city": "string", "x": None},
                    "required": "city",
                },
            },
            {"type": "function", "name": "b", "parameters": None},
            {"type": "web_search"},
            {"type": "function"},
        ],
    ),
    Row(
        "a dangling $ref",
        "What's the weather in Tokyo?",
        lambda d: d.calls[0].name == "get_weather",
        [tool("get_weather", "Weather", city={"$ref": "#/$defs/Nowhere"})],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
