"""Three tools whose order the model finds by itself."""

from __future__ import annotations

from workshop.checks.bench import Bench, NotYet
from workshop.checks.exercise import id_of
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import decisions_of, decisions_told, probe_answer, probe_tools
from workshop.exercises.questions import WHERE_I_AM

_SDK = "https://openai.github.io/openai-agents-python"

_FUNCTIONS = {"ip": "get_ip_address", "geo": "get_location_info", "weather": "get_weather_alerts"}


@exercise(
    proves="Three decisions of the model, each made from the one before; no line of yours says the order.",
    hints=(
        f"Which part of the agent of exercise {id_of('my/first_agent/weather_agent.py')} changes, "
        "if only the tools change?",
        f"`tools` takes a list; `function_tool(f)` makes a tool of a function without a decorator: {_SDK}/tools/",
        "agent = Agent(name=..., instructions=..., tools=[function_tool(get_weather_alerts), ...])",
    ),
    temporal=False,
)
async def three_tools(bench: Bench) -> str:
    """Three tools, three decisions in three turns, an answer in the fourth."""
    tools = await bench.run(probe_tools)
    if len(tools) < 3:
        raise NotYet(
            "three tools, one for each imported function",
            f"{len(tools)}: {', '.join(tool['name'] for tool in tools) or 'none'}",
            "the argument tools=[...] of Agent(...)",
        )
    names = [tool["name"] for tool in tools]
    answer = await bench.run(probe_answer, WHERE_I_AM)
    told = str(bench.model_calls()[0].request.get("instructions") or "")
    if named := [name for name in names if name in told]:
        raise NotYet(
            "instructions that leave the order to the model",
            f"they name {named[0]}: {told!r}",
            "the agent's instructions",
        )
    services = bench.meter().services
    decisions = decisions_of(bench)
    unused = [function for service, function in _FUNCTIONS.items() if not services.get(service)]
    if unused:
        absent = [function for function in unused if function not in names]
        raise NotYet(
            "the model to use all three functions for the question where you are",
            f"{decisions_told(decisions)}; not called: {', '.join(absent or unused)}",
            f"the list of tools: {', '.join(names)}",
        )
    _judge_chain(bench)
    used = [len(turn) for turn in decisions]
    if used[-1] != 0 or len([count for count in used if count]) < 3:
        raise NotYet(
            "three turns with a tool, and an answer from the model in the fourth",
            decisions_told(decisions),
            "the agent's arguments: the loop ends when the model answers",
        )
    return f"{decisions_told(decisions)}\n\n{answer}"


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
