"""What durability costs: one question, asked of the plain agent, the native loop and the SDK agent in one run.

``python -m benchmarks.durability`` starts services of its own, prints a table, draws a plot, asserts no times.

The three agents are those of lessons 1, 3 and 4: their files as the solutions write them, with other tools. All
have one tool, which returns a page of about 1 KB, and are asked for N - 1 pages. The practice model reads them
one by one (the requests say ``parallel_tool_calls: false``), then answers: N turns, that is N model calls and
N - 1 tool calls. The meter must agree, or the run does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from temporalio.client import Client

from benchmarks.cost_plot import Line, draw
from tests.with_services import private_environment, variables_of_the_user
from workshop import catalog, lab, settings
from workshop.lab import services
from workshop.lab.records import read_records

PLAIN, NATIVE, SDK = "plain process", "native loop", "SDK agent"
AGENTS = (PLAIN, NATIVE, SDK)
TURNS = (3, 10, 30, 100)
PAGE_BYTES = 1024
HISTORY_LIMIT = 50 * 2**20
"""Bytes; the server ends a run whose history is larger (`limit.historySize.error` of its configuration)."""

_PATIENCE = 900.0
_WARM_UP = 2
_ONE_BY_ONE = "model_settings=ModelSettings(parallel_tool_calls=False)"

_NOTES = """\
Cost of durability. Each turn but the last reads {page} bytes with a tool.

seconds   from question to answer, the fastest of {repeats} runs.
cpu s     processor seconds of the agent's process and the Temporal server, the least of {repeats} runs: other
          programs on the machine disturb them less.
added     cpu milliseconds a turn above the plain process.
history   bytes, as the server counts them, in all and per turn.
"""

_PAGES = f'''"""The tool of all three agents: it returns about 1 KB, at once."""

LINE = "The harbour is calm and the lamp is lit. "


async def read_page(page: int) -> str:
    """Read one page of the logbook."""
    return f"Page {{page}}. {{LINE * 30}}"[:{PAGE_BYTES}]
'''

_TIMED = '''"""Asks the plain agent, and prints the seconds and the processor seconds that each question took."""

import asyncio
import json
import sys
import time

from agents import Runner
from my.first_agent.agent import agent


async def main(questions: list[tuple[int, str]]) -> None:
    for turns, question in questions:
        began, used = time.perf_counter(), time.process_time()
        await Runner.run(agent, question, max_turns=turns)
        print("took", time.perf_counter() - began, time.process_time() - used)


asyncio.run(main(json.loads(sys.argv[1])))
'''

_NATIVE_PAGES = '''"""Pages of a logbook for the agent."""

from my.logbook.pages import read_page
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Read one page of the logbook."""

    page: int = Field(description="The number of the page.")

    async def run(self) -> str:
        return await read_page(self.page)


TOOLS = {"read_page": Page}
'''

_SDK_PAGES = '''"""The agent's tool, as an activity."""

from my.logbook import pages
from temporalio import activity


@activity.defn
async def read_page(page: int) -> str:
    """Read one page of the logbook."""
    return await pages.read_page(page)


TOOLS = [read_page]
'''


def question(turns: int) -> str:
    """What makes the practice model take exactly this many turns."""
    return f"Read pages {', '.join(str(page) for page in range(1, turns))} of the logbook."


@dataclass
class Cost:
    """What one agent's runs of one length took."""

    seconds: list[float] = field(default_factory=list)
    """Of each run; what else the machine does adds to them."""
    work: list[float] = field(default_factory=list)
    """Processor seconds of each run, in the agent's process and in the Temporal server."""
    events: int = 0
    size: int = 0

    @property
    def fastest(self) -> float:
        """Seconds of the fastest run."""
        return min(self.seconds)

    @property
    def least(self) -> float:
        """Processor seconds of the run that took the fewest."""
        return min(self.work)


Costs = dict[tuple[str, int], Cost]


def write_files() -> None:
    """Write the lessons' files into ``my``, with the logbook's tool in place of their own."""
    own = ("first_agent", "native_agent", "sdk_agent")
    files = {name: text for folder in own for name, text in catalog.lesson_of(folder).files.items()}

    def change(name: str, old: str, new: str) -> None:
        if files[name].count(old) != 1:
            raise SystemExit(f"{name} no longer holds {old!r} once: this benchmark must follow it.")
        files[name] = files[name].replace(old, new)

    agent = "my/first_agent/agent.py"
    change(agent, "import Agent, Runner", "import Agent, ModelSettings, Runner")
    change(agent, "from workshop.tools.location import get_ip_address, get_location_info\n", "")
    change(agent, "workshop.tools.weather import get_weather_alerts", "my.logbook.pages import read_page")
    change(agent, "(get_weather_alerts, get_location_info, get_ip_address)", "(read_page,)")
    change(agent, "\n)\n\n\nasync def main", f"\n    {_ONE_BY_ONE},\n)\n\n\nasync def main")
    change("my/native_agent/toolset.py", "my.native_agent.weather_tools", "my.native_agent.page_tools")
    change(
        "my/native_agent/messages.py",
        "    tools: list[Any]\n",
        "    tools: list[Any]\n    parallel_tool_calls: bool = False\n",
    )
    workflow = "my/sdk_agent/workflow.py"
    change(workflow, "import Agent, Runner", "import Agent, ModelSettings, Runner")
    change(workflow, "            tools=[\n", f"            {_ONE_BY_ONE},\n            tools=[\n")
    change(workflow, "Runner.run(agent, question)", "Runner.run(agent, question, max_turns=1000)")
    files |= {
        "my/logbook/__init__.py": "",
        "my/logbook/pages.py": _PAGES,
        "my/first_agent/timed.py": _TIMED,
        "my/native_agent/page_tools.py": _NATIVE_PAGES,
        "my/sdk_agent/activities.py": _SDK_PAGES,
    }
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)


async def measure(turns: Sequence[int], repeats: int) -> Costs:
    """Run every agent ``repeats`` times at every length, one right after the other: they meet the same weather."""
    costs: Costs = {(agent, length): Cost() for agent in AGENTS for length in turns}
    workers = [
        lab.process(f"my/{folder}/worker.py", name=folder, ready="ready", timeout=60)
        for folder in ("native_agent", "sdk_agent")
    ]
    server = psutil.Process(read_records(settings.load())["temporal"].pid)
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    scope = os.environ["WORKSHOP_SCOPE"]
    for kind in ("native", "sdk"):
        await ask(client, kind, scope, 3)  # the first run of a process imports and connects
    for _ in range(repeats):
        for length in turns:
            cost = costs[PLAIN, length]
            for measured, figure in zip((cost.seconds, cost.work), await plain(length), strict=True):
                measured.append(figure)
            for agent, kind, worker in ((NATIVE, "native", workers[0]), (SDK, "sdk", workers[1])):
                cost = costs[agent, length]
                before = used(server, psutil.Process(worker.pid))
                seconds, cost.events, cost.size = await ask(client, kind, scope, length)
                cost.work.append(used(server, psutil.Process(worker.pid)) - before)
                cost.seconds.append(seconds)
    for worker in workers:
        worker.kill()
    return costs


def used(*processes: psutil.Process) -> float:
    """Processor seconds that these processes have used so far."""
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))


async def plain(turns: int) -> tuple[float, float]:
    """Seconds and processor seconds of a run of the plain agent, in a process of its own that has warmed up."""
    lab.reset_meter()
    # The first run imports and connects. It must not ask the same: that would count as paid twice.
    asked = json.dumps([(length, question(length)) for length in (_WARM_UP, turns)])
    process = lab.process("my/first_agent/timed.py", asked, name="plain")
    if await process.wait(_PATIENCE) != 0:
        raise SystemExit(f"The plain agent failed:\n{process.output()}")
    need_calls(_WARM_UP + turns)
    told = [line.split() for line in process.output().splitlines() if line.startswith("took ")]
    return float(told[1][1]), float(told[1][2])


async def ask(client: Client, kind: str, scope: str, turns: int) -> tuple[float, int, int]:
    """Run one of the two workflows: its seconds, events, and bytes of history as the server counts them."""
    lab.reset_meter()
    told: Any = question(turns) if kind == "sdk" else {"text": question(turns), "max_turns": turns}
    workflow = "WeatherAgent" if kind == "sdk" else "AgentWorkflow"
    began = time.perf_counter()
    handle = await client.start_workflow(
        workflow, told, id=f"{kind}-{uuid.uuid4()}", task_queue=f"{kind}-agent-{scope}"
    )
    await lab.result(handle, timeout=_PATIENCE)
    seconds = time.perf_counter() - began
    need_calls(turns)
    described = await handle.describe()
    return (
        seconds,
        described.history_length,
        described.raw_description.workflow_execution_info.history_size_bytes,
    )


def need_calls(wanted: int) -> None:
    """Make sure that the model took as many turns as were asked of it.

    On a machine so busy that a heartbeat comes too late, a call is made twice; that adds nothing to the history.
    """
    counts = lab.meter().model
    if counts.completed - counts.repeats != wanted:
        raise SystemExit(
            f"The model was called {counts.completed} times, not {wanted}: nothing was measured."
        )


def table(costs: Costs, turns: Sequence[int]) -> str:
    """The costs side by side."""
    head = f"{'turns':>5}  {'agent':<14}{'seconds':>9}{'cpu s':>8}{'added':>8}"
    head += f"{'events':>9}{'history':>12}{'per turn':>10}"
    lines = [head]
    for length in turns:
        bare = costs[PLAIN, length].least
        for agent in AGENTS:
            cost = costs[agent, length]
            told = f"{length:>5}  {agent:<14}{cost.fastest:>9.2f}{cost.least:>8.2f}"
            if agent != PLAIN:
                told += f"{1000 * (cost.least - bare) / length:>8.0f}{cost.events:>9,}"
                told += f"{cost.size:>12,}{cost.size // length:>10,}"
            lines.append(told)
    return "\n".join(lines)


def longest(costs: Costs, agent: str, turns: Sequence[int]) -> int:
    """About how many such turns fit into the largest history: its size is taken for a * turns + b * turns**2."""
    (few, many) = sorted(turns)[-2:]
    per_few, per_many = costs[agent, few].size / few, costs[agent, many].size / many
    b = (per_many - per_few) / (many - few)
    a = per_few - b * few
    return int(((a * a + 4 * b * HISTORY_LIMIT) ** 0.5 - a) / (2 * b))


def plot(costs: Costs, turns: Sequence[int]) -> str:
    """The two pictures: history and seconds."""
    sizes = [Line(agent, [(n, costs[agent, n].size) for n in turns]) for agent in (NATIVE, SDK)]
    seconds = [Line(agent, [(n, costs[agent, n].fastest) for n in turns]) for agent in AGENTS]
    few, many = turns[0], turns[-1]
    told = [
        f"{agent}: {costs[agent, few].size / 1000:,.0f} KB of history at {few} turns, "
        f"{costs[agent, many].size / 1000:,.0f} KB at {many}."
        for agent in (NATIVE, SDK)
    ] + [
        f"{agent}: {costs[agent, few].fastest:.2g} seconds at {few} turns, {costs[agent, many].fastest:.2g} at {many}."
        for agent in AGENTS
    ]
    return draw(sizes, seconds, HISTORY_LIMIT, " ".join(told))


@contextlib.contextmanager
def private_lab() -> Iterator[None]:
    """Services and a folder of our own, gone afterwards."""
    state = Path(tempfile.mkdtemp(prefix="workshop-bench-"))
    for variable in variables_of_the_user():
        del os.environ[variable]
    os.environ.update(private_environment(state))
    chosen, before = settings.load(), Path.cwd()
    try:
        services.up(chosen)
        (state / "work").mkdir()
        os.chdir(state / "work")
        with contextlib.redirect_stdout(io.StringIO()):
            lab.start()
        yield
    finally:
        os.chdir(before)
        services.down(chosen)
        shutil.rmtree(state, ignore_errors=True)


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.durability",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--turns", type=int, nargs="+", default=TURNS, metavar="N", help="at least two lengths"
    )
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the fastest counts")
    parser.add_argument("--svg", type=Path, default=Path("build/cost_of_durability.svg"), metavar="FILE")
    chosen = parser.parse_args()
    turns = sorted(set(chosen.turns))
    if len(turns) < 2 or turns[0] <= _WARM_UP:
        parser.error(f"--turns: two different numbers at least, all above {_WARM_UP}")
    picture: Path = chosen.svg.resolve()
    with private_lab():
        write_files()
        costs = asyncio.run(measure(turns, chosen.repeats))
    print(_NOTES.format(repeats=chosen.repeats, page=PAGE_BYTES))
    print(table(costs, turns))
    print()
    for agent in (NATIVE, SDK):
        print(f"{agent}: about {longest(costs, agent, turns)} such turns fill a history of 50 MB.")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(plot(costs, turns))
    print(f"Drawn: {chosen.svg}")


if __name__ == "__main__":
    main()
