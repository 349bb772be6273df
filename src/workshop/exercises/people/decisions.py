"""The checks of lesson 6, "People in the loop".

Each works in a copy of the learner's project in which every other file is the course's, so that it judges one file.
The probes run workers in the child process; a model that follows a script makes the payments they need. What
counts is the event history, what the model was told, and the practice bank's ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop import catalog

from .agent_runs import MODEL_CALL, asked_in, items_of, said_in, text_of
from .bench import Bench, NotYet, describe, need, need_function, place_of
from .books import Books, moves_told
from .endings import beside, code_failure, ending_of, result_of
from .histories import ActivityRun, activity_runs
from .outcomes import shorten
from .registry import exercise
from .tracebacks import own_place
from .workflows import connect, course_files, handle_of, misfit, running_worker, task_queue

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle
    from temporalio.testing import WorkflowEnvironment

_MESSAGES = "https://docs.temporal.io/develop/python/message-passing"
_TESTING = "https://docs.temporal.io/develop/python/testing-suite"
_SDK_DOCS = "https://openai.github.io/openai-agents-python"
_DOCS = "https://docs.temporal.io/develop/python"

_NATIVE = tuple(f"my/native_agent/{name}.py" for name in ("failures", "heartbeats", "messages", "model"))
_WAIT = 8.0
"""Seconds for what a run does within milliseconds."""

_TEST = 15.0
"""Seconds for the learner's test of exercise 6.4, which takes two on a machine that does nothing else."""

_SAID_NO = "a person said no"
"""The course's own words for a rejection."""

Moves = list[tuple[str, str, int]]


# --- 6.1 ---------------------------------------------------------------------------------------------


@exercise(
    "6.1",
    file="my/people/approvals.py",
    proves="Three calls were decided once each: a second answer, and one for a call that nobody made, were refused.",
    hints=(
        "Which of the two dictionaries tells whether a call still waits? Who has to look there first?",
        f"`@workflow.query`, `@workflow.update`, and `@decide.validator` with the same parameters: {_MESSAGES}",
        "@workflow.update\ndef decide(self, call_id: str, approved: bool) -> None:\n    del self.waiting[call_id]\n"
        "    self.decided[call_id] = Decision(approved, ...)\n\n@decide.validator\n"
        "def check_decision(self, call_id: str, approved: bool) -> None:\n    if call_id not in self.waiting:\n"
        "        raise ValueError(...)",
    ),
    timeout=40,
)
async def approvals(bench: Bench) -> str:
    """A workflow of the check's asks for three decisions; one of them is given twice at once."""
    with _project(bench):
        seen: dict[str, Any] = await bench.run(_probe_approvals, bench.scope)
    handle = await handle_of(bench)
    accepted = 0
    async for event in handle.fetch_history_events():
        accepted += event.HasField("workflow_execution_update_accepted_event_attributes")
    if accepted != 3:
        raise NotYet(
            "what is refused not to be in the history",
            f"the history holds {accepted} accepted updates for 3 decisions: it was accepted first, then failed",
            "the method marked `@decide.validator`",
        )
    return f"A second answer was told: {seen['refused']}"


async def _probe_approvals(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    need(module, "Approvals", type, "a class")
    asker = _asker(module)
    definition = asker.__temporal_workflow_definition
    for kind, name in (("queries", "pending"), ("updates", "decide")):
        if name not in getattr(definition, kind):
            what = "query" if kind == "queries" else "update"
            raise NotYet(
                f"the {what} `{name}`", f"`Approvals` has no {what} of that name", f"`@workflow.{what}`"
            )
    if definition.updates["decide"].validator is None:
        raise NotYet("a validator of the update `decide`", "it has none", "`@decide.validator`")
    one, two, three = ids = ["call-1", "call-2", "call-3"]
    async with running_worker(workflows=[asker]) as client:
        handle = await client.start_workflow("Asker", ids, id=workflow_id, task_queue=task_queue())
        await _pending(handle, ids)
        await _refused(handle, "call-9", True, "an answer for a call that nobody made")
        await _accepted(handle, one, True, "a yes for a call that waits")
        waiting = await _pending(handle, [two, three])
        if one in waiting:
            raise NotYet(
                f"`pending` to list {two} and {three}, once {one} is decided",
                f"it lists {', '.join(waiting)}",
                "the update `decide`: `self.waiting`",
            )
        refused = await _refused(handle, one, False, "a second answer for a call that is decided")
        answers = await asyncio.gather(*[_decide(handle, two, yes) for yes in (False, True)])
        if answers.count("") != 1:
            got = "both" if not any(answers) else "none"
            raise NotYet("one of two answers that come at once to be accepted", got, "`decide`")
        await _accepted(handle, three, False, "a no for a call that waits")
        decided = await result_of(
            handle, "`decide`: `self.decided`", what="a workflow whose calls are all decided"
        )
    expected = {one: True, two: answers[0] != "", three: False}
    if decided != expected:
        raise NotYet(
            f"`decision` to return what was answered: {_decisions(expected)}",
            _decisions(decided),
            "`decide`: `Decision(approved, ...)`",
        )
    return {"refused": refused}


def _decisions(decided: Mapping[str, Any]) -> str:
    return ", ".join(f"{one} {'yes' if yes else 'no'}" for one, yes in decided.items())


def _asker(module: ModuleType) -> Any:
    """The check's workflow on the learner's class."""
    try:
        return importlib.import_module("workshop.checks.lesson6_workflows").Asker
    except (TypeError, ValueError) as error:
        raise NotYet(
            "a class that a workflow can build on", f"{type(error).__name__}: {error}", place_of(module)
        ) from None


# --- 6.2 ---------------------------------------------------------------------------------------------


@exercise(
    "6.2",
    file="my/people/native.py",
    proves="Two payments were asked for at once: the approved one was paid once, the rejected one was not.",
    hints=(
        "What does `decision` return, and when? What must not have begun before that?",
        f"`workflow.execute_activity(pay_relief, args=[...], ...)`, as in lesson 3: {_DOCS}/core-application",
        "decision = await self.decision(call)\nif decision.approved:\n"
        "    output = await workflow.execute_activity(pay_relief, args=[...], ...)\nelse:\n"
        '    output = f"Not paid: {decision.why}."',
    ),
    timeout=40,
)
async def native(bench: Bench) -> str:
    """The model asks for two payments in one reply; nobody answers at first, then one is approved."""
    books = _open(bench)
    with _project(bench):
        told = await bench.run(_probe_native, bench.scope)
    _judge_told(told, {"call-1-1": ("Bob", 40), "call-1-2": None}, "`answer`")
    books.must_show(_paid(("Bob", 40)), "`answer`")
    _judge_options(await activity_runs(await handle_of(bench)))
    return f"Of the rejected one the model was told: {told['call-1-2']}"


async def _probe_native(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from .lesson6_model import scripted_model

    defined = need(module, "ReliefAgent", type, "a class")
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, _pay_relief()]}
    async with running_worker(**what) as client:
        handle = await client.start_workflow(
            "ReliefAgent", json.dumps([[["Bob", 40], ["Ana", 5]]]), id=workflow_id, task_queue=task_queue()
        )
        await _pending(
            handle,
            ["call-1-1", "call-1-2"],
            "`answer`: `await self.decision(call)`",
            expected="the payments to Bob and to Ana to wait for a decision",
        )
        await _nothing_paid("`answer`: first the decision, then the activity")
        await _accepted(handle, "call-1-2", False, "a no")
        await _accepted(handle, "call-1-1", True, "a yes for the other payment")
        result = await result_of(handle, "`answer`", what="the run, once both are decided,")
    if problem := await misfit(handle, workflows=[defined]):
        raise NotYet("a run that replays", problem, "`answer`")
    return dict(json.loads(result))


def _judge_told(told: Mapping[str, Any], decided: Mapping[str, tuple[str, int] | None], look: str) -> None:
    """What the model was told of each call: of a paid one what the activity returned, of another why it was not."""
    for call, payment in decided.items():
        output = told.get(call)
        words = f"Paid {payment[1]} to {payment[0]}." if payment else _SAID_NO
        if not isinstance(output, str) or words not in output:
            what = "what the activity returned" if payment else "why it was not paid"
            got = f"it was told {output!r}" if call in told else "it was told nothing of that call"
            raise NotYet(f"the model to be told {what}: {words!r}", got, look)


def _judge_options(runs: Sequence[ActivityRun]) -> None:
    for run in runs:
        if run.name == "pay_relief" and (not run.start_to_close or run.maximum_attempts != 3):
            got = f"{run.start_to_close:g} s, {run.maximum_attempts or 'any number of'} attempts"
            raise NotYet(
                "a payment with `TIMEOUT` and `ATTEMPTS`", got, "`workflow.execute_activity(pay_relief, ...)`"
            )


# --- 6.3 ---------------------------------------------------------------------------------------------


@exercise(
    "6.3",
    file="my/people/deadline.py",
    proves="After three days silence was a no, and a yes that came later was refused; an answer in time still counts.",
    hints=(
        "What does `wait_condition` do when the time is up? And what still stands in `self.waiting` then?",
        f"`await workflow.wait_condition(..., timeout=PATIENCE)` and `except TimeoutError`: {_DOCS}/timers",
        "try:\n    await workflow.wait_condition(lambda: call.call_id in self.decided, timeout=PATIENCE)\n"
        "except TimeoutError:\n    del self.waiting[call.call_id]\n"
        "    self.decided[call.call_id] = Decision(False, ...)",
    ),
    timeout=60,
)
async def deadline(bench: Bench) -> str:
    """On a server whose time can be skipped: one payment gets no answer, the next one gets it after two days."""
    books = _open(bench)
    with _project(bench):
        told = await bench.run(_probe_deadline)
    silence = told.get("call-1-1")
    if not isinstance(silence, str) or not silence.removeprefix("Not paid:").strip(" ."):
        raise NotYet("the model to be told why it was not paid", describe(silence), "`Decision(False, ...)`")
    _judge_told(told, {"call-2-1": ("Ana", 5)}, "`decision`")
    books.must_show(_paid(("Ana", 5)), "`decision`")
    return f"After three days the model was told: {silence}"


async def _probe_deadline(module: ModuleType) -> dict[str, Any]:
    from temporalio.testing import WorkflowEnvironment

    from workshop.lab.services import time_skipping_server

    from .lesson6_model import scripted_model

    defined = need(module, "PatientAgent", type, "a class")
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, _pay_relief()]}
    rounds = json.dumps([[["Bob", 40]], [["Ana", 5]]])
    look = "`decision`"
    env = await WorkflowEnvironment.start_time_skipping(test_server_existing_path=time_skipping_server())
    async with env, running_worker(client=env.client, **what):
        handle = await env.client.start_workflow(
            "PatientAgent", rounds, id="deadline", task_queue=task_queue()
        )
        await _until_pending(handle, "call-1-1", "a payment to wait for its decision", look)
        await _skip(env, handle, timedelta(days=2), look)
        if "call-1-1" not in await _listed(handle):
            raise NotYet(
                "a call to wait for three days", "after two days it waits no longer", "`timeout=PATIENCE`"
            )
        await _skip(env, handle, timedelta(days=1, minutes=1), look)
        expected = "the agent to go on after three days without an answer"
        waiting = await _until_pending(handle, "call-2-1", expected, "`except TimeoutError`")
        if "call-1-1" in waiting:
            raise NotYet(
                "a call to wait no longer after the deadline",
                "`pending` still lists it, and a late yes would be accepted",
                "`except TimeoutError`: `self.waiting`",
            )
        if not await _decide_now(handle, "call-1-1", True):
            raise NotYet(
                "a late yes to be refused", "it was accepted", "`except TimeoutError`: `self.waiting`"
            )
        await _skip(env, handle, timedelta(days=2), look)
        if refusal := await _decide_now(handle, "call-2-1", True):
            raise NotYet("a yes on the second day to be accepted", refusal, look)
        await _completes_now(handle, look)
        result = await _ended(handle, "the run to complete after the yes", look)
        return dict(json.loads(result))


async def _skip(
    env: WorkflowEnvironment, handle: WorkflowHandle[Any, Any], time: timedelta, look: str
) -> None:
    """Let time pass on the server for tests, unless the run's code fails meanwhile: then it would not."""
    skipping = asyncio.ensure_future(env.sleep(time))
    for _ in range(int(_WAIT / 0.1)):
        await asyncio.wait({skipping}, timeout=0.1)
        if skipping.done():
            return skipping.result()
        if problem := code_failure(handle, "the agent to go on when the time is up", look):
            skipping.cancel()
            raise problem
    skipping.cancel()
    raise NotYet("time to be skipped while the agent waits", "it stands still", look)


async def _completes_now(handle: WorkflowHandle[Any, Any], look: str) -> None:
    """Wait for the end of a run without letting time pass on the server for tests."""
    for _ in range(int(_WAIT / 0.05)):
        status = (await handle.describe()).status
        if status is not None and status.name != "RUNNING":
            return
        await asyncio.sleep(0.05)
    raise code_failure(handle, "the run to go on", look) or NotYet(
        "the agent to go on as soon as somebody has answered", "it waits until the time is up", look
    )


async def _until_pending(handle: WorkflowHandle[Any, Any], call: str, expected: str, look: str) -> list[str]:
    """As :func:`_pending`, on a server whose time stands still as long as nobody waits for a result."""
    for _ in range(int(_WAIT / 0.05)):
        if problem := code_failure(handle, expected, look):
            raise problem
        waiting = await _listed(handle)
        if call in waiting:
            return waiting
        status = (await handle.describe()).status
        if status is not None and status.name != "RUNNING":
            result = await _ended(handle, expected, look)
            raise NotYet(expected, f"the run completed before that: {shorten(str(result), 120)}", look)
        await asyncio.sleep(0.05)
    raise NotYet(
        expected,
        f"it still waits: `pending` lists {', '.join(waiting)}" if waiting else "nothing waits",
        look,
    )


async def _ended(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> Any:
    """The result of a run on a server for tests."""
    from temporalio.client import WorkflowFailureError

    try:
        return await asyncio.wait_for(handle.result(), _WAIT)
    except WorkflowFailureError as error:
        raise NotYet(expected, f"it failed: {_root(error)}", look) from None
    except TimeoutError:
        raise code_failure(handle, expected, look) or NotYet(expected, "it goes on", look) from None


async def _listed(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The ids that the query lists now; nothing where it cannot be asked yet."""
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    try:
        return [one["call_id"] for one in await handle.query("pending", rpc_timeout=timedelta(seconds=2))]
    except (WorkflowQueryFailedError, RPCError):
        return []


async def _decide_now(handle: WorkflowHandle[Any, Any], call: str, approved: bool) -> str:
    """Why an answer was refused; empty if it was accepted."""
    from temporalio.client import WorkflowUpdateFailedError

    try:
        await asyncio.wait_for(handle.execute_update("decide", args=[call, approved]), _WAIT)
    except WorkflowUpdateFailedError as error:
        return f"refused: {error.cause}"
    return ""


# --- 6.4 ---------------------------------------------------------------------------------------------


@exercise(
    "6.4",
    file="my/people/deadline_test.py",
    proves="Your test let three days pass, and it fails for an agent that takes silence for a yes.",
    hints=(
        "A test without a worker has nobody who runs the workflow. And which of its lines would notice a payment?",
        f"`async with Worker(env.client, task_queue=..., ...)`, `env.client.start_workflow(...)`: {_TESTING}",
        'async with Worker(env.client, task_queue="test", workflows=[PatientAgent], activities=[...]):\n'
        '    handle = await env.client.start_workflow(PatientAgent.run, "Pay ...", id=..., task_queue="test")\n'
        "    await handle.result()\nassert ...\nreturn await handle.fetch_history()",
    ),
    timeout=60,
)
async def deadline_test(bench: Bench) -> str:
    """Run the test with the course's agent, then with one that pays when nobody answers."""
    books = _open(bench)
    with _project(bench):
        days = await bench.run(_probe_test)
    if books.moved():
        raise NotYet(
            "a test that moves no money",
            f"the ledger shows {moves_told(books.moved())}",
            "`activities=[...]`",
        )
    return f"In the run's history {days} days passed."


async def _probe_test(module: ModuleType) -> int:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowHistory

    own = need_function(module, "nobody_answers", is_async=True)
    look = place_of(module, own)
    try:
        history = await _test(own, look)
    except Exception as error:
        if isinstance(error, NotYet):
            raise
        raise NotYet(
            "your test to pass with an agent that does not pay", _told_error(error), _line_of(error) or look
        ) from None
    if not isinstance(history, WorkflowHistory):
        raise NotYet("the run's history from your test", describe(history), f"{look}: its `return`")
    events = history.events
    if events[-1].event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
        raise NotYet(
            "the history of a run that has completed",
            "its last event is another: the run still waits",
            "`await handle.result()`",
        )
    timers = [
        one.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        for one in events
        if one.HasField("timer_started_event_attributes")
    ]
    passed = events[-1].event_time.ToDatetime() - events[0].event_time.ToDatetime()
    if not timers or max(timers) != timedelta(days=3) or passed < timedelta(days=3):
        got = f"the timers {', '.join(map(str, timers))}" if timers else "no timer"
        raise NotYet(
            "a timer of three days in the run's history, and three days between its first and its last event",
            f"{got}; {passed.days} days passed",
            look,
        )
    await _probe_silence(module, own, look)
    return passed.days


async def _probe_silence(module: ModuleType, own: Callable[[], Awaitable[Any]], look: str) -> None:
    """The test has to fail with an agent that pays when nobody answers."""
    from .lesson6_silence import PatientAgent as Silent

    agents = importlib.import_module("my.people.deadline")
    proper = agents.PatientAgent
    for place in (module, agents):
        for name, value in list(vars(place).items()):
            if value is proper:
                setattr(place, name, Silent)
    try:
        await _test(own, look)
    except NotYet:
        raise
    except Exception:
        return
    raise NotYet(
        "your test to fail for an agent that pays when nobody answers",
        "it passed",
        f"{look}: what it asserts, and `pretend_to_pay` among its activities",
    )


async def _test(own: Callable[[], Awaitable[Any]], look: str) -> Any:
    """What the learner's test returns.

    Raises:
        NotYet: it does not end; it says in which line it waits.
    """
    test = asyncio.ensure_future(own())
    done, _ = await asyncio.wait({test}, timeout=_TEST)
    if done:
        return test.result()
    waits = _own_line("".join(traceback.format_stack(test.get_stack()[-1])))
    test.cancel()
    await asyncio.wait({test}, timeout=2)  # it ends its server
    raise NotYet(
        "your test to end within seconds",
        "it is still running: nobody takes the run on, or what it asks for",
        f"{waits or look}; around that, a `Worker` with the same `task_queue=`, the workflow and both activities",
    )


def _told_error(error: BaseException) -> str:
    root = _root(error)
    return f"{type(root).__name__}: {root}".removesuffix(": ")


def _line_of(error: BaseException) -> str:
    return _own_line("".join(traceback.format_exception(error)))


def _own_line(text: str) -> str:
    from workshop.runs.events import own_line_of_text

    return own_place(own_line_of_text(text))


# --- 6.5 ---------------------------------------------------------------------------------------------


@exercise(
    "6.5",
    file="my/people/sdk.py",
    proves="Three payments in two rounds were decided by a person, and only the approved ones were paid.",
    hints=(
        "`Runner.run` comes back with interruptions. Could it do so again, after you have decided them?",
        f"`result.interruptions`, `result.to_state()`, `state.approve(item)`, `state.reject(item)`: "
        f"{_SDK_DOCS}/human_in_the_loop/",
        "while result.interruptions:\n    state = result.to_state()\n    for item in result.interruptions:\n"
        "        decision = await self.decision(Call(item.call_id, item.tool_name, item.arguments))\n        ...\n"
        "    result = await Runner.run(agent, state)",
    ),
    timeout=60,
)
async def sdk(bench: Bench) -> str:
    """Two payments in one reply, one of them rejected, then a third one."""
    books = _open(bench)
    with _project(bench):
        result = await bench.run(_probe_sdk, bench.scope)
    from .lesson6_model import DONE

    runs = await activity_runs(await handle_of(bench))
    told = _outputs(runs)
    paid = {"call-1-1": ("Bob", 40), "call-1-2": None, "call-2-1": ("Ana", 7)}
    _judge_told(
        told,
        paid,
        "the loop in `run`: `approve`, `reject` with its `rejection_message`, and the new run",
    )
    books.must_show(_paid(("Bob", 40), ("Ana", 7)), "the loop in `run`")
    if result != DONE:
        raise NotYet(f"the model's last words as the result: {DONE!r}", describe(result), "the loop in `run`")
    return f"Of the rejected one the model was told: {told['call-1-2']}"


async def _probe_sdk(module: ModuleType, workflow_id: str) -> Any:
    from .lesson6_model import scripted_plugin

    defined = need(module, "SdkReliefAgent", type, "a class")
    plugin = scripted_plugin([[["Bob", 40], ["Ana", 5]], [["Ana", 7]]])
    decisions = {"call-1-1": True, "call-1-2": False, "call-2-1": True}
    look = "the loop in `run`"
    async with running_worker(plugins=[plugin], workflows=[defined], activities=[_pay_relief()]) as client:
        handle = await client.start_workflow(
            "SdkReliefAgent", "Pay them.", id=workflow_id, task_queue=task_queue()
        )
        first = True
        while decisions:
            expected = "each payment to wait for a decision, in the next round as in the first"
            try:
                waiting = await _pending(handle, list(decisions), look, expected=expected, enough=1)
            except NotYet as error:
                if "Unable to serialize" not in error.got:
                    raise
                got = "what waits cannot be shown to anybody: the item itself, it seems"
                raise NotYet(
                    expected, got, f"{look}: `Call(item.call_id, item.tool_name, item.arguments)`"
                ) from None
            if first:
                await _nothing_paid(look)
                first = False
            for call in [one for one in waiting if one in decisions]:
                await _accepted(handle, call, decisions.pop(call), "an answer")
        result = await result_of(handle, look, what="the run, once all payments are decided,")
    if problem := await misfit(handle, workflows=[defined], plugins=[plugin]):
        raise NotYet("a run that replays", problem, look)
    return result


def _outputs(runs: Sequence[ActivityRun]) -> dict[str, str]:
    """What the model was told of its calls, in its last call."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    items = items_of(calls[-1]) if calls else []
    return {item["call_id"]: text_of(item) for item in items if item.get("type") == "function_call_output"}


# --- 6.6 ---------------------------------------------------------------------------------------------


@exercise(
    "6.6",
    file="my/people/chat.py",
    proves="Two messages came while no worker ran: each was answered once, in order, with all that was said before.",
    hints=(
        "What is the model sent, and what has to be kept afterwards: for the model, and for those who read along?",
        f"`@workflow.update` above `async def say(self, text: str) -> str`, `@workflow.query` above "
        f"`def history(self) -> list[str]`: {_MESSAGES}",
        "@workflow.update\nasync def say(self, text: str) -> str:\n    async with self.lock:\n"
        '        result = await Runner.run(DESK, [*self.items, {"role": "user", "content": text}])\n'
        "        self.items = result.to_input_list()\n        self.lines += [...]\n        return ...",
    ),
    timeout=60,
)
async def chat(bench: Bench) -> str:
    """One message, then two while there is no worker, then a new worker."""
    texts = ["Are there any weather alerts in Texas?", "And in California?", "What does the river dream of?"]
    with _project(bench):
        seen = await bench.run(_probe_chat, bench.scope, texts)
    runs = await activity_runs(await handle_of(bench))
    _judge_chat(runs, texts, seen["answers"], "`say`")
    _judge_lines(seen["lines"], texts, seen["answers"])
    return f"Asked {texts[1]!r}, it answered: {seen['answers'][1]}"


def _judge_chat(runs: Sequence[ActivityRun], texts: Sequence[str], answers: Sequence[Any], look: str) -> None:
    """Each message was asked once, with all that was said before it, and its answer was the model's."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    before: list[str] = []
    for text, answer in zip(texts, answers, strict=True):
        mine = [run for run in calls if asked_in(run) == text]
        firsts = [run for run in mine if text_of(items_of(run)[-1]) == text]
        if len(firsts) != 1:
            raise NotYet(f"{text!r} to be asked once", f"it was asked {len(firsts)} times", look)
        if not isinstance(answer, str) or answer.strip() != said_in(mine[-1]).strip():
            raise NotYet("the model's answer", describe(answer), f"the `return` of {look}: `final_output`")
        sent = [text_of(item) for item in items_of(firsts[0])]
        missing = [said for said in before if said not in sent]
        if missing:
            raise NotYet(
                f"{text!r} to be asked with all that was said before",
                f"{shorten(missing[0], 80)!r} was not sent",
                f"{look}: `self.items`",
            )
        before += [text, answer]


def _judge_lines(lines: Any, texts: Sequence[str], answers: Sequence[str]) -> None:
    wanted = [said for pair in zip(texts, answers, strict=True) for said in pair]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise NotYet("`history`: a list of texts", describe(lines), "the query `history`")
    if len(lines) != len(wanted) or not all(said in line for said, line in zip(wanted, lines, strict=True)):
        shown = [shorten(" ".join(line.split()), 40) for line in lines]
        raise NotYet(
            f"`history`: {len(wanted)} lines, each message and its answer in order",
            f"{len(lines)} lines: {shown}",
            "`self.lines`",
        )


async def _probe_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    from .lesson4_workflows import plugin

    defined = _need_chat(module, "Chat")
    what: dict[str, Any] = {"plugins": [plugin()], "workflows": [defined], "activities": [_alerts()]}
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Chat", id=workflow_id, task_queue=task_queue())
        answers = [await _said_to(handle, texts[0])]
    # No worker now. The pause keeps the two in order on their way to the server.
    waiting = []
    for text in texts[1:]:
        waiting.append(asyncio.ensure_future(handle.execute_update("say", text)))
        await asyncio.sleep(0.3)
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers += [await _answer(handle, update) for update in waiting]
        lines = await _history(handle)
        await handle.signal("leave")
        await result_of(handle, "`say`", what="the chat, once it was left,", timeout=10)
    return {"answers": answers, "lines": lines}


def _need_chat(module: ModuleType, name: str) -> Any:
    defined = need(module, name, type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None:
        raise NotYet(f"`{name}`, a workflow", "a class without @workflow.defn", place_of(module))
    if "say" not in definition.updates:
        raise NotYet("the update `say`", "the workflow has none of that name", "`@workflow.update`")
    if "history" not in definition.queries:
        raise NotYet("the query `history`", "the workflow has none of that name", "`@workflow.query`")
    return defined


async def _said_to(handle: WorkflowHandle[Any, Any], text: str) -> Any:
    return await _answer(handle, handle.execute_update("say", text))


async def _answer(handle: WorkflowHandle[Any, Any], answer: Awaitable[Any], look: str = "`say`") -> Any:
    from temporalio.client import WorkflowUpdateFailedError

    expected = "an answer to each message"
    try:
        return await beside(handle, answer, look, expected=expected, timeout=15)
    except WorkflowUpdateFailedError as error:
        root = str(_root(error))
        if "Workflow completed before the Update" in root:
            look += ": `await workflow.wait_condition(workflow.all_handlers_finished)`"
        raise NotYet(expected, f"one failed: {root}", look) from None


async def _history(handle: WorkflowHandle[Any, Any]) -> Any:
    from temporalio.client import WorkflowQueryFailedError

    try:
        return await beside(handle, handle.query("history"), "the query `history`", expected="`history`")
    except WorkflowQueryFailedError as error:
        raise NotYet(
            "`history`: a list of texts", f"it failed: {error}", "the query `history`: `self.lines`"
        ) from None


# --- 6.7 ---------------------------------------------------------------------------------------------


@exercise(
    "6.7",
    file="my/people/long_chat.py",
    proves="The chat went on in a new run while somebody was being answered, and nothing that was said got lost.",
    hints=(
        "What may still be going on in the moment when the chat has become long?",
        f"`workflow.wait_condition(workflow.all_handlers_finished)`, then `workflow.continue_as_new(...)`: "
        f"{_DOCS}/continue-as-new",
        "await workflow.wait_condition(lambda: self.over or self.is_long())\n"
        "await workflow.wait_condition(workflow.all_handlers_finished)\nif not self.over:\n"
        "    workflow.continue_as_new(Carried(...))",
    ),
    timeout=60,
)
async def long_chat(bench: Bench) -> str:
    """Five messages. The third and the fourth come at once; the third makes the chat long."""
    texts = [f"What does the {what} dream of?" for what in ("river", "mountain", "sea", "moon", "forest")]
    with _project(bench):
        seen = await bench.run(_probe_long_chat, bench.scope, texts)
    client = await connect(bench)
    first = client.get_workflow_handle(bench.scope, run_id=seen["first"])
    status = (await first.describe()).status
    if status is None or status.name != "CONTINUED_AS_NEW":
        got = f"after {len(texts)} messages the first run {status.name.lower() if status else 'is unknown'}"
        raise NotYet("the chat to continue as new after three turns", got, "`workflow.continue_as_new(...)`")
    runs = [*await activity_runs(first), *await activity_runs(await handle_of(bench))]
    _judge_chat(runs, texts, seen["answers"], "`Carried(...)` and `say`")
    _judge_lines(seen["lines"], texts, seen["answers"])
    return f"{len(texts)} messages, {len(seen['lines'])} lines in `history`, and a second run that knows them all."


async def _probe_long_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    from temporalio.client import WorkflowUpdateStage

    from workshop.lab.errors import LabTimeout
    from workshop.lab.faults import fault

    from .lesson4_workflows import plugin

    defined = _need_chat(module, "LongChat")
    carried = need(module, "Carried", type, "a class")
    look = "the body of `run`"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=[_alerts()]) as client:
        started = await client.start_workflow("LongChat", carried(), id=workflow_id, task_queue=task_queue())
        handle = client.get_workflow_handle(workflow_id)
        answers = [await _answer(handle, handle.execute_update("say", text), look) for text in texts[:2]]
        with fault("model", "delay", delay=20) as held:
            asked = []
            for text in texts[2:4]:
                update = handle.start_update("say", text, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
                asked.append(await _answer(handle, update, look))
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
        answers += [await _answer(handle, update.result(), look) for update in asked]
        answers.append(await _answer(handle, handle.execute_update("say", texts[4]), look))
        lines = await _history(handle)
        await handle.signal("leave")
        await result_of(handle, look, what="the chat, once it was left,", timeout=10)
    return {"answers": answers, "lines": lines, "first": started.first_execution_run_id}


# --- 6.8 ---------------------------------------------------------------------------------------------


@exercise(
    "6.8",
    file="my/people/hold.py",
    proves="The cancelled hold gave its money back and ended as cancelled; the claimed one was paid out.",
    hints=(
        "What is raised in a workflow that waits, when it is cancelled? Who learns of it if you do not raise it again?",
        f"`try`, `except asyncio.CancelledError`, and `raise`: {_DOCS}/cancellation",
        "try:\n    await workflow.wait_condition(lambda: self.claimed)\nexcept asyncio.CancelledError:\n"
        '    await move(deposit, "Fund", amount)\n    raise',
    ),
    timeout=40,
)
async def hold(bench: Bench) -> str:
    """One hold is cancelled while it waits, another one is claimed."""
    books = _open(bench)
    with _project(bench):
        ends = await bench.run(_probe_hold, bench.scope)
    out = ("withdrawal", "Fund", 30)
    back, paid = ("deposit", "Fund", 30), ("deposit", "Ana", 20)
    moved = [one for one in books.moved() if one[2] == 30]
    if moved != [out, back]:
        raise NotYet(
            "the money of a cancelled hold to go back to Fund, once",
            f"the ledger shows {moves_told(moved)}",
            "`except asyncio.CancelledError`",
        )
    if ends["cancelled"] != "cancelled":
        raise NotYet(
            "a cancelled run to end as cancelled", f"it {ends['cancelled']}", "`raise` after the clean-up"
        )
    moved = [one for one in books.moved() if one[2] == 20]
    if moved != [("withdrawal", "Fund", 20), paid]:
        raise NotYet(
            "the money of a claimed hold to go to Ana", f"the ledger shows {moves_told(moved)}", "`run`"
        )
    return ""


async def _probe_hold(module: ModuleType, workflow_id: str) -> dict[str, str]:
    defined = need(module, "Hold", type, "a class")
    look = "the wait in `run`"
    ends = {}
    async with running_worker(workflows=[defined], activities=_cash()) as client:
        for what, amount in (("cancelled", 30), ("claimed", 20)):
            handle = await client.start_workflow(
                "Hold", args=["Ana", amount], id=f"{workflow_id}-{what}", task_queue=task_queue()
            )
            aside = handle.execute_update("wait_until_aside")
            await beside(handle, aside, look, expected="money to be put aside, and the run to wait")
            if what == "cancelled":
                await handle.cancel()
            else:
                await handle.signal("claim")
            ends[what] = await ending_of(handle, look, what=f"a run that was {what}", timeout=15)
    return ends


# --- 6.9 ---------------------------------------------------------------------------------------------


@exercise(
    "6.9",
    file="my/people/saga.py",
    proves="A payout that failed was undone step by step although the worker was killed in between, and said why.",
    hints=(
        "When a step fails: which of the steps have to be undone, and which not?",
        "A list of what is done, `except ActivityError`, `reversed(...)`, and `raise`: "
        "https://docs.temporal.io/evaluate/use-cases-design-patterns",
        "done = []\ntry:\n    for step in steps:\n        do, _, account, money = step\n        ...\n"
        "        done.append(step)\nexcept ActivityError:\n    for _, undo, account, money in reversed(done):\n"
        "        ...\n    raise",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: 20 seconds at most",
)
async def saga(bench: Bench) -> str:
    """A payout that works; then one whose third step fails, and whose worker is killed while the second is undone."""
    books = _open(bench)
    look = "the body of `run`"
    with _project(bench):
        await bench.run(_probe_saga, bench.scope)
        books.must_show(
            [("withdrawal", "Fund", 20), ("deposit", "Ana", 10), ("deposit", "Bob", 10)],
            "`run`: `await move(...)` for each step",
        )
        books = _open(bench)
        why = await _undone(bench, look)
    done = [("withdrawal", "Fund", 60), ("deposit", "Ana", 30)]
    moved = books.moved()
    undone = [("withdrawal", "Ana", 30), ("deposit", "Fund", 60)]
    if moved[:2] != done or sorted(moved[2:]) != sorted(undone):
        raise NotYet(
            f"the ledger to show {moves_told([*done, *undone])}",
            f"it shows {moves_told(moved)}",
            f"{look}: what is undone",
        )
    if moved[2:] != undone:
        raise NotYet(
            "the last step to be undone first", f"the ledger shows {moves_told(moved)}", "`reversed(...)`"
        )
    return f"The run failed: {why}"


async def _probe_saga(module: ModuleType, workflow_id: str) -> None:
    defined = need(module, "Payout", type, "a class")
    async with running_worker(workflows=[defined], activities=_cash()) as client:
        handle = await client.start_workflow(
            "Payout", args=[10, ["Ana", "Bob"]], id=f"{workflow_id}-paid", task_queue=task_queue()
        )
        await result_of(handle, "the body of `run`", what="a payout to two people who have accounts")


async def _undone(bench: Bench, look: str) -> str:
    """Why the payout failed, once its worker was killed in the midst of undoing."""
    from workshop.lab.errors import LabTimeout
    from workshop.lab.results import WorkflowFailed, result

    script = str(Path(__file__).with_name("lesson6_worker.py"))
    client = await connect(bench)
    expected = "the payout to fail, since Zoe has no account"
    with bench.fault("bank", "delay", delay=60, after=3) as held:
        process = await bench.process(script)
        handle = await client.start_workflow(
            "Payout", args=[30, ["Ana", "Zoe"]], id=bench.scope, task_queue=f"check-{bench.scope}"
        )
        undoing = asyncio.ensure_future(held.hit(timeout=20))
        ended = asyncio.ensure_future(ending_of(handle, look, timeout=25))
        await asyncio.wait({undoing, ended}, return_when=asyncio.FIRST_COMPLETED)
        early = ended.done()
        ended.cancel()
        if not early:
            with contextlib.suppress(LabTimeout):
                await undoing
        undoing.cancel()
        process.kill()
    if not early:
        await bench.process(script)
    try:
        await result(handle, timeout=25)
    except WorkflowFailed as error:
        if error.how == "failed":
            if "Zoe" not in str(error):
                raise NotYet(expected, f"it failed for another reason: {error}", look) from None
            return str(error).splitlines()[0].removeprefix("Payout failed: ")
        raise NotYet(expected, f"it {error.how}", look) from None
    raise NotYet(
        expected, "it completed, and its caller believes that both were paid", "`raise` after undoing"
    )


# --- shared by the checks above ----------------------------------------------------------------------


@contextlib.contextmanager
def _project(bench: Bench) -> Iterator[None]:
    """Let the bench work in a copy of the project, in which all files but the exercise's are the course's."""
    own = bench.exercise.files
    files = [file for file in catalog.lesson(6).files if file not in own]
    with course_files(bench, *_NATIVE, *files):
        yield


def _open(bench: Bench) -> Books:
    """The bank, with money in the fund and none elsewhere."""
    books = Books(bench)
    books.open(Fund=100, Ana=0, Bob=0)
    return books


def _paid(*payments: tuple[str, int]) -> Moves:
    """What the ledger shows of payments."""
    return [
        move
        for payee, amount in payments
        for move in (("withdrawal", "Fund", amount), ("deposit", payee, amount))
    ]


def _root(error: BaseException) -> BaseException:
    """What an error goes back to; where a wait was cut short by its timeout, that timeout."""
    cause = error
    while cause.__cause__ is not None and getattr(cause.__cause__, "type", "") != "CancelledError":
        cause = cause.__cause__
    return cause


def _activities() -> ModuleType:
    return importlib.import_module("my.people.activities")


def _pay_relief() -> Any:
    return _activities().pay_relief


def _alerts() -> Any:
    return _activities().get_weather_alerts


def _cash() -> list[Any]:
    return [_activities().withdraw, _activities().deposit]


async def _nothing_paid(look: str) -> None:
    """In the child: make sure that no money has moved before anybody decided.

    Raises:
        NotYet: some has.
    """
    from workshop.tools import bank

    moved: Moves = [
        (one.kind, one.account, one.amount) for one in (await bank.ledger()).entries if one.kind != "opened"
    ]
    if moved:
        got = f"the ledger shows {moves_told(moved)}"
        raise NotYet("no payment before somebody has decided", got, look)


async def _pending(
    handle: WorkflowHandle[Any, Any],
    calls: Sequence[str],
    look: str = "the query `pending`",
    *,
    expected: str = "",
    enough: int = 0,
) -> list[str]:
    """The ids that the query lists, once these calls are among them.

    Args:
        handle: The run.
        calls: The calls.
        look: Where to look if they do not come.
        expected: What is expected, for the message; that the query lists them, unless given.
        enough: How many of the calls will do; all of them unless given.

    Raises:
        NotYet: they do not come, or the query tells something else.
    """
    expected = expected or f"`pending` to list {', '.join(calls)}"
    listing = _listing(handle, calls, enough or len(calls), expected, look)
    return await beside(handle, listing, look, expected=expected, timeout=_WAIT)


async def _listing(
    handle: WorkflowHandle[Any, Any], calls: Sequence[str], enough: int, expected: str, look: str
) -> list[str]:
    from temporalio.client import WorkflowQueryFailedError

    seen: list[str] = []
    for _ in range(int(_WAIT / 0.05) - 20):
        try:
            told = await handle.query("pending")
        except WorkflowQueryFailedError as error:
            raise NotYet(expected, f"the query failed: {error}", look) from None
        if not isinstance(told, list) or not all(isinstance(one, dict) and "call_id" in one for one in told):
            raise NotYet("`pending`: the calls as a list", describe(told), "the `return` of `pending`")
        seen = [one["call_id"] for one in told]
        if len(set(calls) & set(seen)) >= enough:
            return seen
        await asyncio.sleep(0.05)
    raise NotYet(expected, f"`pending` lists {', '.join(seen) or 'nothing'}", look)


async def _decide(
    handle: WorkflowHandle[Any, Any], call: str, approved: bool, expected: str = "an answer to `decide`"
) -> str:
    """Why an answer was refused; empty if it was accepted."""
    refusal = await beside(
        handle, _decide_now(handle, call, approved), "`decide`", expected=expected, timeout=_WAIT
    )
    # A step whose code failed is begun again from the start, where nothing waits yet.
    if refusal and (problem := code_failure(handle, expected, "`decide`")):
        raise problem
    return refusal


async def _accepted(handle: WorkflowHandle[Any, Any], call: str, approved: bool, what: str) -> None:
    expected = f"{what} to be accepted"
    if refusal := await _decide(handle, call, approved, expected):
        raise NotYet(expected, refusal, "`decide` and its validator")


async def _refused(handle: WorkflowHandle[Any, Any], call: str, approved: bool, what: str) -> str:
    look = "the method marked `@decide.validator`: it refuses by raising an error"
    try:
        refusal = await _decide(handle, call, approved)
    except NotYet as problem:
        if not code_failure(handle, "", look):
            raise
        raise NotYet(f"{what} to be refused", f"`decide` ran: {problem.got}", look) from None
    if not refusal:
        raise NotYet(f"{what} to be refused", "it was accepted", look)
    return refusal.removeprefix("refused: ")
