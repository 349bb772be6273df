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
        "a string is needed where something else is given, as in `id=uuid.uuid4()`: convert it with `str(...)`",
    ),
    # What gather and the Agents SDK say of a thing that they cannot await, such as the result of a plain function.
    (
        "a coroutine or an awaitable is required",
        "",
        "something is awaited that is no coroutine: a function lacks its `async`, or an `await` is one too many",
    ),
    ("coroutine", "", "an `await` is missing: without it, the call returns a coroutine, not the result"),
    (
        "await wasn't used with future",
        "",
        "an `await` is missing: without it, `asyncio.gather` and `start_activity` return a future, not the results",
    ),
    (
        "Workflow <unknown> missing attributes",
        "",
        "an instance is given where the workflow's class itself belongs: its name without `()`",
    ),
    (
        "unhashable type: 'RunResult'",
        "gather(",
        "one `await` too many: `asyncio.gather` takes calls that have not been awaited",
    ),
    (
        "unhashable type: 'list'",
        "gather(",
        "a star is missing, not an `await`: `gather(*[...])` passes the calls as separate arguments",
    ),
    *(
        (
            "RestrictedWorkflowAccessError: Cannot access",
            made,
            'in a workflow, give only the model\'s name, as in `model="gpt-5.6-luna"`, or none:'
            " the plugin makes the model object",
        )
        for made in ("ResponsesModel(", "CompletionsModel(", "AsyncOpenAI(")
    ),
    (
        "the workflow's code fails: (RuntimeError|Exception|ValueError|TimeoutError|AssertionError)",
        "raise ",
        "in a workflow, only Temporal's own errors, such as ApplicationError, end the run; Temporal takes any other"
        " error for a bug and tries the step again",
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
        "`wait_condition` takes a function, not its result: write its name without `()`, or a `lambda:`",
    ),
    # A result holds its agent, and the agent its tools and its model: the first thing that cannot be stored.
    (
        "serialize unknown type: <class 'function'>",
        "",
        "it contains functions, as a RunResult does: the agent's answer is its `final_output`",
    ),
    (
        r"\bRunResult\b|serialize unknown type: .*_TemporalModelStub",
        "",
        "a RunResult is more than a string: the agent's answer is its `final_output`",
    ),
    (
        r"\[TMPRL1100\]",
        "",
        "the workflow takes other steps when it is replayed: they depend on something outside the run",
    ),
    (
        "bad argument type for built-in operation",
        "_workflow(",
        "an argument has the wrong type: an `id` is a string, so write `str(uuid.uuid4())`",
    ),
    (
        "Not in workflow event loop",
        "",
        "a workflow's method was called directly: call `client.execute_workflow`, and a worker runs it",
    ),
    (
        "Not in activity context",
        "",
        "`activity.info()` works only in a running activity, not while a module is imported"
        " or in a function called directly",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access time\.sleep",
        "",
        "`time.sleep` blocks the whole worker; `await workflow.sleep(...)` has the server wait",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access (platform|socket|ssl|http|os|open|io|threading|subprocess)\b",
        "",
        "this does an activity's work inside the workflow: run it with `workflow.execute_activity(...)`",
    ),
    (
        r"RestrictedWorkflowAccessError: Cannot access (uuid|random|datetime|time\.)",
        "",
        "a workflow's code must do the same in each replay: use `workflow.uuid4()`, `workflow.random()` or"
        " `workflow.now()`",
    ),
)
"""What an error's message says, what the line must hold beside that, and what then is the likely reason."""
