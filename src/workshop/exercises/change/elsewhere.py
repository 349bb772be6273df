"""An agent whose tool is offered by another process: its server is killed in the middle of a call."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.agent_plugin import plugin
from workshop.checks.agent_runs import answered, held_or_ended, step_of
from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.histories import activity_runs, need_times
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect
from workshop.exercises.change.project import project
from workshop.exercises.documentation import AGENTS_SDK

if TYPE_CHECKING:
    import psutil

    from workshop.lab.processes import Process

_WORKER = "my/change/elsewhere_worker.py"
_SERVER = "alerts_server.py"
_LIST, _CALL = "temporalio.mcp.alerts.list-tools", "temporalio.mcp.alerts.call-tool"
_MAKE_SERVER, _MAKE_AGENT = "the body of `make_server`", "the body of `make_agent`"
_PATIENT = 10.0
"""Seconds that a session must give a call at least; the client's own five are too few on a busy machine."""


@exercise(
    proves="Your agent used a tool of another process; it was killed in mid-call, and a new one took over.",
    hints=(
        "Which of the two functions is called by the worker, and which by the workflow? What does each of them know?",
        f"`MCPServerStdio(name=..., params={{...}})`: {AGENTS_SDK}/mcp/; "
        "`temporal_mcp_server(name, activity_config=ActivityConfig(...))`",
        'params = {"command": sys.executable, "args": [SERVER], "env": ...}\n'
        "return MCPServerStdio(name=NAME, params=params, client_session_timeout_seconds=30)\n\n"
        "config = ActivityConfig(start_to_close_timeout=TIMEOUT, retry_policy=RetryPolicy(...))\n"
        "return Agent(..., mcp_servers=[temporal_mcp_server(NAME, activity_config=config)])",
    ),
    timeout=120,
    note="kills a server of tools, up to a minute",
)
async def elsewhere(bench: Bench) -> str:
    """Ask once; kill the server of tools while it works on the call."""
    with project(bench):
        await bench.run(_probe_server)
        state = bench.fresh.stormy_state()
        process = await bench.process(_WORKER)
        client = await connect(bench, [plugin()])
        with bench.fault("weather", "delay", delay=90, calls=1) as held:
            handle = await client.start_workflow(
                "Elsewhere",
                bench.fresh.alerts_question(state),
                id=bench.scope,
                task_queue=f"change-elsewhere-{bench.scope}".replace(".", "-"),
            )
            await held_or_ended(handle, held, process, _MAKE_AGENT)
            for server in _servers_of(process):
                _judge_environment(server)
                server.kill()
        await answered(handle, process, _MAKE_AGENT)
        process.kill()
    runs = await activity_runs(handle)
    steps = [step_of(run) for run in runs]
    if steps != [_LIST, "model", _CALL, "model"]:
        raise NotYet(
            "one call of the server's tool, and no other tool", f"activities: {', '.join(steps)}", _MAKE_AGENT
        )
    for run in (runs[0], runs[2]):
        need_times(run, f"{_MAKE_AGENT}: `ActivityConfig(...)`", start_to_close=20, maximum_attempts=3)
    if not bench.service_paths("weather"):
        raise NotYet("the weather service to be asked", "nobody has asked it", "`environment()`")
    # On a busy machine a new server may need a third.
    if runs[2].attempts < 2:
        raise NotYet("a second attempt after the server was killed", "one attempt", _MAKE_SERVER)
    return "The call was made again, by a new server."


def _servers_of(process: Process) -> list[psutil.Process]:
    import psutil

    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if any(_SERVER in part for part in child.cmdline())]


def _judge_environment(server: psutil.Process) -> None:
    if "OPENAI_API_KEY" in server.environ():
        raise NotYet(
            "a server that is given no key of a model",
            "OPENAI_API_KEY is in its environment",
            f"{_MAKE_SERVER}: `environment()`",
        )


def _probe_server(module: ModuleType) -> None:
    from agents.mcp import MCPServerStdio

    make = need_function(module, "make_server", is_async=False)
    need_function(module, "make_agent", is_async=False)
    server = make()
    if not isinstance(server, MCPServerStdio):
        raise NotYet("an MCPServerStdio from `make_server`", describe(server), place_of(module, make))
    limit = server.client_session_timeout_seconds
    if limit is not None and limit < _PATIENT:
        raise NotYet(
            "a session in which a call may take 30 seconds",
            f"{limit:g}: as a server starts, on a busy machine, a call takes longer",
            f"{_MAKE_SERVER}: `client_session_timeout_seconds=`",
        )
