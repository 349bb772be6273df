"""Which tool a text asks for: words shared with its name, description and parameters, rare ones first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model.values import QUOTED
from workshop.gateway.practice_model.words import (
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
    close turn move rename upload save register subscribe"""
)
_ASKING = bag("get fetch find list lookup look show query search check retrieve calculate compute up")
SELF_PLACE = re.compile(
    r"\bwhere (?:am i|i am|i'm|i live|we are|are we|i currently am|i happen to be)\b|\bmy "
    r"(?:current )?(?:location|area|city|state|region|place|position|whereabouts)\b"
    r"|\b(?:near|around|close to) (?:me|here|us)\b|\baround here\b|\b(?:right |in )here\b"
    r"|\bi(?:'m| am) (?:now|at)\b|\blocal(?:ly)?\b|\bdónde estoy\b|\boù (?:suis-je|je "
    r"suis)\b|\bwo (?:bin ich|ich bin)\b",
    re.I,
)
_HANDOFF = re.compile(r"^\s*hand\s?-?off to the (.+?) agent to handle the request\.?", re.I)


@dataclass(frozen=True)
class Param:
    """One parameter of a tool, or one property of a structured output."""

    name: str
    raw: js.Schema
    root: js.Schema
    required: bool

    @cached_property
    def schema(self) -> js.Schema:
        """The alternative its value is looked for by (never the null one)."""
        return js.main(self.raw, self.root)

    @cached_property
    def type(self) -> str:
        """Its JSON type."""
        return js.kind(self.schema)

    @cached_property
    def nullable(self) -> bool:
        """Whether null will do."""
        return js.nullable(js.resolve(self.raw, self.root), self.root)

    @cached_property
    def description(self) -> str:
        """Its description, or nothing."""
        found = self.schema.get("description") or js.resolve(self.raw, self.root).get("description")
        return found[:1000] if isinstance(found, str) else ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The lower-case words of its name."""
        return frozenset(name_words(self.name))

    @property
    def has_default(self) -> bool:
        """Whether the schema offers a default."""
        return "default" in js.resolve(self.raw, self.root)


@dataclass(frozen=True)
class Tool:
    """A function tool, with what it is compared by."""

    name: str
    description: str
    parameters: js.Schema

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """Its parameters, in the schema's order."""
        root = self.parameters
        top = js.resolve(root, root)
        required = set(js.required_of(top))
        properties = js.mapping(top.get("properties"))
        return tuple(Param(str(n), js.mapping(s), root, n in required) for n, s in properties.items())

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
            for choice in param.schema.get("enum") or ():
                out |= {stem(word) for word in tokens(str(choice))}
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
        """Whether its name says that it does something, rather than look something up."""
        words = name_words(self.name)
        return bool(words) and words[0] in _CHANGING

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
    words: tuple[str, ...] = ()


NO_SCORE = Score(0.0, False)


@dataclass(frozen=True)
class Asked:
    """A text, ready to be compared with many tools."""

    stems: frozenset[str]
    weak: frozenset[str] = frozenset()

    @cached_property
    def families(self) -> dict[int, str]:
        """The synonym families of its words, each with the word that brought it."""
        return {family: word for word in sorted(self.stems) for family in families(word)}

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The first six letters of its longer words."""
        return {word[:6]: word for word in sorted(self.stems) if len(word) >= 6}


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
        total, name_evidence = 0.0, 0.0
        seen: dict[str, float] = {}
        for word, closeness in _hits(text, tool.name_stems):
            worth = closeness * self.weight(word)
            total += 3.0 * worth
            if word not in GENERIC:
                name_evidence += closeness
            seen[word] = closeness
        described = 0
        for word, closeness in _hits(text, tool.description_stems - tool.name_stems):
            worth = closeness * self.weight(word)
            total += worth
            if word not in GENERIC and closeness >= 0.9:
                described += 1
                seen[word] = closeness
        for word, closeness in _hits(text, tool.param_stems - tool.description_stems - tool.name_stems):
            total += 0.5 * closeness * self.weight(word)
        for word in text.weak & tool.name_stems:
            total += 0.9
            name_evidence += 0.5
            seen[word] = 0.5
        plain = [stem(word) for word in name_words(tool.name) if word not in STOP]
        if (
            plain
            and not tool.handoff_target
            and all(word in text.stems for word in plain)
            and text.stems & set(plain) - {"find"}
        ):
            name_evidence = max(name_evidence, 1.0)
            total += 1.0
        # A longer name that is covered in full beats one of which a single word is met.
        specific = [word for word in tool.name_stems if word not in GENERIC]
        if specific:
            total += sum(seen.get(word, 0.0) for word in specific) / len(specific)
        strong = name_evidence >= 0.5 or described >= 2 or (described >= 1 and total >= 1.5)
        return Score(total, strong, tuple(sorted(seen)))

    def generic_name_score(self, text: str, tool: Tool) -> int:
        """How many words of a tool's name a text says, generic ones included."""
        said = {stem(word) for word in tokens(text)}
        return len(said & {stem(word) for word in name_words(tool.name)})


def _hits(text: Asked, words: Iterable[str]) -> list[tuple[str, float]]:
    """The words of a tool that a text meets, and how closely."""
    out = []
    prefixes, by_family = text.prefixes, text.families
    for word in sorted(words):
        if word in text.stems:
            out.append((word, 1.0))
        elif len(word) >= 6 and word[:6] in prefixes:
            out.append((word, 0.8))
        else:
            mine = families(word)
            if mine and any(family in by_family for family in mine):
                out.append((word, 0.6))
    return out
