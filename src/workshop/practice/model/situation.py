"""One request, read once: the conversation, the tools, and what the text asks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from workshop.practice.language import measures, values
from workshop.practice.language.lexicon import LANGUAGES
from workshop.practice.language.values import SELF_PLACE
from workshop.practice.language.words import (
    BESIDE,
    LONGEST_TEXT,
    bag,
    begins_question,
    cut,
    families,
    is_plain,
    is_wish,
    name_words,
    stem,
    stems,
    tokens,
    verb_of,
)
from workshop.practice.model import asks, json_schema
from workshop.practice.model.asks import Ask
from workshop.practice.model.conversation import Conversation, Step, read
from workshop.practice.model.decision import Found, PlanRequest, ToolCall
from workshop.practice.model.fit import Fit, Fitting
from workshop.practice.model.grounding import Filling, Sources, fill, next_step, producers
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.mentions import choice_for
from workshop.practice.model.tools import Tool, hosted, read_tools

_ASKED_FOR = re.compile(r"^To use (\S+) I need: ")
_FOLLOW_UP = re.compile(r"^\W*(?:and|what about|how about|what of|now|same|also|or|try|then|again)\b", re.I)
_ASKS_BACK = re.compile(r"\W*(?:who|whose|what|when|where|why|how|which)\b|.*\?\s*$", re.I | re.S)
_EACH = re.compile(r"\b(?:each|apiece|both|every|everyone|all of them)\b", re.I)
_TIMES = frozenset(map(stem, bag("today tomorrow tonight now week month year day morning evening am pm")))
# What narrows down what is asked for: `among shoes`.
_NARROWS = re.compile(
    r"\b(?:among|for|with|without|within|under|over)\s+((?:(?:the|an?|my|all|our)\s+)?[a-z][a-z-]+)(?![\w-]|\.\w)"
)
_SAYS_MORE = re.compile(r"(?:including|without|with|plus)\b", re.I)
# What is given, and asks for nothing where something else does: `Vintage: 2011`.
_DATA = re.compile(r"[A-Z]\w*(?: \w+)?: \S")
CREATIVE = bag("haiku poem story song limerick joke essay riddle rhyme verse ballad sonnet")


@dataclass(frozen=True)
class Goal:
    """A call that is asked for: its tool, the parts of the text that ask for it, and by which words they do."""

    tool: Tool
    asks: tuple[Ask, ...]
    why: str
    text: str = ""  # around them, that may say more
    written: str = ""  # the whole text in which they stand
    outputs_first: bool = False  # its arguments are rather in earlier outputs than in the text
    answering: bool = False  # the text answers our own question for arguments
    sets: tuple[Filling, ...] = ()  # of arguments, where they are known already
    turned: str = ""  # what corrects it, or speaks against it

    @property
    def clause(self) -> str:
        """All that asks for it, as it was written."""
        end = self.asks[-1].start + len(self.asks[-1].text)
        return self.written[self.asks[0].start : end] if self.written else self.asks[0].text

    @property
    def condition(self) -> str:
        """What has to hold first (`if it was late`), or nothing."""
        return self.asks[0].condition


@dataclass(frozen=True)
class Work:
    """What is left to do in this turn: calls that can be made now, each with its reason; goals that cannot be met."""

    calls: tuple[tuple[ToolCall, str], ...]
    blocked: tuple[tuple[Goal, Filling], ...]
    held: tuple[tuple[Goal, str], ...]  # deeds, each with what it says that nothing here takes up


class Situation:
    """A request with everything that rules ask of it, each read at most once.

    Attributes:
        instructions: The system prompt, and what developers wrote into the conversation.
        text: What the user wrote last, as far as it is read.
        offered, tools: The function tools that may be called; those of them that are no handoffs.
        open_handoffs: The handoffs that may be made now.
        mode, named: What tool_choice says: a mode, and the tool that it names.
        own_steps, done: The calls of this turn that are no handoffs; those of them that went well.
        past: What earlier turns called, newest first.
        unmet: Parts of the text that nothing here does; known once the goals are.
    """

    def __init__(self, request: PlanRequest) -> None:
        self.request = request
        self.conversation: Conversation = read(request.items)
        self.instructions = f"{request.instructions or ''}\n{self.conversation.system}".strip()[:20_000]
        *before, now = self.conversation.turns
        self.text = cut(now.user, LONGEST_TEXT)
        self.offered = read_tools(request.tools)
        self.hosted = hosted(request.tools)
        choice = request.tool_choice
        self.mode = choice if isinstance(choice, str) else "auto"
        self.named: str | None = None
        if isinstance(choice, Mapping) and choice.get("type") == "allowed_tools":
            allowed = [json_schema.mapping(tool).get("name") for tool in choice.get("tools") or ()]
            self.offered = [tool for tool in self.offered if tool.name in allowed]
            self.mode = str(choice.get("mode", "auto"))
        elif isinstance(choice, Mapping):
            self.named = choice.get("name") or json_schema.mapping(choice.get("function")).get("name")
        self.may_call = self.mode != "none" and self.named is None
        self.tools = [tool for tool in self.offered if not tool.handoff_target]
        steps = now.steps
        self.own_steps = [step for step in steps if not _is_transfer(step)]
        self.done = [step for step in self.own_steps if step.succeeded]
        earlier = [step for turn in reversed(before) for step in reversed(turn.steps)]
        self.past = [step for step in earlier if not _is_transfer(step)][:40]
        # Whoever had their turn, or was in charge when it began and has passed it on, is not asked again.
        passed_on = len(self.own_steps) < len(steps)
        gone = [step.name for step in earlier if _is_transfer(step)][:1] if passed_on else []
        gone += [step.name for step in steps]
        self.open_handoffs = [one for one in self.offered if one.handoff_target and one.name not in gone]
        self._called = {(step.name, json_schema.canonical(step.arguments)) for step in steps}
        self.fitting = Fitting(self.tools)
        self.parts = asks.parts(self.text, self.fitting.own_verbs)
        self.unmet: list[str] = []

    def called(self, name: str, arguments: Mapping[str, JSON]) -> bool:
        """Whether this very call was made in this turn already."""
        return (name, json_schema.canonical(dict(arguments))) in self._called

    def sources(self, goal: Goal) -> Sources:
        """Where a goal's arguments may come from."""
        return Sources(
            clause=goal.clause,
            text=goal.text,
            outputs=self.done,
            past=[step for step in self.past if step.succeeded],
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
        own, pending = self._asked, self._pending
        if pending and all(goal.tool == pending.tool for goal in own):
            self.unmet.clear()
            return [pending]
        return own or self._follow_up

    @cached_property
    def _pending(self) -> Goal | None:
        """The goal we asked a missing argument for in the turn before, if this turn may answer it."""
        told: list[str] = []
        tool: Tool | None = None
        for turn in reversed(self.conversation.turns[:-1]):
            if not (asked := _ASKED_FOR.match(turn.said)):
                break
            tool = tool or next((one for one in self.tools if one.name == asked.group(1)), None)
            told.insert(0, turn.user)
        if tool is None or _ASKS_BACK.match(self.text):
            return None
        if tool.changes_things and (asks.holds_back(self.text, whole=True) or asks.takes_back(self.text)):
            return None
        text = "\n".join([*told, self.text])
        return Goal(tool, (Ask(self.text, 0),), "it was asked for before", text, answering=True)

    @cached_property
    def _asked(self) -> list[Goal]:
        """The goals that the text names, one for each part that asks for something."""
        goals: list[Goal] = []
        before: Goal | None = None
        taken_back = any(asks.takes_back(part.text) for part in self.parts[1:])
        verb = ""
        for part in self.parts:
            if asks.takes_back(part.text):
                continue
            if asks.TURNS.match(part.text) and goals:
                goals[-1] = replace(goals[-1], turned=part.text.strip(" ,.!?"))
                before, verb = None, ""
                continue
            if part.excludes:
                if not (before and self._keeps_off(before, part.text)):
                    self.unmet.append(part.text.strip(" ,.!?"))
                continue
            # "... and text 'Back on Monday.'" names a parameter, whatever verb that word may be elsewhere.
            labels = {word for param in before.tool.params for word in param.words} if before else set()
            chooses = before and _only_chooses(before.tool, part.text)
            more = chooses or _SAYS_MORE.match(part.text)
            named = part.joined and bool(more or labels & set(tokens(part.text)[:1]))
            goes_on = named or (part.joined and not part.verb and not begins_question(part.text))
            one = replace(part, verb=verb, inherited=True) if goes_on and verb else part
            verb = one.verb
            data = _DATA.match(part.text) and any(other.verb or other.question for other in self.parts)
            fit = None if named or data else self._best(one)
            if part.forbids and not chooses:
                continue
            if fit and goes_on and before and (fit.tool == before.tool or fit.score < 3.0):
                fit = None
            if fit:
                before = Goal(fit.tool, (one,), fit.why, self.text, self.text)
                goals.append(before)
            elif goes_on and before and not part.condition:
                before = replace(before, asks=(*before.asks, one))
                goals[-1] = before
            elif goes_on and self.unmet:
                self.unmet[-1] = f"{self.unmet[-1]}, {part.text}"
            elif (
                part.question
                or part.verb
                or is_wish(part.text)
                or part.condition
                or self.fitting.orders(part)
            ):
                before = None
                if stems(part.text) or begins_question(part.text):
                    self.unmet.append(part.text.strip(" ,.!?"))
        goals = [goal for goal in goals if not (goal.tool.changes_things and taken_back)]
        return [self._placed(goal, goals) for goal in goals[:8]]

    def _placed(self, goal: Goal, goals: list[Goal]) -> Goal:
        """A goal with the text that may say more of it: of a deed, not the parts that ask for another."""
        others = {ask.start for other in goals if other is not goal for ask in other.asks}
        apart = goal.tool.changes_things and not goal.asks[0].refers
        text = " ".join(part.text for part in self.parts if not (apart and part.start in others))
        return replace(goal, text=text if len(goals) > 1 else self.text)

    def _best(self, ask: Ask) -> Fit | None:
        """The tool that a part asks for; between tools that fit alike, the one whose arguments the text holds."""
        found = [fit for tool in self.tools if (fit := self.fitting.fit(ask, tool))]
        fits = sorted(found, key=lambda one: -one.score)
        made = {stem(word) for word in CREATIVE & set(tokens(ask.asked))}
        if made and not ask.question:  # a poem about the weather is not the weather
            fits = [f for f in fits if made & (f.tool.name_stems | f.tool.description_stems)]
        close = [fit for fit in fits[:4] if fit.score >= fits[0].score * 0.7]
        if len(close) > 1:
            close.sort(key=lambda fit: -self._grounded(ask, fit))
        return close[0] if close else None

    def _grounded(self, ask: Ask, fit: Fit) -> float:
        """A fit's score, less what the tool lacks: what neither the text nor another tool gives."""
        filling = fill(fit.tool, Sources(ask.text, self.text, facts=self.conversation.facts))
        able = [bool(producers(p, self.tools, frozenset())) for p in filling.missing]
        said = {stem(word) for word in tokens(ask.text)} & {stem(word) for word in fit.tool.words}
        lacks = 0.9 * able.count(False) + 0.4 * able.count(True)
        told = 0.1 * min(filling.said, 3) + 0.2 * min(fill(fit.tool, Sources(ask.text)).said, 3)
        return fit.score + told + 0.15 * len(said) - lacks

    @cached_property
    def _follow_up(self) -> list[Goal]:
        """`And in Texas?`: the call of the turn before, with what is new. Never of a tool that changes something."""
        words, lead = tokens(self.text), bool(_FOLLOW_UP.match(self.text))
        last = next(iter(self.past), None)
        tool = next((one for one in self.tools if last and one.name == last.name), None)
        if last is None or tool is None or not tool.params or tool.changes_things:
            return []
        if len(words) > (12 if lead else 4 if "?" in self.text else 2) or verb_of(self.text):
            return []
        goal = Goal(tool, (Ask(self.text, 0),), "it goes on from the question before")
        if lead and SELF_PLACE.search(self.text):
            return [goal]
        kept = {name: Found(value, "as in the call before") for name, value in last.arguments.items()}
        found = [fill(tool, Sources(piece.text)).found for piece in self.parts]
        said = [p for p in tool.params if not (p.type == "string" and p.kind == "free")]
        self.unmet.clear()
        new = [{p.name: o[p.name] for p in said if p.name in o and not o[p.name].assumed} for o in found]
        sets = tuple(Filling({**kept, **one}) for one in new if one)
        return [replace(goal, sets=sets)] if sets else []

    # -- work -------------------------------------------------------------------------------------

    def work(self, goals: list[Goal]) -> Work:
        """The next calls of the goals that are not met yet."""
        calls: dict[str, tuple[ToolCall, str]] = {}
        blocked: list[tuple[Goal, Filling]] = []
        held: list[tuple[Goal, str]] = []
        whole = self.conversation.turns[-1].user.strip()
        for goal in goals:
            if goal.condition:
                continue
            if goal.turned:
                held.append((goal, goal.turned))
                continue
            sets = self._sets(goal)
            alone = replace(self.sources(goal), outputs=())
            told = goal.sets or not fill(goal.tool, alone).missing
            once = not told or goal.outputs_first
            if once and any(step.name == goal.tool.name for step in self.own_steps):
                continue  # it depends on outputs, and new ones are no reason to call it again
            short = next((filling for filling in sets if filling.missing), None)
            target = goal.tool
            if short is not None:
                step = next_step(goal.tool, self.sources(goal), self.tools, self.called)
                if step is None or (goal.tool.changes_things and len(sets) > 1):
                    blocked.append((goal, short))
                    continue
                target, sets = step[0], [step[1]]
                if any(target == other.tool for other in goals[: goals.index(goal)]) and calls:
                    continue  # what it leads to may be in what is asked for first
            elif goal.tool.changes_things and goal.written:
                taken = " ".join([self._told, *(json_schema.canonical(one.arguments) for one in sets)])
                if left := self._not_taken_up(goal, taken.lower(), deed=True):
                    held.append((goal, ", ".join(left)))
                    continue
            for filling in sets:
                # A free text that is the user's whole message gets all of it, however long.
                given = {n: whole if v == self.text.strip() else v for n, v in filling.arguments.items()}
                call = ToolCall(target.name, given)
                lead = "" if target is goal.tool else f"leads to {goal.tool.name}; "
                why = f"called {target.name}: {lead}{goal.why}" + (f"; {filling.why}" if filling.why else "")
                if not self.called(call.name, call.arguments):
                    calls.setdefault(json_schema.canonical([call.name, call.arguments]), (call, why))
        return Work(tuple(calls.values()), tuple(blocked), tuple(held))

    def _sets(self, goal: Goal) -> list[Filling]:
        """The argument sets of a goal, several for `Paris and Tokyo`. No amount is shared out without `each`."""
        if goal.sets:
            return list(goal.sets)
        whole = fill(goal.tool, self.sources(goal))
        if len(goal.asks) < 2 or goal.outputs_first or any(p.type == "array" for p in goal.tool.needed):
            return [whole]
        # `... and size 4` says more of the same call, `bed 3 and bed 4` asks for another.
        first = fill(goal.tool, Sources(goal.asks[0].text)).found
        new = [re.escape(" ".join(name_words(p.name))) for p in goal.tool.params if p.name not in first]
        labelled = re.compile(rf"(?:with )?(?:the |a )?(?:{'|'.join(new) or '(?!)'})\b", re.I)
        pieces = [ask for ask in goal.asks if ask is goal.asks[0] or not labelled.match(ask.text)]
        own = [fill(goal.tool, Sources(ask.text)).found for ask in pieces]
        later = zip(pieces[1:], own[1:], strict=True)
        apart = [own[0], *(found for ask, found in later if self._is_another(goal, ask, found, own[0]))]
        if len(apart) < 2:
            return [whole]
        # Whose it is that stands in another sentence (`Ivo's phone is ...`) is not decided here.
        whose = tuple(p for p in goal.tool.params if goal.tool.changes_things and not p.essential
                      and p.name in whole.found and not whole.found[p.name].assumed
                      and str(whole.found[p.name].value) not in goal.clause)  # fmt: skip
        shared = not goal.tool.changes_things or bool(_EACH.search(goal.clause))
        numeric = {p.name for p in goal.tool.params if p.numeric}
        out = []
        for found in apart:
            barred = set() if shared or found is apart[0] else numeric
            ours = {n: one for n, one in whole.found.items() if n not in barred}
            merged = ours | {n: one for n, one in found.items() if not one.assumed or n not in ours}
            missing = whose + tuple(p for p in goal.tool.params if p.required and p.name not in merged)
            found_in_order = {p.name: merged[p.name] for p in goal.tool.params if p.name in merged}
            out.append(Filling(found_in_order, missing))
        return out

    def _is_another(
        self, goal: Goal, ask: Ask, found: Mapping[str, Found], first: Mapping[str, Found]
    ) -> bool:
        """Whether a part asks for a call of its own: it says another value for what the first part said."""
        tool = goal.tool
        said = {n for n in found.keys() & first.keys() if not found[n].assumed and not first[n].assumed}
        new = [p for p in tool.params if p.name in said and found[p.name].value != first[p.name].value]
        words = [p for p in new if not p.numeric and p.kind not in ("free", "command")]
        if tool.changes_things and not set(stems(ask.text)) & tool.objects:
            counted = any(p.numeric and p.name in said for p in tool.params)  # six pads and two tubes
            words = [p for p in words if p.choices or counted or not is_plain(str(found[p.name].value))]
        if not tool.changes_things:
            return bool(words) or any(p.numeric for p in new)
        # Several addresses are one call's; an amount alone is another call only where it is all there is.
        if words:
            return any(p.kind != "email" for p in words)
        labelled = any(p.numeric and p.words & set(tokens(ask.text)) for p in new)
        return labelled or (len(tool.params) == 1 and any(p.numeric for p in new))

    @cached_property
    def _told(self) -> str:
        """What the calls of this turn were given and returned."""
        return " ".join(f"{json_schema.canonical(step.arguments)} {step.output}" for step in self.own_steps)

    @cached_property
    def ignored(self) -> list[str]:
        """What was asked that no call and no output takes up: to be named."""
        used, goals = self._told.lower(), [goal for goal in self.goals if not goal.condition]
        return list(dict.fromkeys(one for goal in goals for one in self._not_taken_up(goal, used)))

    def _not_taken_up(self, goal: Goal, used: str, *, deed: bool = False) -> list[str]:
        """What a goal's parts say beside what is used: names, ids, counts, times, exceptions; of a deed, any word."""
        words = frozenset(word for param in goal.tool.params if param.numeric for word in param.words)
        named: list[str] = []
        for ask in goal.asks:
            text, own = measures.in_unit(asks.without_excluded(ask.text), words), goal.tool.stems
            rest, plain = values.mask_values(text), values.QUOTED.sub(" ", text)
            counts = [word for word in tokens(text) if word in values.NUMBER_WORDS and word != "one"]
            for one in [*values.find("name", text), *values.find("id", text), *counts]:
                rest = rest.replace(one, " 0 ")
                codes = [*values.find("state", one), *values.find("country", one)]
                alike = [one, LANGUAGES.get(one.lower(), one), str(values.NUMBER_WORDS.get(one, one)), *codes]
                if own.isdisjoint(stems(one)) and not any(_holds(used, word) for word in alike):
                    named.append(one)
            named += [one for one in values.narrowing(text) if not _holds(used, one)]
            named += [one for one in asks.excluded(ask.text) if not self._keeps_off(goal, one)]
            named += [one for one in values.find("quoted", text) if not {*stems(one)} <= {*stems(used)}]
            known = own.union(_TIMES, BESIDE, measures.MEASURED, stems(used), stems(" ".join(named)))
            found = [m for m in _NARROWS.finditer(plain) if stems(m[1])]
            named += [m[0] for m in found if known.isdisjoint(stems(m[1]))]
            if any(p.choices and not p.essential for p in goal.tool.params):  # the baritone music
                kinds = re.findall(r"\b(?:the|an?|my) ([a-z]+) ([a-z]+)", plain)
                named += [w for w in re.findall(r"\bin ([a-z]+)\W*$", plain) if known.isdisjoint(stems(w))]
                mine = goal.tool.name_stems
                named += [k for k, n in kinds if stem(n) in mine and known.isdisjoint(stems(k))]
            known = known.union(stems(" ".join(named)))
            if ask is not goal.asks[0]:  # what goes on is taken up as a whole, or not at all
                if not (known.issuperset(stems(rest)) or _only_chooses(goal.tool, text)):
                    named.append(text.strip(" ,.!?"))
            elif deed:
                near = {*known, ask.verb, *(word[:6] for word in known if len(word) > 5)}
                kin = {family for word in near for family in families(word)}
                said = [(word, stems(word)) for word in tokens(values.QUOTED.sub(" ", rest))]
                named += [word for word, one in said if near.isdisjoint([*one, *(w[:6] for w in one)])
                          and one and not kin & families(one[0]) and word not in values.NUMBER_WORDS]  # fmt: skip
        return list(dict.fromkeys(named))

    def _keeps_off(self, goal: Goal, phrase: str) -> bool:
        """Whether the calls of a goal keep off what is not meant by themselves: zone 2 is `not zone 3`."""
        barred = fill(goal.tool, Sources(asks.not_meant(phrase))).found
        said = [p for p in goal.tool.params if p.name in barred and not barred[p.name].assumed]
        told = [p.name for p in said if p.numeric or p.choices or p.kind not in ("free", "noun", "command")]
        ours = [(barred[name], filling.found.get(name)) for filling in self._sets(goal) for name in told]
        return bool(ours) and all(one and not one.assumed and one.value != no.value for no, one in ours)


def _only_chooses(tool: Tool, text: str) -> bool:
    """Whether a text names one of the choices of a tool's argument, and nothing else: `have it delivered`."""
    chosen = any(choice_for(one, text) is not json_schema.MISFIT for one in tool.params if one.choices)
    return chosen and len(stems(text)) == 1


def _holds(text: str, word: str) -> bool:
    """Whether a text holds a word, and not only as a part of another."""
    return bool(re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text))


def _is_transfer(step: Step) -> bool:
    said = (step.output or "").strip()
    answered = re.fullmatch(r"\{\s*[\"']assistant[\"']\s*:\s*[\"'][^\"']*[\"']\s*\}", said)
    return bool(answered) or Tool(step.name, "", {}).handoff_target is not None
