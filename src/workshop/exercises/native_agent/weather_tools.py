"""Three tools as the model reads them, and the services that they ask."""

from __future__ import annotations

from types import ModuleType

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.outages import made_final
from workshop.checks.registry import exercise
from workshop.checks.suspects import catcher_in
from workshop.exercises.native_agent.project import project
from workshop.exercises.native_agent.tools import (
    WEATHER_TOOLS,
    judge_different,
    judge_schema,
    need_run,
    schemas,
)

_OPENAI = "https://platform.openai.com/docs"


@exercise(
    proves="The model can read what each tool is for and what it needs, and each tool asks its own service.",
    hints=(
        "Which parts of `WeatherAlerts` does the model read, and which part runs?",
        "A Pydantic model: its docstring, and `name: type = Field(description=...)` for each argument: "
        f"{_OPENAI}/guides/function-calling",
        'class LocationInfo(BaseModel):\n    """Get the place ..."""\n\n'
        '    ipaddress: str = Field(description="...")\n\n    async def run(self) -> str:\n'
        "        return await get_location_info(self.ipaddress)",
    ),
    timeout=40,
)
async def weather_tools(bench: Bench) -> str:
    """The three schemas as they are sent, and what `run` asks the services for; then the services are down."""
    places = bench.fresh.shuffled(_PLACES)[:2]
    calls: list[tuple[str, dict[str, str]]] = [
        ("get_weather_alerts", {"state": "TX"}),
        *(("get_location_info", {"ipaddress": place}) for place in places),
        ("get_ip_address", {}),
        # Once more: what was true a moment ago may not be true now.
        ("get_location_info", {"ipaddress": places[0]}),
        ("get_ip_address", {}),
    ]
    with project(bench):
        outputs = await bench.run(_probe_tools, calls)
        for (name, arguments), output in zip(calls, outputs, strict=True):
            _judge_call(bench, name, arguments, calls, output)
        for service in ("weather", "geo", "ip"):
            bench.fault(service, "server_error")
        for (name, arguments), (did, place) in zip(calls, await bench.run(_probe_outage, calls), strict=True):
            if did:
                raise NotYet(
                    f"{_told(name, arguments)} to raise an error when its service is down, so that it is tried again",
                    did,
                    f"{place}: let the error out"
                    if place
                    else f"class {WEATHER_TOOLS[name][0]}, `run`: what it catches",
                )
    return ""


_PLACES = ("203.0.113.200", "198.51.100.23", "192.0.2.10", "192.0.2.99", "1.1.1.1")
"""Addresses that the lesson does not name."""


def _told(name: str, arguments: dict[str, str]) -> str:
    shown = ", ".join(f"{key}={one!r}" for key, one in arguments.items())
    return f"{WEATHER_TOOLS[name][0]}({shown}).run()"


def _judge_call(
    bench: Bench,
    name: str,
    arguments: dict[str, str],
    calls: list[tuple[str, dict[str, str]]],
    output: dict[str, str],
) -> None:
    kind, _, service = WEATHER_TOOLS[name]
    number = sum(one == name for one, _ in calls)
    # The learner's calls come first; the check itself has asked as often since.
    paths = [path.rpartition("/")[2] for path in bench.service_paths(service)][:-number]
    value = "".join(arguments.values())
    if not paths or (value and value not in paths):
        raise NotYet(
            f"{_told(name, arguments)} to ask the {service} service" + (f" about {value}" if value else ""),
            f"it was asked about {', '.join(paths)}" if paths else "it was not asked",
            f"class {kind}, `run`",
        )
    if len(paths) < number:
        raise NotYet(
            f"each call of {kind}'s `run` to ask the {service} service",
            f"in {number} calls it was asked {'once' if len(paths) == 1 else f'{len(paths)} times'}",
            f"class {kind}, `run`",
        )
    if output["meant"] not in output["text"]:
        raise NotYet(
            f"{_told(name, arguments)} to return what {name} returned: {output['meant']!r}",
            output["described"],
            f"class {kind}, `run`",
        )


async def _probe_tools(module: ModuleType, calls: list[tuple[str, dict[str, str]]]) -> list[dict[str, str]]:
    from workshop import tools as course

    tools = need(module, "TOOLS", dict, "a dict with the three tools")
    for name in WEATHER_TOOLS:
        if name not in tools:
            raise NotYet(f"the tool {name}", "it is not in TOOLS", f"{place_of(module)}: TOOLS")
        need_run(module, tools[name])
    described = schemas()
    for name, (kind, arguments, _) in WEATHER_TOOLS.items():
        judge_schema(described[name], f"class {kind}", dict.fromkeys(arguments, "string"))
    judge_different(described)
    outputs = [await tools[name](**arguments).run() for name, arguments in calls]
    meant = [await getattr(course, name)(**arguments) for name, arguments in calls]
    return [
        {"text": one if isinstance(one, str) else "", "described": describe(one), "meant": right}
        for one, right in zip(outputs, meant, strict=True)
    ]


async def _probe_outage(module: ModuleType, calls: list[tuple[str, dict[str, str]]]) -> list[list[str]]:
    """What each tool does instead of raising an error that is tried again, and where; empty if it raises one."""
    from workshop.tools.fetch import ServiceError

    seen = []
    for name, arguments in calls:
        tool = module.TOOLS[name]
        try:
            did = f"it returned {describe(await tool(**arguments).run())}"
            seen.append([did, catcher_in(tool.run, ServiceError)])
        except Exception as error:
            seen.append([made_final(error), ""])
    return seen
