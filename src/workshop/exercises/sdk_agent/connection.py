"""A client with the plugin: what it gives a model call, and where it takes the address from."""

from __future__ import annotations

import asyncio
import importlib
import os
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, told_steps
from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs, cut
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import PLUGIN
from workshop.exercises.questions import HAIKU

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="A worker with your client ran an agent, and its model call has the three timeouts that you set.",
    hints=(
        "What do you make first: the timeouts, the plugin or the client? Each is an argument of the next.",
        "`OpenAIAgentsPlugin(model_params=ModelActivityParameters(...))` and `Client.connect(..., plugins=[...])`: "
        f"{PLUGIN}",
        "times = ModelActivityParameters(\n    start_to_close_timeout=timedelta(minutes=1),\n"
        "    heartbeat_timeout=...,\n    schedule_to_close_timeout=...,\n)\n"
        "plugin = OpenAIAgentsPlugin(model_params=times)\n"
        "return await Client.connect(**ClientConfig.load_client_connect_config(), plugins=[plugin])",
    ),
    timeout=60,
)
async def connection(bench: Bench) -> str:
    """A worker made with the learner's client runs an agent; the address comes from the environment."""
    server = await bench.run(_probe_connection, bench.scope)
    handle = await handle_of(bench)
    if not await _is_here(handle):
        raise NotYet(
            "a connection to the address that `ClientConfig` gives",
            f"`connect` asks another server, at {server}: the run that was started with its client is there",
            "`**ClientConfig.load_client_connect_config()`",
        )
    runs = await activity_runs(handle)
    if not runs and await _made_locally(handle):
        raise NotYet(
            "a model call as a regular activity, which the server watches",
            "a local activity: no heartbeat, and no retry after the worker's death",
            "`use_local_activity` of ModelActivityParameters",
        )
    if [run.name for run in runs] != [MODEL_CALL]:
        raise NotYet("a model call as an activity", told_steps(runs), "`plugins=[...]` of Client.connect")
    if not runs[0].heartbeat and not runs[0].schedule_to_close:
        raise NotYet(
            "a model call with your three timeouts",
            "it has the plugin's own: no heartbeat, and no limit for all attempts",
            "`OpenAIAgentsPlugin(model_params=...)`, with the ModelActivityParameters",
        )
    for name, seen, right, words in (
        ("start_to_close_timeout", runs[0].start_to_close, 60, "a minute for one attempt of a model call"),
        ("heartbeat_timeout", runs[0].heartbeat, 5, "a heartbeat of a model call within 5 seconds"),
        (
            "schedule_to_close_timeout",
            runs[0].schedule_to_close,
            3600,
            "an hour for all attempts of a model call",
        ),
    ):
        if seen != right:
            got = f"{seen:g} seconds" if seen else "no limit"
            got += cut(runs[0], name.removesuffix("_timeout"))
            raise NotYet(words, got, f"{name} of ModelActivityParameters")
    if runs[0].maximum_attempts:
        raise NotYet(
            "as many attempts of a model call as fit into the hour",
            f"{runs[0].maximum_attempts} at most, so that a short outage ends the run",
            "`retry_policy` of ModelActivityParameters",
        )
    if missed := await bench.run(_probe_settings):
        raise NotYet(
            "everything that `ClientConfig` loads: address, namespace and the other settings, such as an API key",
            missed,
            "`**ClientConfig.load_client_connect_config()`",
        )
    if not await bench.run(_probe_address):
        raise NotYet(
            "the address from the environment",
            "with another TEMPORAL_ADDRESS, `connect` still asks the same server",
            "`**ClientConfig.load_client_connect_config()`",
        )
    return ""


async def _probe_connection(module: ModuleType, workflow_id: str) -> str:
    """In the child: run an agent with the learner's client; the address that it uses."""
    from temporalio.client import Client

    from workshop.exercises.sdk_agent.stand_ins import Poet

    own = need_function(module, "connect", is_async=True)
    try:
        client = await own()
    except RuntimeError as error:
        if "Failed client connect" not in str(error):
            raise
        got = f"nothing answers at the address that it uses: {_first_line(error)}"
        raise NotYet(
            "a connection to the address that `ClientConfig` gives",
            got,
            "`**ClientConfig.load_client_connect_config()`",
        ) from None
    except ValueError as error:
        if "target URL" not in str(error):
            raise
        got = f"the first argument is not an address: {_first_line(error)}"
        two_stars = "`**ClientConfig.load_client_connect_config()`, with two stars"
        raise NotYet("a connection to the address that `ClientConfig` gives", got, two_stars) from None
    if not isinstance(client, Client):
        raise NotYet("a client from `connect()`", describe(client), f"{place_of(module, own)}: its `return`")
    look = "`plugins=[...]` of Client.connect"
    try:
        async with running_worker(client=client, workflows=[Poet]):
            handle = await client.start_workflow(Poet.run, HAIKU, id=workflow_id, task_queue=task_queue())
            await result_of(
                handle, "the plugin's `model_params`", what="an agent on a worker with your client"
            )
    except (RuntimeError, TypeError, ValueError) as error:
        got = f"the worker cannot be made: {_first_line(error)}"
        raise NotYet("a client with the plugin, whose worker runs an agent", got, look) from None
    return client.service_client.config.target_host


async def _is_here(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether the check's own server has a run: it answers, so it would know."""
    from temporalio.service import RPCError, RPCStatusCode

    try:
        await handle.describe()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


_OTHER = "another"
_SETTINGS = {
    "TEMPORAL_NAMESPACE": _OTHER,
    "TEMPORAL_API_KEY": _OTHER,
    # With an API key, a client would use TLS unless told not to; the course's server has none.
    "TEMPORAL_TLS": "false",
    "TEMPORAL_GRPC_META_COURSE": _OTHER,
}


async def _probe_settings(module: ModuleType) -> str:
    """Which of the settings in the environment the client does not have, in words; empty if it has all."""
    os.environ.update(_SETTINGS)
    try:
        client = await importlib.reload(module).connect()
    except RuntimeError as error:
        if "Failed client connect" not in str(error):
            raise
        return (
            f"with TEMPORAL_API_KEY={_OTHER} and TEMPORAL_TLS=false, it still uses TLS: {_first_line(error)}"
        )
    if client.namespace != _OTHER:
        return (
            f"with TEMPORAL_NAMESPACE={_OTHER}, `connect` gives a client of the namespace {client.namespace}"
        )
    for variable, has in (
        ("TEMPORAL_API_KEY", client.api_key == _OTHER),
        # What goes along with each call to the server.
        ("TEMPORAL_GRPC_META_COURSE", client.rpc_metadata.get("course") == _OTHER),
    ):
        if not has:
            return f"with {variable}={_OTHER}, `connect` gives a client that does not use that setting"
    return ""


async def _made_locally(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether a run has a local activity in its history."""
    markers = [
        event.HasField("marker_recorded_event_attributes") async for event in handle.fetch_history_events()
    ]
    return any(markers)


async def _probe_address(module: ModuleType) -> bool:
    """Whether ``connect()`` knocks at another door when the environment names one."""
    knocked = asyncio.Event()
    door = await asyncio.start_server(lambda _reader, _writer: knocked.set(), "127.0.0.1", 0)
    os.environ["TEMPORAL_ADDRESS"] = f"127.0.0.1:{door.sockets[0].getsockname()[1]}"
    # Once more, for it may have read the environment when it was imported.
    connecting = asyncio.ensure_future(importlib.reload(module).connect())
    waiting = asyncio.ensure_future(knocked.wait())
    await asyncio.wait({connecting, waiting}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    return knocked.is_set()


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
