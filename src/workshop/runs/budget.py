"""What a run has used of the history it may have: bytes and events by kind of event and by turn, and tokens.

A turn begins with a model call. The limits are those of the server, https://docs.temporal.io/self-hosted-guide/defaults;
it does not tell them, so whoever runs one with others has to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

from workshop.runs.events import attributes, event_name, local_activity

Kind = Literal[
    "model calls, what is sent",
    "model calls, what comes back",
    "other activities",
    "messages: signals, updates",
    "local activities",
    "everything else",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # a Literal has them, its type does not say so

MODEL_CALLS = ("invoke_model_activity", "invoke_model_activity_streaming")
"""The activities of the Agents SDK's plugin in which the model is called."""

_NAME = b"1234@some-laptop"
_TASK_ID = 2**20
_REQUEST = "0" * 36
_MOMENT = 2**29


@dataclass(frozen=True, slots=True)
class Limit:
    """Where the server does something: at so many bytes of a history, or at so many events, whichever comes first."""

    bytes: int
    events: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server does about a long history.

    Attributes:
        flag: From here on ``workflow.info().is_continue_as_new_suggested()`` is true.
        warning: The server writes a warning into its own log.
        end: It terminates the run.
        whose: Whose limits these are.
    """

    flag: Limit = Limit(4 * 2**20, 4_096)
    warning: Limit = Limit(10 * 2**20, 10_240)
    end: Limit = Limit(50 * 2**20, 51_200)
    whose: str = "the server's defaults"


_FARTHEST = 100_000
"""Turns that are foreseen, at most."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something there is in a history."""

    events: int = 0
    bytes: int = 0

    def more(self, size: int) -> Use:
        """This, and one event of that many bytes."""
        return Use(self.events + 1, self.bytes + size)


@dataclass(frozen=True)
class Budget:
    """What one run has used.

    Attributes:
        kinds: By kind of event.
        begun: What was there before the first turn.
        turns: What each turn added.
        input_tokens: Of each model call that has come back, what the provider charged as input.
        output_tokens: The same as output.
        next_run: The run id of the run that goes on where this one ended; or empty.
    """

    kinds: dict[Kind, Use] = field(default_factory=dict)
    begun: Use = Use()
    turns: tuple[Use, ...] = ()
    input_tokens: tuple[int, ...] = ()
    output_tokens: tuple[int, ...] = ()
    next_run: str = ""

    @property
    def events(self) -> int:
        """All events."""
        return self.begun.events + sum(turn.events for turn in self.turns)

    @property
    def bytes(self) -> int:
        """All bytes."""
        return self.begun.bytes + sum(turn.bytes for turn in self.turns)

    def after(self, turn: int) -> Use:
        """What there was when this many turns were over."""
        so_far = self.turns[:turn]
        return Use(
            self.begun.events + sum(one.events for one in so_far),
            self.begun.bytes + sum(one.bytes for one in so_far),
        )

    def turn_of(self, limit: Limit) -> int | None:
        """The turn in which a limit is reached if it goes on like this; None if the turns so far do not tell."""
        return len(self.ahead(limit)) or None

    def ahead(self, limit: Limit) -> list[float]:
        """The bytes after each turn until a limit is reached, if it goes on like this; none if that cannot be told.

        Each turn adds about as much more than the one before as the turns so far did (least squares). The last turn
        is left out, since it may not be over.
        """
        known = self.turns[:-1]
        if len(known) < 4:
            return []
        middle = (len(known) - 1) / 2
        mean = sum(turn.bytes for turn in known) / len(known)
        spread = sum((n - middle) ** 2 for n in range(len(known)))
        slope = sum((n - middle) * (turn.bytes - mean) for n, turn in enumerate(known)) / spread
        first, slope = mean - max(0.0, slope) * middle, max(0.0, slope)
        events = sum(turn.events for turn in known) / len(known)
        used, count = float(self.begun.bytes), float(self.begun.events)
        found = []
        for turn in range(_FARTHEST):
            used, count = used + first + slope * turn, count + events
            found.append(used)
            if used >= limit.bytes or count >= limit.events:
                return found
        return []


async def measure(
    events: Sequence[HistoryEvent], converter: DataConverter, task_queue: str, *, portable: bool = False
) -> Budget:
    """Take a history apart.

    Args:
        events: All of its events.
        converter: Reads the model's replies, in which the tokens are.
        task_queue: The run's.
        portable: Count as if names of workers and queues, and times, took the same room on every machine.
    """
    names = sorted(_names(task_queue, events), key=len, reverse=True) if portable else []
    scheduled: dict[int, str] = {}
    kinds = dict.fromkeys(KINDS, Use())
    begun, turns = Use(), list[Use]()
    tokens: list[tuple[int, int]] = []
    next_run = ""
    for event in events:
        name, details = event_name(event), attributes(event)
        if name == "ActivityTaskScheduled":
            scheduled[event.event_id] = details.activity_type.name
        activity = scheduled.get(event.event_id) or scheduled.get(
            getattr(details, "scheduled_event_id", 0), ""
        )
        local = local_activity(event) if name == "MarkerRecorded" else ""
        if (name == "ActivityTaskScheduled" and activity in MODEL_CALLS) or local in MODEL_CALLS:
            turns.append(Use())
        size = _even_size(event, names) if portable else event.ByteSize()
        kind = _kind(name, activity, local)
        kinds[kind] = kinds[kind].more(size)
        if turns:
            turns[-1] = turns[-1].more(size)
        else:
            begun = begun.more(size)
        if name == "ActivityTaskCompleted" and activity in MODEL_CALLS:
            tokens += await _tokens(converter, details.result.payloads)
        elif local in MODEL_CALLS:
            tokens += await _tokens(converter, details.details["result"].payloads)
        elif name == "WorkflowExecutionContinuedAsNew":
            next_run = details.new_execution_run_id
    return Budget(
        {kind: use for kind, use in kinds.items() if use.events},
        begun,
        tuple(turns),
        tuple(one[0] for one in tokens),
        tuple(one[1] for one in tokens),
        next_run,
    )


def together(budgets: Sequence[Budget]) -> Budget:
    """The runs of one workflow, each of which went on where the one before ended, as if they were one."""
    whole = budgets[0]
    for later in budgets[1:]:
        kinds = dict(whole.kinds)
        for kind, use in later.kinds.items():
            known = kinds.get(kind, Use())
            kinds[kind] = Use(known.events + use.events, known.bytes + use.bytes)
        last = whole.turns[-1] if whole.turns else Use()
        joined = Use(last.events + later.begun.events, last.bytes + later.begun.bytes)
        whole = replace(
            whole,
            kinds=kinds,
            turns=(*whole.turns[:-1], joined, *later.turns),
            input_tokens=whole.input_tokens + later.input_tokens,
            output_tokens=whole.output_tokens + later.output_tokens,
            next_run=later.next_run,
        )
    return whole


def _kind(name: str, activity: str, local: str) -> Kind:
    if local:
        return "local activities"
    if activity in MODEL_CALLS and name in ("ActivityTaskScheduled", "ActivityTaskCompleted"):
        return KINDS[0] if name == "ActivityTaskScheduled" else KINDS[1]
    if name in ("ActivityTaskScheduled", "ActivityTaskCompleted"):
        return "other activities"
    if name == "WorkflowExecutionSignaled" or name.startswith("WorkflowExecutionUpdate"):
        return "messages: signals, updates"
    return "everything else"


async def _tokens(converter: DataConverter, payloads: Sequence[Payload]) -> list[tuple[int, int]]:
    """What a model's reply says that it cost; nothing if it cannot be read."""
    try:
        (reply,) = await converter.decode(payloads)
    except (RuntimeError, ValueError, TypeError, KeyError, OSError):
        return []
    usage: Any = reply.get("usage") if isinstance(reply, dict) else None
    if not isinstance(usage, dict):
        return []
    return [(int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0))]


def _names(task_queue: str, events: Sequence[HistoryEvent]) -> set[str]:
    names = {task_queue}
    for event in events:
        kind = event.WhichOneof("attributes")
        names.add(getattr(getattr(event, kind), "identity", "") if kind else "")
    return names - {""}


def _even_size(event: HistoryEvent, names: Sequence[str]) -> int:
    even = HistoryEvent()
    even.CopyFrom(event)
    even.task_id = _TASK_ID
    even.event_time.nanos = _MOMENT
    details = attributes(even)
    if getattr(details, "request_id", ""):
        # An id of 36 letters, or a sentence where the server hands the next task over with its reply: chance decides.
        details.request_id = _REQUEST
    written = even.SerializeToString()
    # The longest first: a short name may be the end of a longer one.
    for name in names:
        written = written.replace(name.encode(), _NAME)
    return len(written)


__all__ = ["KINDS", "Budget", "Kind", "Limit", "Limits", "Use", "measure", "together"]
