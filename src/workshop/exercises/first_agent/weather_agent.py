"""A documented, typed tool of the learner's, which the model chooses when it fits."""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, place_of
from workshop.checks.outcomes import A_COROUTINE
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import (
    alerts_found,
    calls_about,
    decisions_of,
    is_haiku,
    judge_choice,
    judge_ending,
    probe_answer,
    probe_tools,
    tool_outputs,
)

_SDK = "https://openai.github.io/openai-agents-python"


# States whose names begin with the code of another one, so that cutting a name is seen.
_STATES = {"AK": "Alaska", "AZ": "Arizona", "MO": "Missouri", "NV": "Nevada", "ME": "Maine"}
_ELSEWHERE = ("Who wrote the novel Dune?", "What is a good name for a boat?", "Why do cats purr?")

# How a description says that a state is a two-letter code: in words, or by an example.
_FORM_WORDS = re.compile(
    r"\b(?:two|2)[- ]?(?:letter|character)|\bcodes?\b|\babbreviat|\bpostal\b", re.IGNORECASE
)
_EXAMPLE = re.compile(r"\b(?!US\b)[A-Z]{2}\b")


@exercise(
    proves="The model chose your tool by its schema alone, and did not use it when it did not fit.",
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
    """A documented, typed tool of the learner's, used for two states, not for a cat, and honest in an outage."""
    tools = await bench.run(probe_tools)
    if not tools:
        raise NotYet(
            "an agent with one tool", "an agent without tools", "the argument tools=[...] of Agent(...)"
        )
    for tool in tools:
        if not tool["description"]:
            await bench.run(_probe_docstring, tool["name"])
        _judge_schema(tool)

    code = bench.fresh.shuffled(list(_STATES))[0]
    asked = {
        "Are there any weather alerts in Florida?": "FL",
        f"Are there any weather alerts in {_STATES[code]}?": code,
        # Once more, in the same process: what was true a moment ago may not be true now.
        f"Are there any active weather alerts in {_STATES[code]} right now?": code,
    }
    other = ["What is my cat thinking?", bench.fresh.shuffled(_ELSEWHERE)[0]]
    answers = await bench.run(_probe_own_tool, [*asked, *other])
    for question, state in asked.items():
        _judge_use(bench, question, state)
    if len(bench.service_paths("weather")) < len(asked):
        raise NotYet(
            f"the weather service to be asked for each of {len(asked)} questions",
            f"it was asked {len(bench.service_paths('weather'))} times: an answer was kept",
            "your tool: alerts change, so each call must ask again",
        )
    for question in other:
        calls = calls_about(bench, question)
        for call in calls:
            judge_choice(call.request.get("tool_choice"))
        if any(decisions_of(calls)):
            raise NotYet(
                f"no tool for the question {question!r}",
                "the model used one",
                "the tool's docstring, and the arguments of Agent(...)",
            )
        if not calls or not is_haiku(calls[-1]):
            raise NotYet(
                f"a haiku for {question!r}, which no tool fits",
                "another answer",
                "the agent's instructions: they say when to use tools, and what to do otherwise",
            )
    await _judge_outage(bench, f"Are there any weather alerts in {_STATES[code]}?")
    return f"Asked about Florida, your agent answered:\n\n{answers[0]}"


async def _probe_own_tool(module: ModuleType, questions: list[str]) -> list[str]:
    """The answers of the learner's agent, if it is a function of the learner's that asks for the weather."""
    weather: Any = import_module("workshop.tools.weather")
    fetch, own = weather.fetch, []

    async def watched(*arguments: Any, **named: Any) -> Any:
        frame = sys._getframe()
        while frame.f_back is not None and frame.f_code.co_filename != module.__file__:
            frame = frame.f_back
        own.append(frame.f_code.co_filename == module.__file__)
        return await fetch(*arguments, **named)

    weather.fetch = watched
    answers = [await probe_answer(module, question) for question in questions]
    if own and not any(own):
        raise NotYet(
            "a tool that is your own function, with your docstring",
            "the course's function `weather.get_weather_alerts` itself, made a tool",
            f"{place_of(module)}: an `async def` of yours that awaits it",
        )
    return answers


async def _need_true_state(module: ModuleType) -> None:
    """A state's name instead of its code is understood or refused, never taken for another state."""
    from agents.tool_context import ToolContext

    weather: Any = import_module("workshop.tools.weather")
    tool = module.agent.tools[0]
    asked: list[str] = []
    fetch = weather.fetch

    async def noted(service: Any, path: str, **named: Any) -> Any:
        asked.append(path.rpartition("/")[2])
        return await fetch(service, path, **named)

    weather.fetch = noted
    for code, name in _STATES.items():
        given = json.dumps(dict.fromkeys(tool.params_json_schema["properties"], name))
        context = ToolContext(None, tool_name=tool.name, tool_call_id="call", tool_arguments=given)
        with contextlib.suppress(Exception):
            await tool.on_invoke_tool(context, given)
        if asked and asked[-1] != code:
            raise NotYet(
                f"a call for {name!r} to be refused, if your tool does not understand it",
                f"your tool asked for the alerts of {asked[-1]}, another state",
                "what your function does with its parameter",
            )


def _judge_use(bench: Bench, question: str, state: str) -> None:
    """The model asked for the tool, the tool for the state, and the model was told what the service said."""
    calls = calls_about(bench, question)
    decisions = decisions_of(calls)
    if not decisions or not decisions[0]:
        raise NotYet(
            f"the model's first reply to {question!r} to ask for your tool",
            "it answered without the tool",
            "the tool's docstring, and the agent's instructions",
        )
    judge_ending(calls)
    name, arguments = decisions[0][0]
    output = (tool_outputs(calls) or ["nothing"])[0]
    found = alerts_found(bench, state)
    if output.startswith(("<coroutine", _FAILED)):
        raise NotYet(
            f"the tool {name}({arguments}) to return the alerts",
            A_COROUTINE if output.startswith("<") else f"it raised: {output.partition('Error: ')[2]}",
            "the tool's body: `return await weather.get_weather_alerts(state)`",
        )
    if found is None and not bench.service_paths("weather"):
        raise NotYet(
            "your tool to ask the weather service",
            f"no call of the weather service; the tool {name}({arguments}) returned {output!r}",
            "the tool's body: `return await weather.get_weather_alerts(state)`, with `await`",
        )
    if found is None:
        raise NotYet(
            f"the weather service to be asked about {state} for {question!r}",
            f"the model called {name}({arguments}), and was told {output!r}",
            "the docstring, which says what to pass, and what your function does with it",
        )
    if not all(event in output for event in found) or (not found and state not in output):
        raise NotYet(
            "your tool to return what the weather service said",
            f"the model was told {output!r}",
            "the tool's last line: `return` what `weather.get_weather_alerts` returned",
        )


_FAILED = "An error occurred while running the tool"
"""How the SDK begins what it tells the model of a tool that raised."""


async def _judge_outage(bench: Bench, question: str) -> None:
    """The weather service is down: the tool lets the error out, so that nobody takes it for a calm day."""
    bench.reset_meter()
    with bench.fault("weather", "status", status=503):
        raised = await bench.run(_probe_raised, question)
    if raised:
        raise NotYet(
            "the model to be told what went wrong when the weather service is down",
            f"the error ended the run, and the model was told nothing: {raised}",
            "what makes the tool: without a `failure_error_function`, the SDK tells the model",
        )
    told = (tool_outputs(bench.model_calls()) or ["nothing"])[0]
    if "503" not in told and not told.startswith(_FAILED):
        raise NotYet(
            "your tool to raise an error when the weather service is down",
            f"the tool hid it: the model was told {told!r}",
            "the tool: without `except` and `failure_error_function`, the SDK tells the model what went wrong",
        )


async def _probe_raised(module: ModuleType, question: str) -> str:
    """The error that ended the run, if one did: a tool may be made so that the model does not hear of it."""
    await _need_true_state(module)
    try:
        await probe_answer(module, question)
    except NotYet:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


async def _probe_docstring(module: ModuleType, name: str) -> None:
    """The tool has no description: if its function has one, what makes the tool has left it out."""
    tree = ast.parse(inspect.getsource(module))
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    # A tool may have another name than its function.
    own = [one for one in functions if one.name == name] or functions
    if all(ast.get_docstring(one) for one in own):
        raise NotYet(
            f"a description of the tool {name}",
            f"none, though `{own[0].name}` has a docstring: the tool was made without it" if own else "none",
            f"{place_of(module)}: the arguments of `function_tool`, such as use_docstring_info",
        )


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
        shown = f"{tool['description']} {schema.get('description', '')}"
        if not (_FORM_WORDS.search(shown) or _EXAMPLE.search(shown)):
            raise NotYet(
                f"a docstring that says which form the parameter {parameter} takes: a two-letter code",
                f"the model is shown {shown.strip()!r}",
                f"the docstring: a section `Args:` with a line `{parameter}: ...`",
            )
