"""Requests to the planner in few words, and rows of a table: a request and the decision expected of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jsonschema.validators import validator_for

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


def output(**properties: Any) -> dict[str, Any]:
    """The options of a request for a structured output with these properties."""
    return {"text_format": schema(**properties)}


# -- what is expected of a decision ------------------------------------------------------------------------


def is_haiku(decision: Decision) -> bool:
    return not decision.calls and len(decision.text.splitlines()) == 3


def silent(decision: Decision) -> bool:
    return not decision.calls


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


def refuses(*missing: str) -> Callable[[Decision], bool]:
    """A refusal that names these properties."""
    return lambda decision: bool(decision.refusal) and all(name in decision.refusal for name in missing)


admits = says("practice model", "not a language model", "OPENAI_API_KEY")


@dataclass(frozen=True)
class Row:
    """A request, and the calls expected or what must hold of the decision."""

    name: str
    text: str | list[dict[str, Any]]
    expected: list[tuple[str, dict[str, Any]]] | Callable[[Decision], bool]
    tools: list[dict[str, Any]] = field(default_factory=list)
    instructions: str = "You are a helpful agent."
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def request(self) -> PlanRequest:
        items = [user(self.text)] if isinstance(self.text, str) else self.text
        return PlanRequest(instructions=self.instructions, items=items, tools=self.tools, **self.options)

    def check(self) -> None:
        """The planner decides as expected; its calls and its output satisfy their schemas."""
        request = self.request
        decision = plan(request)
        if callable(self.expected):
            assert self.expected(decision), decision
        else:
            assert decision.calls == [ToolCall(*each) for each in self.expected], decision
        assert bool(decision.calls) + bool(decision.text) + bool(decision.refusal) == 1
        assert decision.why
        assert request.parallel_tool_calls or len(decision.calls) <= 1
        offered = {each["name"]: each.get("parameters") for each in request.tools if each.get("name")}
        for call in decision.calls:
            parameters = offered[call.name]
            if isinstance(parameters, dict) and not _broken(parameters):
                validate(call.arguments, parameters)
        if request.text_format and decision.text:
            validate(json.loads(decision.text), request.text_format["schema"])


def validate(value: Any, wanted: Any) -> None:
    """Whether a value satisfies a schema; a validator is made once for each, as checking the schema itself is dear."""
    _validator(json.dumps(wanted)).validate(value)


@cache
def _validator(wanted: str) -> Any:
    loaded = json.loads(wanted)
    return validator_for(loaded)(loaded)


def _broken(parameters: dict[str, Any]) -> bool:
    return "string" in parameters.get("properties", {}).values() or "Nowhere" in json.dumps(parameters)


# -- tools, instructions and outputs that several tables use -----------------------------------------------

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
OTHERWISE_HAIKU = (
    "You are a helpful agent that can use tools to help the user. You may or may not "
    "need to use the tools to satisfy "
    "the user ask. If no tools are needed, respond in haikus."
)
WEATHER = tool("get_weather", "Get the current weather for a city.", city="The city")
TIME = tool("get_time", "Get the current time in a city", city="")
EMAIL = tool("send_email", "Send an email to the specified recipient.", to="", subject="", body="")
TRANSLATORS = [
    tool(f"translate_to_{n}", f"Translate the user's message to {n.title()}", input="")
    for n in ("spanish", "french", "italian")
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
ALERT_BLOCKS = "Alerts:\n1. Flood Watch (Severe): Bay Area\n2. High Wind Warning (Severe): Los Angeles"
OPTIONAL = {"anyOf": [STRING, {"type": "null"}]}
MULTIPLY = [tool("multiply_by_two", "Return x times two.", x=INTEGER)]
MAIL = [tool("send_mail", "Send a mail.", to="", body=""), tool("search_mails", "Search mails.", query="")]
SUMS = [tool(n, f"{n.title()} two numbers", a=NUMBER, b=NUMBER) for n in ("add", "subtract", "multiply")]
