"""One request, read once: the conversation, the tools, and what the text asks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from workshop.gateway.practice_model import chains, slots, values
from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model.conversation import Conversation, Step, read
from workshop.gateway.practice_model.decision import PlanRequest, ToolCall
from workshop.gateway.practice_model.handoffs import is_front
from workshop.gateway.practice_model.kinds import kinds_of
from workshop.gateway.practice_model.phrases import find_strings
from workshop.gateway.practice_model.slots import Filling, Sources
from workshop.gateway.practice_model.tools import SELF_PLACE, Chooser, Param, Score, Tool, asked, read_tools
from workshop.gateway.practice_model.values import QUOTED
from workshop.gateway.practice_model.words import LONGEST_TEXT, bag, cut, stem, tokens

JSON = Any

ASKED_FOR = re.compile(r"^To use (\S+) I need: ")
_BREAK = re.compile(
    r"[.?!;\n]+(?:\s+|$)|,?\s+(?:and then|then|and also|as well as|and|also|plus|y|et|und|e)\s+|,\s+", re.I
)
_QUOTING = re.compile(r"\b(?:saying|says|that says|telling|tell (?:him|her|them))\b", re.I)
_PRONOUN = re.compile(
    r"\b(?:it|them|that|this|the (?:result|results|answer|output|summary|total|alerts|location|report))\b",
    re.I,
)
_CREATIVE = re.compile(
    r"\b(?:write|compose|make up|tell|recite)\b[^.?!]{0,25}?"
    r"\b(haiku|poem|story|song|limerick|joke|essay)s?\b",
    re.I,
)
_HEADING = bag("subject title headline heading name label")
_FOLLOW_UP = re.compile(
    r"^\W*(?:and|what about|how about|what of|now|same|also|or|try|then|again|y|et|und)\b", re.I
)


@dataclass(frozen=True)
class Goal:
    """A call the user wants: the tool, and the part of the text that asks for it."""

    tool: Tool
    clause: str
    score: float
    text: str
    outputs_first: bool = False
    answering: bool = False
    previous: Mapping[str, JSON] | None = None
    waits: bool = False


@dataclass(frozen=True)
class Work:
    """What is left to do in this turn: calls that can be made now, and goals that cannot be met."""

    calls: tuple[ToolCall, ...]
    blocked: tuple[tuple[Goal, Filling], ...]


class Situation:
    """A request with everything that rules ask of it, each read at most once."""

    def __init__(self, request: PlanRequest) -> None:
        self.request = request
        self.conversation: Conversation = read(request.items)
        self.instructions = f"{request.instructions or ''}\n{self.conversation.system}".strip()[:20_000]
        self.text = cut(self.conversation.now.user, LONGEST_TEXT)
        self.steps: tuple[Step, ...] = self.conversation.now.steps
        every = read_tools(request.tools)
        choice = request.tool_choice
        self.named: str | None = None
        self.mode = choice if isinstance(choice, str) else "auto"
        if isinstance(choice, Mapping):
            if choice.get("type") == "allowed_tools" and isinstance(choice.get("tools"), list):
                allowed = {t.get("name") for t in choice["tools"] if isinstance(t, Mapping)}
                every = [tool for tool in every if tool.name in allowed]
                self.mode = str(choice.get("mode", "auto"))
            else:
                name = choice.get("name")
                if not name and isinstance(choice.get("function"), Mapping):
                    name = choice["function"].get("name")
                self.named = name if isinstance(name, str) else None
        self.offered = every
        self.handoffs = [tool for tool in every if tool.handoff_target]
        self.tools = [tool for tool in every if not tool.handoff_target]
        self._called = {(step.name, js.canonical(step.arguments)) for step in self.steps}

    @cached_property
    def transferred(self) -> bool:
        """Whether the conversation was handed off in this turn."""
        return any(_is_transfer(step) for step in self.steps)

    @cached_property
    def own_steps(self) -> tuple[Step, ...]:
        """The steps of this turn that are not handoffs."""
        return tuple(step for step in self.steps if not _is_transfer(step))

    @cached_property
    def done(self) -> tuple[Step, ...]:
        """The own steps whose output is there and no error."""
        return tuple(s for s in self.own_steps if s.output is not None and s.problem is None)

    @cached_property
    def failed(self) -> tuple[Step, ...]:
        """The own steps whose output is an error."""
        return tuple(s for s in self.own_steps if s.output is not None and s.problem is not None)

    @cached_property
    def past(self) -> tuple[Step, ...]:
        """What earlier turns called with success, newest first."""
        steps = [s for turn in self.conversation.turns[:-1] for s in turn.done if not _is_transfer(s)]
        return tuple(reversed(steps[-40:]))

    @cached_property
    def open_handoffs(self) -> list[Tool]:
        """The handoffs that may be made now: none made in this turn already, and not back to a front desk."""
        visited = {step.name for step in self.steps}
        return [h for h in self.handoffs if h.name not in visited and not (self.transferred and is_front(h))]

    def called(self, name: str, arguments: Mapping[str, JSON]) -> bool:
        """Whether this very call was made in this turn already."""
        return (name, js.canonical(dict(arguments))) in self._called

    @cached_property
    def chooser(self) -> Chooser:
        """Compares texts with the tools of this request."""
        return Chooser(self.tools)

    def sources(self, goal: Goal) -> Sources:
        """Where a goal's arguments may come from."""
        return Sources(
            clause=goal.clause,
            text=goal.text,
            outputs=self.done,
            past=self.past,
            facts=self.conversation.facts,
            outputs_first=goal.outputs_first,
            answering=goal.answering,
        )

    # -- goals ------------------------------------------------------------------------------------

    @cached_property
    def goals(self) -> list[Goal]:
        """The calls the user's text asks for, in its order."""
        if not self.tools or not self.text.strip():
            return []
        made = _CREATIVE.search(self.text)
        if made and not any(
            stem(made.group(1).lower()) in t.name_stems | t.description_stems for t in self.tools
        ):
            return []
        pending = self._pending
        own = self._goals_of(self.text)
        if pending and (not own or all(goal.tool == pending.tool for goal in own)):
            return [pending]
        return own or self._follow_up

    @cached_property
    def _pending(self) -> Goal | None:
        """The goal we asked a missing argument for in the turn before, if this turn may answer it."""
        turns = self.conversation.turns
        told: list[str] = []
        name = None
        for turn in reversed(turns[:-1]):
            match = ASKED_FOR.match(turn.said)
            if not match:
                break
            name = name or match.group(1)
            told.insert(0, turn.user)
        tool = next((t for t in self.tools if t.name == name), None)
        if tool is None or not told:
            return None
        return Goal(tool, self.text, 1.0, "\n".join([*told, self.text]), answering=True)

    def _goals_of(self, text: str) -> list[Goal]:
        parts = _clauses(text)
        whole = self._best(text)
        picked: list[tuple[Tool | None, int, int, float]] = []
        for start, end in parts:
            tool, score = self._best(text[start:end]) if len(parts) > 1 else whole
            if picked:
                before, begun, _, best = picked[-1]
                if tool is None or before is None or (before == tool and not _has_numbers(tool)):
                    # A part that asks for nothing itself belongs to its neighbour.
                    picked[-1] = (tool or before, begun, end, max(score, best))
                    continue
            picked.append((tool, start, end, score))
        goals = [
            Goal(tool, text[a:b].strip(), score, text) for tool, a, b, score in picked if tool is not None
        ]
        if not goals and whole[0] is not None:
            goals = [Goal(whole[0], text, whole[1], text)]
        out = goals[:1]
        for goal in goals[1:8]:
            waits = bool(_PRONOUN.search(goal.clause)) and _takes_text(goal.tool)
            out.append(replace(goal, waits=waits))
        return out

    def _best(self, text: str) -> tuple[Tool | None, float]:
        """The tool that fits a text best, or None if none fits well enough."""
        question = asked(text)
        if not question.stems and not question.weak and not values.find("ip", text):
            return None, 0.0
        scored: list[tuple[float, int, Tool, Score]] = []
        for index, tool in enumerate(self.tools):
            score = self.chooser.score(question, tool)
            bonus = _hint(tool, self.instructions, text) if score.value else 0.0
            typed = _typed_fit(tool, text)
            strong = (
                score.strong
                or (score.value + bonus >= 1.0 and typed)
                or (typed and _only_place_for(tool, self.tools, text))
            )
            if "ip" in tool.name_stems and not tool.params and values.find("ip", text):
                strong = False  # nobody asks for an address and gives one
            if strong:
                scored.append((-(score.value + bonus + (0.7 if typed else 0.0)), index, tool, score))
        if not scored:
            return None, 0.0
        scored.sort(key=lambda entry: entry[:2])
        close = [entry for entry in scored[:4] if entry[0] <= scored[0][0] * 0.7]
        if len(close) > 1:
            # Between tools that fit alike, the one whose arguments the text holds.
            ranked = []
            for value, index, tool, score in close:
                filling = slots.fill(tool, Sources(text, self.text or text, facts=self.conversation.facts))
                without = [
                    p for p in filling.missing if not chains.producers(p, tool, self.tools, frozenset())
                ]
                generic = 0.15 * self.chooser.generic_name_score(text, tool)
                ranked.append(
                    (value - generic - 0.2 * min(filling.found, 3) + 0.9 * len(without), index, tool, score)
                )
            scored = sorted(ranked, key=lambda entry: entry[:2])
        return scored[0][2], -scored[0][0]

    @cached_property
    def _follow_up(self) -> list[Goal]:
        """`And in Texas?`: the tool of the turn before, with what is new."""
        words = tokens(self.text)
        if len(words) > 12 or not words:
            return []
        for turn in reversed(self.conversation.turns[:-1]):
            steps = [s for s in turn.steps if not _is_transfer(s)]
            if not steps:
                continue
            tool = next((t for t in self.tools if t.name == steps[-1].name), None)
            if tool is None or not tool.params:
                return []
            filling = slots.fill(tool, Sources(self.text, self.text))
            fresh = {}
            for name, value in filling.arguments[0].items():
                param = next(p for p in tool.params if p.name == name)
                if value is not None and _spoken(param, value, self.text, tool):
                    fresh[name] = value
            lead = bool(_FOLLOW_UP.match(self.text))
            if not fresh and not (lead and SELF_PLACE.search(self.text)):
                return []
            if not lead and len(words) > 4:
                return []
            kept = (
                {}
                if SELF_PLACE.search(self.text)
                else {k: v for k, v in steps[-1].arguments.items() if k not in fresh}
            )
            return [Goal(tool, self.text, 1.5, self.text, previous=kept)]
        return []

    # -- work -------------------------------------------------------------------------------------

    def fill(self, goal: Goal) -> Filling:
        """A goal's arguments, with those of the call it follows up."""
        filling = slots.fill(goal.tool, self.sources(goal))
        if goal.previous:
            names = {name for name in goal.previous if any(p.name == name for p in filling.missing)}
            sets = tuple(
                {
                    **{n: goal.previous[n] for n in goal.previous if n in names or _keeps(goal, n, a)},
                    **_without_previous(goal, a),
                }
                for a in filling.arguments
            )
            filling = Filling(sets, tuple(p for p in filling.missing if p.name not in names), filling.found)
        return filling

    def work(self, goals: list[Goal]) -> Work:
        """The next calls of the goals that are not met yet."""
        calls: list[ToolCall] = []
        blocked: list[tuple[Goal, Filling]] = []
        wanted: set[tuple[str, str]] = set()
        for goal in goals:
            if goal.waits and calls:
                break
            filling = self.fill(goal)
            settled = slots.fill(
                goal.tool,
                Sources(
                    goal.clause, goal.text, (), self.past, self.conversation.facts, answering=goal.answering
                ),
            )
            from_text = not settled.missing and not goal.outputs_first and not goal.waits
            if not from_text and any(s.name == goal.tool.name for s in self.own_steps):
                continue
            target = goal.tool
            if (
                goal.waits
                and self.done
                and filling.missing
                and all(p.words & _HEADING for p in filling.missing)
            ):
                # "... and e-mail it to Bob" says no subject: it is what was found out.
                about = Tool(self.done[0].name, "", {}).label.capitalize()
                headed = {p.name: about for p in filling.missing}
                filling = Filling(tuple({**a, **headed} for a in filling.arguments))
            if filling.missing:
                step = chains.next_step(goal.tool, self.sources(goal), self.tools, self.called)
                if step is None:
                    blocked.append((goal, filling))
                    continue
                target, filling = step
            for arguments in filling.arguments:
                arguments = self._told(goal, target, arguments)
                key = (target.name, js.canonical(arguments))
                if key not in wanted and not self.called(target.name, arguments):
                    wanted.add(key)
                    calls.append(ToolCall(target.name, arguments))
        return Work(tuple(calls), tuple(blocked))

    def _told(self, goal: Goal, target: Tool, arguments: dict[str, JSON]) -> dict[str, JSON]:
        """`... and e-mail it to Bob`: the free text of a waiting goal is what came back so far.

        A free text that is the user's whole message gets all of it, however long.
        """
        whole = self.conversation.now.user
        if len(whole) > len(self.text):
            arguments = {n: whole.strip() if v == self.text.strip() else v for n, v in arguments.items()}
        if not goal.waits or target is not goal.tool or not self.done:
            return arguments
        from workshop.gateway.practice_model.answers import from_steps

        for param in target.params:
            if (
                param.type == "string"
                and kinds_of(param)[0] == "free"
                and not param.words & {"subject", "title", "query"}
            ):
                return {**arguments, param.name: from_steps(self.done, self.tools)}
        return arguments


def _is_transfer(step: Step) -> bool:
    return step.name.startswith(("transfer_to_", "handoff_to_", "hand_off_to_")) or bool(
        step.output
        and re.fullmatch(r"\{\s*[\"']assistant[\"']\s*:\s*[\"'][^\"']*[\"']\s*\}", step.output.strip())
    )


def _has_numbers(tool: Tool | None) -> bool:
    return tool is not None and any(p.type in ("integer", "number") for p in tool.params)


def _takes_text(tool: Tool) -> bool:
    return any(p.type == "string" and kinds_of(p)[0] == "free" for p in tool.params)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Where the parts of a text begin and end that may each ask for something.

    Quotations, and what is to be said to somebody, stay whole.
    """
    masked = QUOTED.sub(lambda m: "_" * len(m.group(0)), text)
    quoting = _QUOTING.search(masked)
    limit = quoting.start() if quoting else len(text)
    out: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(masked):
        if match.start() >= limit or len(out) >= 12:
            break
        if text[start : match.start()].strip():
            # The mark stays with its clause: a question mark tells something.
            word = match.group(0).strip(" ,\n\t").isalpha()
            out.append((start, match.start() if word else match.end()))
            start = match.end()
    if text[start:].strip():
        out.append((start, len(text)))
    return out or [(0, len(text))]


def _hint(tool: Tool, instructions: str, text: str) -> float:
    """A little weight for a tool that the instructions name."""
    return 0.4 if len(tool.name) > 3 and tool.name in instructions else 0.0


_TYPED = ("ip", "email", "url", "ticker", "expression", "file", "phone")


def _typed_fit(tool: Tool, text: str) -> bool:
    """Whether the text holds a value of an unmistakable kind that the tool requires."""
    for param in tool.params:
        if param.required and not param.nullable and param.type in ("string", "any"):
            kind = kinds_of(param, f"{tool.name} {tool.description}")[0]
            if kind in _TYPED and find_strings(param, text, tool.name, alone=True):
                return True
    return False


def _only_place_for(tool: Tool, tools: list[Tool], text: str) -> bool:
    """Whether only this tool could take the value in the text (`Where is 8.8.8.8?`)."""
    needed = [p for p in tool.params if p.required and not p.nullable and not p.has_default]
    if len(needed) != 1 or tool.changes_things:
        return False
    kind = kinds_of(needed[0], f"{tool.name} {tool.description}")[0]
    if kind not in ("ip", "expression", "url"):
        return False
    return sum(_typed_fit(other, text) for other in tools) == 1


def _spoken(param: Param, value: JSON, text: str, tool: Tool) -> bool:
    """Whether a value was really said, not assumed."""
    if (
        param.type == "string"
        and "enum" not in param.schema
        and kinds_of(param, f"{tool.name} {tool.description}")[0] == "free"
    ):
        return False
    if isinstance(value, bool) or (isinstance(value, list) and not value):
        return False
    if isinstance(param.schema.get("enum"), list):
        return slots.choice_for(param, text) is not js.MISFIT
    return not param.has_default or value != js.placeholder(param.raw, param.root)


def _keeps(goal: Goal, name: str, arguments: Mapping[str, JSON]) -> bool:
    param = next((p for p in goal.tool.params if p.name == name), None)
    return param is not None and not (
        name in arguments
        and _spoken(param, arguments[name], goal.clause, goal.tool)
        and arguments[name] is not None
    )


def _without_previous(goal: Goal, arguments: Mapping[str, JSON]) -> dict[str, JSON]:
    return {
        n: v
        for n, v in arguments.items()
        if not (goal.previous and n in goal.previous and _keeps(goal, n, arguments))
    }
