"""A documented, typed tool of the learner's, which the model chooses when it fits."""

from __future__ import annotations

from typing import Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import (
    alerts_found,
    decisions_of,
    is_haiku,
    probe_answer,
    probe_tools,
)

_SDK = "https://openai.github.io/openai-agents-python"


@exercise(
    proves="The model chose your tool from its schema alone, and left it aside when it did not fit.",
    hints=(
        "The model sees the name, the description and the parameters of your tool. From which three parts of a "
        "Python function do these come?",
        f"`@function_tool` above an `async def` with a typed parameter and a docstring with `Args:`: {_SDK}/tools/",
        '@function_tool\nasync def get_weather_alerts(state: str) -> str:\n    """Get ... alerts ...\n\n'
        '    Args:\n        state: The state\'s two-letter code ...\n    """\n'
        "    return await weather.get_weather_alerts(state)\n\nagent = Agent(..., tools=[get_weather_alerts])",
    ),
    temporal=False,
)
async def weather_agent(bench: Bench) -> str:
    """A documented, typed tool of the learner's, used for Florida and not for a cat."""
    tools = await bench.run(probe_tools)
    if not tools:
        raise NotYet(
            "an agent with one tool", "an agent without tools", "the argument tools=[...] of Agent(...)"
        )
    for tool in tools:
        _judge_schema(tool)

    answer = await bench.run(probe_answer, "Are there any weather alerts in Florida?")
    decisions = decisions_of(bench)
    if not decisions or not decisions[0]:
        raise NotYet(
            "the model's first reply to ask for your tool",
            "it answered without the tool",
            "the tool's docstring, and the agent's instructions",
        )
    name, arguments = decisions[0][0]
    asked = bench.service_paths("weather")
    output = _tool_outputs(bench)
    if not asked:
        raise NotYet(
            "your tool to ask the weather service",
            "no call of the weather service; "
            f"the tool {name}({arguments}) returned {output[0] if output else 'nothing'!r}",
            "the tool's body: `return await weather.get_weather_alerts(state)`, with `await`",
        )
    if not asked[-1].endswith("/FL"):
        raise NotYet(
            "the weather service to be asked about FL",
            f"it was asked about {asked[-1].rpartition('/')[2]}; the model passed {arguments}",
            "what your function does with its parameter",
        )
    if not output or not all(event in output[0] for event in alerts_found(bench) or []):
        raise NotYet(
            "your tool to return what the weather service said",
            f"the model was told {output[0] if output else 'nothing'!r}",
            "the tool's last line: is `return` missing?",
        )
    bench.reset_meter()
    await bench.run(probe_answer, "What is my cat thinking?")
    if any(decisions_of(bench)):
        raise NotYet("no tool for a question about a cat", "the model used one", "the tool's docstring")
    if not is_haiku(bench.model_calls()[-1]):
        raise NotYet(
            "a haiku if no tool fits the question",
            "another answer",
            "the agent's instructions: they say when to use tools, and what to do otherwise",
        )
    return f"Asked about Florida, your agent answered:\n\n{answer}"


def _judge_schema(tool: dict[str, Any]) -> None:
    name = tool["name"]
    if not tool["description"]:
        raise NotYet(
            f"a description of the tool {name}",
            "none: the function has no docstring",
            f"the first line below `def {name}`",
        )
    parameters: dict[str, Any] = tool["schema"].get("properties", {})
    if len(parameters) != 1:
        raise NotYet(
            f"one parameter, the state, in the tool {name}",
            f"{len(parameters)}: {', '.join(parameters) or 'none'}",
            f"the parameters of {name}",
        )
    for parameter, schema in parameters.items():
        if schema.get("type") != "string":
            raise NotYet(
                f"the parameter {parameter} to have the type string",
                f"the schema says {schema.get('type', 'nothing')}",
                f"the type hint of {parameter}: write `{parameter}: str`",
            )
        if not schema.get("description"):
            raise NotYet(
                f"a description of the parameter {parameter} that says which form a state takes",
                "none in the schema",
                f"the docstring: a section `Args:` with a line `{parameter}: ...`",
            )


def _tool_outputs(bench: Bench) -> list[str]:
    """What tools returned, as the last model call was told."""
    items = bench.model_calls()[-1].request.get("input", [])
    if not isinstance(items, list):
        return []
    return [str(item.get("output")) for item in items if item.get("type") == "function_call_output"]
