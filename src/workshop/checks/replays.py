"""Replay, the course's own first law: what a run did once, its code must do again from the run's history.

At a check's end every run that it has started is replayed, in one process for all. Compared is more than Temporal
compares: the order of the steps, and what each is given and gives, for a changed amount is as wrong as another
activity. Each run is replayed once as Temporal does it, and, where it has such handlers, once more with every query
asked after every step, and once with its updates' validators run, which a replay leaves out. So the cause can be told:
a history that fits only where validators run was made by a validator that changes something.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict

from temporalio.bridge.proto.workflow_activation import (
    QueryWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.plugin import SimplePlugin
from temporalio.worker import Replayer, WorkflowInstance, WorkflowRunner

from workshop.runs.events import local_activity, own_line, own_line_of_text, typed_cause_of

from .needs import line_of
from .outcomes import NotYet, shorten
from .suspects import suspect_in
from .tracebacks import own_place

if TYPE_CHECKING:
    from temporalio.api.common.v1 import Payload
    from temporalio.client import WorkflowHistory
    from temporalio.worker import WorkflowInstanceDetails

BUILD_ID = "check"
"""What workers and replayers in the child give as ``build_id``: to make one up takes them a third of a second."""

EXPECTED = "a run to do the same again when it is replayed from its history, as after a kill"

REPLAY_FAILS = "its replay fails"
"""How a misfit begins that is an error of the code, and no other path."""

OTHER_NAME = "the run is one of the workflow"
"""How a misfit begins that is no path at all: the class has another name for Temporal."""

MODEL_CALL = "invoke_model_activity"


class Run(TypedDict):
    """One run to replay."""

    id: str
    run_id: str
    type: str


class Known(TypedDict):
    """A workflow that a worker in a check's child had."""

    type: str
    module: str
    name: str
    agents: bool
    """Whether that worker's client had the plugin for the Agents SDK."""
    hurried: bool
    """Whether that worker had a runner of the check's, by which timers are short."""


# --- in the child ------------------------------------------------------------------------------------


async def probe_replays(module: ModuleType, runs: list[Run], known: list[Known], files: list[str]) -> None:
    """A probe: replay runs with the learner's code.

    Args:
        module: The learner's.
        runs: Which runs. One of a workflow that is nowhere, as those that a test in the learner's file defines, is
            left out.
        known: The workflows that the check's own workers had.
        files: The learner's files in which the other workflows may be: those of workers that ran as scripts.

    Raises:
        NotYet: a run does not replay.
    """
    from temporalio.client import Client

    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    classes = _classes(module, known, files)
    for run in runs:
        if run["type"] in classes:
            history = await client.get_workflow_handle(run["id"], run_id=run["run_id"]).fetch_history()
            defined, known_of_it = classes[run["type"]]
            if why := await misfit_of(history, defined, **known_of_it):
                raise why


def _classes(
    module: ModuleType, known: Sequence[Known], files: Sequence[str]
) -> dict[str, tuple[type, dict[str, Any]]]:
    found: dict[str, tuple[type, dict[str, Any]]] = {}
    for file in files:
        try:
            other = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        except Exception:  # noqa: S112 - a file of another exercise, which is not judged here
            continue
        for value in vars(other).values():
            definition = getattr(value, "__temporal_workflow_definition", None)
            if definition is not None and definition.name and value.__module__ == other.__name__:
                found[definition.name] = (value, {})
    for one in known:
        defined = getattr(importlib.import_module(one["module"]), one["name"], None)
        if isinstance(defined, type):
            found[one["type"]] = (defined, {"agents": one["agents"], "timers": not one["hurried"]})
    return found


async def misfit_of(
    history: WorkflowHistory,
    defined: type,
    *,
    agents: bool | None = None,
    values: bool = True,
    timers: bool = True,
) -> NotYet | None:
    """Why a run's history does not lead a workflow along the same path; None if it does.

    Args:
        history: The run's.
        defined: The workflow.
        agents: Whether its client has the plugin for the Agents SDK; None if only the history can tell.
        values: Whether what the steps are given and give is compared, too.
        timers: Whether that goes for the times of timers.
    """
    if agents is None:
        agents = any(_activity_of(event) == MODEL_CALL for event in history.events)
    definition: Any = getattr(defined, "__temporal_workflow_definition")
    asked_for = history.events[0].workflow_execution_started_event_attributes.workflow_type.name
    if definition.name not in (None, asked_for):
        told = f"{OTHER_NAME} {asked_for}, and the class is registered as {definition.name}"
        return NotYet(EXPECTED, told, line_of(defined))
    queries = [one.fn for one in definition.queries.values() if one.name and _takes_nothing(one.fn)]
    updated = {
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        for event in history.events
    }
    validators = [
        one.validator for name, one in definition.updates.items() if name in updated and one.validator
    ]
    did = _done(history)
    for step in did:
        step.compared = values and (timers or step.what != "a timer")
    plain = _Replay()
    why = await plain.of(history, defined, agents, did)
    asked = plain
    if queries:
        asked = _Replay(queries=[one.name for one in definition.queries.values() if one.fn in queries])
        await asked.of(history, defined, agents, did)
    checked = asked
    if validators:
        checked = _Replay(queries=asked.queries, validators=True)
        await checked.of(history, defined, agents, did)
    if asked.changing or plain.steps != asked.steps or asked.seen != checked.seen:
        # The clock and chance make two replays differ as well, whatever is asked in them.
        second = _Replay()
        await second.of(history, defined, agents, did)
        if second.steps == plain.steps:
            if asked.changing or plain.steps != asked.steps:
                name = asked.changing or asked.queries[0]
                told = _told_of(f"the query `{name}` changes the state", asked.told or why)
                return NotYet(EXPECTED, told, line_of(definition.queries[name].fn))
            names = " and ".join(f"`{one.__name__}`" for one in validators)
            told = _told_of(
                f"the validator {names} changes the state, but a replay does not run validators", why
            )
            return NotYet(EXPECTED, told, line_of(validators[0]))
    if not why:
        return None
    line, reason = suspect_in(defined)
    return NotYet(EXPECTED, f"{why}{reason}", plain.line or line or line_of(getattr(defined, "run", defined)))


async def steps_of(history: WorkflowHistory, defined: type) -> list[str]:
    """What a workflow asks for and gives on the way through a history, in words: ``the activity deposit``.

    Args:
        history: It need not be complete: where it stops, the workflow takes its next step.
        defined: The workflow.
    """
    replay = _Replay()
    await replay.of(history, defined, agents=False, did=[])
    return [what for what, _, _ in replay.steps]


def _told_of(cause: str, difference: str) -> str:
    return f"{cause}: {difference}" if difference else cause


def _takes_nothing(function: Callable[..., Any]) -> bool:
    named = list(inspect.signature(function).parameters.values())[1:]
    return all(one.default is not one.empty for one in named)


# --- one replay --------------------------------------------------------------------------------------


class _Replay:
    """One replay of one run, and what it did.

    Attributes:
        queries: Asked after every step.
        validators: Whether the validators of updates run.
        answers: Those of the queries, in order.
        changing: The query that gave another answer when it was asked again at once.
        told: How that differed.
        line: The learner's line in an error that the replay ended in.
    """

    def __init__(self, queries: Sequence[str] = (), *, validators: bool = False) -> None:
        self.queries = queries
        self.validators = validators
        self.answers: list[tuple[str, Any]] = []
        self.changing = self.told = self.line = ""
        self._did: list[_Step] = []
        self._error = ""

    @property
    def steps(self) -> list[tuple[str, str, Any]]:
        """What it did, to be compared with another replay of the same run."""
        return [(step.what, step.key, step.values) for step in self._did]

    @property
    def seen(self) -> tuple[object, object]:
        """What it did and answered."""
        return self.steps, self.answers

    async def of(self, history: WorkflowHistory, defined: type, agents: bool, did: list[_Step]) -> str:
        """Replay; how it differs from what was done, in words, or nothing."""
        plugins: list[Any] = [
            SimplePlugin("workshop.replay", workflow_runner=lambda inner: _Runner(inner, self))
        ]
        if agents:
            from .agent_plugin import plugin

            plugins.insert(0, plugin())
        replayer = Replayer(
            workflows=[defined], plugins=plugins, build_id=BUILD_ID, workflow_task_executor=workflow_threads()
        )
        replayed = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        if self._error:
            return f"{REPLAY_FAILS}: {self._error}"
        return _difference(did, self._did, str(replayed.replay_failure or ""))

    def note(self, completion: Any) -> None:
        """Note what one step of the workflow has asked for, or the error in which it ended."""
        if completion.HasField("failed"):
            failure = completion.failed.failure
            self._error = self._error or typed_cause_of(failure)
            # What the sandbox forbids is done by a right function in the wrong place: the workflow's line called it.
            forbidden = "RestrictedWorkflowAccessError" in failure.stack_trace + self._error
            line = own_line_of_text(failure.stack_trace, outermost=True) if forbidden else own_line(failure)
            self.line = self.line or own_place(line)
        for command in completion.successful.commands:
            if step := _asked(command):
                self._did.append(step)

    def note_answers(self, name: str, first: Any, second: Any) -> None:
        """Note what a query answered, asked twice."""
        self.answers.append((name, first))
        if first != second and not self.changing:
            self.changing = name
            self.told = f"when asked twice in a row, it answers {_short(first)}, then {_short(second)}"


class _Runner(WorkflowRunner):
    """Notes what the workflows of another runner do."""

    def __init__(self, inner: WorkflowRunner | None, replay: _Replay) -> None:
        if inner is None:
            raise TypeError("a replayer always has a runner")
        self._inner, self._replay = inner, replay

    def prepare_workflow(self, defn: Any) -> None:
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance = self._inner.create_instance(det)
        do, replay = instance.activate, self._replay

        def activate(act: WorkflowActivation) -> Any:
            for job in act.jobs:
                if replay.validators and job.HasField("do_update"):
                    job.do_update.run_validator = True
            completion = do(act)
            if any(job.HasField("remove_from_cache") for job in act.jobs):
                return completion
            replay.note(completion)
            if not completion.HasField("failed"):
                for name in replay.queries:
                    replay.note_answers(name, _answer(do, act, name), _answer(do, act, name))
            return completion

        instance.activate = activate  # type: ignore[method-assign]
        return instance

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        self._inner.set_worker_level_failure_exception_types(types)


def _answer(do: Callable[[WorkflowActivation], Any], act: WorkflowActivation, query: str) -> Any:
    # As the server asks: in an activation of its own, whose commands are answers only.
    asked = WorkflowActivation(
        run_id=act.run_id,
        timestamp=act.timestamp,
        is_replaying=act.is_replaying,
        history_length=act.history_length,
        jobs=[WorkflowActivationJob(query_workflow=QueryWorkflow(query_id="replay", query_type=query))],
    )
    for command in do(asked).successful.commands:
        result = command.respond_to_query
        return _value(result.succeeded.response) if result.HasField("succeeded") else result.failed.message
    return None


# --- what is compared --------------------------------------------------------------------------------


class _Step:
    """One thing that a workflow asked for or gave.

    Attributes:
        what: In words: ``the activity deposit``.
        key: What tells it from the others of its run.
        values: What it was given, or gave.
        verb: What comes before these values in a message.
        compared: Whether they must be the same in a replay.
    """

    def __init__(self, what: str, key: str, values: Any, verb: str = "is given") -> None:
        self.what, self.key, self.values, self.verb = what, key, values, verb
        self.compared = True


def _done(history: WorkflowHistory) -> list[_Step]:
    """What a run has asked for and given, in order, as its history tells it."""
    return [step for event in history.events if (step := _done_in(event))]


def _done_in(event: Any) -> _Step | None:
    kind = event.WhichOneof("attributes")
    told: Any = getattr(event, kind) if kind else None
    match kind:
        case "activity_task_scheduled_event_attributes":
            return _activity(told.activity_type.name, told.activity_id, told.input.payloads)
        case "timer_started_event_attributes":
            return _timer(told.timer_id, told.start_to_fire_timeout)
        case "marker_recorded_event_attributes" if name := local_activity(event):
            return _Step(f"the local activity {name}", "", None)
        case "start_child_workflow_execution_initiated_event_attributes":
            return _child(told.workflow_type.name, told.workflow_id, told.input.payloads)
        case "workflow_execution_completed_event_attributes":
            return _result(told.result.payloads)
        case "workflow_execution_failed_event_attributes":
            return _Step("its failure", "end", None)
        case "workflow_execution_continued_as_new_event_attributes":
            return _continued(told.input.payloads)
        case "workflow_execution_update_completed_event_attributes":
            return _update(told.meta.update_id, told.outcome.success.payloads)
    return None


def _asked(command: Any) -> _Step | None:
    kind = command.WhichOneof("variant")
    told = getattr(command, kind)
    match kind:
        case "schedule_activity":
            return _activity(told.activity_type, told.activity_id, told.arguments)
        case "schedule_local_activity":
            return _Step(f"the local activity {told.activity_type}", "", None)
        case "start_timer":
            return _timer(str(told.seq), told.start_to_fire_timeout)
        case "start_child_workflow_execution":
            return _child(told.workflow_type, told.workflow_id, told.input)
        case "complete_workflow_execution":
            return _result([told.result] if told.HasField("result") else [])
        case "fail_workflow_execution":
            return _Step("its failure", "end", None)
        case "continue_as_new_workflow_execution":
            return _continued(told.arguments)
        case "update_response" if told.HasField("completed"):
            return _update(told.protocol_instance_id, [told.completed])
    return None


def _activity(name: str, key: str, given: Sequence[Payload]) -> _Step:
    return _Step(f"the activity {name}", f"activity {key}", _values(given))


def _timer(key: str, time: Any) -> _Step:
    seconds = time.seconds + time.nanos / 1e9
    return _Step("a timer", f"timer {key}", [f"{seconds:g} s"], "takes")


def _child(name: str, key: str, given: Sequence[Payload]) -> _Step:
    return _Step(f"the child workflow {name}", f"child {key}", _values(given))


def _result(given: Sequence[Payload]) -> _Step:
    return _Step("its result", "end", _values(given), "is")


def _continued(given: Sequence[Payload]) -> _Step:
    return _Step("its next run", "end", _values(given))


def _update(key: str, given: Sequence[Payload]) -> _Step:
    return _Step("the answer to an update", f"update {key}", _values(given), "is")


def _difference(did: list[_Step], again: list[_Step], error: str) -> str:
    """How a replay differs from a run, in words; empty if it does not.

    Args:
        did: What the run has done.
        again: What the replay has done; no longer than until Temporal refused it.
        error: Why Temporal refused it; empty if it did not.
    """
    by_key = {step.key: step for step in again}
    for step in did:
        other = by_key.get(step.key)
        if other is not None and other.what == step.what and step.compared and other.values != step.values:
            was, now = _short(step.values), _short(other.values)
            return f"{step.what} {_PAST[step.verb]} {was}; in the replay it {step.verb} {now}"
    if not error:
        return ""
    for n, step in enumerate(did):
        instead = again[n].what if n < len(again) else "nothing"
        if instead != step.what:
            return f"where the run reached {step.what}, its replay reaches {instead}"
    if len(again) > len(did):
        return f"its replay reaches {again[len(did)].what}, and the run did not"
    return f"its replay takes another path: {shorten(error, 200)}"


_PAST = {"is given": "was given", "is": "was", "takes": "took"}


def _short(values: Any) -> str:
    one = values[0] if isinstance(values, list) and len(values) == 1 else values
    return shorten(json.dumps(one, ensure_ascii=False, default=str), 120) if values != [] else "nothing"


def _values(payloads: Sequence[Payload]) -> list[Any]:
    return [_value(one) for one in payloads]


def _value(payload: Payload) -> Any:
    try:
        return json.loads(payload.data) if payload.data else None
    except ValueError:
        return payload.data.hex()


def _activity_of(event: Any) -> str:
    return str(event.activity_task_scheduled_event_attributes.activity_type.name)


def workflow_threads() -> ThreadPoolExecutor:
    """As many as a worker makes for itself. In these, a coroutine knows which line of a workflow made it."""
    return ThreadPoolExecutor(500, initializer=sys.set_coroutine_origin_tracking_depth, initargs=(1,))
