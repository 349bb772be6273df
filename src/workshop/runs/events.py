"""Reading Temporal's history events: names, causes, values, and the learner's own line in a failure.

The events are the protobuf messages that ``handle.fetch_history_events()`` yields, documented at
https://docs.temporal.io/references/events.
"""

from __future__ import annotations

import json
import re
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter
from temporalio.exceptions import TemporalError

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in .*)?$')
_FOREIGN = ("site-packages", "dist-packages", "<frozen", "temporalio/worker")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_PYDANTIC_LINK = re.compile(r"\s*For further information visit https://errors\.pydantic\.dev/\S+")
_WORKER_IDENTITY = re.compile(r"\b\d+@[\w.-]+")


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of the learner's code, as a traceback names it.

    Attributes:
        file: The path, from ``my/`` on where it goes through such a folder.
        line: The line's number, from 1.
        source: The line itself, without its indentation; empty if the traceback does not quote it.
    """

    file: str
    line: int
    source: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        return f"{place}: {self.source}" if self.source else place


def event_name(event: HistoryEvent) -> str:
    """The event's name in Temporal's own words, such as ``ActivityTaskScheduled``."""
    words = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").split("_")
    return "".join(word.capitalize() for word in words)


def attributes(event: HistoryEvent) -> Any:
    """The event's own attributes; which fields they have depends on the type of the event."""
    return getattr(event, event.WhichOneof("attributes") or "workflow_task_scheduled_event_attributes")


def seconds_of(moment: Timestamp | Duration) -> float:
    """A moment (seconds since 1970) or a duration, in seconds."""
    return float(moment.seconds) + moment.nanos / 1e9


def innermost(failure: Failure) -> Failure:
    """The failure at the root of a chain of causes.

    The outer ones are wrappers: "Activity task failed", or "Failure exceeds size limit." where the server
    cut a long one.
    """
    while failure.HasField("cause"):
        failure = failure.cause
    return failure


def cause_of(failure: Failure) -> str:
    """What really went wrong, in one line: the message of the innermost cause, or its type if it has none."""
    root = innermost(failure)
    text = one_line(root.message)
    if root.HasField("timeout_failure_info"):
        return timeout_words(root.timeout_failure_info.timeout_type)
    return text or type_of(root) or "no reason given"


def type_of(failure: Failure) -> str:
    """The innermost cause's type, such as ``ConnectionError``; empty if it has none."""
    return str(innermost(failure).application_failure_info.type)


def typed_cause_of(failure: Failure) -> str:
    """As :func:`cause_of`, with the type before the message, as Python shows an error."""
    cause, kind = cause_of(failure), type_of(failure)
    return cause if not kind or kind in cause else f"{kind}: {cause}"


def is_timeout(failure: Failure) -> bool:
    """Whether the failure is that nobody answered in time."""
    return innermost(failure).HasField("timeout_failure_info")


def timeout_words(kind: TimeoutType.ValueType, limit: float = 0.0) -> str:
    """What a timeout of this kind means.

    Args:
        kind: Temporal's timeout type.
        limit: The limit that was passed, in seconds; 0 where it is not known.
    """
    within = f"within {duration(limit)}" if limit else "in time"
    return {
        TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: f"no answer {within}",
        TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START: f"no worker took it {within}",
        TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE: f"not done {within}",
        TimeoutType.TIMEOUT_TYPE_HEARTBEAT: f"no heartbeat {within}",
    }.get(kind, "timed out")


def own_line(failure: Failure, within: str = "") -> CodeLine | None:
    """The deepest line of the learner's own code in a failure's traceback; None if it has none.

    Args:
        failure: The failure.
        within: A file of the learner's, as ``my/folder/file.py``: where it has a line, that of another is not the one.
    """
    # From the inside out: the innermost cause is where it began.
    chain = [failure]
    while chain[-1].HasField("cause"):
        chain.append(chain[-1].cause)
    for file in dict.fromkeys((within, "")):
        for link in reversed(chain):
            if line := own_line_of_text(link.stack_trace, within=file):
                return line
    return None


def own_line_of_text(traceback: str, *, outermost: bool = False, within: str = "") -> CodeLine | None:
    """As :func:`own_line`, for a traceback as Python prints it; or the outermost of the learner's lines."""
    lines = traceback.splitlines()
    own: CodeLine | None = None
    in_my = False
    standard = sysconfig.get_paths()["stdlib"]
    for n, text in enumerate(lines):
        frame = _FRAME.match(text)
        if frame is None:
            continue
        file = frame["file"]
        if any(part in file for part in _FOREIGN) or file.startswith((standard, "<")):
            continue
        parts = PurePath(file.replace("\\", "/")).parts
        mine = "my" in parts[:-1]
        if in_my and not mine:
            continue
        in_my = in_my or mine
        source = lines[n + 1].strip() if n + 1 < len(lines) and not _FRAME.match(lines[n + 1]) else ""
        shown = "/".join(parts[_last_index(parts, "my") :]) if mine else parts[-1]
        if within not in ("", shown):
            continue
        own = CodeLine(shown, int(frame["line"]), source)
        if mine and outermost:
            break
    return own


def duration(seconds: float) -> str:
    """A length of time as a person writes it: ``0.3 s``, ``30 s``, ``5 min``, ``2 h 30 min``, ``30 days``."""
    if seconds < 60:
        return f"{seconds:.1f}".rstrip("0").rstrip(".") + " s" if seconds < 10 else f"{round(seconds)} s"
    whole = timedelta(seconds=round(seconds))
    minutes, rest = divmod(whole.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if whole.days:
        parts = [(whole.days, "day" if whole.days == 1 else "days"), (hours, "h")]
    elif hours:
        parts = [(hours, "h"), (minutes, "min")]
    else:
        parts = [(minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def one_line(message: str) -> str:
    """An error's whole message in one line, without the links of pydantic, which take the place of the cause."""
    return " ".join(_PYDANTIC_LINK.sub("", message).split())


def shorten(text: str, longest: int) -> str:
    """One line of at most ``longest`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


class Values:
    """Payloads as text, the same in every run: ids that Temporal or the machine made up are left out.

    Args:
        converter: The data converter of the client that started the workflow.
        workflow_id: Shown as "(workflow id)" wherever it occurs in a value.
    """

    def __init__(self, converter: DataConverter, workflow_id: str = "") -> None:
        self._converter = converter
        self._workflow_id = workflow_id

    async def texts(self, payloads: Iterable[Payload]) -> list[str]:
        """Each payload as Python would show its value; "(not readable)" where the converter cannot."""
        found = []
        for payload in payloads:
            try:
                (value,) = await self._converter.decode([payload])
            except (TemporalError, ValueError, TypeError, RuntimeError, KeyError):
                found.append("(not readable)")
            else:
                found.append(self.tidy(repr(value)))
        return found

    async def text(self, payloads: Payloads | Sequence[Payload]) -> str:
        """All payloads, with commas between them."""
        members = payloads.payloads if isinstance(payloads, Payloads) else payloads
        return ", ".join(await self.texts(members))

    async def summary(self, event: HistoryEvent) -> str:
        """The summary that the workflow's author gave this step, from the metadata; empty without one."""
        if not event.user_metadata.HasField("summary"):
            return ""
        try:
            (value,) = await self._converter.decode([event.user_metadata.summary])
        except (TemporalError, ValueError, TypeError, RuntimeError, KeyError):
            return ""
        return self.tidy(" ".join(str(value).split()))

    def tidy(self, text: str) -> str:
        """Replace what differs from run to run: the workflow's id, other ids, workers' identities."""
        if self._workflow_id:
            text = text.replace(self._workflow_id, "(workflow id)")
        return _WORKER_IDENTITY.sub("(worker)", _UUID.sub("(id)", text))


def activity_title(kind: str, summary: str) -> tuple[str, str]:
    """How an activity is called: its name, and what it is besides; the second may be empty.

    A summary names the step, such as the agent of a model call. A whole sentence does not: it is the description
    that ``temporalio.openai_agents.workflow.activity_as_tool`` writes there.

    Args:
        kind: The activity's type.
        summary: Its summary, as one line; empty without one.
    """
    if not summary or summary.endswith("."):
        return kind, ""
    return summary, kind


def local_activity(event: HistoryEvent) -> str:
    """The activity's name if the event is the marker of a local activity; empty otherwise.

    The SDK records it as JSON under the marker's detail "data".
    """
    marker = event.marker_recorded_event_attributes
    if marker.marker_name != "core_local_activity" or "data" not in marker.details:
        return ""
    for payload in marker.details["data"].payloads:
        try:
            return str(json.loads(payload.data).get("activity_type", ""))
        except (ValueError, AttributeError):
            continue
    return ""


def _last_index(parts: Sequence[str], wanted: str) -> int:
    return max(n for n, part in enumerate(parts[:-1]) if part == wanted)
