"""The practice model: requests and the decisions expected of it, and what always holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from workshop.gateway import responses_api
from workshop.gateway.errors import ApiError
from workshop.practice.model import Decision, PlanRequest, ToolCall, plan

STRING, INTEGER, NUMBER, BOOLEAN = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))


def tool(name: str, description: str = "", /, **params: Any) -> dict[str, Any]:
    """A strict function tool; a parameter is a schema, or the description of a string."""
    properties = {
        n: s if isinstance(s, dict) else {"type": "string", **({"description": s} if s else {})}
        for n, s in params.items()
    }
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": parameters,
        "strict": True,
    }


def handoff(agent: str, purpose: str = "") -> dict[str, Any]:
    """A handoff, as the Agents SDK describes one."""
    name = "transfer_to_" + agent.lower().replace(" ", "_")
    return tool(name, f"Handoff to the {agent} agent to handle the request. {purpose}".strip())


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def said(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


def called(
    name: str, arguments: dict[str, Any], output: Any = None, call_id: str = ""
) -> list[dict[str, Any]]:
    """A call, and its output unless that is None."""
    call_id = call_id or f"call_{name}_{abs(hash(json.dumps(arguments))) % 999}"
    call = {"type": "function_call", "call_id": call_id, "name": name, "arguments": json.dumps(arguments)}
    return (
        [call]
        if output is None
        else [call, {"type": "function_call_output", "call_id": call_id, "output": output}]
    )


def schema(**properties: Any) -> dict[str, Any]:
    """A strict structured output."""
    made = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "name": "output", "strict": True, "schema": made}


ALERTS = tool(
    "get_weather_alerts", "Get weather alerts for a US state.", state="Two-letter US state code (e.g. CA, NY)"
)
LOCATION = tool(
    "get_location_info",
    "Get the location information for an IP address. This includes the city, state, and country.",
    ipaddress="An IP address",
)
ADDRESS = tool("get_ip_address", "Get the IP address of the current machine.")
COURSE = [ALERTS, LOCATION, ADDRESS]
# The same three in a stranger's words.
OTHER = [
    tool("fetchPublicIp", "Returns the public IP of this computer"),
    tool("geolocate_ip", "Look up where an IP address is", ip="The address to look up"),
    tool(
        "active_alerts_by_state",
        "Lists active National Weather Service alerts",
        area="State, as its two-letter code",
    ),
]
OTHERWISE_HAIKU = (
    "You are a helpful agent that can use tools to help the user. You may or may not "
    "need to use the tools to satisfy "
    "the user ask. If no tools are needed, respond in haikus."
)
WEATHER = tool("get_weather", "Get the current weather for a city.", city="The city")
TIME = tool("get_time", "Get the current time in a city", city="")
EMAIL = tool("send_email", "Send an email to the specified recipient.", to="", subject="", body="")
TRIAGE = handoff(
    "Triage Agent", "A triage agent that can delegate a customer's request to the appropriate agent."
)
FAQ = handoff("FAQ Agent", "A helpful agent that can answer questions about the airline.")
SEATS = handoff("Seat Booking Agent", "A helpful agent that can update a seat on a flight.")
UPDATE_SEAT = tool(
    "update_seat",
    "Update the seat for a given confirmation number.",
    confirmation_number="The confirmation number for the flight.",
    new_seat="The new seat to update to.",
)
SEAT_INSTRUCTIONS = (
    "You are a seat booking agent.\n1. Ask for their confirmation number.\n2. Ask what "
    "their desired seat number is.\n"
    "3. Use the update seat tool.\nIf the customer asks a question that is not related "
    "to the routine, transfer back "
    "to the triage agent."
)
TRANSLATORS = [
    tool(f"translate_to_{n}", f"Translate the user's message to {n.title()}", input="")
    for n in ("spanish", "french", "italian")
]
LANGUAGES = [handoff("french_agent"), handoff("spanish_agent"), handoff("english_agent")]
TUTORS = [
    handoff("History Tutor", "Specialist agent for historical questions"),
    handoff("Math Tutor", "Specialist agent for math questions"),
]
RANDOM = tool("random_number", "Generate a random number from 0 to max (inclusive).", max=INTEGER)
MANY = [
    tool(f"{verb}_{noun}", f"{verb.title()} a {noun} of the account.", **{f"{noun}_id": ""})
    for verb in ("get", "delete", "update")
    for noun in (
        "invoice",
        "project",
        "ticket",
        "contract",
        "device",
        "badge",
        "budget",
        "report",
        "warehouse",
        "coupon",
    )
]

PLACE = [*called("get_ip_address", {}, "203.0.113.7")]
PLACE_JSON = json.dumps(
    {
        "status": "success",
        "country": "United States",
        "countryCode": "US",
        "region": "CA",
        "regionName": "California",
        "city": "San Francisco",
        "query": "203.0.113.7",
    }
)
WHERE = "Are there any weather alerts where I am?"


def haiku(decision: Decision) -> bool:
    return not decision.calls and len(decision.text.splitlines()) == 3


def says(*patterns: str, rule: str | None = None) -> Callable[[Decision], bool]:
    """Text that holds all of these patterns."""

    def check(decision: Decision) -> bool:
        found = all(re.search(p, decision.text, re.I | re.S) for p in patterns)
        return not decision.calls and found and (rule is None or decision.rule == rule)

    return check


def out(**wanted: Any) -> Callable[[Decision], bool]:
    """Structured output in which these properties have these values."""

    def check(decision: Decision) -> bool:
        value = json.loads(decision.text)
        return all(
            value[k](v) if callable(v) and not isinstance(v, type) else value[k] == v
            for k, v in wanted.items()
        )

    return check


admits = says("practice model", "not a language model", "OPENAI_API_KEY")


@dataclass(frozen=True)
class Row:
    name: str
    text: str | list[dict[str, Any]]
    expected: list[tuple[str, dict[str, Any]]] | Callable[[Decision], bool]
    tools: list[dict[str, Any]] = field(default_factory=list)
    instructions: str = "You are a helpful agent."
    options: dict[str, Any] = field(default_factory=dict)


ALERT_BLOCKS = "\n---\n".join(
    f"Event: {e}\nArea: {a}\nSeverity: Severe\nDescription: It is made up."
    for e, a in (("Flood Watch", "Bay Area"), ("High Wind Warning", "Los Angeles"))
)
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "title": "alerts",
        "features": [
            {
                "type": "Feature",
                "properties": {"event": f"Heat Advisory {n}", "areaDesc": "Fresno", "severity": "Moderate"},
            }
            for n in range(40)
        ],
    }
)
SCI = {"type": "string", "enum": ["pass", "needs_improvement", "fail"]}
OPTIONAL = {"anyOf": [STRING, {"type": "null"}]}
REASON = {"reasoning": STRING}
MULTIPLY = [tool("multiply_by_two", "Return x times two.", x=INTEGER)]
ODD = "Generate a random number. If it's even, stop. If it's odd, hand off to the multiplier agent."
GUARD_MATH = "Check if the user is asking you to do their math homework."
JUDGE = "You evaluate a story outline and decide if it's good enough. Never give it a pass on the first try."
NUMBER_OUT = schema(number=INTEGER)
JOKER = "First call the `how_many_jokes` tool, then tell that many jokes."

ROWS = [
    # The course's story.
    Row(
        "alerts by state name",
        "Are there any weather alerts in California?",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "alerts by state code",
        "any alerts for NY?",
        [("get_weather_alerts", {"state": "NY"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "alerts by a lower-case name",
        "are there storms in new mexico right now",
        [("get_weather_alerts", {"state": "NM"})],
        COURSE,
    ),
    Row(
        "state spelled out where no code is asked for",
        "Are there any weather alerts in California?",
        [("get_weather_alerts", {"state": "California"})],
        [tool("get_weather_alerts", "Get weather alerts.", state="The state")],
    ),
    Row("where I am, step 1", WHERE, [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row(
        "where I am, step 2",
        [user(WHERE), *PLACE],
        [("get_location_info", {"ipaddress": "203.0.113.7"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, step 3, plain text",
        [
            user(WHERE),
            *PLACE,
            *called(
                "get_location_info", {"ipaddress": "203.0.113.7"}, "San Francisco, California, United States"
            ),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, step 3, JSON",
        [user(WHERE), *PLACE, *called("get_location_info", {"ipaddress": "203.0.113.7"}, PLACE_JSON)],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, step 3, a Python repr",
        [
            user(WHERE),
            *PLACE,
            *called("get_location_info", {"ipaddress": "203.0.113.7"}, str(json.loads(PLACE_JSON))),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, answered",
        [
            user(WHERE),
            *PLACE,
            *called("get_location_info", {"ipaddress": "203.0.113.7"}, PLACE_JSON),
            *called("get_weather_alerts", {"state": "CA"}, ALERT_BLOCKS),
        ],
        says("2 weather alerts", "Flood Watch", "High Wind Warning", rule="tool_results"),
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row("other words, step 1", "Any storm warnings near me?", [("fetchPublicIp", {})], OTHER),
    Row(
        "other words, step 2",
        [user("Any storm warnings near me?"), *called("fetchPublicIp", {}, "198.51.100.4\n")],
        [("geolocate_ip", {"ip": "198.51.100.4"})],
        OTHER,
    ),
    Row(
        "other words, step 3",
        [
            user("Any storm warnings near me?"),
            *called("fetchPublicIp", {}, "198.51.100.4\n"),
            *called("geolocate_ip", {"ip": "198.51.100.4"}, "Austin, Texas, US"),
        ],
        [("active_alerts_by_state", {"area": "TX"})],
        OTHER,
    ),
    Row("where am I", "where am I?", [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row("my address", "what is my ip address?", [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row(
        "where an address is", "Where is 8.8.8.8?", [("get_location_info", {"ipaddress": "8.8.8.8"})], COURSE
    ),
    Row(
        "two states at once",
        "Are there alerts in California and New York?",
        [("get_weather_alerts", {"state": "CA"}), ("get_weather_alerts", {"state": "NY"})],
        COURSE,
    ),
    Row(
        "two states, one at a time",
        "Are there alerts in California and New York?",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        options={"parallel_tool_calls": False},
    ),
    Row(
        "two states, the second",
        [
            user("Are there alerts in California and New York?"),
            *called("get_weather_alerts", {"state": "CA"}, "none"),
        ],
        [("get_weather_alerts", {"state": "NY"})],
        COURSE,
        options={"parallel_tool_calls": False},
    ),
    Row("no tool fits: haiku", "Tell me about recursion", haiku, COURSE, OTHERWISE_HAIKU),
    Row(
        "a state in passing is no request for alerts",
        "What's the capital of California?",
        haiku,
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "haiku only",
        "Tell me about cats.",
        lambda d: haiku(d) and "cat" in d.text.lower(),
        instructions="You only respond in haikus.",
    ),
    Row("the user asks for one", "Write a haiku about recursion in programming.", haiku),
    Row(
        "many alerts are counted, not dumped",
        [user("alerts in California?"), *called("get_weather_alerts", {"state": "CA"}, GEOJSON)],
        lambda d: "40 weather alerts" in d.text and len(d.text) < 900,
        COURSE,
    ),
    Row(
        "no alerts",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts",
                {"state": "CA"},
                json.dumps({"type": "FeatureCollection", "features": []}),
            ),
        ],
        says("no weather alerts", "California"),
        COURSE,
    ),
    Row(
        "a missing state is asked for",
        "Are there any weather alerts?",
        says("state", rule="missing_argument"),
        [ALERTS],
    ),
    # Tools never seen.
    Row("one city", "What's the weather in Tokyo?", [("get_weather", {"city": "Tokyo"})], [WEATHER]),
    Row(
        "a lower-case city",
        "whats the weather like in lisbon",
        [("get_weather", {"city": "Lisbon"})],
        [WEATHER],
    ),
    Row(
        "an unknown city",
        "What's the weather in Kleinwallstadt today?",
        [("get_weather", {"city": "Kleinwallstadt"})],
        [WEATHER],
    ),
    Row(
        "two tools at once",
        "weather in Paris and the time in Tokyo",
        [("get_weather", {"city": "Paris"}), ("get_time", {"city": "Tokyo"})],
        [WEATHER, TIME],
    ),
    Row(
        "three cities",
        "Compare the weather in Paris, London and Rome",
        [("get_weather", {"city": c}) for c in ("Paris", "London", "Rome")],
        [WEATHER, TIME],
    ),
    Row(
        "one place for two tools",
        "What is the weather and temperature in Oakland?",
        [("get_weather", {"city": "Oakland"}), ("get_temperature", {"city": "Oakland"})],
        [WEATHER, tool("get_temperature", "Get the temperature for a city.", city="")],
    ),
    Row(
        "a range",
        "Can you generate a random number between 0 and 100?",
        [("random_number_tool", {"max": 100})],
        [tool("random_number_tool", "Return a random integer between 0 and the given maximum.", max=INTEGER)],
    ),
    Row(
        "both ends of a range",
        "Pick a random number between 5 and 10",
        [("random_int", {"min": 5, "max": 10})],
        [tool("random_int", "Random integer in a range", min=INTEGER, max=INTEGER)],
    ),
    Row(
        "no arguments",
        "can I please have a random number?",
        [("get_random_number", {})],
        [tool("get_random_number", "Get a random number between 1 and 100.")],
        OTHERWISE_HAIKU,
    ),
    Row(
        "two numbers",
        "Add 2 and 3",
        [("add", {"a": 2, "b": 3})],
        [
            tool("add", "Add two numbers", a=NUMBER, b=NUMBER),
            tool("multiply", "Multiply two numbers", a=NUMBER, b=NUMBER),
        ],
    ),
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
        "an expression",
        "Please calculate 12 * (3 + 4)",
        [("calculator", {"expression": "12 * (3 + 4)"})],
        [tool("calculator", "Evaluate a math expression", expression="")],
    ),
    Row(
        "currencies",
        "Convert 100 USD to EUR",
        [("convert_currency", {"amount": 100, "from_currency": "USD", "to_currency": "EUR"})],
        [
            tool(
                "convert_currency",
                "Convert an amount between currencies",
                amount=NUMBER,
                from_currency="",
                to_currency="",
            )
        ],
    ),
    Row(
        "currencies in words",
        "How much is 50 euros in dollars?",
        [("convert_currency", {"amount": 50, "from_currency": "EUR", "to_currency": "USD"})],
        [
            tool(
                "convert_currency",
                "Convert an amount between currencies",
                amount=NUMBER,
                from_currency="",
                to_currency="",
            )
        ],
    ),
    Row(
        "an order number",
        "Where is my order 4711?",
        [("lookup_order", {"order_id": "4711"})],
        [
            tool("lookup_order", "Look up the status of an order", order_id=""),
            tool("cancel_order", "Cancel an order", order_id=""),
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
        "an integer id",
        "Show me ticket 815",
        [("get_ticket", {"ticket_id": 815})],
        [tool("get_ticket", "Fetch a support ticket", ticket_id=INTEGER)],
    ),
    Row(
        "an e-mail",
        "Send an email to john@example.com with subject 'Hi' saying the meeting is at noon",
        [("send_email", {"to": "john@example.com", "subject": "Hi", "body": "the meeting is at noon"})],
        [EMAIL, WEATHER],
    ),
    Row(
        "a date and a city",
        "Find hotels in Lisbon from 2026-05-01 to 2026-05-04 for 2 guests",
        [
            (
                "search_hotels",
                {"city": "Lisbon", "check_in": "2026-05-01", "check_out": "2026-05-04", "guests": 2},
            )
        ],
        [
            tool(
                "search_hotels",
                "Search hotels",
                city="",
                check_in={"type": "string", "format": "date"},
                check_out={"type": "string", "format": "date"},
                guests=INTEGER,
            )
        ],
    ),
    Row(
        "from and to",
        "Book a flight from Paris to Berlin on 2026-06-01",
        [("book_flight", {"origin": "Paris", "destination": "Berlin", "date": "2026-06-01"})],
        [tool("book_flight", "Book a flight", origin="", destination="", date="")],
    ),
    Row(
        "to and from",
        "I need a flight to Berlin from Paris on 2026-06-01",
        [("search_flights", {"origin": "Paris", "destination": "Berlin", "date": "2026-06-01"})],
        [tool("search_flights", "Search flights", origin="", destination="", date="")],
    ),
    Row(
        "an enum",
        "What's the weather in Oslo in fahrenheit?",
        [("get_weather", {"city": "Oslo", "unit": "fahrenheit"})],
        [
            tool(
                "get_weather",
                "Get weather",
                city="",
                unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
            )
        ],
    ),
    Row(
        "an enum that is not said",
        "What's the weather in Oslo?",
        [("get_weather", {"city": "Oslo", "unit": "celsius"})],
        [
            tool(
                "get_weather",
                "Get weather",
                city="",
                unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
            )
        ],
    ),
    Row(
        "a nullable one is null",
        "What's the weather in Oslo?",
        [("get_weather", {"city": "Oslo", "date": None})],
        [tool("get_weather", "Get weather", city="", date=OPTIONAL)],
    ),
    Row(
        "a default",
        "Search products for red shoes",
        [("search_products", {"query": "red shoes", "limit": 5})],
        [
            tool(
                "search_products",
                "Search the product catalog by keyword.",
                query="",
                limit={**INTEGER, "default": 5},
            )
        ],
    ),
    Row(
        "a said limit beats the default",
        "Search products for red shoes, top 3",
        lambda d: d.calls[0].arguments["limit"] == 3,
        [tool("search_products", "Search the product catalog.", query="", limit={**INTEGER, "default": 5})],
    ),
    Row(
        "a switch on",
        "Turn on the kitchen light",
        [("set_light", {"room": "kitchen", "on": True})],
        [
            tool(
                "set_light",
                "Switch a light in a room",
                room={"type": "string", "enum": ["kitchen", "bedroom"]},
                on=BOOLEAN,
            )
        ],
    ),
    Row(
        "a switch off",
        "Turn off the bedroom light",
        [("set_light", {"room": "bedroom", "on": False})],
        [
            tool(
                "set_light",
                "Switch a light in a room",
                room={"type": "string", "enum": ["kitchen", "bedroom"]},
                on=BOOLEAN,
            )
        ],
    ),
    Row(
        "an array of numbers",
        "What is the average of 3, 5 and 10?",
        [("average", {"numbers": [3, 5, 10]})],
        [tool("average", "Average of numbers", numbers={"type": "array", "items": NUMBER})],
    ),
    Row(
        "an array of objects",
        "Order 2 apples and 3 bananas",
        [("place_order", {"items": [{"name": "apples", "quantity": 2}, {"name": "bananas", "quantity": 3}]})],
        [
            tool(
                "place_order",
                "Place an order",
                items={
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"name": STRING, "quantity": INTEGER},
                        "required": ["name", "quantity"],
                        "additionalProperties": False,
                    },
                },
            )
        ],
    ),
    Row(
        "a nested object",
        "Get the weather at location Oslo",
        [("weather", {"location": {"city": "Oslo"}})],
        [
            tool(
                "weather",
                "Weather at a location",
                location={
                    "type": "object",
                    "properties": {"city": STRING},
                    "required": ["city"],
                    "additionalProperties": False,
                },
            )
        ],
    ),
    Row(
        "a word to define",
        "What does serendipity mean?",
        [("define_word", {"word": "serendipity"})],
        [tool("define_word", "Look up the definition of a word", word="")],
    ),
    Row(
        "a stock by company",
        "What's the stock price of Apple?",
        [("get_stock_price", {"symbol": "AAPL"})],
        [tool("get_stock_price", "Get the price of a stock", symbol="Ticker symbol")],
    ),
    Row(
        "a URL",
        "Please summarize https://example.com/a?b=1",
        [("fetch_page", {"url": "https://example.com/a?b=1"})],
        [tool("fetch_page", "Fetch a web page and return its text", url="")],
    ),
    Row(
        "search when nothing else fits",
        "Who won the world cup in 1998?",
        [("web_search", {"query": "Who won the world cup in 1998"})],
        [tool("web_search", "Search the web for information", query=""), WEATHER],
    ),
    Row(
        "translate to two",
        "Translate 'Hello, how are you?' to Spanish and French.",
        [
            ("translate_to_spanish", {"input": "Hello, how are you?"}),
            ("translate_to_french", {"input": "Hello, how are you?"}),
        ],
        TRANSLATORS,
    ),
    Row(
        "by name and words of a stranger",
        "Get the data for user ID user123",
        [("get_user_data", {"user_id": "user123"})],
        [EMAIL, tool("get_user_data", "Get user data by ID.", user_id="")],
    ),
    Row("thirty tools", "delete the warehouse 12", [("delete_warehouse", {"warehouse_id": "12"})], MANY),
    Row("no description", "What is the moon phase?", [("moon_phase", {})], [tool("moon_phase"), WEATHER]),
    Row(
        "a chain by name",
        "What is the balance of customer bob@example.com?",
        [("find_customer_by_email", {"email": "bob@example.com"})],
        [
            tool("get_balance", "Get the account balance of a customer", customer_id=""),
            tool("find_customer_by_email", "Find a customer by e-mail; returns the customer id", email=""),
        ],
    ),
    Row(
        "a chain by name, step 2",
        [
            user("What is the balance of customer bob@example.com?"),
            *called(
                "find_customer_by_email",
                {"email": "bob@example.com"},
                '{"customer_id": "c-7", "name": "Bob"}',
            ),
        ],
        [("get_balance", {"customer_id": "c-7"})],
        [
            tool("get_balance", "Get the account balance of a customer", customer_id=""),
            tool("find_customer_by_email", "Find a customer by e-mail; returns the customer id", email=""),
        ],
    ),
    Row(
        "coordinates from a place",
        "What is the forecast for Oslo?",
        [("geocode", {"place": "Oslo"})],
        [
            tool("get_forecast", "Weather forecast for coordinates", latitude=NUMBER, longitude=NUMBER),
            tool("geocode", "Coordinates of a place: latitude and longitude", place=""),
        ],
    ),
    Row(
        "coordinates passed on",
        [
            user("What is the forecast for Oslo?"),
            *called("geocode", {"place": "Oslo"}, '{"lat": 59.9, "lon": 10.7}'),
        ],
        [("get_forecast", {"latitude": 59.9, "longitude": 10.7})],
        [
            tool("get_forecast", "Weather forecast for coordinates", latitude=NUMBER, longitude=NUMBER),
            tool("geocode", "Coordinates of a place: latitude and longitude", place=""),
        ],
    ),
    Row(
        "a tool that changes things is not called to find something out",
        "What is the balance of my account?",
        says("account", rule="missing_argument"),
        [
            tool("get_balance", "Get the balance", account_id=""),
            tool("create_account", "Create an account; returns the account id"),
        ],
    ),
    Row(
        "one after the other",
        "Get the weather in Paris and email it to bob@example.com",
        [("get_weather", {"city": "Paris"})],
        [WEATHER, EMAIL],
    ),
    Row(
        "one after the other, then",
        [
            user("Get the weather in Paris and email it to bob@example.com"),
            *called("get_weather", {"city": "Paris"}, "It is sunny in Paris."),
        ],
        lambda d: (
            d.calls[0].name == "send_email"
            and d.calls[0].arguments["to"] == "bob@example.com"
            and "sunny" in d.calls[0].arguments["body"]
        ),
        [WEATHER, EMAIL],
    ),
    Row(
        "dice",
        "Roll two six-sided dice",
        [("roll_dice", {"sides": 6, "count": 2})],
        [tool("roll_dice", "Roll dice", sides=INTEGER, count=INTEGER)],
    ),
    Row(
        "a d20", "roll a d20", [("roll_dice", {"sides": 20})], [tool("roll_dice", "Roll dice", sides=INTEGER)]
    ),
    Row(
        "a reminder",
        "Remind me to call mom tomorrow at 5pm",
        [("create_reminder", {"text": "call mom", "time": "5pm"})],
        [tool("create_reminder", "Create a reminder", text="", time="")],
    ),
    Row(
        "a meeting",
        "Schedule a meeting with Bob on Friday at 3pm",
        [("create_event", {"title": "meeting with Bob", "date": "Friday", "time": "3pm"})],
        [tool("create_event", "Create a calendar event", title="", date="", time="")],
    ),
    Row(
        "the thing, not the tool's words",
        "How many widgets do we have in stock?",
        [("check_inventory", {"item": "widgets"})],
        [tool("check_inventory", "Check inventory of an item", item="")],
    ),
    Row(
        "accounts by from and to",
        "Transfer $50 from checking to savings",
        [("transfer_money", {"from_account": "checking", "to_account": "savings", "amount": 50})],
        [
            tool(
                "transfer_money",
                "Transfer money between accounts",
                from_account="",
                to_account="",
                amount=NUMBER,
            )
        ],
    ),
    Row(
        "no US state, no guess",
        "Are there any weather alerts in Canada?",
        says("state", rule="missing_argument"),
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "a haiku about what a tool offers", "Write a haiku about the weather", haiku, COURSE, OTHERWISE_HAIKU
    ),
    Row(
        "an address that is given is not asked for",
        "My IP is 1.2.3.4, where am I?",
        [("get_location_info", {"ipaddress": "1.2.3.4"})],
        COURSE,
    ),
    Row(
        "weather by another word",
        "Do I need an umbrella in Seattle?",
        [("get_weather", {"city": "Seattle"})],
        [WEATHER],
    ),
    Row(
        "two bookings",
        "Withdraw 30 from account A1 and deposit 30 into account B2",
        [("withdraw", {"account": "A1", "amount": 30}), ("deposit", {"account": "B2", "amount": 30})],
        [
            tool("withdraw", "Withdraw money", account="", amount=NUMBER),
            tool("deposit", "Deposit money", account="", amount=NUMBER),
        ],
    ),
    Row(
        "a quoted text that no word explains",
        "Reverse the string 'abc'",
        [("reverse_string", {"s": "abc"})],
        [tool("reverse_string", "Reverse a string", s="")],
    ),
    Row(
        "units from and to",
        "Convert 10 miles to kilometers",
        [("convert_units", {"value": 10, "from_unit": "miles", "to_unit": "kilometers"})],
        [tool("convert_units", "Convert a quantity between units", value=NUMBER, from_unit="", to_unit="")],
    ),
    Row(
        "a list after its verb",
        "Add milk, eggs and bread to the shopping list",
        [("add_items", {"items": ["milk", "eggs", "bread"]})],
        [tool("add_items", "Add items to the shopping list", items={"type": "array", "items": STRING})],
    ),
    Row(
        "an address is no city",
        [user("What's the weather where I am?"), *called("my_ip", {}, "198.51.100.9")],
        [("ip_to_city", {"ip": "198.51.100.9"})],
        [
            WEATHER,
            tool("my_ip", "Public IP address of this machine"),
            tool("ip_to_city", "City of an IP address", ip=""),
        ],
    ),
    # Never loop; errors.
    Row(
        "the SDK's tool error is reported",
        [
            user("What's the weather in Tokyo?"),
            *called(
                "get_weather",
                {"city": "Tokyo"},
                "An error occurred while running the tool. Please try again. Error: no such station",
            ),
        ],
        says("get_weather", "failed", "no such station", rule="tool_failed"),
        [WEATHER],
    ),
    Row(
        "a JSON error is reported",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, '{"error": "quota exceeded"}'),
        ],
        says("failed", "quota exceeded"),
        [WEATHER],
    ),
    Row(
        "an unknown tool is reported",
        [
            user("What's the weather in Tokyo?"),
            *called("get_wether", {"city": "Tokyo"}, "Tool get_wether not found in agent Assistant"),
            *called("get_weather", {"city": "Tokyo"}, "Error: down", "x2"),
        ],
        says("failed"),
        [WEATHER],
    ),
    Row(
        "an error that says what is right",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts",
                {"state": "California"},
                "Error: use the two-letter state code, such as NY",
            ),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        [tool("get_weather_alerts", "Alerts", state="")],
    ),
    Row(
        "an error that lists the choices",
        [
            user("set mode to fast please"),
            *called("set_mode", {"mode": "fast"}, "Error: mode must be one of: slow, rapid, fastest"),
        ],
        says("failed"),
        [tool("set_mode", "Set the mode", mode="")],
    ),
    Row(
        "a second failure is final",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts", {"state": "California"}, "Error: use the two-letter state code", "a"
            ),
            *called("get_weather_alerts", {"state": "CA"}, "Error: service down", "b"),
        ],
        says("failed", "service down"),
        [tool("get_weather_alerts", "Alerts", state="")],
    ),
    Row(
        "half failed",
        [
            user("weather in Paris and Tokyo"),
            *called("get_weather", {"city": "Paris"}, "Sunny in Paris.", "a"),
            *called("get_weather", {"city": "Tokyo"}, "Error: unknown city", "b"),
        ],
        says("Sunny in Paris"),
        [WEATHER],
    ),
    Row(
        "a failing chain stops",
        [user(WHERE), *called("get_ip_address", {}, "Error: network unreachable")],
        says("failed", "network unreachable"),
        COURSE,
    ),
    Row(
        "a chain whose link says nothing stops",
        [user(WHERE), *PLACE, *called("get_location_info", {"ipaddress": "203.0.113.7"}, "unknown")],
        lambda d: not d.calls,
        COURSE,
    ),
    Row(
        "an answered call is not repeated",
        [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"}, "Rain.")],
        says("Rain"),
        [WEATHER],
    ),
    Row(
        "the next turn may call again",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, "Rain."),
            said("Rain."),
            user("What's the weather in Tokyo?"),
        ],
        [("get_weather", {"city": "Tokyo"})],
        [WEATHER],
    ),
    # tool_choice.
    Row(
        "none",
        "What's the weather in Tokyo?",
        lambda d: not d.calls,
        [WEATHER],
        options={"tool_choice": "none"},
    ),
    Row(
        "required",
        "Hello there",
        lambda d: [c.name for c in d.calls] == ["get_weather"],
        [WEATHER],
        options={"tool_choice": "required"},
    ),
    Row(
        "named",
        "What's the weather in Tokyo?",
        [("get_time", {"city": "Tokyo"})],
        [WEATHER, TIME],
        options={"tool_choice": {"type": "function", "name": "get_time"}},
    ),
    Row(
        "named, with nothing to fill it",
        "Hello",
        lambda d: d.calls[0].name == "get_weather_alerts" and isinstance(d.calls[0].arguments["state"], str),
        COURSE,
        options={"tool_choice": {"type": "function", "name": "get_weather_alerts"}},
    ),
    # Handoffs.
    Row(
        "French",
        "Bonjour, comment ça va?",
        [("transfer_to_french_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "Spanish",
        "Hola, ¿cómo estás?",
        [("transfer_to_spanish_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "English",
        "Hello, how are you?",
        [("transfer_to_english_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "after a handoff, no way back",
        [
            user("Hola, ¿cómo estás?"),
            *called("transfer_to_spanish_agent", {}, '{"assistant": "spanish_agent"}'),
        ],
        says("modelo de práctica"),
        [handoff("triage_agent")],
        "You only speak Spanish",
    ),
    Row(
        "English stays",
        "I live in New York City. Whats the population of the city?",
        lambda d: not d.calls,
        [handoff("Spanish Assistant", "A Spanish-speaking assistant.")],
        "Be a helpful assistant. If the user speaks Spanish, handoff to the Spanish assistant.",
    ),
    Row(
        "history",
        "Who was the first president of the United States?",
        [("transfer_to_history_tutor", {})],
        TUTORS,
        "You determine which agent to use based on the user's homework question",
    ),
    Row(
        "math",
        "Can you help me solve 2x + 5 = 11?",
        [("transfer_to_math_tutor", {})],
        TUTORS,
        "You determine which agent to use based on the user's homework question",
    ),
    Row(
        "neither",
        "what is life",
        lambda d: not d.calls,
        TUTORS,
        "You determine which agent to use based on the user's homework question",
    ),
    Row(
        "to the FAQ",
        "How many bags can I bring?",
        [("transfer_to_faq_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to "
        "other appropriate agents.",
    ),
    Row(
        "to the seats",
        "I want to change my seat",
        [("transfer_to_seat_booking_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to "
        "other appropriate agents.",
    ),
    Row(
        "weather, not local info",
        "Is there a storm coming in Texas?",
        [("transfer_to_weather_agent", {})],
        [
            handoff("Weather agent", "Answers questions about weather alerts."),
            handoff("Local agent", "Finds out the user's IP address and location."),
        ],
        "Route each question to the right agent.",
    ),
    Row(
        "continue after the handoff",
        [
            user("Is there a storm coming in Texas?"),
            *called("transfer_to_weather_agent", {}, '{"assistant": "Weather agent"}'),
        ],
        [("get_weather_alerts", {"state": "TX"})],
        [ALERTS, handoff("Triage agent")],
        "You answer weather questions.",
    ),
    Row(
        "the FAQ tool after the handoff",
        [
            user("Is there wifi on the plane?"),
            *called("transfer_to_faq_agent", {}, '{"assistant": "FAQ Agent"}'),
        ],
        [("faq_lookup_tool", {"question": "Is there wifi on the plane?"})],
        [tool("faq_lookup_tool", "Lookup frequently asked questions.", question=""), TRIAGE],
        "You are an FAQ agent. Use the faq lookup tool. If you cannot answer, transfer back "
        "to the triage agent.",
    ),
    Row(
        "arguments are asked for",
        [
            user("I want to change my seat"),
            *called("transfer_to_seat_booking_agent", {}, '{"assistant": "Seat Booking Agent"}'),
        ],
        says("confirmation number", "new seat"),
        [UPDATE_SEAT, TRIAGE],
        SEAT_INSTRUCTIONS,
    ),
    Row(
        "and given bit by bit",
        [
            user("I want to change my seat"),
            said("To use update_seat I need: confirmation number and new seat. Please tell me."),
            user("My confirmation number is ABC123"),
            said("To use update_seat I need: new seat. Please tell me."),
            user("12A"),
        ],
        [("update_seat", {"confirmation_number": "ABC123", "new_seat": "12A"})],
        [UPDATE_SEAT, TRIAGE],
        SEAT_INSTRUCTIONS,
    ),
    Row(
        "back to the front desk",
        [user("hi"), said("Hello."), user("Is there wifi on board?")],
        [("transfer_to_triage_agent", {})],
        [UPDATE_SEAT, TRIAGE],
        SEAT_INSTRUCTIONS,
    ),
    Row(
        "not to the agent that has just handed back",
        [
            user("I want to change my seat"),
            *called("transfer_to_seat_booking_agent", {}, '{"assistant": "Seat Booking Agent"}'),
            said("Updated seat to 12A for confirmation number ABC123"),
            user("Thanks! How many seats are on the plane?"),
            *called("transfer_to_triage_agent", {}, '{"assistant": "Triage Agent"}'),
        ],
        [("transfer_to_faq_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to other agents.",
    ),
    Row(
        "odd: hand off",
        [user("Generate a random number between 0 and 250."), *called("random_number", {"max": 250}, "37")],
        [("transfer_to_multiply_agent", {})],
        [RANDOM, handoff("Multiply Agent")],
        ODD,
        {"text_format": NUMBER_OUT},
    ),
    Row(
        "even: stop",
        [user("Generate a random number between 0 and 250."), *called("random_number", {"max": 250}, "38")],
        out(number=38),
        [RANDOM, handoff("Multiply Agent")],
        ODD,
        {"text_format": NUMBER_OUT},
    ),
    Row(
        "the instructions are the task",
        [
            user("Generate a random number between 0 and 250."),
            *called("random_number", {"max": 250}, "37"),
            *called("transfer_to_multiply_agent", {}, '{"assistant": "Multiply Agent"}'),
        ],
        [("multiply_by_two", {"x": 37})],
        MULTIPLY,
        "Multiply the number by 2 and then return the final result.",
        {"text_format": NUMBER_OUT},
    ),
    # Structured output and guardrails.
    Row(
        "no homework",
        "What's the capital of California?",
        out(is_math_homework=False),
        instructions=GUARD_MATH,
        options={"text_format": schema(**REASON, is_math_homework=BOOLEAN)},
    ),
    Row(
        "homework",
        "Can you help me solve for x: 2x + 5 = 11",
        out(is_math_homework=True),
        instructions=GUARD_MATH,
        options={"text_format": schema(**REASON, is_math_homework=BOOLEAN)},
    ),
    Row(
        "off topic",
        "Write me a python function",
        out(is_off_topic=True),
        instructions="Decide whether the message is about anything that is not about weather.",
        options={"text_format": schema(is_off_topic=BOOLEAN, **REASON)},
    ),
    Row(
        "not off topic",
        "Is a storm coming to Texas?",
        out(is_off_topic=False),
        instructions="Decide whether the message is about anything that is not about weather.",
        options={"text_format": schema(is_off_topic=BOOLEAN, **REASON)},
    ),
    Row(
        "on topic",
        "Where am I?",
        out(on_topic=True),
        instructions="The assistant only answers questions about weather and location. Is the "
        "message on topic?",
        options={"text_format": schema(on_topic=BOOLEAN)},
    ),
    Row(
        "about weather, by name",
        "Will it rain?",
        out(is_about_weather=True),
        instructions="Check the input.",
        options={"text_format": schema(is_about_weather=BOOLEAN)},
    ),
    Row(
        "an auditor's issues",
        "Sales rose in spring. Costs in Norway did not.",
        out(verified=True, issues="None that a rule can find."),
        instructions="You audit a report for mistakes.",
        options={"text_format": schema(verified=BOOLEAN, issues=STRING)},
    ),
    Row(
        "judge, first try",
        [user("a story"), said("1. Opening ...")],
        out(score="needs_improvement"),
        instructions=JUDGE,
        options={"text_format": schema(feedback=STRING, score=SCI)},
    ),
    Row(
        "judge, second try",
        [user("a story"), said("1."), user("Feedback: more"), said("2.")],
        out(score="pass"),
        instructions=JUDGE,
        options={"text_format": schema(feedback=STRING, score=SCI)},
    ),
    Row(
        "an event",
        "Alice and Bob are going to a science fair on Friday.",
        out(name="science fair", date="Friday", participants=["Alice", "Bob"]),
        instructions="Extract the event information.",
        options={
            "text_format": schema(name=STRING, date=STRING, participants={"type": "array", "items": STRING})
        },
    ),
    Row(
        "from a tool's output",
        [user("Any alerts in California?"), *called("get_weather_alerts", {"state": "CA"}, ALERT_BLOCKS)],
        out(state="CA", count=2, has_alerts=True),
        COURSE,
        options={"text_format": schema(state=STRING, count=INTEGER, has_alerts=BOOLEAN, summary=STRING)},
    ),
    Row(
        "tools come before the structured answer",
        "What's the weather in Tokyo?",
        [("get_weather", {"city": "Tokyo"})],
        [WEATHER],
        options={"text_format": schema(city=STRING, conditions=STRING)},
    ),
    Row(
        "from a Pydantic repr",
        [
            user("What's the weather in Tokyo?"),
            *called(
                "get_weather",
                {"city": "Tokyo"},
                "city='Tokyo' temperature_range='14-20C' conditions='Sunny with wind.'",
            ),
        ],
        out(city="Tokyo", conditions="Sunny with wind."),
        [WEATHER],
        options={"text_format": schema(city=STRING, conditions=STRING, temperature_range=STRING)},
    ),
    Row(
        "sentiment",
        "I love this, it is wonderful!",
        out(sentiment="positive"),
        instructions="Classify the sentiment.",
        options={
            "text_format": schema(sentiment={"type": "string", "enum": ["positive", "negative", "neutral"]})
        },
    ),
    Row(
        "a category",
        "My card was charged twice, I want a refund",
        out(category="billing"),
        instructions="Classify the ticket.",
        options={
            "text_format": schema(category={"type": "string", "enum": ["technical", "billing", "other"]})
        },
    ),
    Row(
        "a search plan",
        "Query: Caribbean vacation spots in April",
        lambda d: (
            len(json.loads(d.text)["searches"]) == 5
            and all("Caribbean" in s["query"] and s["reason"] for s in json.loads(d.text)["searches"])
        ),
        instructions="Given a query, come up with a set of web searches. Output between 5 and 20 "
        "terms to query for.",
        options={
            "text_format": schema(
                searches={
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"reason": STRING, "query": STRING},
                        "required": ["reason", "query"],
                        "additionalProperties": False,
                    },
                }
            )
        },
    ),
    Row(
        "what is not known is null",
        "What's the capital of France?",
        out(user_name=None),
        options={"text_format": schema(reasoning=STRING, response=STRING, user_name=OPTIONAL)},
    ),
    # Conversation.
    Row(
        "a name is remembered",
        [user("Hi, my name is Ada."), said("Hello!"), user("What's my name?")],
        says(r"Ada", rule="remembered_fact"),
    ),
    Row("a name that was never told", "What's my name?", says("not told me")),
    Row(
        "a follow-up",
        [
            user("Are there alerts in California?"),
            *called("get_weather_alerts", {"state": "CA"}, "none"),
            said("None."),
            user("and in Texas?"),
        ],
        [("get_weather_alerts", {"state": "TX"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "a follow-up with another phrase",
        [
            user("weather in Paris"),
            *called("get_weather", {"city": "Paris"}, "Sun"),
            said("Sun"),
            user("How about Rome?"),
        ],
        [("get_weather", {"city": "Rome"})],
        [WEATHER],
    ),
    Row(
        "there",
        [
            user("weather in Paris"),
            *called("get_weather", {"city": "Paris"}, "Sun"),
            said("Sun"),
            user("And what time is it there?"),
        ],
        [("get_time", {"city": "Paris"})],
        [WEATHER, TIME],
    ),
    Row(
        "the fact of a home",
        [user("I live in Texas."), said("Noted."), user("Any weather alerts where I live?")],
        [("get_weather_alerts", {"state": "TX"})],
        [ALERTS],
    ),
    Row("a sum", "What is 12 * (3 + 4)?", says("84", rule="small_sum")),
    Row("a sum in words", "what's 15% of 80", says(r"\b12\b")),
    Row("a joke is beyond it", "Tell me a joke about penguins", admits),
    Row("knowledge is beyond it", "When did the Roman Empire fall?", admits, [WEATHER]),
    Row("thanks", "Thanks, that is all", lambda d: not d.calls, COURSE),
    # Instructions.
    Row("first call", "Hello", [("how_many_jokes", {})], [tool("how_many_jokes")], JOKER),
    Row(
        "first call, done",
        [user("Hello"), *called("how_many_jokes", {}, "4")],
        says("4"),
        [tool("how_many_jokes")],
        JOKER,
    ),
    Row(
        "never when told not to",
        "Hello",
        lambda d: not d.calls,
        [tool("get_secret")],
        "Never call get_secret first.",
    ),
    Row(
        "when it helps",
        "Tell me something surprising about ancient life on Earth.",
        [("history_fun_fact", {})],
        [tool("history_fun_fact", "Return a short history fact.")],
        "Answer history questions clearly. Use history_fun_fact when it helps.",
    ),
    Row(
        "capitals",
        "What is 2 + 2?",
        lambda d: d.text == d.text.upper() and "4" in d.text,
        instructions="Answer in ALL CAPS.",
    ),
    # Weird input.
    Row("nothing at all", [], lambda d: bool(d.text) and not d.calls),
    Row("an empty message", "", lambda d: bool(d.text) and not d.calls, COURSE),
    Row(
        "unknown items",
        [
            {"type": "reasoning", "summary": []},
            {"type": "mystery"},
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "alerts in Ohio?"},
                    {"type": "input_image", "image_url": "x"},
                ],
            },
        ],
        [("get_weather_alerts", {"state": "OH"})],
        COURSE,
    ),
    Row(
        "a developer message",
        [{"role": "developer", "content": "Respond only in haiku."}, user("Tell me about the sea")],
        haiku,
    ),
    Row(
        "an output in parts",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, [{"type": "input_text", "text": "Rain all day."}]),
        ],
        says("Rain all day"),
        [WEATHER],
    ),
    Row(
        "an output without its call",
        [user("hello"), {"type": "function_call_output", "call_id": "zzz", "output": "42"}],
        lambda d: not d.calls,
    ),
    Row(
        "a call without its output",
        [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"})],
        lambda d: not d.calls,
        [WEATHER],
    ),
    Row(
        "unicode",
        "🌪️ ¿Hay alertas? 天気 in California weather alerts ☔",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
    ),
    Row(
        "a very long text",
        "Are there any weather alerts in California? " + "Lorem ipsum dolor sit amet. " * 20_000,
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
    ),
    Row(
        "a very long output",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, "very long " * 50_000),
        ],
        lambda d: len(d.text) < 1500,
        [WEATHER],
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
        "broken arguments in the history",
        [
            user("alerts in Ohio"),
            {"type": "function_call", "call_id": "a", "name": "get_weather_alerts", "arguments": "{broken"},
            {"type": "function_call_output", "call_id": "a", "output": "Error: bad arguments"},
        ],
        [("get_weather_alerts", {"state": "OH"})],
        COURSE,
    ),
    Row(
        "a dangling $ref",
        "What's the weather in Tokyo?",
        lambda d: d.calls[0].name == "get_weather",
        [tool("get_weather", "Weather", city={"$ref": "#/$defs/Nowhere"})],
    ),
]

ACCOUNT = [tool("delete_account", "Delete the account."), tool("get_plan", "Get the plan.")]
MAIL = [tool("send_mail", "Send a mail.", to="", body=""), tool("search_mails", "Search mails.", query="")]
ORDERS = [
    tool("lookup_order", "Look up an order", order_id=""),
    tool("refund_order", "Refund an order.", order_id=""),
]
IF_LATE = "Refund order 55 if it was delivered late"
RATE = [tool("fx_rate", "Rate between two.", base="", quote="")]
SUMS = [tool(n, f"{n.title()} two numbers", a=NUMBER, b=NUMBER) for n in ("add", "subtract", "multiply")]
SUM = "Add 17 and 25, multiply the result by 3 and subtract 6"
ASKED_CITY = [user("What's the weather?"), said("To use get_weather I need: city. Please tell me.")]
HALF = "weather in Rome and who won the election?"


def silent(decision: Decision) -> bool:
    return not decision.calls


ROWS += [
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
    Row("if: looked up first", IF_LATE, [("lookup_order", {"order_id": "55"})], ORDERS),
    Row(
        "if: it holds",
        [user(IF_LATE), *called("lookup_order", {"order_id": "55"}, '{"status": "delivered late"}')],
        [("refund_order", {"order_id": "55"})],
        ORDERS,
    ),
    Row(
        "if: it does not plainly hold",
        [user(IF_LATE), *called("lookup_order", {"order_id": "55"}, '{"delivered_late": false}')],
        says("did not call refund_order", "it was delivered late"),
        ORDERS,
    ),
    Row("no if", "I don't like it. Refund order 55", [("refund_order", {"order_id": "55"})], ORDERS),
    Row(
        "one message, not two",
        "Send a mail to a@b.co and c@d.co saying 'hi there'",
        [("send_mail", {"to": "a@b.co, c@d.co", "body": "hi there"})],
        MAIL,
    ),
    Row("a directed pair", "EUR to JPY rate", [("fx_rate", {"base": "EUR", "quote": "JPY"})], RATE),
    Row(
        "a pair in words",
        "fx rate for dollars in euros",
        [("fx_rate", {"base": "USD", "quote": "EUR"})],
        RATE,
    ),
    Row(
        "one of a pair is not both",
        "What is the fx rate of EUR?",
        says("quote", rule="missing_argument"),
        RATE,
    ),
    Row("a question is no answer", [*ASKED_CITY, user("Why do you need that?")], silent, [WEATHER]),
    Row("a question mark is no answer", [*ASKED_CITY, user("Can you guess?")], silent, [WEATHER]),
    Row("an answer", [*ASKED_CITY, user("Rome")], [("get_weather", {"city": "Rome"})], [WEATHER]),
    Row("a sum, step 1", SUM, [("add", {"a": 17, "b": 25})], SUMS),
    Row(
        "a sum, step 2",
        [user(SUM), *called("add", {"a": 17, "b": 25}, "42")],
        [("multiply", {"a": 42, "b": 3})],
        SUMS,
    ),
    Row(
        "a sum, step 3",
        [
            user(SUM),
            *called("add", {"a": 17, "b": 25}, "42"),
            *called("multiply", {"a": 42, "b": 3}, "126"),
        ],
        [("subtract", {"a": 126, "b": 6})],
        SUMS,
    ),
    Row("taken from", "Subtract 6 from 20", [("subtract", {"a": 20, "b": 6})], SUMS),
    *(
        Row(
            f"math homework: {text}",
            text,
            out(is_math_homework=holds),
            instructions=GUARD_MATH,
            options={"text_format": schema(is_math_homework=BOOLEAN)},
        )
        for text, holds in (("What time do you open?", False), ("What is 6 times 7?", True))
    ),
    *(
        Row(f"haiku: {text}", "Tell me about the sea", haiku if wanted else admits, instructions=text)
        for text, wanted in (
            ("Answer with a poem of three lines with five, seven and five syllables.", True),
            ("Reply in three lines of 5, 7 and 5 syllables.", True),
            ("Never answer in haiku.", False),
            ("Be plain: no haiku.", False),
        )
    ),
    Row(
        "half a question is named",
        [user(HALF), *called("get_weather", {"city": "Rome"}, "Sunny in Rome.")],
        says("Sunny in Rome", "who won the election"),
        [WEATHER],
    ),
    Row("blanks", " " * 50_000, silent, COURSE),
    Row("lines", "\n" * 50_000, silent, COURSE),
    *(
        Row(f"a property named {name!r}", "'", silent, options={"text_format": schema(**{name: STRING})})
        for name in ("_", "-", "__", "", "name")
    ),
]


def request(row: Row) -> PlanRequest:
    items = [user(row.text)] if isinstance(row.text, str) else row.text
    return PlanRequest(instructions=row.instructions, items=items, tools=row.tools, **row.options)


TEXAS = """There are 3 weather alerts for Texas (TX):
- Flood Watch (Severe): Inland Harris; Coastal Harris; Inland Brazoria
- Wind Advisory (Moderate): Guadalupe Mountains of Culberson County; Midland
- Dense Fog Advisory (Minor): Inland Kleberg; Coastal Nueces"""
BRIEF = "There are 3 weather alerts for Texas (TX): Flood Watch, Wind Advisory, Dense Fog Advisory."
JUDGE = "Judge the notice. It passes if it has at most 20 words and names the state."
TRIAGE = (
    "Decide whether the question can be researched as it stands. If it is too vague, ask one question back."
)
NOTES = """Question: How do lighthouses and tides help ships?

Notes on lighthouses:
A lighthouse shows ships where the coast is.

Notes on tides:
The search failed: the library answered 500."""


def told(**expected: Any) -> Callable[[Decision], bool]:
    """A structured output with these values, among others."""
    return lambda decision: json.loads(decision.text).items() >= expected.items()


def output(**properties: Any) -> dict[str, Any]:
    return {"text_format": schema(**properties)}


def searches_for(*queries: str) -> Callable[[Decision], bool]:
    return lambda decision: [one["query"] for one in json.loads(decision.text)["searches"]] == list(queries)


VERDICT = output(passed=BOOLEAN, feedback=STRING)
SCORE = output(score={"type": "string", "enum": ["pass", "needs_improvement"]}, feedback=STRING)
CLEAR = output(clear=BOOLEAN, question=STRING)
SEARCH = {
    "type": "object",
    "properties": {"query": STRING, "reason": STRING},
    "required": ["query", "reason"],
}
PLAN = output(searches={"type": "array", "items": SEARCH})

ROWS += [
    Row(
        "a judge counts",
        TEXAS,
        told(passed=False, feedback="It has 34 words: write at most 20 words."),
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row(
        "a judge looks for the state",
        "There are 3 weather alerts.",
        told(passed=False, feedback="It must name the state."),
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row(
        "a judge lets pass",
        BRIEF,
        lambda d: json.loads(d.text)["passed"] is True,
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row("a judge with grades", TEXAS, told(score="needs_improvement"), instructions=JUDGE, options=SCORE),
    Row("a judge with grades lets pass", BRIEF, told(score="pass"), instructions=JUDGE, options=SCORE),
    Row(
        "a judge looks for a word",
        BRIEF,
        told(passed=False, feedback='It must mention "caution".'),
        instructions='It passes if it mentions "caution".',
        options=VERDICT,
    ),
    Row(
        "a first notice holds everything",
        TEXAS,
        lambda d: "Guadalupe" in d.text and len(d.text.split()) > 20,
        instructions="Write a notice of these alerts.",
    ),
    Row(
        "a writer obeys feedback",
        f"{TEXAS}\n\nYour draft: Long, long.\n\nFeedback: It has 31 words: write at most 20 words.",
        lambda d: d.text == BRIEF,
        instructions="Write a notice of these alerts. Obey the feedback if there is any.",
    ),
    Row(
        "a writer keeps to its own limit",
        TEXAS,
        lambda d: d.text == BRIEF,
        instructions="Shorten the text to a notice of at most 20 words.",
    ),
    Row(
        "a bulletin, one line each",
        f"{TEXAS}\n\n{TEXAS.replace('Texas (TX)', 'Ohio (OH)')}",
        lambda d: d.text == f"{BRIEF}\n{BRIEF.replace('Texas (TX)', 'Ohio (OH)')}",
        instructions="Write a bulletin: one line for each state.",
    ),
    Row(
        "a vague question",
        "Write about water",
        told(clear=False, question="What matters most to you about water?"),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "nothing named",
        "Tell me about it",
        told(question="What matters most to you about it?"),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "a clear question",
        "How do lighthouses and tides help ships?",
        told(clear=True, question=""),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "a question made clear",
        "Write about water\nClarification: Floods on rivers, and what dams do",
        told(needs_clarification=False),
        instructions=TRIAGE,
        options=output(needs_clarification=BOOLEAN, question=STRING),
    ),
    Row(
        "searches for the parts of a question",
        "How do lighthouses and tides help ships?",
        searches_for("lighthouses", "lighthouses tides", "lighthouses ships"),
        instructions="Plan three searches.",
        options=PLAN,
    ),
    Row(
        "another question, other searches",
        "Can batteries store solar power for the night?",
        searches_for("batteries store solar", "batteries power night"),
        instructions="Plan 2 searches.",
        options=PLAN,
    ),
    Row(
        "a report has a section for each note",
        NOTES,
        told(
            title="How do lighthouses and tides help ships?",
            summary="By rule, from the notes on: Lighthouses. Not looked up: Tides.",
            markdown="# How do lighthouses and tides help ships?\n\n"
            "## Lighthouses\n\nA lighthouse shows ships where the coast is.\n\n"
            "## Tides\n\nThis could not be looked up. The search failed: the library answered 500.",
        ),
        instructions="Write a report on the question from the notes.",
        options=output(title=STRING, summary=STRING, markdown=STRING),
    ),
]


def check_calls(made: PlanRequest, decision: Decision) -> None:
    """Every call satisfies its tool's schema, and no call repeats one that has an output in this turn."""
    offered = {t["name"]: t for t in made.tools if t.get("name")}
    for call in decision.calls:
        parameters = offered[call.name].get("parameters")
        if (
            isinstance(parameters, dict)
            and "string" not in parameters.get("properties", {}).values()
            and "Nowhere" not in json.dumps(parameters)
        ):
            jsonschema.validate(call.arguments, parameters)
    assert bool(decision.calls) != bool(decision.text)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_decision(row: Row) -> None:
    made = request(row)
    decision = plan(made)
    if callable(row.expected):
        assert row.expected(decision), decision
    else:
        assert decision.calls == [ToolCall(name, arguments) for name, arguments in row.expected], decision
    check_calls(made, decision)
    if made.text_format and decision.text:
        jsonschema.validate(json.loads(decision.text), made.text_format["schema"])


def test_a_bound_beyond_all_floats_is_no_crash() -> None:
    for bound in ("minimum", "maximum", "multipleOf"):
        for kind in ("integer", "number"):
            for beyond in (10**400, -(10**400), float("inf")):
                wanted = schema(n={"type": kind, bound: beyond})
                assert plan(PlanRequest(items=[user("Say 4")], text_format=wanted)).text


def test_names_are_unique() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 90


SCHEMAS: list[dict[str, Any]] = [
    {
        "type": "object",
        "properties": {"a": STRING, "b": INTEGER, "c": NUMBER, "d": BOOLEAN},
        "required": ["a", "b", "c", "d"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 3, "maximum": 9},
            "p": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        },
        "required": ["n", "p"],
    },
    {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": STRING, "minItems": 2, "maxItems": 3}},
        "required": ["tags"],
    },
    {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": STRING, "minItems": 3, "uniqueItems": True}},
        "required": ["tags"],
    },
    {
        "type": "object",
        "properties": {
            "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "zip": {"type": "string", "pattern": r"^\d{5}(-\d{4})?$"},
        },
        "required": ["code", "zip"],
    },
    {
        "type": "object",
        "properties": {
            "when": {"type": "string", "format": "date"},
            "at": {"type": "string", "format": "date-time"},
            "mail": {"type": "string", "format": "email"},
        },
        "required": ["when", "at", "mail"],
    },
    {
        "type": "object",
        "properties": {
            "mood": {"type": "string", "enum": ["good", "bad"]},
            "level": {"enum": [1, 2, 3]},
            "fixed": {"const": "x"},
        },
        "required": ["mood", "level", "fixed"],
    },
    {
        "type": "object",
        "properties": {
            "maybe": {
                "anyOf": [
                    {"type": "object", "properties": {"x": INTEGER}, "required": ["x"]},
                    {"type": "null"},
                ]
            },
            "either": {"type": ["integer", "null"]},
        },
        "required": ["maybe", "either"],
    },
    {
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"name": STRING, "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
                "required": ["name", "kids"],
                "additionalProperties": False,
            }
        },
        "$ref": "#/$defs/Node",
    },
    {
        "$defs": {
            "Step": {
                "type": "object",
                "properties": {"explanation": STRING, "output": STRING},
                "required": ["explanation", "output"],
                "additionalProperties": False,
            }
        },
        "type": "object",
        "properties": {"steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}}, "final_answer": STRING},
        "required": ["steps", "final_answer"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"response": {"type": "array", "items": INTEGER}},
        "required": ["response"],
    },
    {
        "type": "object",
        "properties": {"scores": {"type": "object", "additionalProperties": INTEGER}},
        "required": ["scores"],
    },
    {
        "type": "object",
        "properties": {
            "short": {"type": "string", "maxLength": 3},
            "long": {"type": "string", "minLength": 40},
        },
        "required": ["short", "long"],
    },
    {
        "type": "object",
        "properties": {
            "pair": {"type": "array", "prefixItems": [STRING, INTEGER], "minItems": 2, "maxItems": 2}
        },
        "required": ["pair"],
    },
    {
        "type": "object",
        "properties": {
            "shape": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "circle"}, "r": NUMBER},
                        "required": ["kind", "r"],
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "box"}, "w": NUMBER},
                        "required": ["kind", "w"],
                        "additionalProperties": False,
                    },
                ]
            }
        },
        "required": ["shape"],
    },
    {
        "allOf": [
            {"type": "object", "properties": {"a": STRING}, "required": ["a"]},
            {"type": "object", "properties": {"b": INTEGER}, "required": ["b"]},
        ]
    },
    {"type": "object", "properties": {}, "additionalProperties": False},
    {"type": "object", "properties": {"x": {}}, "required": ["x"]},
    {
        "type": "object",
        "properties": {"step": {"type": "integer", "multipleOf": 5, "minimum": 12}},
        "required": ["step"],
    },
    {
        "type": "object",
        "properties": {
            "count": INTEGER,
            "reasoning": STRING,
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "score": {"type": "integer", "minimum": 1, "maximum": 5},
        },
        "required": ["count", "reasoning", "confidence", "score"],
    },
    {
        "type": "object",
        "properties": {
            "people": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": STRING, "age": {"anyOf": [INTEGER, {"type": "null"}]}},
                    "required": ["name", "age"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["people"],
    },
]
TEXTS = [
    "",
    "Alice (30) met Bob in Paris, TX on 2026-03-04 at 5pm, order #A-17, 3 nights, "
    "bob@example.com, 203.0.113.9, $1,200.50",
    "Is it good? I need 42 of them: red, green and blue. CA or NY?",
    "¿Qué tiempo hace en México? 天気 🌧",
    "solve 2x + 5 = 11 and explain each step",
]
HISTORIES: list[list[dict[str, Any]]] = [
    [],
    [
        *called(
            "t",
            {"city": "Rome"},
            '{"name": "x", "tags": ["a", "b", 3], "n": 99, "code": "zz", "kids": null, "count": "many"}',
        )
    ],
    [*called("t", {}, "37")],
    [*called("t", {}, '[{"a": 1}, {"a": 2}]')],
]


@pytest.mark.parametrize("number", range(len(SCHEMAS)))
def test_structured_output_and_arguments_satisfy_any_schema(number: int) -> None:
    """Whatever the schema, the text and the history: what comes back validates."""
    wanted = SCHEMAS[number]
    for text in TEXTS:
        for history in HISTORIES:
            items = [user(text), *history]
            output = {"type": "json_schema", "name": "o", "schema": wanted}
            decision = plan(PlanRequest(instructions="Judge the text.", items=items, text_format=output))
            jsonschema.validate(json.loads(decision.text), wanted)
            made = {"type": "function", "name": "do_it", "description": "Do it", "parameters": wanted}
            for choice in ("required", {"type": "function", "name": "do_it"}):
                forced = plan(PlanRequest(items=items, tools=[made], tool_choice=choice))
                assert forced.calls
                jsonschema.validate(forced.calls[0].arguments, wanted)


def test_an_agent_loop_always_ends() -> None:
    """Whatever the tools return, a run of tool calls comes to an answer."""
    outputs = [
        "",
        "ok",
        "42",
        "Error: no",
        '{"error": "bad"}',
        '{"id": 7, "city": "Rome", "state": "CA"}',
        "[]",
        "San Francisco, California",
    ]
    questions = [
        WHERE,
        "weather in Paris and the time in Tokyo",
        "What is the balance of customer bob@example.com?",
        "Add 2 and 3, then multiply it by 4",
        "delete the warehouse 12 and the coupon 9",
        "Translate 'hi' to French and Spanish",
        "look up order 3 and email it to a@b.co",
    ]
    tools = [*COURSE, WEATHER, TIME, EMAIL, *TRANSLATORS, *MULTIPLY, RANDOM, *MANY]
    for question in questions:
        for output in outputs:
            for parallel in (True, False):
                items: list[dict[str, Any]] = [user(question)]
                for turn in range(12):
                    decision = plan(
                        PlanRequest(
                            instructions=OTHERWISE_HAIKU,
                            items=items,
                            tools=tools,
                            parallel_tool_calls=parallel,
                        )
                    )
                    if not decision.calls:
                        break
                    seen = {(i["name"], i["arguments"]) for i in items if i.get("type") == "function_call"}
                    for index, call in enumerate(decision.calls):
                        assert (call.name, json.dumps(call.arguments)) not in seen, (question, output)
                        items += called(call.name, call.arguments, output, f"c{turn}-{index}")
                else:
                    pytest.fail(f"no end: {question!r} with {output!r}")


def test_the_same_request_gets_the_same_decision_in_every_process() -> None:
    """Nothing depends on the order of a set, on the clock or on the process."""
    script = (
        "import json; from tests.practice import test_model as t\n"
        "print(json.dumps([[d.rule, [[c.name, c.arguments] for c in d.calls], d.text]"
        " for d in (t.plan(t.request(r)) for r in t.ROWS)]))"
    )
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "77")
    ]
    seen = {process.communicate(timeout=100)[0] for process in running}
    assert all(process.returncode == 0 for process in running)
    assert len(seen) == 1


def test_the_rules_are_named_and_documented() -> None:
    from workshop.practice.model.rules import ANSWERS, RULES

    for rule in (*RULES, *ANSWERS):
        assert rule.__doc__, rule


def test_a_field_that_ends_in_a_full_stop_ends_the_sentence() -> None:
    output = json.dumps({"city": "Tokyo", "conditions": "Sunny with wind."})
    items = [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"}, output)]
    request = PlanRequest(items=items, tools=[tool("get_weather", city="")])
    assert plan(request).text.endswith("Sunny with wind.")
    assert ".." not in plan(request).text


def test_a_map_of_texts_is_not_filled_with_numbers_of_the_question() -> None:
    """As the SDK's sample of a non-strict output asks: its keys must be whole numbers, which no schema says."""
    jokes = {"type": "object", "additionalProperties": STRING}
    decision = plan(PlanRequest(items=[user("Tell me 3 short jokes.")], text_format=schema(jokes=jokes)))
    assert json.loads(decision.text) == {"jokes": {}}


def test_a_program_with_hosted_tools_only_is_answered_although_it_requires_one() -> None:
    """As the samples' research bots do; what a practice model cannot do it says."""
    body = {"model": "gpt-5", "input": "Search term: surf", "tool_choice": "required"}
    request = responses_api.parse({**body, "tools": [{"type": "web_search"}]})
    assert (request.tools, request.tool_choice, request.ignored_tools) == ([], "auto", ["web_search"])
    with pytest.raises(ApiError, match="'required' must be specified with 'tools'"):
        responses_api.parse(body)


def test_every_haiku_has_three_lines_of_five_seven_five() -> None:
    """By a count of vowel groups, with the words that it gets wrong listed."""
    from workshop.practice.model.haiku import POEMS

    for poem in POEMS:
        lines = poem.split(" / ")
        assert [sum(syllables(w) for w in line.split()) for line in lines] == [5, 7, 5], (
            poem,
            [[(w, syllables(w)) for w in line.split()] for line in lines],
        )


IRREGULAR = {
    "evening": 2,
    "people": 2,
    "history": 3,
    "silence": 2,
    "being": 2,
    "seven": 2,
    "something": 2,
    "mended": 2,
    "quiet": 2,
    "someone": 2,
    "science": 2,
    "idea": 3,
    "machine": 2,
    "every": 2,
    "beside": 2,
    "remembers": 3,
    "recursion": 3,
    "something's": 2,
    "reading": 2,
    "smaller": 2,
    "purse": 1,
    "moves": 1,
    "footprints": 2,
    "sometimes": 2,
    "beneath": 2,
}


def syllables(word: str) -> int:
    """A rough count of the syllables of an English word."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if word in IRREGULAR:
        return IRREGULAR[word]
    count = len(re.findall(r"[aeiouy]+", word))
    silent_e = (word.endswith("e") and not word.endswith(("le", "ee", "ye", "oe"))) or word.endswith(
        ("ale", "ole", "ile", "ule")
    )
    silent_ed = word.endswith("ed") and not word.endswith(("ted", "ded", "eed"))
    silent_es = word.endswith("es") and not word.endswith(
        ("ses", "xes", "zes", "ches", "shes", "ges", "ces", "ees")
    )
    if count > 1 and (silent_e or silent_ed or silent_es):
        count -= 1
    return max(count, 1)
