"""From what a process printed to the words of a check: what went wrong, and in which line of the learner's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath


def error_in(output: str) -> tuple[str, str]:
    """What a process's output says went wrong, and in which line of the learner's; empty texts if nothing did.

    That is the last traceback's own last line, or else a coroutine that nothing awaited.
    """
    from workshop.runs.events import own_line_of_text

    # In an exception group, each line has a margin.
    lines = [re.sub(r"^\s*\| ", "", line) for line in output.splitlines()]
    frames = [n for n, line in enumerate(lines) if _FRAME.match(line)]
    for n, line in enumerate(lines[frames[-1] + 1 :] if frames else (), frames[-1] + 1 if frames else 0):
        if line and not line[0].isspace() and not line.startswith("+"):
            if line.startswith(_REFUSED):
                # By a worker that could not load the workflow's file. Why, its cause tells, which is printed first.
                cause, place = error_in("\n".join(lines[: n - 1]).rpartition(_CAUSE)[0])
                if cause:
                    return f"{line.removeprefix('RuntimeError: ')}: {cause}", place
            begun = max((m for m in range(n) if lines[m].startswith("Traceback ")), default=0)
            # A file that cannot be read is named in the last frame; the line above it has only imported that file.
            unread = "" if ", in " in lines[frames[-1]] else _syntax_error(lines, frames[-1])
            place = unread or own_place(own_line_of_text("\n".join(lines[begun:n])))
            # "temporalio.service.RPCError: ..." is an RPCError.
            return hint_at_cause(re.sub(r"^(?:\w+\.)+(?=\w+(?::|$))", "", line), place), place
    return _never_awaited(output)


_REFUSED = "RuntimeError: Failed validating workflow "
_CAUSE = "\nThe above exception was the direct cause"
_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')
_UNAWAITED = re.compile(
    r"^(?P<file>.+?):(?P<line>\d+): RuntimeWarning: coroutine '(?P<name>[^']+)' was never awaited\n"
    r"(?:  (?P<source>.*))?",
    re.MULTILINE,
)


def _syntax_error(lines: Sequence[str], frame: int) -> str:
    """Where a file cannot be read: such a line in a traceback names no function."""
    found = _FRAME.match(lines[frame])
    source = lines[frame + 1].strip() if frame + 1 < len(lines) else ""
    return _place(found["file"], found["line"], source) if found else ""


def _never_awaited(output: str) -> tuple[str, str]:
    found = _UNAWAITED.search(output)
    if found is None:
        return "", ""
    name = found["name"]
    missing = "`asyncio.run(main())`" if name == "main" else "an `await`"
    said = f"{missing} is missing: the coroutine of `{name}` was never awaited"
    return said, _place(found["file"], found["line"], (found["source"] or "").strip())


def _place(file: str, line: str, source: str) -> str:
    """A line of the learner's, as ``my/folder/file.py, line 3: ...``; empty for a file that is not the learner's."""
    from workshop.runs.events import CodeLine

    parts = PurePath(file.replace("\\", "/")).parts
    if "my" not in parts[:-1]:
        return ""
    own = len(parts) - 1 - parts[::-1].index("my")
    return own_place(CodeLine("/".join(parts[own:]), int(line), source))


def own_place(line: object) -> str:
    """A line in words if it is the learner's. No other helps, and none is meant to be looked at."""
    told = str(line or "")
    # The line's text, since its number would be counted without the notebook's `%%writefile`.
    return _NUMBER.sub(":", told, count=1) if told.startswith("my/") else ""


_NUMBER = re.compile(r"(?<=\.py), line \d+:(?= \S)")


def hint_at_cause(problem: str, place: str = "") -> str:
    """A problem, led by the likely reason if it is one of those whose message names something else.

    Args:
        problem: The error, with its message.
        place: The line of the learner's, in words, if it is known.
    """
    if not _IMPORTED.search(place):
        problem = _ADVICE.sub("", problem)
    for message, within, reason in _REASONS:
        if re.search(message, problem) and within in place:
            return f"{reason}\n{problem}"
    return problem


_IMPORTED = re.compile(r": (from|import) ")

_ADVICE = re.compile(
    r" If this is code from a module not used in a workflow .*? as pass through\.?", re.DOTALL
)
"""What the SDK adds to whatever its sandbox forbids. It helps where an import is at fault, and misleads elsewhere."""


_REASONS = (
    (
        "bad argument type for built-in operation",
        "",
        "a text is wanted where something else is given, as `id=uuid.uuid4()`: `str(...)` makes a text of it",
    ),
    ("coroutine", "", "an `await` is missing: a call without it gives a coroutine, not the result"),
    (
        "await wasn't used with future",
        "",
        "an `await` is missing: `asyncio.gather` or `start_activity` without it gives a future, not the results",
    ),
    (
        "unhashable type: 'RunResult'",
        "gather(",
        "an `await` too many: `asyncio.gather` takes calls that have not been awaited",
    ),
    (
        "unhashable type: 'list'",
        "gather(",
        "a star is missing, not an `await`: `gather(*[...])` takes the calls one by one",
    ),
    *(
        (
            "RestrictedWorkflowAccessError: Cannot access",
            made,
            'a model is named in a workflow, as in `model="gpt-5.6-luna"`, or left out: the plugin makes what calls it',
        )
        for made in ("ResponsesModel(", "CompletionsModel(", "AsyncOpenAI(")
    ),
    (
        "the workflow's code fails: (RuntimeError|Exception|ValueError|TimeoutError|AssertionError)",
        "raise ",
        "raised in a workflow, only Temporal's own errors, such as an ApplicationError, end the run; any other is taken"
        " for a bug, and the step is tried again",
    ),
    (
        "code fails: ExceptionGroup",
        "",
        "a TaskGroup raises an ExceptionGroup, which Temporal takes for a bug, so the run does not end;"
        " `asyncio.gather` raises the error itself",
    ),
    (
        "'bool' object is not callable",
        "",
        "`wait_condition` takes a function, not what it returns: a name without `()`, or a `lambda:`",
    ),
    # A result holds its agent, and the agent its tools and its model: the first thing that cannot be stored.
    (
        "serialize unknown type: <class 'function'>",
        "",
        "it holds functions, as a RunResult does: what the agent said is its `final_output`",
    ),
    (
        r"\bRunResult\b|serialize unknown type: .*_TemporalModelStub",
        "",
        "a RunResult is more than a text: what the agent said is its `final_output`",
    ),
    (
        r"\[TMPRL1100\]",
        "",
        "the workflow takes other steps when it is replayed: something outside the run decides",
    ),
    (
        "bad argument type for built-in operation",
        "_workflow(",
        "an argument is of the wrong kind: an `id` is a text, and `uuid.uuid4()` is none without `str(...)`",
    ),
    (
        "Not in workflow event loop",
        "",
        "a workflow's method was called directly: `client.execute_workflow` asks the server, and a worker runs it",
    ),
    (
        "Not in activity context",
        "",
        "only a running activity has `activity.info()`: not a module that is imported, not a function that is called",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access time\.sleep",
        "",
        "`time.sleep` stops the whole worker; `await workflow.sleep(...)` has the server wait",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access (platform|socket|ssl|http|os|open|io|threading|subprocess)\b",
        "",
        "this does an activity's work inside the workflow: `workflow.execute_activity(...)` has a worker do it",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access (uuid|random|datetime|time\.)",
        "",
        "a workflow's code must do the same in each replay, as `workflow.uuid4()`, `workflow.random()` and"
        " `workflow.now()` do",
    ),
)
"""What an error's message says, what the line must hold beside that, and what then is the likely reason."""
