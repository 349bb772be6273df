"""One request, read once: the conversation, the tools, and what the text asks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from workshop.practice.model import answers, arithmetic, chains, json_schema, slots, values
from workshop.practice.model.conversation import Conversation, Step, read
from workshop.practice.model.decision import PlanRequest, ToolCall
from workshop.practice.model.handoffs import is_front
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.slots import Filling, Sources
from workshop.practice.model.tools import Chooser, Tool, asked, holds_back, read_tools
from workshop.practice.model.values import QUOTED, SELF_PLACE
from workshop.practice.model.words import LONGEST_TEXT, bag, cut, name_words, stem, stems, tokens

JSON = Any

_ASKED_FOR = re.compile(r"^To use (\S+) I need: ")
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
_FOLLOW_UP = re.compile(
    r"^\W*(?:and|what about|how about|what of|now|same|also|or|try|then|again|y|et|und)\b", re.I
)
_ASKS_BACK = re.compile(r"\W*(?:who|whose|what|when|where|why|how|which)\b", re.I)
_HEADING = bag("subject title headline heading name label")
_TYPED = ("ip", "email", "url", "ticker", "expression", "file", "phone")


@dataclass(frozen=True)
class Goal:
    """A call the user wants.

    Attributes:
        tool: The tool to call in the end.
        clause: The part of the text that asks for it.
        score: How well the clause fits the tool.
        text: The whole text, and what earlier answers to our questions said.
        outputs_first: Whether its arguments are rather in earlier outputs than in the text.
        answering: Whether the clause answers our own question for arguments.
        waits: Whether it is about what the goals before it will bring ("... and e-mail it").
        arguments: Its argument sets, where they are known already.
    """

    tool: Tool
    clause: str
    score: float
    text: str
    outputs_first: bool = False
    answering: bool = False
    waits: bool = False
    arguments: tuple[dict[str, JSON], ...] = ()

    @property
    def condition(self) -> str:
        """What has to hold first (`if it was late`), or nothing."""
        match = _CONDITION.search(QUOTED.sub(" ", self.clause)) if self.tool.changes_things else None
        return match.group(1) if match else ""


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
        self.mode = choice if isinstance(choice, str) else "auto"
        self.named: str | None = None
        if isinstance(choice, Mapping) and choice.get("type") == "allowed_tools":
            allowed = [json_schema.mapping(tool).get("name") for tool in choice.get("tools") or ()]
            every = [tool for tool in every if tool.name in allowed]
            self.mode = str(choice.get("mode", "auto"))
        elif isinstance(choice, Mapping):
            self.named = choice.get("name") or json_schema.mapping(choice.get("function")).get("name")
        self.offered = every
        self.handoffs = [tool for tool in every if tool.handoff_target]
        self.tools = [tool for tool in every if not tool.handoff_target]
        self.unmet: list[str] = []  # questions in the text that no tool answers; known once the goals are
        self._called = {(step.name, json_schema.canonical(step.arguments)) for step in self.steps}

    @property
    def may_call(self) -> bool:
        """Whether the rules may choose a tool: none is ruled out or prescribed."""
        return self.mode != "none" and self.named is None

    def tool(self, name: str | None) -> Tool | None:
        """The tool of this name, if it is on offer."""
        return next((tool for tool in self.tools if tool.name == name), None)

    @cached_property
    def transferred(self) -> bool:
        """Whether the conversation was handed off in this turn."""
        return any(_is_transfer(step) for step in self.steps)

    @cached_property
    def handed_back(self) -> bool:
        """Whether the last handoff of this turn was to a front desk: the request is still nobody's."""
        last = next((step.name for step in reversed(self.steps) if _is_transfer(step)), None)
        return last is not None and is_front(Tool(last, "", {}))

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
        """The handoffs that may be made now: to none that had its turn already, and not back to a front desk."""
        visited = {step.name for step in self.steps}
        if self.transferred:
            # Whoever was in charge when the turn began has passed it on.
            earlier = (s for turn in reversed(self.conversation.turns[:-1]) for s in reversed(turn.steps))
            visited |= {next((step.name for step in earlier if _is_transfer(step)), "")}
        return [h for h in self.handoffs if h.name not in visited and not (self.transferred and is_front(h))]

    def called(self, name: str, arguments: Mapping[str, JSON]) -> bool:
        """Whether this very call was made in this turn already."""
        return (name, json_schema.canonical(dict(arguments))) in self._called

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
            stem(made.group(1).lower()) in tool.name_stems | tool.description_stems for tool in self.tools
        ):
            return []
        own, pending = self._looked_up(self._asked), self._pending
        if pending and all(goal.tool == pending.tool for goal in own):
            return [pending]
        again = [] if own else self._follow_up
        held = again and again[0].tool.changes_things and holds_back(self.text, whole=True)
        return own or ([] if held else again)

    @cached_property
    def _pending(self) -> Goal | None:
        """The goal we asked a missing argument for in the turn before, if this turn may answer it."""
        told: list[str] = []
        name = None
        for turn in reversed(self.conversation.turns[:-1]):
            match = _ASKED_FOR.match(turn.said)
            if not match:
                break
            name = name or match.group(1)
            told.insert(0, turn.user)
        tool = self.tool(name)
        held = tool and tool.changes_things and holds_back(self.text, whole=True)
        if held or self.text.rstrip().endswith("?") or _ASKS_BACK.match(self.text):
            return None
        return Goal(tool, self.text, 1.0, "\n".join([*told, self.text]), answering=True) if tool else None

    @cached_property
    def _asked(self) -> list[Goal]:
        """The goals that the text names, one for each part that asks for something."""
        text = self.text
        whole, parts = self._best(text), _clauses(text)
        picked: list[tuple[Tool | None, int, int, float]] = []
        for start, end in parts:
            tool, score = self._best(text[start:end], text[:start]) if len(parts) > 1 else whole
            part = text[start:end]
            if tool is None and _ASKS_BACK.match(part) and stems(part) and not _PRONOUN.search(part):
                self.unmet.append(part.strip(" ,.!?"))
            if picked:
                before, begun, _, best = picked[-1]
                if tool is None or before is None or (before == tool and not _has_numbers(tool)):
                    # A part that asks for nothing itself belongs to its neighbour.
                    picked[-1] = (tool or before, begun, end, max(score, best))
                    continue
            picked.append((tool, start, end, score))
        goals = [Goal(tool, text[a:b].strip(), score, text) for tool, a, b, score in picked
                 if tool and not (tool.changes_things and holds_back(text[a:b]))]  # fmt: skip
        if not goals and whole[0] is not None:
            goals = [Goal(whole[0], text, whole[1], text)]
        return goals[:1] + [
            replace(
                goal, waits=(bool(_PRONOUN.search(goal.clause)) and _takes_text(goal.tool)) or _goes_on(goal)
            )
            for goal in goals[1:8]
        ]

    def _looked_up(self, goals: list[Goal]) -> list[Goal]:
        """`Refund order 55 if it was late`: what looks the order up comes first."""
        out: list[Goal] = []
        for goal in goals:
            pool = [replace(goal, tool=one) for one in self.tools if _same_object(one, goal.tool)]
            ready = [one for one in pool if not slots.fill(one.tool, self.sources(one)).missing]
            out += [*(ready[:1] if goal.condition else ()), goal]
        return out

    def _unmet_condition(self, goal: Goal) -> bool:
        """Whether what was looked up does not plainly say what a goal depends on."""
        looked = [s for s in self.own_steps if (t := self.tool(s.name)) and _same_object(t, goal.tool)]
        if not looked and not any(_same_object(one.tool, goal.tool) for one in self.goals):
            return False
        said = f"{looked[-1].output or ''}" if looked and looked[-1].problem is None else ""
        plain = not re.search(r"\b(?:no|not|false|never|none|null|isn't|wasn't)\b", said, re.I)
        negated = bool(re.search(r"\b(?:not|no|never)\b|n't\b|^\W*unless", goal.condition, re.I))
        return not said or negated or not plain or not set(stems(goal.condition)) <= set(stems(said))

    def _best(self, text: str, before: str = "") -> tuple[Tool | None, float]:
        """The tool that fits a part of a text best, or None if none fits; what comes before may hold it back."""
        question = asked(text)
        lead = re.split(r"(?<=[.?!;\n])\s+", before)[-1]
        held = holds_back(lead + text) or holds_back(text, whole=not before)
        forbidden, said = holds_back(before, whole=True), {stem(word) for word in tokens(text)}
        addressed = bool(values.find("ip", text))
        scored: list[tuple[float, int, Tool]] = []
        for index, tool in enumerate(self.tools):
            # Where something was forbidden before, an action must be asked for by its verb.
            if tool.changes_things and (held or (forbidden and stem(name_words(tool.name)[0]) not in said)):
                continue
            score = self.chooser.score(question, tool)
            typed = _typed_fit(tool, text)
            value = score.value + (0.4 if score.value and tool.name in self.instructions else 0.0)
            strong = score.strong or (typed and (value >= 1.0 or self._only_place_for(tool, text)))
            # Nobody asks for an address and gives one.
            if strong and not (addressed and "ip" in tool.name_stems and not tool.params):
                scored.append((-(value + (0.7 if typed else 0.0)), index, tool))
        scored.sort(key=lambda entry: entry[:2])
        close = [entry for entry in scored[:4] if entry[0] <= scored[0][0] * 0.7]
        if len(close) > 1:
            # Between tools that fit alike, the one whose arguments the text holds.
            sources = Sources(text, self.text, facts=self.conversation.facts)
            ranked = []
            for value, index, tool in close:
                filling = slots.fill(tool, sources)
                without = sum(not chains.producers(p, self.tools, frozenset()) for p in filling.missing)
                generic = self.chooser.generic_name_score(text, tool)
                value += 0.9 * without - 0.15 * generic - 0.2 * min(filling.found, 3)
                ranked.append((value, index, tool))
            scored = sorted(ranked, key=lambda entry: entry[:2])
        return (scored[0][2], -scored[0][0]) if scored else (None, 0.0)

    def _only_place_for(self, tool: Tool, text: str) -> bool:
        """Whether only this tool could take the value in the text (`Where is 8.8.8.8?`)."""
        if (
            len(tool.needed) != 1
            or tool.changes_things
            or tool.needed[0].kind not in ("ip", "expression", "url")
        ):
            return False
        return sum(_typed_fit(other, text) for other in self.tools) == 1

    @cached_property
    def _follow_up(self) -> list[Goal]:
        """`And in Texas?`: the call of the turn before, with what is new."""
        words, lead = tokens(self.text), bool(_FOLLOW_UP.match(self.text))
        turns = self.conversation.turns[:-1]
        last = next(
            (s for turn in reversed(turns) for s in reversed(turn.steps) if not _is_transfer(s)), None
        )
        tool = self.tool(last.name) if last else None
        if last is None or tool is None or not tool.params or len(words) > (12 if lead else 4):
            return []
        if lead and SELF_PLACE.search(self.text):
            return [Goal(tool, self.text, 1.5, self.text)]
        said = slots.fill(tool, Sources(self.text, self.text)).arguments
        fresh = [
            {
                p.name: made[p.name]
                for p in tool.params
                if p.name in made and _spoken(p, made[p.name], self.text)
            }
            for made in said
        ]
        if not any(fresh):
            return []
        sets = tuple({**last.arguments, **new} for new in fresh)
        return [Goal(tool, self.text, 1.5, self.text, arguments=sets)]

    # -- work -------------------------------------------------------------------------------------

    def work(self, goals: list[Goal]) -> Work:
        """The next calls of the goals that are not met yet."""
        calls: dict[str, ToolCall] = {}
        blocked: list[tuple[Goal, Filling]] = []
        for place, goal in enumerate(goals):
            if goal.waits and calls:
                break
            if goal.condition and goal.tool.changes_things and self._unmet_condition(goal):
                continue
            if _goes_on(goal) and goal.waits:
                if len(self.own_steps) > place:
                    continue
                result = json_schema.fit(self.done[-1].data, {"type": "number"}, {}) if self.done else None
                if len(self.done) < place or not isinstance(result, int | float):
                    break
                taken = zip(goal.tool.needed, arithmetic.operands(goal.clause, float(result)), strict=False)
                made = {param.name: param.fit(number) for param, number in taken}
                if json_schema.MISFIT in made.values():
                    break
                goal = replace(goal, arguments=(made,))
            sources = self.sources(goal)
            filling = Filling(goal.arguments) if goal.arguments else slots.fill(goal.tool, sources)
            told = goal.arguments or not slots.fill(goal.tool, replace(sources, outputs=())).missing
            once = not told or goal.outputs_first or goal.waits
            if once and any(step.name == goal.tool.name for step in self.own_steps):
                continue  # it depends on outputs, and new ones are no reason to call it again
            if goal.waits and self.done and all(p.words & _HEADING for p in filling.missing):
                # "... and e-mail it to Bob" says no subject: it is what was found out.
                about = Tool(self.done[0].name, "", {}).label.capitalize()
                headed = {param.name: about for param in filling.missing}
                filling = Filling(tuple({**made, **headed} for made in filling.arguments))
            target = goal.tool
            if filling.missing:
                step = chains.next_step(goal.tool, sources, self.tools, self.called)
                if step is None:
                    blocked.append((goal, filling))
                    continue
                target, filling = step
            for arguments in filling.arguments:
                call = ToolCall(target.name, self._told(goal, target, arguments))
                if not self.called(call.name, call.arguments):
                    calls.setdefault(json_schema.canonical([call.name, call.arguments]), call)
        return Work(tuple(calls.values()), tuple(blocked))

    def _told(self, goal: Goal, target: Tool, arguments: dict[str, JSON]) -> dict[str, JSON]:
        """`... and e-mail it to Bob`: the free text of a waiting goal is what came back so far.

        A free text that is the user's whole message gets all of it, however long.
        """
        whole = self.conversation.now.user.strip()
        told = {name: whole if value == self.text.strip() else value for name, value in arguments.items()}
        if goal.waits and target is goal.tool and self.done:
            for param in target.params:
                if param.type == "string" and param.kind == "free" and not param.words & {"query", *_HEADING}:
                    return {**told, param.name: answers.from_steps(self.done, self.tools)}
        return told


def _is_transfer(step: Step) -> bool:
    return step.name.startswith(("transfer_to_", "handoff_to_", "hand_off_to_")) or bool(
        step.output
        and re.fullmatch(r"\{\s*[\"']assistant[\"']\s*:\s*[\"'][^\"']*[\"']\s*\}", step.output.strip())
    )


_CONDITION = re.compile(r"\b(?:if|unless|provided|in case|as long as|only when)\b(.+)", re.I | re.S)


def _same_object(lookup: Tool, tool: Tool) -> bool:
    """Whether a tool looks up what another one changes."""
    named = {param.name for param in lookup.needed} & {param.name for param in tool.needed}
    shared = named | (lookup.name_stems & tool.name_stems)
    return bool(shared) and tool.changes_things and not lookup.changes_things and not lookup.handoff_target


def _goes_on(goal: Goal) -> bool:
    """Whether a step takes several numbers of which its clause names all but one: the result before it."""
    needed, said = goal.tool.needed, len(values.numbers(goal.clause))
    return 1 < len(needed) == said + 1 and all(param.numeric for param in needed)


def _has_numbers(tool: Tool) -> bool:
    return any(param.numeric for param in tool.params)


def _takes_text(tool: Tool) -> bool:
    return any(param.type == "string" and param.kind == "free" for param in tool.params)


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
    return out


def _typed_fit(tool: Tool, text: str) -> bool:
    """Whether the text holds a value of an unmistakable kind that the tool requires."""
    return any(
        param.textual
        and param.required
        and not param.nullable
        and param.kind in _TYPED
        and find_strings(param, text)
        for param in tool.params
    )


def _spoken(param: Param, value: JSON, text: str) -> bool:
    """Whether a value was really said, not assumed."""
    if value is None or isinstance(value, bool) or value == []:
        return False
    if param.choices:
        return slots.choice_for(param, text) is not json_schema.MISFIT
    if param.type == "string" and param.kind == "free":
        return False
    return not param.has_default or value != param.placeholder()
