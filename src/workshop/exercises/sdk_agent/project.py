"""The checks of lesson 4, "The Agents SDK on Temporal".

A probe runs a worker with the plugin in the child process; where an exercise is about a process, the check starts
the learner's own file. Both are judged by the event history, which tells every step of an agent: what the model was
sent, what it said, which tool ran as an activity and what came of it.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import importlib
import inspect
import os
import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .agent_runs import (
    MODEL_CALL,
    answered,
    asked_in,
    causes,
    held_or_ended,
    instructions_of,
    items_of,
    judge_result,
    judge_steps,
    last_told,
    need_calm,
    need_files,
    run_ids,
    said_in,
    start_all,
    text_of,
    told_steps,
    told_to,
)
from .bench import (
    Bench,
    NotYet,
    describe,
    need,
    need_free_loop,
    need_function,
    place_of,
)
from .endings import beside, ending_of, result_of
from .histories import ActivityRun, activity_runs
from .outcomes import shorten
from .questions import CALIFORNIA, HAIKU, WHERE_I_AM
from .registry import exercise
from .workflows import (
    connect,
    course_files,
    handle_of,
    judge_numbers,
    misfit,
    need_done,
    probe_numbers,
    running_worker,
    start_run,
    task_queue,
)

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle


_PLUGIN_DOCS = "https://docs.temporal.io/develop/python/integrations/openai-agents-sdk"
_SDK_DOCS = "https://openai.github.io/openai-agents-python"
_DOCS = "https://docs.temporal.io/develop/python"

ACTIVITIES = "my/sdk_agent/activities.py"
WORKFLOW = "my/sdk_agent/workflow.py"
CONNECTION = "my/sdk_agent/connection.py"
WORKER = "my/sdk_agent/worker.py"
LIMITED = "my/sdk_agent/limited.py"
QUEUE = "sdk-agent"

WEATHER_STEPS = ["model", "get_weather_alerts", "model"]
WHERE_STEPS = ["model", "get_ip_address", "model", "get_location_info", *WEATHER_STEPS]


# --- 4.1 ---------------------------------------------------------------------------------------------


@exercise(
    "4.1",
    file=WORKFLOW,
    proves="Three questions took one, three and seven activities: the loop runs in your workflow, its steps do not.",
    hints=(
        "You wrote such an agent in lesson 1. What has to stand around each tool, so that it runs as an activity?",
        f"`activity_as_tool(tool, start_to_close_timeout=..., retry_policy=...)`: {_PLUGIN_DOCS}",
        "tools = [\n    activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)\n"
        "    for tool in TOOLS\n]\nagent = Agent(name=..., instructions=INSTRUCTIONS, tools=tools)\n"
        "result = await Runner.run(agent, question)\nreturn ...",
    ),
    timeout=60,
)
async def agent(bench: Bench) -> str:
    """The three questions of the course, side by side."""
    need_files(bench, ACTIVITIES)
    questions = {"haiku": HAIKU, "california": CALIFORNIA, "where": WHERE_I_AM}
    results = await bench.run(_probe_agent, run_ids(bench, questions))
    for name, steps in (("haiku", ["model"]), ("california", WEATHER_STEPS), ("where", WHERE_STEPS)):
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        judge_steps(runs, steps, questions[name], "`tools=`, each made with activity_as_tool")
        judge_result(results[name], runs)
        if not instructions_of(runs[0]).strip():
            raise NotYet(
                "the model to be sent the agent's instructions",
                "none",
                "`instructions=INSTRUCTIONS` of Agent",
            )
        for run in runs:
            if run.name != MODEL_CALL:
                _judge_options(run)
    return f"Its answer to the last question: {results['where']}"


def _judge_options(tool: ActivityRun) -> None:
    call = f"activity_as_tool({tool.name}, ...)"
    if not tool.start_to_close:
        raise NotYet(
            f"one attempt of {tool.name} to have a limit of time",
            "it has none",
            f"start_to_close_timeout of {call}",
        )
    if tool.maximum_attempts != 3:
        number = tool.maximum_attempts or "any number"
        raise NotYet(
            f"at most three attempts of {tool.name}", f"{number}", f"retry_policy of {call}: ATTEMPTS"
        )
    if "ValueError" not in tool.not_retried:
        raise NotYet(
            f"one attempt of {tool.name} when it says ValueError",
            "it would be tried again",
            f"retry_policy of {call}: ATTEMPTS",
        )


async def _probe_agent(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, Any]:
    results, _ = await _answers(module, "WeatherAgent", questions, _tools())
    return results


async def _answers(
    module: ModuleType, name: str, questions: Mapping[str, Sequence[str]], activities: Sequence[Any]
) -> tuple[dict[str, Any], WorkflowHandle[Any, Any]]:
    """In the child: ask an agent several questions at once.

    Returns:
        The results by the names of the questions; and the last run, which has been replayed.
    """
    from .lesson4_workflows import plugin

    defined = need(module, name, type, "a class")
    look = f"the body of `{name}.run`"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities) as client:
        handles = await start_all(client, name, questions)
        results = await asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
    last = list(handles.values())[-1]
    if problem := await misfit(last, workflows=[defined], plugins=[plugin()]):
        raise NotYet("a run that replays", problem, look)
    return dict(zip(handles, results, strict=True)), last


# --- 4.2 ---------------------------------------------------------------------------------------------


@exercise(
    "4.2",
    file=CONNECTION,
    proves="A worker with your client ran an agent, and its model call has the three times you gave.",
    hints=(
        "What do you make first: the times, the plugin, or the client? Each is an argument of the next.",
        "`OpenAIAgentsPlugin(model_params=ModelActivityParameters(...))` and `Client.connect(..., plugins=[...])`: "
        f"{_PLUGIN_DOCS}",
        "times = ModelActivityParameters(\n    start_to_close_timeout=timedelta(minutes=1),\n"
        "    heartbeat_timeout=...,\n    schedule_to_close_timeout=...,\n)\n"
        "plugin = OpenAIAgentsPlugin(model_params=times)\n"
        "return await Client.connect(**ClientConfig.load_client_connect_config(), plugins=[plugin])",
    ),
    timeout=60,
)
async def connection(bench: Bench) -> str:
    """A worker made with the learner's client runs an agent; the address comes from the environment."""
    await bench.run(_probe_connection, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    if [run.name for run in runs] != [MODEL_CALL]:
        raise NotYet("a model call as an activity", told_steps(runs), "`plugins=[...]` of Client.connect")
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
            raise NotYet(words, got, f"{name} of ModelActivityParameters")
    if not await bench.run(_probe_address):
        raise NotYet(
            "the address from the environment",
            "with another TEMPORAL_ADDRESS, `connect` still asks the same server",
            "`**ClientConfig.load_client_connect_config()`",
        )
    return ""


async def _probe_connection(module: ModuleType, workflow_id: str) -> None:
    from temporalio.client import Client

    from .lesson4_workflows import Poet

    own = need_function(module, "connect", is_async=True)
    try:
        client = await own()
    except ValueError as error:
        if "target URL" not in str(error):
            raise
        got = f"the first argument is no address: {_first_line(error)}"
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


# --- 4.3 ---------------------------------------------------------------------------------------------


@exercise(
    "4.3",
    file=WORKER,
    proves="Your process answered a question with model calls and three tools, and waits for the next.",
    hints=(
        "It is the worker of lesson 3, with fewer arguments. What is there to run, and what brings the plugin?",
        f"`Worker(client, task_queue=..., workflows=[...], activities=TOOLS)`: {_DOCS}/workers/run-worker-process",
        "worker = Worker(\n    client,\n    task_queue=TASK_QUEUE,\n    workflows=[WeatherAgent],\n"
        "    activities=TOOLS,\n)\nawait worker.run()",
    ),
    timeout=60,
    note="starts your worker: a few seconds",
)
async def worker(bench: Bench) -> str:
    """A question that needs all three tools, for a process that runs the learner's file."""
    _need_agent(bench)
    process = await bench.process(WORKER)
    handle = await start_run(bench, "WeatherAgent", WHERE_I_AM, queue=QUEUE)
    try:
        answer = await answered(handle, process, "the arguments of Worker(...)")
    except NotYet as error:
        if "Failed validating workflow" in error.got:
            why = "that happens without the plugin, which comes with the client of `connect()`"
            # What the sandbox says of it would lead to the imports of workflow.py.
            got = error.got.partition(": RestrictedWorkflowAccessError")[0]
            raise NotYet(error.expected, f"{got}; {why}", "the `client` of Worker(...)") from None
        if "is not registered on this worker" in error.got:
            raise NotYet(error.expected, error.got, "`activities=` of Worker(...)") from None
        raise
    judge_steps(await activity_runs(handle), WHERE_STEPS, WHERE_I_AM, "`activities=` of Worker(...)")
    if not process.running:
        raise NotYet(
            "a worker that goes on waiting for work", "its process has ended", "`await worker.run()`"
        )
    return f"It answered: {answer}"


# --- 4.4 ---------------------------------------------------------------------------------------------


@exercise(
    "4.4",
    file="my/sdk_agent/prediction.py",
    proves="A worker was killed in mid-run, another went on, and nothing that had been paid for was paid again.",
    hints=(
        "Which steps had completed when the worker died? What happens to a step that had only begun?",
        "A bar is an activity, however many attempts it took; what has completed is never run again: "
        "https://docs.temporal.io/encyclopedia/detecting-activity-failures",
        "activities = ...  (four model calls and three tools)\npaid_calls = 4\nrepeated_calls = ...",
    ),
    timeout=120,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker while the third model call is held, start another, compare history and meter."""
    predicted = await bench.run(probe_numbers, ["activities", "paid_calls", "repeated_calls"])
    _need_agent(bench)
    need_done(bench, WORKER, "4.3")
    look = "the files of exercises 4.1 to 4.3"
    with bench.fault("model", "delay", delay=60, after=2) as held:
        first = await bench.process(WORKER)
        handle = await start_run(bench, "WeatherAgent", WHERE_I_AM, queue=QUEUE)
        await held_or_ended(handle, held, first, look)
        first.kill()
    await answered(handle, await bench.process(WORKER), look)
    paid = bench.meter().model
    runs = await activity_runs(handle)
    need_calm(runs, tries=2)
    seen = {
        "activities": len(runs),
        "paid_calls": paid.completed,
        "repeated_calls": paid.repeats,
    }
    return judge_numbers(predicted, seen)


# --- 4.5 ---------------------------------------------------------------------------------------------


@exercise(
    "4.5",
    file="my/sdk_agent/clock.py",
    proves="The model was told the workflow's time, and the history holds no activity for it.",
    hints=(
        "How does this tool differ from the one in trap.py? Only one word of that one has to change.",
        f"`@function_tool` above an `async def`: {_SDK_DOCS}/tools/; and `workflow.now()`, not `datetime.now()`.",
        '@function_tool\nasync def get_time() -> str:\n    """Get the current time."""\n'
        "    return workflow.now()...",
    ),
    timeout=60,
)
async def clock(bench: Bench) -> str:
    """The agent is asked for the time; on replay of an older history, the tool tells that history's time."""
    name = "clock"
    seen = await bench.run(_probe_clock, run_ids(bench, {name: "What time is it?"}))
    handle = await handle_of(bench, f"{bench.scope}-{name}")
    runs = await activity_runs(handle)
    if tools := [run.name for run in runs if run.name != MODEL_CALL]:
        raise NotYet("no activity for the time", f"the activity {tools[0]}", "`get_time`: a @function_tool")
    if not told_to(runs):
        raise NotYet("the model to use the tool", "it did not", "`get_time`: its name and its docstring")
    told = last_told(runs)
    if "Cannot access" in told:
        # What the sandbox says of datetime.now(); the SDK does not let it reach the workflow.
        raise NotYet(
            "the time of the workflow",
            f"the sandbox refused what the tool does, and the SDK told only the model: {shorten(told, 160)!r}",
            "`get_time`: `workflow.now()`",
        )
    moments = await _task_starts(handle)
    if not _is_time(told, moments):
        raise NotYet(
            "the model to be told the workflow's time, with hours and minutes as in 14:05",
            f"it was told {told!r}",
            "`get_time`: an `async def` that returns workflow.now() as a str",
        )
    if not _is_time(seen["replayed"], [one - _OLDER for one in moments]):
        raise NotYet(
            f"replay of a run of {_OLDER.days} days ago to tell that day's time",
            f"it tells {seen['replayed']!r}: the machine's time, not the workflow's",
            "`get_time`: `workflow.now()`",
        )
    judge_result(seen["results"][name], runs)
    return ""  # not the time: what a check prints is stored and compared


_OLDER = timedelta(days=3, minutes=7)
"""How much older the replayed history is made. The minutes tell it from today's in every time zone."""


async def _probe_clock(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, Any]:
    """The answer; and what the tool says on replay, when the history is made older than it is."""
    from agents import FunctionTool
    from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

    from .lesson4_workflows import anything, plugin

    tool = need(module, "get_time", FunctionTool, "a tool: a function with @function_tool above it")
    results, handle = await _answers(module, "Clock", questions, [anything])
    history = await handle.fetch_history()
    for event in history.events:
        event.event_time.FromDatetime(event.event_time.ToDatetime() - _OLDER)
    said: list[str] = []
    invoke = tool.on_invoke_tool

    async def overheard(context: Any, arguments: str) -> Any:
        said.append(str(await invoke(context, arguments)))
        return said[-1]

    tool.on_invoke_tool = overheard
    # Without the sandbox, the workflow uses this very tool.
    replayer = Replayer(
        workflows=[module.Clock], plugins=[plugin()], workflow_runner=UnsandboxedWorkflowRunner()
    )
    await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return {"results": results, "replayed": said[-1] if said else ""}


async def _task_starts(handle: WorkflowHandle[Any, Any]) -> list[datetime]:
    """The moments that were ``workflow.now()`` in a run, one for each of its workflow tasks."""
    from temporalio.api.enums.v1 import EventType

    return [
        event.event_time.ToDatetime(tzinfo=UTC)
        async for event in handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    ]


_UNIX = re.compile(r"\b\d{10}(\.\d+)?\b")
_MINUTE = re.compile(r"\d:(\d\d)")
_QUARTER = 15
"""Minutes. Time zones differ by a multiple of this, so minutes can be compared in any zone."""


def _is_time(text: str, moments: Sequence[datetime]) -> bool:
    """Whether a text names one of these moments: a clock time in any zone, or seconds since 1970."""
    if unix := _UNIX.search(text):
        return any(abs(float(unix[0]) - one.timestamp()) <= 1 for one in moments)
    minute = _MINUTE.search(text)
    return minute is not None and any((int(minute[1]) - one.minute) % _QUARTER == 0 for one in moments)


# --- 4.6 ---------------------------------------------------------------------------------------------


@exercise(
    "4.6",
    file="my/sdk_agent/forgiving.py",
    proves="After three attempts the model was told why its tool had failed, and a cancelled run stayed cancelled.",
    hints=(
        "When do you want the workflow to go on, and when not? The error is an ActivityError in both cases.",
        "`except ActivityError as error:`, `is_cancelled_exception(error)`, `error.cause`: "
        f"{_DOCS}/cancellation",
        "try:\n    return str(await tool.on_invoke_tool(context, arguments))\nexcept ActivityError as error:\n"
        '    if is_cancelled_exception(error):\n        raise\n    return f"... {error.cause}"',
    ),
    timeout=60,
)
async def forgiving(bench: Bench) -> str:
    """The tool answers, fails for good, and is used by runs that are cancelled during an attempt and between two."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    states = {"CA": "California", "TX": "Texas"}
    questions = {code: f"Are there any weather alerts in {name}?" for code, name in states.items()}
    cancelled = await bench.run(_probe_forgiving, run_ids(bench, questions), bench.scope)
    runs = {code: await activity_runs(await handle_of(bench, f"{bench.scope}-{code}")) for code in questions}
    for code, question in questions.items():
        judge_steps(runs[code], WEATHER_STEPS, question, "`invoke`: `await tool.on_invoke_tool(...)`")
    told = {code: last_told(runs[code]) for code in questions}
    result = str(runs["CA"][1].output)
    if result not in told["CA"]:
        raise NotYet(
            f"the model to be told what the tool returned: {result!r}",
            f"it was told {told['CA']!r}",
            "`invoke`: what it returns when all is well",
        )
    reason = runs["TX"][1].cause
    if reason not in told["TX"]:
        raise NotYet(
            f"the model to be told why the tool failed: {reason!r}",
            f"it was told {told['TX']!r}",
            "`invoke`: `error.cause`",
        )
    for moment, ended in cancelled.items():
        if ended != "cancelled":
            raise NotYet(
                f"a workflow that uses your tool, and is cancelled {moment}, to end as cancelled",
                f"it {ended}" if ended else "it did not use the activity",
                "`invoke`: `is_cancelled_exception(error)`, and `raise`",
            )
    return f"The model was told: {told['TX']}"


async def _probe_forgiving(
    module: ModuleType, questions: dict[str, list[str]], workflow_id: str
) -> dict[str, str]:
    """Ask the agent; and tell how the cancelled runs ended, by the moment at which they were cancelled."""
    from .lesson4_workflows import ToolAlone, alerts, plugin, reached

    defined = need(module, "ForgivingAgent", type, "a class")
    need_function(module, "forgiving")
    look = "`invoke`"

    async def ended(client: Client, state: str) -> str:
        handle = await client.start_workflow(
            ToolAlone.run, state, id=f"{workflow_id}-{state}", task_queue=task_queue()
        )
        try:
            await beside(handle, reached(state).wait(), look, expected="your tool to use the activity")
        except NotYet:
            # What the agent's own runs tell of that is easier to understand.
            return ""
        await handle.cancel()
        return await ending_of(
            handle, look, what="a workflow that uses your tool, and is cancelled,", timeout=20
        )

    workflows = [defined, ToolAlone]
    async with running_worker(plugins=[plugin()], workflows=workflows, activities=[alerts]) as client:
        handles = await start_all(client, "ForgivingAgent", questions)
        answers = asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
        at_work, between, _ = await asyncio.gather(ended(client, "NY"), ended(client, "NV"), answers)
    return {"while it works": at_work, "between two attempts of it": between}


# --- 4.7 ---------------------------------------------------------------------------------------------


@exercise(
    "4.7",
    file=LIMITED,
    proves="A run that needed more than two turns ended after two, and the caller learned it.",
    hints=(
        "What does MaxTurnsExceeded do to the run of HastyAgent? Who has to know that it is meant as an end?",
        "`max_turns=` of Runner.run, and one of the two ways above: "
        f"{_DOCS}/failure-detection and {_SDK_DOCS}/running_agents/",
        "@workflow.defn(failure_exception_types=[AgentsException])\nclass LimitedAgent:\n    @workflow.run\n"
        "    async def run(self, question: str) -> str:\n"
        "        result = await Runner.run(make_agent(), question, max_turns=...)\n        ...",
    ),
    timeout=60,
)
async def limited(bench: Bench) -> str:
    """One question needs two turns, the other four."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    questions = {"california": CALIFORNIA, "where": WHERE_I_AM}
    ends = await bench.run(_probe_limited, run_ids(bench, questions))
    runs = {name: await activity_runs(await handle_of(bench, f"{bench.scope}-{name}")) for name in questions}
    calls = sum(run.name == MODEL_CALL for run in runs["where"])
    if calls != 2:
        raise NotYet(
            "the run to end after two model calls, though the question needs four",
            f"after {calls} it {'failed' if 'failed' in ends['where'] else 'completed'}",
            "`max_turns=` of Runner.run",
        )
    if "failed" in ends["california"]:
        raise NotYet("a question that two turns answer to succeed", ends["california"]["failed"], "`run`")
    judge_steps(runs["california"], WEATHER_STEPS, CALIFORNIA, "`run`")
    judge_result(ends["california"]["result"], runs["california"])
    end = ends["where"]
    if "failed" in end:
        if any(isinstance(getattr(builtins, one, None), type) for one in end["types"]):
            raise NotYet("the run to fail because of its turns", f"it failed: {end['failed']}", "`run`")
        return f"The run failed: {end['failed']}"
    if not isinstance(end["result"], str) or not end["result"].strip():
        raise NotYet(
            "a failure, or a sentence that says why there is no answer",
            describe(end["result"]),
            "what `run` returns after two turns",
        )
    return f"The run's answer: {end['result']}"


async def _probe_limited(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    from .lesson4_workflows import plugin

    defined = need(module, "LimitedAgent", type, "a class")
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=_tools()) as client:
        handles = await start_all(client, "LimitedAgent", questions)
        ends = await asyncio.gather(*[_end_of(handle) for handle in handles.values()])
        return dict(zip(handles, ends, strict=True))


async def _end_of(handle: WorkflowHandle[Any, Any]) -> dict[str, Any]:
    """A run's result; or why it failed, and the types of the errors in that.

    Raises:
        NotYet: it goes on, which is what the exercise is to prevent.
    """
    from temporalio.client import WorkflowFailureError

    await ending_of(handle, "`run`", what="the run, once its turns are used up,")
    try:
        return {"result": await handle.result()}
    except WorkflowFailureError as error:
        chain = list(causes(error))
        return {
            "failed": str(chain[-1]),
            "types": [str(getattr(one, "type", "") or "") for one in chain],
        }


# --- 4.8 ---------------------------------------------------------------------------------------------


@exercise(
    "4.8",
    file="my/sdk_agent/conversation.py",
    proves="Four questions, two workers and one workflow: each question was asked with all that was said before.",
    hints=(
        "What does the model have to be sent, so that it understands `And in California?`",
        f"`@workflow.update` above `async def ask(self, question: str) -> str`: {_DOCS}/message-passing; "
        f"and `result.to_input_list()`: {_SDK_DOCS}/running_agents/",
        "@workflow.update\nasync def ask(self, question: str) -> str:\n    async with self.lock:\n"
        '        self.items.append({"role": "user", "content": question})\n'
        "        result = await Runner.run(make_agent(), self.items)\n        self.items = ...\n        return ...",
    ),
    timeout=60,
)
async def conversation(bench: Bench) -> str:
    """Two questions one after the other with another worker for each, then two at once."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    questions = [
        "Are there any weather alerts in Texas?",
        "And in California?",
        "What does the river dream of?",
        "And what does the mountain dream of?",
    ]
    with course_files(bench, LIMITED):
        seen = await bench.run(_probe_conversation, bench.scope, questions)
    runs = await activity_runs(await handle_of(bench))
    before: list[str] = []
    for question, answer in zip(questions, seen["answers"], strict=True):
        if not isinstance(answer, str) or not answer.strip():
            raise NotYet(f"an answer to {question!r}", describe(answer), "the `return` of `ask`")
        calls = [run for run in runs if run.name == MODEL_CALL and asked_in(run) == question]
        if not calls:
            raise NotYet(f"a model call that ends with {question!r}", "there is none", "`ask`: what it runs")
        if answer.strip() != said_in(calls[-1]).strip():
            raise NotYet("the model's answer", describe(answer), "the `return` of `ask`: `final_output`")
        _judge_memory(calls[0], question, before)
        before += [question, answer]
    if not isinstance(seen["kept"], int) or seen["kept"] < len(before):
        raise NotYet(
            f"`self.items` with at least {len(before)} items in the end: each question and each answer",
            describe(seen["kept"]),
            "`ask`: `result.to_input_list()`",
        )
    return f"Asked {questions[1]!r}, it answered: {seen['answers'][1]}"


def _judge_memory(call: ActivityRun, question: str, before: Sequence[str]) -> None:
    """The model was sent all that was said before, in order."""
    texts = [text_of(item) for item in items_of(call)]
    place = 0
    for said in before:
        if said not in texts[place:]:
            raise NotYet(
                f"{question!r} to be asked with all that was said before",
                f"{shorten(said, 80)!r} was {'sent out of its order' if said in texts else 'not sent'}",
                "`ask`: `self.items`, and `self.lock`",
            )
        place = texts.index(said, place) + 1
    asked = [text_of(item) for item in items_of(call) if item.get("role") == "user"]
    if twice := next((said for said in asked if asked.count(said) > 1), ""):
        raise NotYet(
            f"{question!r} to be asked with all that was said before, once",
            f"{shorten(twice, 80)!r} was sent {asked.count(twice)} times",
            "`ask`: `self.items` becomes `result.to_input_list()`, which holds what was there before",
        )
    if before and not any(item.get("type") == "function_call_output" for item in items_of(call)):
        raise NotYet(
            f"{question!r} to be asked with all that was said before",
            "what the tools were asked and what they said was not sent",
            "`ask`: `result.to_input_list()`",
        )


async def _probe_conversation(module: ModuleType, workflow_id: str, questions: list[str]) -> dict[str, Any]:
    from workshop.lab.errors import LabTimeout
    from workshop.lab.faults import fault

    from .lesson4_workflows import plugin

    defined = need(module, "Conversation", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None or "ask" not in definition.updates:
        got = "the workflow has none of that name"
        if definition is not None and "ask" in {**definition.signals, **definition.queries}:
            got = f"`ask` is a {'signal' if 'ask' in definition.signals else 'query'}"
        raise NotYet("the update `ask`", got, place_of(module))
    what: dict[str, Any] = {"plugins": [plugin()], "workflows": [defined], "activities": _tools()}
    answers = []
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Conversation", id=workflow_id, task_queue=task_queue())
        answers.append(await _asked_now(handle, questions[0]))
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers.append(await _asked_now(handle, questions[1]))
        with fault("model", "delay", delay=20) as held:
            # The first waits for the model when the second comes.
            asked = [await _accepted(handle, question) for question in questions[2:]]
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
        answers += [await _in_time(handle, update.result()) for update in asked]
        await handle.signal("end")
        kept = await result_of(handle, "`ask`", what="the conversation", timeout=10)
    return {"answers": answers, "kept": kept}


async def _asked_now(handle: WorkflowHandle[Any, Any], question: str) -> Any:
    return await _in_time(handle, handle.execute_update("ask", question))


async def _accepted(handle: WorkflowHandle[Any, Any], question: str) -> Any:
    from temporalio.client import WorkflowUpdateStage

    started = handle.start_update("ask", question, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    return await _in_time(handle, started)


async def _in_time(handle: WorkflowHandle[Any, Any], answer: Awaitable[Any]) -> Any:
    """What comes of an update; where the workflow's code fails, it would never come.

    Raises:
        NotYet: nothing; it says why.
    """
    from temporalio.client import WorkflowUpdateFailedError

    expected = "an answer to the update `ask`"
    try:
        return await beside(handle, answer, "`ask`", expected=expected, timeout=15)
    except WorkflowUpdateFailedError as error:
        raise NotYet(expected, f"it failed: {list(causes(error))[-1]}", "`ask`") from None


# --- 4.9 ---------------------------------------------------------------------------------------------


@exercise(
    "4.9",
    file="my/sdk_agent/own_agent.py",
    proves="Your agent's worker was killed after its tool had run; another went on, and paid for nothing twice.",
    hints=(
        "What does your tool do with the world? And which question would make a model reach for it?",
        f"`@activity.defn` above the tool, `activity_as_tool(use_tool, start_to_close_timeout=...)`: {_PLUGIN_DOCS}",
        'QUESTION = "..."\n\n@activity.defn\nasync def use_tool(word: str) -> str:\n    """..."""\n\n'
        "@workflow.defn\nclass OwnAgent:\n    @workflow.run\n    async def run(self, question: str) -> str:\n"
        "        ...  (as in exercise 4.1, with the tools [activity_as_tool(use_tool, ...)])",
    ),
    timeout=120,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def own_agent(bench: Bench) -> str:
    """The worker is killed while the second model call is held, so with the tool's result in the history."""
    asked = await bench.run(_probe_own_agent)
    # Not QUESTION itself: a workflow that asked that whatever it is given would not be told apart.
    question = f"{asked['question']} {_PLEASE}"
    script = str(Path(__file__).with_name("lesson4_worker.py"))
    client = await connect(bench)
    with bench.fault("model", "delay", delay=60, after=1) as held:
        process = await bench.process(script)
        handle = await client.start_workflow(
            asked["workflow"], question, id=bench.scope, task_queue=f"check-{bench.scope}"
        )
        await held_or_ended(handle, held, process, "`OwnAgent`")
        runs = await activity_runs(handle)
        need_calm(runs, tries=1)
        if runs and _PLEASE not in asked_in(runs[0]):
            raise NotYet(
                f"the agent to be asked what the workflow is given: {question!r}",
                f"it was asked {asked_in(runs[0])!r}",
                "`run(self, question: str)` of OwnAgent, and what Runner.run is given",
            )
        _judge_own_tool(runs, asked)
        process.kill()
    answer = await answered(handle, await bench.process(script), "`OwnAgent`")
    runs = await activity_runs(handle)
    need_calm(runs, tries=2)
    judge_result(answer, runs)
    repeats = bench.meter().model.repeats
    if repeats:
        raise NotYet("no model call to be paid for twice", f"{repeats} were", "`OwnAgent.run`")
    return f"Asked {asked['question']!r}, it answered: {answer}"


_PLEASE = "Please."
"""What the check adds to the learner's question."""


def _judge_own_tool(runs: Sequence[ActivityRun], asked: Mapping[str, Any]) -> None:
    """When the second model call has begun, a tool has run as an activity and its result is in the history."""
    tools = [run for run in runs if run.name != MODEL_CALL]
    if not tools and len(runs) < 2:
        raise NotYet(
            f"a question for which the model uses {' or '.join(asked['activities'])}",
            f"asked {asked['question']!r}, it answered without",
            "`QUESTION`: the words of the tool's name and description; and `tools=` of your agent",
        )
    if not tools:
        told = last_told(runs)
        raise NotYet(
            "the tool's activity in the history",
            f"{told_steps(runs)}: the tool ran inside the workflow"
            + (f", and said {told!r}" if told else ""),
            "`tools=` of your agent: activity_as_tool",
        )
    done = next((run for run in reversed(tools) if run.ended == "completed"), None)
    if done is None:
        raise NotYet(f"{tools[-1].name} to complete", tools[-1].problem, f"`{tools[-1].name}`")
    if done.output is None:
        raise NotYet(f"a result of {done.name}", "None", f"the `return` of `{done.name}`")
    if not any(str(done.output) in one for one in told_to(runs)):
        raise NotYet(
            f"the model to be told what {done.name} returned: {done.output!r}",
            f"it was told {last_told(runs)!r}",
            "`tools=` of your agent",
        )


def _probe_own_agent(module: ModuleType) -> dict[str, Any]:
    from .lesson4_worker import own_activities

    question = need(module, "QUESTION", str, "a question")
    if not question.strip():
        raise NotYet("`QUESTION`, a question", "an empty text", place_of(module))
    defined = need(module, "OwnAgent", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None:
        raise NotYet("`OwnAgent`, a workflow", "a class without @workflow.defn", place_of(module))
    found = own_activities(module)
    if not found:
        raise NotYet("a tool that is an activity", "no function with @activity.defn", place_of(module))
    for one in found:
        if not inspect.iscoroutinefunction(one):
            raise NotYet(
                f"`{one.__name__}`, an `async def`",
                "a plain `def`: a worker runs such an activity only with an `activity_executor`",
                place_of(module, one),
            )
        need_free_loop(module, one)
    names = [getattr(one, "__temporal_activity_definition").name for one in found]
    return {"question": question, "workflow": definition.name, "activities": names}


# --- shared by the checks above ----------------------------------------------------------------------


def _need_agent(bench: Bench) -> None:
    """Make sure that a worker can be made."""
    need_files(bench, ACTIVITIES)
    need_done(bench, WORKFLOW, "4.1")
    need_done(bench, CONNECTION, "4.2")


def _tools() -> list[Any]:
    """In the child: the activities of the learner's ``activities.py``."""
    return list(need(importlib.import_module("my.sdk_agent.activities"), "TOOLS", (list, tuple)))


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
