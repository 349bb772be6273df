"""The corpus: requests with what must, may and must not happen, read from the tables beside this module.

A table is a text. `===` begins a small application, `tool` lines are its tools::

    tool send_notice(subject, text) Sends a notice to everybody. => Sent.
    tool roll(sides: int = 6, count: int?) Rolls dice. => 4

A parameter is a string unless it says `int`, `num`, `bool`, `list`, `a|b|c` (an enum) or `?` (may be null). What
follows `=>` is what the tool returns each time. `>` begins a case: what the user writes.
The lines below it say more:

    instructions   the agent's instructions
    choice         tool_choice: required, none, or a tool's name
    earlier        a turn before: what the user wrote, `||`, what the model said
    schema         the properties of a structured output, written like parameters
    call           a call that must be made, with its arguments in JSON (`a||b`: either; what is not named may have its
                   default); without them, any arguments
    may            a call that may be made as well
    says           a regular expression that the last text must match
    fill           properties that the structured output must have
    refuse         the structured output must be refused

Every other call is silently wrong, and so is a structured output that is not the one expected. Where calls are expected
and none is made, the reply must say so in words: that is honest, though it does not help.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.practice.model.rows import called, said, user
from workshop.practice.model import PlanRequest, plan

TABLES = sorted(Path(__file__).parent.glob("*.txt"))
_HONEST = re.compile(
    r"cannot|I need: |None of the tools|did not|does not ask|failed|not among|has no|cannot look|not told me",
    re.I,
)
_TYPES = {"int": "integer", "num": "number", "bool": "boolean", "str": "string"}


@dataclass
class Case:
    """One request of the corpus, and what is expected of it."""

    where: str
    text: str
    tools: list[dict[str, Any]]
    outputs: dict[str, str]
    instructions: str = "You are a helpful agent."
    choice: str | dict[str, str] = "auto"
    earlier: list[dict[str, Any]] = field(default_factory=list)
    schema: dict[str, Any] | None = None
    must: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)
    may: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    fill: dict[str, Any] | None = None
    refuse: bool = False


@dataclass
class Outcome:
    """What became of a case: `helped`, `honest` (no help, and said so) or `wrong`, with what happened."""

    verdict: str
    told: str


def cases() -> list[Case]:
    """Every case of every table."""
    return [case for path in TABLES for case in _read(path)]


def run(case: Case) -> Outcome:
    """Let the planner answer, with the tools' outputs of the table, until it answers in text."""
    items = [*case.earlier, user(case.text)]
    made: list[tuple[str, dict[str, Any]]] = []
    text = refusal = ""
    for turn in range(10):
        form = (
            None if case.schema is None else {"type": "json_schema", "name": "output", "schema": case.schema}
        )
        choice = case.choice if turn == 0 else "auto"
        decision = plan(PlanRequest(case.instructions, items, case.tools, choice, True, form))
        text, refusal = decision.text, decision.refusal
        if not decision.why:
            return Outcome("wrong", "no reason was given")
        if not decision.calls:
            break
        for number, call in enumerate(decision.calls):
            made.append((call.name, call.arguments))
            items += called(call.name, call.arguments, case.outputs.get(call.name, "ok"), f"c{turn}-{number}")
    else:
        return Outcome("wrong", f"no end: {made}")
    return _judged(case, made, text, refusal)


def _judged(case: Case, made: list[tuple[str, dict[str, Any]]], text: str, refusal: str) -> Outcome:
    told = f"{made} then {'REFUSED ' + refusal if refusal else repr(text)}"
    open_calls = list(case.must)
    for name, given in made:
        arguments = {key: value for key, value in given.items() if not _assumed(case, name, key, value)}
        met = next((one for one in open_calls if _matches(one, name, arguments)), None)
        if met is not None:
            open_calls.remove(met)
        elif not any(_matches(one, name, arguments) for one in case.may):
            return Outcome("wrong", told)
    if refusal:
        return Outcome("helped" if case.refuse and not open_calls else "honest", told)
    if case.refuse:
        return Outcome("wrong", told)
    if case.fill is not None:
        got = json.loads(text)
        right = all(name in got and _same(value, got[name]) for name, value in case.fill.items())
        return Outcome("helped" if right and not open_calls else "wrong", told)
    if open_calls:
        return Outcome("honest" if _HONEST.search(text) else "wrong", told)
    if case.says:
        right = all(re.search(pattern, text, re.I | re.S) for pattern in case.says)
        return Outcome("helped" if right else "wrong", told)
    return Outcome("helped" if made or _HONEST.search(text) else "wrong", told)


def _assumed(case: Case, name: str, key: str, value: Any) -> bool:
    """Whether a value is the schema's own default, and no expected call of that tool names the argument."""
    properties = next(tool for tool in case.tools if tool.get("name") == name)["parameters"]["properties"]
    named = any(key in (wanted or {}) for tool, wanted in [*case.must, *case.may] if tool == name)
    return not named and key in properties and properties[key].get("default", ...) == value


def _matches(expected: tuple[str, dict[str, Any] | None], name: str, arguments: dict[str, Any]) -> bool:
    wanted = expected[1]
    if expected[0] != name or wanted is None:
        return expected[0] == name
    given = {key: value for key, value in arguments.items() if key in wanted or value not in (None, [])}
    return given.keys() == wanted.keys() and all(_same(value, given[key]) for key, value in wanted.items())


def _same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, str) and isinstance(got, str):
        return got in wanted.split("||")
    return bool(wanted == got) and isinstance(wanted, bool) == isinstance(got, bool)


def _read(path: Path) -> list[Case]:
    found: list[Case] = []
    tools: list[dict[str, Any]] = []
    outputs: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.strip().partition(" ")
        rest = rest.replace("\\n", "\n")
        if line.startswith("==="):
            tools, outputs = [], {}
        elif word == "tool":
            tools, outputs = [*tools], {**outputs}
            _tool(rest, tools, outputs)
        elif word == "hosted":
            tools = [*tools, {"type": rest}]
        elif word == ">":
            found.append(Case(f"{path.stem}:{number}", rest, tools, outputs))
        elif word and not word.startswith("#"):
            _expect(found[-1], word, rest)
    return found


def _expect(case: Case, word: str, rest: str) -> None:
    if word in ("call", "may"):
        name, _, arguments = rest.partition(" ")
        (case.must if word == "call" else case.may).append(
            (name, json.loads(arguments) if arguments else None)
        )
    elif word == "says":
        case.says.append(rest)
    elif word == "instructions":
        case.instructions = rest
    elif word == "choice":
        case.choice = rest if rest in ("required", "none") else {"type": "function", "name": rest}
    elif word == "earlier":
        asked, _, answered = rest.partition("||")
        case.earlier += [user(asked.strip()), said(answered.strip())]
    elif word == "schema":
        case.schema = _schema(rest)
    elif word == "fill":
        case.fill = json.loads(rest)
    elif word == "refuse":
        case.refuse = True
    else:
        raise ValueError(f"{case.where}: {word}?")


def _tool(line: str, tools: list[dict[str, Any]], outputs: dict[str, str]) -> None:
    match = re.fullmatch(r"(\w+)\((.*?)\)\s*(.*?)(?:\s*=>\s*(.*))?", line, re.S)
    assert match, line
    name, parameters, description, output = match.groups()
    outputs[name] = output or "ok"
    made = {"type": "function", "name": name, "description": description, "parameters": _schema(parameters)}
    tools.append(made)


def _schema(text: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        named, _, default = part.partition("=")
        name, _, kind = named.partition(":")
        schema = _kind(kind.strip())
        if default:
            schema["default"] = json.loads(default.strip())
        properties[name.strip()] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _kind(kind: str) -> dict[str, Any]:
    if kind.endswith("?"):
        return {"anyOf": [_kind(kind[:-1]), {"type": "null"}]}
    if "|" in kind:
        return {"type": "string", "enum": kind.split("|")}
    if kind == "list":
        return {"type": "array", "items": {"type": "string"}}
    if kind.startswith("["):
        return {"type": "array", "items": _schema(kind[1:-1].replace(";", ","))}
    return {"type": _TYPES.get(kind, "string")}
