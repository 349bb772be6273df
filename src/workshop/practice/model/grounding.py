"""The arguments of a call: each is grounded by a link that can be named, or it is missing.

A value counts only if it satisfies the parameter's schema. Links, nearest first: what the clause says, what the
rest of the text says, what tools returned, what was said or found in earlier turns, what the schema itself names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workshop.practice.language import measures, values
from workshop.practice.language.values import FROM, TO
from workshop.practice.language.words import bag, families, is_plain, name_words, stem, tokens
from workshop.practice.model import json_schema
from workshop.practice.model.asks import without_excluded
from workshop.practice.model.conversation import Step
from workshop.practice.model.decision import BY_SCHEMA, Found
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.mentions import (
    ONLY_NUMBER,
    choice_for,
    find_strings,
    flag_for,
    list_for,
    numbers_for,
)
from workshop.practice.model.outputs import from_outputs
from workshop.practice.model.params import FREE_TEXT, VAGUE, Param
from workshop.practice.model.tools import Tool


@dataclass(frozen=True)
class Sources:
    """Where values may come from, nearest first."""

    clause: str  # the part of the user's text that asks for this call
    text: str = ""  # the text around it that may say more; empty if only the clause counts
    outputs: Sequence[Step] = ()  # steps of this turn that succeeded
    past: Sequence[Step] = ()  # steps of earlier turns that succeeded, newest first
    facts: Mapping[str, str] = field(default_factory=dict)  # what the user told about themselves
    outputs_first: bool = False  # an output beats the text ("multiply the number" in the instructions)
    answering: bool = False  # the clause answers our own question for arguments: a bare value counts

    @property
    def texts(self) -> list[str]:
        """The clause, and the text around it where that is more."""
        return [text for text in dict.fromkeys((self.clause, self.text)) if text.strip()]


@dataclass(frozen=True)
class Filling:
    """What was found for each parameter, what is still missing, and how much the text itself said."""

    found: Mapping[str, Found]
    missing: tuple[Param, ...] = ()
    said: int = 0

    @property
    def arguments(self) -> dict[str, JSON]:
        """The arguments without their links."""
        return {name: found.value for name, found in self.found.items()}

    @property
    def why(self) -> str:
        """Each argument that was said or found, with its link."""
        return "; ".join(one.told(name) for name, one in self.found.items() if not one.assumed)


def fill(tool: Tool, sources: Sources) -> Filling:
    """Find a tool's arguments; what a call requires and nothing offers is listed in ``missing``."""
    read: dict[str, Found] = {}
    reader = _Reader(tool, sources)
    for param in sorted(tool.params, key=lambda one: one.type == "array"):  # a list takes what is left
        found = _returned(param, sources) if sources.outputs_first else None
        found = found or reader.read(param)
        if found is None and param.essential:
            # The amount of a deed is the user's own, unless they speak of what came back.
            own = reader.acts and param.numeric and not _THERE.search(sources.clause)
            barred = own or reader.names_other_place(param)
            found = None if barred else _elsewhere(param, sources, reader.used)
        if found is not None:
            read[param.name] = found
            reader.used.append(found.value)
    # A number within what another parameter takes (`12 Elm Street`) is no amount, unless something ties it.
    names = (read[p.name].value for p in tool.params if p.name in read and p.kind != "free")
    within = {word for name in names if isinstance(name, str) for word in tokens(name)}
    out = {n: one for n, one in read.items() if one.link != ONLY_NUMBER or str(one.value) not in within}
    defaulted = (p for p in tool.params if p.required and p.default is not json_schema.MISFIT)
    ours = {p.name: Found(p.default, BY_SCHEMA) for p in defaulted}
    # What is named and is none of the choices is not done in another way.
    for p in tool.params if reader.acts else ():
        if p.choices and values.other_choice(p.name, p.choices, reader.sources.clause, tool.stems):
            ours.pop(p.name, None)
    ordered = {p.name: (ours | out)[p.name] for p in tool.params if p.name in ours | out}
    missing = tuple(p for p in tool.params if p.required and p.name not in ordered)
    return Filling(ordered, missing, len(reader.used))


_NAMED = ("noun", "person", "name")
_MAKERS = bag("artist author composer band singer writer director painter")


class _Reader:
    """What the text says of one tool's parameters, each value used once."""

    def __init__(self, tool: Tool, whole: Sources) -> None:
        sources = replace(whole, clause=without_excluded(whole.clause), text=without_excluded(whole.text))
        self.tool = tool
        self.sources = sources
        self.acts = tool.changes_things
        self.whole = whole.texts
        self.used: list[JSON] = []
        # A thing that a deed may go without does not vie for a value that nothing ties to it.
        loose = [p for p in tool.params if self.acts and p.kind == "noun" and not (p.essential or p.choices)]
        self.alike = Counter(p.kind for p in tool.params if p.textual and p not in loose)
        self.named = len([p for p in tool.params if p.textual and p.kind in _NAMED and not p.choices])
        numeric = [param for param in tool.params if param.numeric and not param.choices]
        self.numbers: dict[str, Found] = {}
        for text in () if sources.outputs_first or not numeric else sources.texts:
            rest = [param for param in numeric if param.name not in self.numbers]
            found = numbers_for(rest, text, loose=not self.numbers)
            told = {param.name: param.told for param in rest}
            other = {n for n, one in found.items() if measures.other_measure(one.value, text, told[n])}
            self.numbers |= {name: one for name, one in found.items() if name not in other}

    def read(self, param: Param) -> Found | None:
        """The value that the text has for a parameter."""
        if param.numeric and not param.choices:
            return self.numbers.get(param.name)
        if self.sources.answering and param.textual and (label := param.labelled(self.sources.text)):
            return Found.of(param.fit(label), "said after its name")
        every = param.type == "boolean" or param.kind in ("free", "command")
        texts = self.whole if every and not param.choices else self.sources.texts
        # Which of two names in another sentence is whose, is not decided here; `its position` asks for what came back.
        apart = self.named > 1 if self.acts else re.search(r"\bits\b", self.sources.clause)
        texts = texts[:1] if apart and param.kind in _NAMED else texts
        return next((found for text in texts if (found := self._in(param, text))), None)

    def _in(self, param: Param, text: str) -> Found | None:
        if param.choices:
            twin = any(one.choices == param.choices for one in self.tool.params if one is not param)
            named = choice_for(param, (twin and values.directed(param.words, text)) or text)
            named = json_schema.MISFIT if twin and named in self.used else named
            many = param.type == "array" and named is not json_schema.MISFIT
            return Found.of([named] if many else named, "it is one of the choices, and said")
        if param.type == "boolean":
            flag = flag_for(param, text)
            return None if flag is None else Found(flag, "said so")
        if param.type == "array":
            every = list_for(param, text, essential=param.essential)
            listed = [o for o in every if o not in self.used and not self.claimed_by_other(param, str(o))]
            return Found.of(param.fit(listed), "listed in the text") if listed else None
        return self._string(param, text) if param.textual else None

    def _string(self, param: Param, text: str) -> Found | None:
        offers = self._candidates(param, text) if param.essential else self._meant(param, text)
        fits = list(dict.fromkeys(one for one in map(param.fit, offers) if one is not json_schema.MISFIT))
        # One stretch of text is not the value of two parameters that a call requires.
        fits = [one for one in fits if not (param.essential and one in self.used)]
        if not fits:
            return None
        together = param.fit(", ".join(map(str, fits)))
        addressed = self.acts and len(fits) > 1 and all("@" in str(one) for one in fits)
        if addressed and self.alike[param.kind] == 1 and together is not json_schema.MISFIT:
            return Found(together, "every address in the text")
        said = str(fits[0]) if str(fits[0]).lower() in text.lower() else " ".join(text.split())
        return Found(fits[0], "the user's own words" if fits[0] == text.strip() else f"from '{said[:60]}'")

    def _meant(self, param: Param, text: str) -> list[str]:
        """The values for a parameter that may be left out: what is plainly meant for it."""
        if param.kind not in ("free", "noun"):
            person, own = param.kind == "person", text == self.sources.clause
            found = self._candidates(param, text) if own or not person else []
            return [one for one in found if not person or not is_plain(one)]
        before = re.search(rf"\b([A-Z]\w+) {re.escape(name_words(param.name)[-1])}\b", text)
        if label := param.labelled(text) or (before and before[1]):
            return [label]
        if param.words & {"question"} and "?" in text:
            return [one.strip() for one in re.findall(r"[^.?!\n]+\?", text)[-1:]]
        if param.words & _MAKERS and (by := re.search(r"\bby ((?:[A-Z][\w'’-]*(?: |\b))+)", text)):
            return [by[1].strip()]
        because = param.words & {"reason"} and self.acts and re.search(r"\b(?:because|due to)\b", text)
        return find_strings(param, text, acts=True) if because else []

    def _candidates(self, param: Param, text: str) -> list[str]:
        """The values in a text for a string parameter, best first."""
        kind, alike, clause = param.kind, self.alike[param.kind], self.sources.clause
        answering = self.sources.answering and text is clause
        if kind in ("place", "city", "state") and values.SELF_PLACE.search(clause) and text is not clause:
            return []
        if kind == "free" and text is clause and len(tokens(text)) < 4:
            text = self.sources.text or text  # what is to be said may stand beside it
        others = frozenset(stem(word) for one in self.tool.params if one is not param for word in one.words)
        found = find_strings(param, text, alone=alike == 1, acts=self.acts, known=others)
        found = [self._without_verb(one, text) for one in found]
        found = [one for one in found if one and not self.claimed_by_other(param, one)]
        if kind != "id" and self.alike["id"]:
            found = [one for one in found if one not in values.find("id", text) or kind == "date"]
        if self.acts and kind == "noun" and not self.tool.objects and param.essential and not answering:
            # `Play chess` with a tool that plays songs: a plain word is no name for it.
            found = [one for one in found if not is_plain(one) or one in values.find("quoted", text)]
        every = values.find("id", text) if kind == "id" and not found else []
        if answering or len(every) >= alike > 1:
            found = found or [one for one in every if one not in self.used]
        # What stands after `to` is not for a parameter that is named like `from`, and the other way round.
        away = values.directed(TO if param.words & FROM else FROM if param.words & TO else frozenset(), text)
        found = [one for one in found if one.lower() not in (away or "").lower()]
        directed = values.directed(param.words, text) if alike > 1 or param.words & (FROM | TO) else None
        if directed is None:
            return [one for one in found if alike == 1 or one not in self.used]
        if inside := [one for one in found if one.lower() in directed.lower()]:
            return [inside[0], *found]
        if kind == "currency":
            return [*values.find("currency", directed)[:1], *found]
        if param.essential and param.kinds[-1] not in ("state", "city", "email", "ip", "url", "person"):
            return [re.sub(r"^(?:my|the|our)\s+", "", directed.strip()), *found]
        return found

    def claimed_by_other(self, param: Param, value: str) -> bool:
        """Whether a value belongs to another parameter: it stands by that one's name, or is its number."""
        if value in [str(one.value) for one in self.numbers.values()]:
            return True
        labels = (p.labelled(self.sources.clause) for p in self.tool.params if p is not param and p.textual)
        return value in labels and value != param.labelled(self.sources.clause)

    def _without_verb(self, value: str, text: str) -> str:
        """A name without the verb that the clause begins with (`Enroll Ana`)."""
        head, _, rest = value.partition(" ")
        own = stem(head.lower()) in self.tool.name_stems | self.tool.verbs
        return rest.removeprefix("the ") if rest and own and text.lstrip().startswith(value) else value

    def names_other_place(self, param: Param) -> bool:
        """Whether the text names a place that this parameter cannot take: then no other may stand in for it."""
        if param.kind not in ("state", "city", "place") or values.SELF_PLACE.search(self.sources.clause):
            return False
        named = " ".join(values.find("place", self.sources.clause)).lower()
        led = (str(value).lower() for step in self.sources.outputs for value in step.arguments.values())
        return bool(named) and not any(value in named or named in value for value in led)


# -- what was said or found before ------------------------------------------------------------------------

_THERE = re.compile(r"\b(?:there|it|that|this|same|again|those|them|him|her|his)\b", re.I)


def _returned(param: Param, sources: Sources, used: Sequence[JSON] = ()) -> Found | None:
    value = from_outputs(param, sources.outputs)
    if param.numeric and value in used:  # one result is not two operands
        return None
    names = ", ".join(dict.fromkeys(step.name for step in sources.outputs))
    return Found.of(value, f"in what {names} returned")


def _elsewhere(param: Param, sources: Sources, used: Sequence[JSON]) -> Found | None:
    """What an essential parameter may take where the text has nothing for it."""
    if returned := _returned(param, sources, used):
        return returned
    there = _from_past(param, sources.past) if _THERE.search(sources.clause) else json_schema.MISFIT
    if there is not json_schema.MISFIT:
        return Found(there, "as in the call before")
    spoken = " ".join(name_words(param.name))
    told = param.first(sources.facts[k] for k in (spoken, "name") if k in sources.facts and k in spoken)
    return Found.of(told, "told by the user before")


def _from_past(param: Param, past: Sequence[Step]) -> JSON:
    """The value an earlier turn used or returned: what `there`, `it` and `the same` mean."""
    for step in past:
        given = step.arguments.items()
        same = [value for name, value in given if name == param.name]
        same += [v for n, v in given if set(param.kinds) & set(Param(n, {}, {}).kinds) - {"noun", "free"}]
        if (fitted := param.first(same)) is not json_schema.MISFIT:
            return fitted
    return from_outputs(param, list(reversed(past)))


# -- the calls that lead to a missing argument: IP address -> location -> state, one step a turn ---

_DEPTH = 5
# What a tool about a place can be expected to return.
_OF_A_PLACE = bag("state city country place coordinates")
_LOCATION = stem("location")
_IDLE = frozenset(map(stem, FREE_TEXT | VAGUE | {"type", "info"}))
Called = Callable[[str, dict[str, JSON]], bool]


def producers(param: Param, tools: Sequence[Tool], visited: frozenset[str]) -> list[Tool]:
    """The tools that look as if they return what a parameter asks for, likeliest first; none that changes anything."""
    every = {stem(word) for word in param.words}
    wanted = every - _IDLE or every
    if wanted <= _IDLE and param.kind in ("free", "command"):
        return []
    if param.kind in _OF_A_PLACE:
        wanted |= {_LOCATION, stem(param.kind)}
    of_place = families(_LOCATION) if _LOCATION in wanted else frozenset()
    ranked: list[tuple[float, int, Tool]] = []
    for index, tool in enumerate(tools):
        same = any(p.name == param.name and p.essential for p in tool.params)
        if same or tool.name in visited or tool.changes_things or tool.handoff_target:
            continue
        inputs = {stem(word) for p in tool.params for word in p.words}
        score = 2.0 * len(wanted & tool.name_stems) + 0.8 * len(wanted & tool.description_stems)
        if any(families(word) & of_place for word in tool.name_stems - {"ip", "address"}):
            score += 1.5
        # A tool that takes what we want does not return it.
        score -= 1.5 * len(wanted & inputs - {_LOCATION})
        if score >= 0.8:
            ranked.append((-score, index, tool))
    return [tool for _, _, tool in sorted(ranked, key=lambda entry: entry[:2])]


def next_step(
    tool: Tool,
    sources: Sources,
    tools: Sequence[Tool],
    called: Called,
    visited: frozenset[str] = frozenset(),
) -> tuple[Tool, Filling] | None:
    """The call to make now so that `tool` can be called (now, or later); None if an argument is nowhere to be had.

    ``called`` tells whether a call was made in this turn already; ``visited`` are the tools further up this chain.
    """
    filling = fill(tool, sources)
    if not filling.missing:
        return tool, filling
    if len(visited) >= _DEPTH:
        return None
    above = visited | {tool.name}
    # A producer looks for its own arguments in what the user said, not in the consumer's clause.
    whole = replace(sources, clause=sources.text or sources.clause)
    steps = []
    for param in filling.missing:
        # What a deed is done with anew, and how much of it, is the user's to say.
        if tool.changes_things and (param.numeric or "new" in param.words):
            return None
        able = (t for t in producers(param, tools, above) if t.needed or _about_oneself(param, sources))
        leads = (next_step(one, whole, tools, called, above) for one in able)
        fresh = (one for one in leads if one and not called(one[0].name, one[1].arguments))
        steps.append(next(fresh, None))
    return steps[0] if None not in steps else None


def _about_oneself(param: Param, sources: Sources) -> bool:
    """Whether a tool that is asked nothing may answer: it can only tell of the user, never of a place that is named."""
    if param.kind in _OF_A_PLACE or param.kind == "ip":
        return bool(values.SELF_PLACE.search(sources.clause)) or "my ip" in sources.clause.lower()
    return not values.find("person", sources.clause) and not values.find("place", sources.clause)
