"""An answer that is an object with fields of the learner's choice."""

from __future__ import annotations

import dataclasses
import json
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import alerts_found, probe_tools

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
    """The fields of the report agree with what the weather service said, for two states."""
    shown = ""
    for state, name in (("CA", "California"), ("TX", "Texas")):
        bench.reset_meter()
        told = await bench.run(_probe_report, f"Report the weather alerts in {name}.")
        shown = shown or json.dumps(told["fields"])
        alerts = alerts_found(bench)
        if alerts is None:
            raise NotYet(
                "the agent to look the alerts up with its tool",
                "no call of the weather service",
                "the argument tools=[...] of Agent(...)",
            )
        fields = told["fields"]
        if not told["typed"]:
            raise NotYet(
                "final_output to be an AlertReport",
                told["described"],
                "the argument output_type of Agent(...)",
            )
        for field, right in (("state", state), ("alert_count", len(alerts))):
            if fields.get(field) != right and fields.get(field) != (name if field == "state" else right):
                raise NotYet(
                    f"{field} = {right!r} for {name}",
                    f"{fields.get(field, 'no such field')!r}",
                    f"the field {field} of AlertReport, and its type",
                )
        events = fields.get("events")
        if not isinstance(events, list) or set(events) != set(alerts):
            raise NotYet(
                f"events, a list of all the kinds of alert in {name}: {sorted(set(alerts))}",
                describe(events) if "events" in fields else "no such field",
                "the field events of AlertReport, and its type: list[str]",
            )
    return f"For California it holds: {shown}"


async def _probe_report(module: ModuleType, question: str) -> dict[str, Any]:
    from agents import Agent, Runner
    from pydantic import BaseModel

    kind = need(module, "AlertReport", type, "a class")
    if not (
        issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or hasattr(kind, "__required_keys__")
    ):
        raise NotYet("AlertReport to be a BaseModel", "a plain class", "`class AlertReport(BaseModel):`")
    agent = need(module, "agent", Agent)
    if agent.output_type is not None and not isinstance(agent.output_type, type):
        raise NotYet(
            "the class AlertReport as output_type", describe(agent.output_type), "without parentheses"
        )
    await probe_tools(module)
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
    return {"typed": typed, "fields": fields, "described": describe(output)}
