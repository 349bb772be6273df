"""An answer that is an object with fields of the learner's choice."""

from __future__ import annotations

import dataclasses
import json
import typing
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import alerts_found, calls_about, judge_ending, probe_tools

_SDK = "https://openai.github.io/openai-agents-python"


@exercise(
    proves="The answer arrived as an object with your fields, filled from what the tool returned.",
    hints=(
        "The cell above asked for a `Place`. Which argument of the agent did that?",
        f"A class with typed fields, given as `output_type`: {_SDK}/agents/#output-types",
        "class AlertReport(BaseModel):\n    state: str\n    ...\n\n"
        "agent = Agent(..., tools=[function_tool(get_weather_alerts)], output_type=AlertReport)",
    ),
    temporal=False,
)
async def report(bench: Bench) -> str:
    """The fields are of the types asked for, and agree with what the weather service said, for two states."""
    states = {"CA": "California", **dict([bench.fresh.shuffled(list(_STATES.items()))[0]])}
    questions = {state: f"Report the weather alerts in {name}." for state, name in states.items()}
    told = await bench.run(_probe_reports, list(questions.values()))
    for state, name in states.items():
        judge_ending(calls_about(bench, questions[state]))
        _judge_report(bench, state, name, told[questions[state]])
    return f"For California it holds: {json.dumps(told[questions['CA']]['fields'])}"


def _judge_report(bench: Bench, state: str, name: str, told: dict[str, Any]) -> None:
    alerts = alerts_found(bench, state)
    if alerts is None:
        raise NotYet(
            f"the agent to look up the alerts in {name} with its tool",
            "no call of the weather service for it",
            "the argument tools=[...] of Agent(...)",
        )
    fields = told["fields"]
    if not told["typed"]:
        raise NotYet(
            "final_output to be an AlertReport", told["described"], "the argument output_type of Agent(...)"
        )
    for field, right in (("state", (state, name)), ("alert_count", (len(alerts),))):
        if fields.get(field) not in right:
            raise NotYet(
                f"{field} = {right[0]!r} for {name}",
                f"{fields.get(field, 'no such field')!r}",
                f"the field {field} of AlertReport, and its type",
            )
    events = fields.get("events")
    if not isinstance(events, list) or set(events) != set(alerts):
        raise NotYet(
            f"events, a list of all the kinds of alert in {name}: {sorted(set(alerts))}",
            describe(events) if "events" in fields else "no such field",
            "the field events of AlertReport",
        )


_STATES = {"TX": "Texas", "FL": "Florida", "CO": "Colorado"}

_FIELDS = {"state": "str", "alert_count": "int", "events": "list[str]"}
_TRUE_REPORTS = (
    {"state": "NV", "alert_count": 0, "events": []},
    {"state": "MN", "alert_count": 3, "events": ["Blizzard Warning", "Wind Chill Warning"]},
)
"""What is true at times, and an AlertReport must be able to say: no alert, and two of one kind."""


async def _probe_reports(module: ModuleType, questions: list[str]) -> dict[str, dict[str, Any]]:
    from agents import Agent, AgentOutputSchema, Runner
    from pydantic import BaseModel

    kind = need(module, "AlertReport", type, "a class")
    if not (
        issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or hasattr(kind, "__required_keys__")
    ):
        raise NotYet("AlertReport to be a BaseModel", "a plain class", "`class AlertReport(BaseModel):`")
    agent = need(module, "agent", Agent)
    wanted = agent.output_type
    if isinstance(wanted, AgentOutputSchema):
        wanted = wanted.output_type
    if wanted is not None and not isinstance(wanted, type):
        got = describe(wanted) if typing.get_origin(wanted) is None else f"`{wanted}`".replace("typing.", "")
        raise NotYet(
            "the class AlertReport itself as output_type", got, "the argument output_type of Agent(...)"
        )
    _judge_type(kind)
    names = [tool["name"] for tool in await probe_tools(module)]
    if "get_weather_alerts" not in names:
        raise NotYet(
            "the tool get_weather_alerts",
            f"the agent's tools: {', '.join(names) or 'none'}",
            "the argument tools=[...] of Agent(...)",
        )
    told = {}
    for question in questions:
        output = (await Runner.run(agent, question)).final_output
        fields: dict[str, Any] = {}
        if isinstance(output, BaseModel):
            fields = output.model_dump(mode="json")
        elif dataclasses.is_dataclass(output) and not isinstance(output, type):
            fields = dataclasses.asdict(output)
        elif isinstance(output, dict):
            fields = output
        # A TypedDict has no instances of its own: what arrives is a dict.
        typed = isinstance(output, dict) if hasattr(kind, "__required_keys__") else isinstance(output, kind)
        told[question] = {"typed": typed, "fields": fields, "described": describe(output)}
    return told


def _judge_type(kind: type) -> None:
    """The fields, as the model is shown them, and what the type takes for true."""
    from pydantic import TypeAdapter, ValidationError

    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    schema = adapter.json_schema()
    shown: dict[str, Any] = schema.get("properties", {})
    for field, hint in _FIELDS.items():
        if field not in shown:
            raise NotYet(
                f"the field {field} of AlertReport",
                f"its fields: {', '.join(shown) or 'none'}",
                f"`{field}: {hint}`",
            )
        if _hint_of(shown[field]) != hint:
            raise NotYet(
                f"`{field}: {hint}` in AlertReport",
                f"the model is shown another type: {json.dumps(_bare(shown[field]))}",
                f"the type of the field {field}",
            )
    for true in _TRUE_REPORTS:
        try:
            held = adapter.validate_python(true)
        except ValidationError as error:
            first = error.errors()[0]
            raise NotYet(
                f"an AlertReport that can hold {true}",
                f"{'.'.join(map(str, first['loc'])) or 'AlertReport'}: {first['msg']}",
                "the fields of AlertReport, and what checks them",
            ) from None
        events = held["events"] if isinstance(held, dict) else held.events
        if not isinstance(events, list):
            raise NotYet(
                f"`events: {_FIELDS['events']}` in AlertReport",
                describe(events),
                "the type of the field events",
            )


def _hint_of(schema: dict[str, Any]) -> str:
    """A field's type as a learner writes it; empty for one that the exercise does not ask for."""
    if schema.get("type") == "array":
        return "list[str]" if schema.get("items", {}).get("type") == "string" else ""
    return {"string": "str", "integer": "int"}.get(str(schema.get("type")), "")


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("title", "description")}
