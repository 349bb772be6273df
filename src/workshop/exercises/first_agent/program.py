"""The checks of lesson 1, "Your first agent".

Probes (``_probe_...``) run in the child process beside the learner's module, and may import the Agents SDK;
the check functions run in the notebook's kernel and judge what the gateway recorded.
"""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import json
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .bench import Bench, NotYet, NotYetAttempted, describe, need, need_function, place_of
from .questions import WHERE_I_AM
from .registry import exercise

if TYPE_CHECKING:
    from workshop.lab.gateway_client import Exchange

_SDK = "https://openai.github.io/openai-agents-python"

AGENT_PROGRAM = "my/first_agent/agent.py"


# --- 1.1 ---------------------------------------------------------------------------------------------


@exercise(
    "1.1",
    file="my/first_agent/haiku.py",
    proves="The instructions alone made the model answer in haiku, in one model call.",
    hints=(
        "An `Agent` has a name, which is for you, and something that tells the model how to behave. What is it called?",
        f"`Agent(name=..., instructions=...)`; the instructions are plain English: {_SDK}/agents/",
        'agent = Agent(name="Haiku agent", instructions="You answer every question with ...")',
    ),
)
async def haiku(bench: Bench) -> str:
    """One question, one model call, and a haiku because the instructions ask for one."""
    answer = await bench.run(_probe_answer, "What do you think about when it snows?")
    calls = bench.model_calls()
    if not calls:
        raise NotYet("one model call", "none: the agent answered without asking the model", "`agent`")
    if len(calls) > 1:
        raise NotYet("one model call", f"{len(calls)}", "`agent`: a name and instructions are enough")
    if not calls[0].request.get("instructions"):
        raise NotYet("an agent with instructions", "no instructions were sent", "the arguments of Agent(...)")
    if not _is_haiku(calls[-1]):
        raise NotYet(
            "a haiku, because the instructions ask for one",
            f"an answer that is not a haiku: {answer!r}",
            f"the instructions: {calls[0].request['instructions']!r}",
        )
    return f"Your agent answered:\n\n{answer}"


async def _probe_answer(module: ModuleType, question: str) -> str:
    from agents import Agent, Runner

    agent = need(module, "agent", Agent)
    return str((await Runner.run(agent, question)).final_output)


# --- 1.2 ---------------------------------------------------------------------------------------------


@exercise(
    "1.2",
    file="my/first_agent/weather_agent.py",
    proves="The model chose your tool from its schema alone, and left it aside when it did not fit.",
    hints=(
        "The model sees the name, the description and the parameters of your tool. From which three parts of a "
        "Python function do these come?",
        f"`@function_tool` above an `async def` with a typed parameter and a docstring with `Args:`: {_SDK}/tools/",
        '@function_tool\nasync def get_weather_alerts(state: str) -> str:\n    """Get ... alerts ...\n\n'
        '    Args:\n        state: The state\'s two-letter code ...\n    """\n'
        "    return await weather.get_weather_alerts(state)\n\nagent = Agent(..., tools=[get_weather_alerts])",
    ),
)
async def weather_tool(bench: Bench) -> str:
    """A documented, typed tool of the learner's, used for Florida and not for a cat."""
    tools = await bench.run(_probe_tools)
    if not tools:
        raise NotYet(
            "an agent with one tool", "an agent without tools", "the argument tools=[...] of Agent(...)"
        )
    for tool in tools:
        _judge_schema(tool)

    answer = await bench.run(_probe_answer, "Are there any weather alerts in Florida?")
    decisions = _decisions(bench)
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
    if not output or not all(event in output[0] for event in _alerts(bench) or []):
        raise NotYet(
            "your tool to return what the weather service said",
            f"the model was told {output[0] if output else 'nothing'!r}",
            "the tool's last line: is `return` missing?",
        )
    bench.reset_meter()
    await bench.run(_probe_answer, "What is my cat thinking?")
    if any(_decisions(bench)):
        raise NotYet("no tool for a question about a cat", "the model used one", "the tool's docstring")
    if not _is_haiku(bench.model_calls()[-1]):
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


async def _probe_tools(module: ModuleType) -> list[dict[str, Any]]:
    from agents import Agent, FunctionTool

    agent = need(module, "agent", Agent)
    found = []
    for tool in agent.tools:
        if not isinstance(tool, FunctionTool):
            raise NotYet(
                "tools made with function_tool",
                f"{describe(tool)} in the list of tools",
                place_of(module, tool),
            )
        found.append(
            {"name": tool.name, "description": tool.description.strip(), "schema": tool.params_json_schema}
        )
    return found


# --- 1.3 ---------------------------------------------------------------------------------------------

_FUNCTIONS = {"ip": "get_ip_address", "geo": "get_location_info", "weather": "get_weather_alerts"}


@exercise(
    "1.3",
    file="my/first_agent/three_tools.py",
    proves="Three decisions of the model, each made from the one before; no line of yours says the order.",
    hints=(
        "Which part of the agent of exercise 1.2 changes, if only the tools change?",
        f"`tools` takes a list; `function_tool(f)` makes a tool of a function without a decorator: {_SDK}/tools/",
        "agent = Agent(name=..., instructions=..., tools=[function_tool(get_weather_alerts), ...])",
    ),
)
async def three_tools(bench: Bench) -> str:
    """Three tools, three decisions in three turns, an answer in the fourth."""
    tools = await bench.run(_probe_tools)
    if len(tools) < 3:
        raise NotYet(
            "three tools, one for each imported function",
            f"{len(tools)}: {', '.join(tool['name'] for tool in tools) or 'none'}",
            "the argument tools=[...] of Agent(...)",
        )
    names = [tool["name"] for tool in tools]
    answer = await bench.run(_probe_answer, WHERE_I_AM)
    told = str(bench.model_calls()[0].request.get("instructions") or "")
    if named := [name for name in names if name in told]:
        raise NotYet(
            "instructions that leave the order to the model",
            f"they name {named[0]}: {told!r}",
            "the agent's instructions",
        )
    services = bench.meter().services
    decisions = _decisions(bench)
    unused = [function for service, function in _FUNCTIONS.items() if not services.get(service)]
    if unused:
        absent = [function for function in unused if function not in names]
        raise NotYet(
            "the model to use all three functions for the question where you are",
            f"{_tell(decisions)}; not called: {', '.join(absent or unused)}",
            f"the list of tools: {', '.join(names)}",
        )
    _judge_chain(bench)
    used = [len(turn) for turn in decisions]
    if used[-1] != 0 or len([count for count in used if count]) < 3:
        raise NotYet(
            "three turns with a tool, and an answer from the model in the fourth",
            _tell(decisions),
            "the agent's arguments: the loop ends when the model answers",
        )
    return f"{_tell(decisions)}\n\n{answer}"


def _judge_chain(bench: Bench) -> None:
    """Each step must have used what the one before returned."""
    replies = {exchange.route: exchange.response for exchange in bench.transcript()}
    address = str(replies["ip"]).strip()
    place = replies["geo"] if isinstance(replies["geo"], dict) else {}
    for service, value, what in (
        ("geo", address, "the location of your own address"),
        ("weather", str(place.get("region")), "the alerts of the place that was found"),
    ):
        path = bench.service_paths("geo" if service == "geo" else "weather")[-1]
        if not path.endswith(f"/{value}"):
            raise NotYet(
                f"{what}, {value}, to be looked up",
                f"the service was asked for {path.rpartition('/')[2]}",
                f"the tool around {_FUNCTIONS[service]}: what it passes on and returns",
            )


# --- 1.4 ---------------------------------------------------------------------------------------------


@exercise(
    "1.4",
    file="my/first_agent/limited.py",
    proves="Three turns are the most that one question can cost, and whoever asks gets a sentence, not a traceback.",
    hints=(
        "Which exception did the cell above catch, and where did the number of turns stand?",
        f"`Runner.run(agent, question, max_turns=3)` raises `MaxTurnsExceeded`: {_SDK}/running_agents/",
        "try:\n    result = await Runner.run(agent, question, max_turns=3)\nexcept MaxTurnsExceeded:\n"
        '    return "..."\nreturn result.final_output',
    ),
)
async def limited(bench: Bench) -> str:
    """A question of two turns is answered; one of four stops after three, without an exception."""
    _need_program(bench)
    answer = await bench.run(_probe_ask, "Are there any weather alerts in California?")
    calls = bench.model_calls()
    if not calls:
        raise NotYet("a model call for each turn", "no model call at all", "the body of `ask`")
    said = _text(calls[-1].response)
    if answer["raised"]:
        raise NotYet("the answer about California", f"it raised {answer['raised']}", "the body of `ask`")
    _judge_text(answer)
    if said not in answer["value"] or len(calls) != 2:
        raise NotYet(
            "the agent's answer about California, which takes two turns",
            f"{answer['value']!r} after {_turns(calls)}",
            "max_turns, and what `ask` returns",
        )
    bench.reset_meter()
    stopped = await bench.run(_probe_ask, WHERE_I_AM)
    calls = bench.model_calls()
    if len(calls) != 3:
        raise NotYet("a question that needs four turns to stop after three", f"{_turns(calls)}", "max_turns")
    if stopped["raised"]:
        raise NotYet(
            "a sentence when three turns are not enough",
            f"it raised {stopped['raised']}",
            "the body of `ask`: what becomes of `MaxTurnsExceeded`?",
        )
    _judge_text(stopped)
    return f"When the turns run out, you say: {stopped['value']}"


def _judge_text(told: dict[str, Any]) -> None:
    if not isinstance(told["value"], str) or not told["value"].strip():
        raise NotYet(
            "a text from `ask`",
            f"{told['described']}",
            "each `return` of `ask`; for an answer: `.final_output`",
        )


async def _probe_ask(module: ModuleType, question: str) -> dict[str, Any]:
    from agents import AgentsException

    ask = need_function(module, "ask", is_async=True)
    try:
        value = await ask(question)
    except AgentsException as error:
        return {"raised": type(error).__name__, "value": None, "described": ""}
    return {
        "raised": None,
        "value": value if isinstance(value, str) else None,
        "described": describe(value),
    }


# --- 1.5 ---------------------------------------------------------------------------------------------


@exercise(
    "1.5",
    file="my/first_agent/report.py",
    proves="The answer arrived as an object with your fields, filled from what the tool returned.",
    hints=(
        "The cell above asked for a `Place`. Which argument of the agent did that?",
        f"A class with typed fields, given as `output_type`: {_SDK}/agents/#output-types",
        "class AlertReport(BaseModel):\n    state: str\n    ...\n\n"
        "agent = Agent(..., tools=[function_tool(get_weather_alerts)], output_type=AlertReport)",
    ),
)
async def report(bench: Bench) -> str:
    """The fields of the report agree with what the weather service said, for two states."""
    shown = ""
    for state, name in (("CA", "California"), ("TX", "Texas")):
        bench.reset_meter()
        told = await bench.run(_probe_report, f"Report the weather alerts in {name}.")
        shown = shown or json.dumps(told["fields"])
        alerts = _alerts(bench)
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


def _alerts(bench: Bench) -> list[str] | None:
    """The kinds of alert in the last answer of the weather service; None if it was not asked."""
    for exchange in reversed(bench.transcript()):
        if exchange.route == "weather" and isinstance(exchange.response, dict):
            return [feature["properties"]["event"] for feature in exchange.response["features"]]
    return None


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
    await _probe_tools(module)
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


# --- 1.6 ---------------------------------------------------------------------------------------------


@exercise(
    "1.6",
    file="my/first_agent/guarded.py",
    proves="Questions off the topic were refused for the price of the judge's call; the main agent was never asked.",
    hints=(
        "The guardrail in the cell above returns a `GuardrailFunctionOutput`. Which of its fields decides?",
        f"`tripwire_triggered` is a bool; `final_output` of the judge's run is a `Topic`: {_SDK}/guardrails/",
        "@input_guardrail(run_in_parallel=False)\nasync def on_topic(context, agent, question):\n"
        "    result = await Runner.run(topic_judge, question)\n"
        "    return GuardrailFunctionOutput(output_info=..., tripwire_triggered=not result.final_output...)\n\n"
        "agent = weather_agent.clone(input_guardrails=[on_topic])",
    ),
)
async def guarded(bench: Bench) -> str:
    """Questions on the topic are answered; others are refused before the main agent makes a call."""
    _need_program(bench)
    for question, wanted in (
        ("Are there any weather alerts in Nevada?", "answered"),
        ("Write me a poem about my cat.", "refused"),
        ("Where is the computer with the IP address 8.8.8.8?", "answered"),
        ("Who wrote the novel Dune?", "refused"),
    ):
        bench.reset_meter()
        ended = await bench.run(_probe_guarded, question)
        calls = bench.model_calls()
        judging = [call for call in calls if _wants_json(call)]
        main = [call for call in calls if not _wants_json(call)]
        if not any(question in json.dumps(call.request.get("input")) for call in judging):
            raise NotYet(
                "the guardrail to put the question to topic_judge",
                f"{len(judging)} calls of a judge, none with the question {question!r}",
                "`Runner.run(topic_judge, ...)` in the guardrail",
            )
        if ended["ended"] != wanted:
            raise NotYet(
                f"the question {question!r} to be {wanted}",
                f"it was {ended['ended']}",
                "tripwire_triggered: it is True for what is refused",
            )
        if wanted == "refused" and main:
            raise NotYet(
                "the guardrail to decide before the agent makes a call",
                f"the agent made {len(main)} while the guardrail was deciding",
                "run_in_parallel of the guardrail",
            )
        if wanted == "answered" and not (main and main[0].request.get("tools")):
            raise NotYet(
                "`agent` to be the weather agent, with its tools",
                "an agent without tools",
                "`agent = weather_agent.clone(...)`",
            )
    return ""


def _wants_json(call: Exchange) -> bool:
    """Whether a model call asks for structured output, as the judge does."""
    asked = (call.request.get("text") or {}).get("format") or {}
    return bool(asked.get("type") == "json_schema")


async def _probe_guarded(module: ModuleType, question: str) -> dict[str, str]:
    from agents import Agent, GuardrailFunctionOutput, InputGuardrail, InputGuardrailTripwireTriggered, Runner

    agent = need(module, "agent", Agent)
    if not agent.input_guardrails:
        raise NotYet(
            "an agent with a guardrail",
            "its input_guardrails are empty",
            "`agent = weather_agent.clone(input_guardrails=[...])`",
        )
    for guardrail in agent.input_guardrails:
        if not isinstance(guardrail, InputGuardrail):
            raise NotYet(
                "a guardrail made with @input_guardrail", describe(guardrail), place_of(module, guardrail)
            )
        _expect_outputs(module, guardrail, GuardrailFunctionOutput)
    try:
        await Runner.run(agent, question)
    except InputGuardrailTripwireTriggered:
        return {"ended": "refused"}
    return {"ended": "answered"}


def _expect_outputs(module: ModuleType, guardrail: Any, kind: type) -> None:
    """Say what a guardrail returned if it is of the wrong kind; the SDK would fail with an attribute error."""
    function = guardrail.guardrail_function

    async def checked(*arguments: Any, **named: Any) -> Any:
        output = function(*arguments, **named)
        if inspect.isawaitable(output):
            output = await output
        if not isinstance(output, kind):
            raise NotYet(
                f"a {kind.__name__} from the guardrail", describe(output), place_of(module, function)
            )
        return output

    guardrail.guardrail_function = checked


# --- 1.7 ---------------------------------------------------------------------------------------------


@exercise(
    "1.7",
    file="my/first_agent/prediction.py",
    proves="A real process was killed and run again: the later the crash, the more is paid twice.",
    hints=(
        "How many model calls are complete when the fourth has just been sent?",
        "The second run remembers nothing. How many calls does a whole run take? "
        f"`show.meter()` counted them above; what a turn is: {_SDK}/running_agents/#the-agent-loop",
        "first_run = ...  (completed calls before the kill)\nsecond_run = 4\n"
        "paid_calls = first_run + second_run\nrepeated_calls = first_run",
    ),
    timeout=90,
    note="starts a real process, kills it and runs it again: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the program in its fourth model call, run it again, compare the meter with the prediction."""
    predicted = await bench.run(_probe_prediction)
    _need_program(bench)
    with bench.fault("model", "delay", after=3, delay=60) as held:
        program = await bench.process(AGENT_PROGRAM, WHERE_I_AM)
        reached = asyncio.ensure_future(held.hit())
        ended = asyncio.ensure_future(program.wait())
        await asyncio.wait([reached, ended], return_when=asyncio.FIRST_COMPLETED)
        for waiting in (reached, ended):
            waiting.cancel()
        if not program.running:
            raise _not_the_program(program.output())
        program.kill()
    program = await bench.process(AGENT_PROGRAM, WHERE_I_AM)
    if await program.wait() != 0:
        raise _not_the_program(program.output())
    meter = bench.meter().model
    for name, right in (("paid_calls", meter.completed), ("repeated_calls", meter.repeats)):
        if predicted[name] != right:
            # Not the right number itself: it is one thought away.
            more = "more" if predicted[name] < right else "fewer"
            raise NotYet(
                f"{name} as the meter counts it", f"{predicted[name]}; the meter says {more}", f"`{name}`"
            )
    return f"The meter: {meter.completed} calls paid, {meter.repeats} of them for the second time."


def _not_the_program(printed: str) -> NotYet:
    return NotYet(
        f"{AGENT_PROGRAM} as the lesson wrote it: four model calls, then the answer",
        f"it ended otherwise: {printed.strip()[-300:] or 'no output'}",
        f"{AGENT_PROGRAM}: run the cell that writes it again",
    )


def _probe_prediction(module: ModuleType) -> dict[str, int]:
    found = {}
    for name in ("paid_calls", "repeated_calls"):
        value = need(module, name, int, "a whole number")
        if isinstance(value, bool):
            raise NotYet(f"`{name}`, a whole number", f"{value}", place_of(module))
        found[name] = value
    return found


# --- shared by the checks above ----------------------------------------------------------------------


def _need_program(bench: Bench) -> None:
    if not bench.path(AGENT_PROGRAM).is_file():
        raise NotYetAttempted(f'{AGENT_PROGRAM} is not there yet: run the cell under "Watch it decide"')


def _decisions(bench: Bench) -> list[list[tuple[str, str]]]:
    """For each completed model call, the tools it asked for: name and arguments (JSON); empty for an answer."""
    return [
        [
            (item["name"], item["arguments"])
            for item in (call.response or {}).get("output", [])
            if item["type"] == "function_call"
        ]
        for call in bench.model_calls()
        if call.status == "completed" and not isinstance(call.response, str)
    ]


def _tool_outputs(bench: Bench) -> list[str]:
    """What tools returned, as the last model call was told."""
    items = bench.model_calls()[-1].request.get("input", [])
    if not isinstance(items, list):
        return []
    return [str(item.get("output")) for item in items if item.get("type") == "function_call_output"]


def _tell(decisions: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The decisions of a run in one line, as in "get_ip_address, get_location_info, then an answer"."""
    steps = [" and ".join(name for name, _ in turn) if turn else "an answer" for turn in decisions]
    return "The model decided: " + ", then ".join(steps) if steps else "The model was not asked"


def _is_haiku(call: Exchange) -> bool:
    """Whether the practice model wrote a haiku: its rule says so, its prose is not read."""
    return (call.rule or "").startswith("haiku")


def _turns(calls: Sequence[Any]) -> str:
    return "1 turn" if len(calls) == 1 else f"{len(calls)} turns"


def _text(response: Any) -> str:
    """The text of a reply; empty if it asks for tools."""
    if not isinstance(response, dict):
        return ""
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part.get("text", "") for part in parts)
