"""Which tool a text asks for: words shared with its name, description and parameters, rare ones first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from workshop.practice.model import json_schema
from workshop.practice.model.params import Param
from workshop.practice.model.values import QUOTED, SELF_PLACE
from workshop.practice.model.words import (
    GENERIC,
    STOP,
    bag,
    description_stems,
    families,
    name_stems,
    name_words,
    stem,
    stems,
    tokens,
)

JSON = Any

# Verbs that change something: such a tool is never called merely to find out a missing argument.
_CHANGING = bag(
    """create add update set delete remove send book buy order pay transfer cancel write post put publish
    submit schedule reserve charge refund withdraw deposit approve reject execute run start stop open
    close turn move rename upload save register subscribe unsubscribe erase purge wipe drop terminate
    deactivate disable enable reset revoke grant archive change edit modify invite assign block sell"""
)
# With such a last word a name is that of a thing (`order_status`), and with these verbs plainly one that acts.
_INFORMS = bag(
    "status info information detail details history list count price total lookup query sql search report"
)
_PLAINLY = bag("delete erase purge wipe terminate remove send cancel pay refund deactivate")
_MARKED = r"(?:don['’]t|do not|never|not (?:yet|now|to)|without (?=\w+ing\b))"
_HELD_BACK = re.compile(
    rf"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )\b{_MARKED}"
    r"|\b(?:i|we|you) (?:(?:really|still|also) )?(?:don['’]t|do not|never)"
    r" (?:\w+ )?(?:(?:want|wish)\b(?! (?:it|this|that|them)\b)|(?:need|have|intend|mean|plan|ask(?:ed)?|like|think)"
    r"\b[^.,;!?]{0,30}\bto\b)",
    re.I,
)
_ABOUT_IT = re.compile(
    r"^\W*(?:(?:and|but|so|also|please|hi|hello|hey|ok|okay|just|well|just tell me|tell me|say)\b[\s,:]*)*"
    r"(?:how(?! about)|why(?! don['’]?t you| not)|what(?! about)|who|whose|which|where|when (?:is|are|was|were"
    r"|do|does|did|will|can|should)|should|is|are|was|were|did|does|do (?:i|you|we|they|my|the)|am i|has|have (?:i"
    r"|you|we|they|my)|(?:can|could|may|must|will) (?:i|we|it|my|the)\b|(?:(?:can|could|would|will) you )?"
    r"(?:explain|describe|tell me|show me|clarify|let me know)|whether|i (?:wonder|want to know))\b"
    r"|\bhow (?:to|do i|can i|would i)\b",
    re.I,
)
_UTTERED = re.compile(r"\b(?:saying|says|telling|tell (?:him|her|them)|remind\w*)\b.*|:.*", re.I | re.S)


def holds_back(text: str, *, whole: bool = False) -> bool:
    """Whether a clause (or any sentence of a whole text) forbids an action, or asks about it."""
    bare = QUOTED.sub(" ", text)
    parts = re.split(r"(?<=[.?!;\n])\s+", bare) if whole else [bare]
    return any(_HELD_BACK.search(_UTTERED.sub("", part)) or _ABOUT_IT.match(part) for part in parts)


_ASKING = bag("get fetch find list lookup look show query search check retrieve calculate compute up")
_HANDOFF = re.compile(r"^\s*hand\s?-?off to the (.+?) agent to handle the request\.?", re.I)


@dataclass(frozen=True)
class Tool:
    """A function tool, with what it is compared by."""

    name: str
    description: str
    parameters: json_schema.Schema

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """Its parameters, in the schema's order."""
        root = self.parameters
        top = json_schema.resolve(root, root)
        required = set(json_schema.required_of(top))
        properties = json_schema.mapping(top.get("properties"))
        about = f"{self.name} {self.description}"
        return tuple(
            Param(str(n), json_schema.mapping(s), root, n in required, about) for n, s in properties.items()
        )

    @cached_property
    def needed(self) -> tuple[Param, ...]:
        """The parameters that the conversation must give."""
        return tuple(param for param in self.params if param.essential)

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """The stems of its name."""
        return name_stems(self.name)

    @cached_property
    def description_stems(self) -> frozenset[str]:
        """The stems of its description."""
        return description_stems(self.description)

    @cached_property
    def param_stems(self) -> frozenset[str]:
        """The stems of its parameters' names, descriptions and choices."""
        out: set[str] = set()
        for param in self.params:
            out |= name_stems(param.name) | description_stems(param.description)
            out |= {stem(word) for choice in param.choices or () for word in tokens(str(choice))}
        return frozenset(out)

    @cached_property
    def handoff_target(self) -> str | None:
        """The agent it hands off to, if it is a handoff."""
        match = _HANDOFF.match(self.description)
        if match:
            return match.group(1)
        if self.name.startswith(("transfer_to_", "handoff_to_", "hand_off_to_")):
            return self.name.split("_to_", 1)[1].replace("_", " ")
        return None

    @cached_property
    def purpose(self) -> str:
        """Its description without the sentence that every handoff begins with."""
        return _HANDOFF.sub("", self.description).strip()

    @cached_property
    def changes_things(self) -> bool:
        """Whether its name says that it does something, rather than look something up or work it out."""
        words = name_words(self.name)
        if not words or (words[-1] in _INFORMS and words[0] not in _PLAINLY):
            return False
        if words[0] == "add" and self.params and all(param.numeric for param in self.params):
            return False
        plainly = {words[-1], *tokens(self.description)[:1]} & (_PLAINLY | {f"{verb}s" for verb in _PLAINLY})
        return words[0] in _CHANGING or (bool(plainly) and words[0] not in _ASKING)

    @cached_property
    def label(self) -> str:
        """Its name as words without the verb: `get_weather_alerts` -> `weather alerts`."""
        words = list(name_words(self.name))
        while len(words) > 1 and words[0] in _CHANGING | _ASKING:
            words = words[1:]
        if len(words) > 1 and words[-1] in ("tool", "info", "function"):
            words = words[:-1]
        return " ".join(words)


@lru_cache(maxsize=512)
def _parsed(name: str, description: str, parameters: str) -> Tool:
    return Tool(name, description, json.loads(parameters))


def read_tools(raw: Sequence[Mapping[str, JSON]]) -> list[Tool]:
    """The function tools of a request; anything else in the list is ignored."""
    out = []
    for item in raw:
        if not isinstance(item, Mapping) or item.get("type", "function") != "function":
            continue
        # The Chat Completions shape nests the function one deeper; learners mix the two up.
        body = item.get("function") if isinstance(item.get("function"), Mapping) else item
        name = body.get("name") if isinstance(body, Mapping) else None
        if not isinstance(name, str) or not name or not isinstance(body, Mapping):
            continue
        description = body.get("description")
        parameters = body.get("parameters")
        out.append(
            _parsed(
                name,
                description if isinstance(description, str) else "",
                json.dumps(parameters if isinstance(parameters, Mapping) else {}, default=str),
            )
        )
    return out


@dataclass(frozen=True)
class Score:
    """How well a text fits a tool. `strong` says that it fits well enough to call it."""

    value: float
    strong: bool


@dataclass(frozen=True)
class Asked:
    """A text, ready to be compared with many tools."""

    stems: frozenset[str]
    weak: frozenset[str] = frozenset()

    @cached_property
    def families(self) -> frozenset[int]:
        """The synonym families of its words."""
        return frozenset(family for word in self.stems for family in families(word))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The first six letters of its longer words."""
        return frozenset(word[:6] for word in self.stems if len(word) >= 6)


def asked(text: str) -> Asked:
    """Prepare a text for comparison; what stands in quotation marks is material, not a request."""
    bare = QUOTED.sub(" ", text)
    found = frozenset(stems(bare) or stems(text))
    weak = frozenset({stem("location"), "geo"}) if SELF_PLACE.search(text) else frozenset()
    return Asked(found, weak - found)


@dataclass
class Chooser:
    """Compares texts with the tools of one request."""

    tools: Sequence[Tool]
    _frequency: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for tool in self.tools:
            self._frequency.update(tool.name_stems | tool.description_stems)

    def weight(self, word: str) -> float:
        """How much a word of a tool tells: little if most tools have it."""
        generic = 0.2 if word in GENERIC else 1.0
        count = self._frequency[word]
        return generic / (1.0 + 0.35 * max(0, count - 1))

    def score(self, text: Asked, tool: Tool) -> Score:
        """Compare one text with one tool."""
        total, named, described = 0.0, 0.0, 0
        met: dict[str, float] = {}  # words of the tool that the text meets, and how closely
        for word, closeness in _hits(text, tool.name_stems):
            total += 3.0 * closeness * self.weight(word)
            named += closeness if word not in GENERIC else 0.0
            met[word] = closeness
        for word, closeness in _hits(text, tool.description_stems - tool.name_stems):
            total += closeness * self.weight(word)
            described += word not in GENERIC and closeness >= 0.9
        for word, closeness in _hits(text, tool.param_stems - tool.description_stems - tool.name_stems):
            total += 0.5 * closeness * self.weight(word)
        for word in text.weak & tool.name_stems:
            total += 0.9
            named += 0.5
            met[word] = 0.5
        whole = {stem(word) for word in name_words(tool.name) if word not in STOP}
        if whole - {"find"} and whole <= text.stems and not tool.handoff_target:
            named = max(named, 1.0)
            total += 1.0
        # A longer name that is covered in full beats one of which a single word is met.
        telling = [word for word in tool.name_stems if word not in GENERIC]
        if telling:
            total += sum(met.get(word, 0.0) for word in telling) / len(telling)
        return Score(total, named >= 0.5 or described >= 2 or (described >= 1 and total >= 1.5))

    def generic_name_score(self, text: str, tool: Tool) -> int:
        """How many words of a tool's name a text says, generic ones included."""
        said = {stem(word) for word in tokens(text)}
        return len(said & {stem(word) for word in name_words(tool.name)})


def _hits(text: Asked, words: Iterable[str]) -> list[tuple[str, float]]:
    """The words of a tool that a text meets, and how closely."""
    out = []
    for word in sorted(words):
        if word in text.stems:
            out.append((word, 1.0))
        elif word[:6] in text.prefixes:
            out.append((word, 0.8))
        elif families(word) & text.families:
            out.append((word, 0.6))
    return out
