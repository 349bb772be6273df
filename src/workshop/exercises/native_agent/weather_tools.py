"""Three tools as the model reads them, and the services that they ask."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.registry import exercise
from workshop.exercises.native_agent.project import project
from workshop.exercises.native_agent.tools import WEATHER_TOOLS, judge_schema, need_run, schemas

_OPENAI = "https://platform.openai.com/docs"


@exercise(
    proves="The model can read what each tool is for and what it needs, and each asks its own service.",
    hints=(
        "What of `WeatherAlerts` does the model read, and what runs?",
        "A Pydantic model: its docstring, and `name: type = Field(description=...)` for each argument: "
        f"{_OPENAI}/guides/function-calling",
        'class LocationInfo(BaseModel):\n    """Get the place ..."""\n\n'
        '    ipaddress: str = Field(description="...")\n\n    async def run(self) -> str:\n'
        "        return await get_location_info(self.ipaddress)",
    ),
    timeout=40,
)
async def weather_tools(bench: Bench) -> str:
    """The three schemas as they are sent, and what `run` asks the services for."""
    with project(bench):
        outputs = await bench.run(_probe_tools)
    for name, (kind, arguments, service) in WEATHER_TOOLS.items():
        paths = [path.rpartition("/")[2] for path in bench.service_paths(service)]
        value = "".join(arguments.values())
        if not paths or (value and value not in paths):
            call = f"{kind}({', '.join(f'{key}={one!r}' for key, one in arguments.items())}).run()"
            raise NotYet(
                f"{call} to ask the {service} service" + (f" about {value}" if value else ""),
                f"it was asked about {', '.join(paths)}" if paths else "it was not asked",
                f"class {kind}, `run`",
            )
        if not outputs[name]["text"]:
            raise NotYet(
                f"`run` to return what {name} returned", outputs[name]["described"], f"class {kind}, `run`"
            )
    return ""


async def _probe_tools(module: ModuleType) -> dict[str, Any]:
    tools = need(module, "TOOLS", dict, "a dict with the three tools")
    for name in WEATHER_TOOLS:
        if name not in tools:
            raise NotYet(f"the tool {name}", "it is not in TOOLS", f"{place_of(module)}: TOOLS")
        need_run(module, tools[name])
    described = schemas()
    outputs = {}
    for name, (kind, arguments, _) in WEATHER_TOOLS.items():
        judge_schema(described[name], f"class {kind}", dict.fromkeys(arguments, "string"))
        output = await tools[name](**arguments).run()
        outputs[name] = {"text": output if isinstance(output, str) else "", "described": describe(output)}
    return outputs
