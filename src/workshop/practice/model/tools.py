"""What a tool is: its names and words, what it needs, and whether it changes something."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workshop.practice.language.words import (
    ASKING,
    CHANGING,
    CHANGING_STEMS,
    GENERIC,
    KNOWN,
    WORKING,
    bag,
    description_stems,
    name_stems,
    name_words,
    stem,
    tokens,
)
from workshop.practice.model import json_schema
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.params import Param

# With such a last word a name is that of a thing (`order_status`), and with these verbs plainly one that acts.
_INFORMS = bag(
    """status state info information detail details history list count price total lookup query sql search report
    hours balance tracker"""
)
_PLAINLY = bag("return delete erase purge wipe terminate remove send cancel pay refund deactivate")
_RETURNS = ASKING | WORKING | bag("return provide answer fetch translate")
_FILES = bag("file files text document page url folder link image picture json csv")
# `Write a number as a roman numeral` is worked out; nothing is written anywhere.
_REWRITES = re.compile(r"\w+ (?:an? |the )?(?:number|text|word|name|date|time)s? (?:as|in) an? ", re.I)
# They work something out only where chance is meant.
_HANDLES = bag("take pick throw fire hand keep")
_SHELLS = bag("shell terminal bash console exec")
_ARTICLES, _OF = bag("a an the some your"), bag("of for in at from and")
_HANDOFF = re.compile(r"^\s*hand\s?-?off to the (.+?) agent to handle the request\.?", re.I)
# Words before the matter in a name: `get_weather_alerts` is about weather alerts.
_LABEL_VERBS = CHANGING | bag("for to get fetch find list lookup look show query search check retrieve up")


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
        named = ((str(name), json_schema.mapping(one)) for name, one in properties.items())
        return tuple(Param(name, one, root, name in required, about) for name, one in named)

    @cached_property
    def needed(self) -> tuple[Param, ...]:
        """The parameters that the conversation must give."""
        return tuple(param for param in self.params if param.essential)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name, in order."""
        return name_words(self.name)

    @property
    def name_stems(self) -> frozenset[str]:
        """The stems of its name."""
        return name_stems(self.name)

    @property
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
    def stems(self) -> frozenset[str]:
        """The stems of all that is said of it."""
        return self.name_stems | self.description_stems | self.param_stems

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems of what it does, by its name and the first word of its description."""
        first = [word for word in tokens(self.description)[:1] if _base(word) in KNOWN]
        return frozenset(stem(word) for word in [*(w for w in self.words if w in KNOWN), *first])

    @cached_property
    def deeds(self) -> frozenset[str]:
        """The verbs by which it changes something; empty if it only looks up or works out."""
        words, described = self.words, [_base(word) for word in tokens(self.description)[:1]]
        if _REWRITES.match(self.description):
            described = []
        named = rf"(?:the|an?)\s+{re.escape(' '.join(words))}\b"  # "The edit distance of two words": a thing
        if not words or self.handoff_target or re.match(named, self.description, re.I):
            return frozenset()
        if _SHELLS & {*words, *tokens(self.description)} or "command" in tokens(self.description):
            return frozenset({"run", "execut", *(self.verbs & CHANGING_STEMS)})
        first = words[0]
        if first == "check" and words[1:2] in (("in",), ("out",)):
            return frozenset({"check"})
        if first not in _PLAINLY:
            names_thing = words[-1] in _INFORMS or (first in KNOWN and first not in CHANGING)
            if names_thing or (described and described[0] in _RETURNS - CHANGING - _HANDLES):
                return frozenset()
        sums = first == "add" and self.params and all(param.numeric for param in self.params)
        if sums or (first == "open" and _FILES & set(words)):
            return frozenset()
        acts = {first} & (CHANGING | _PLAINLY) | {*described} & CHANGING
        if not acts and "random" not in self.description.lower():
            acts |= {*described} & _HANDLES
        if not self.params and "_" not in self.name and first not in KNOWN:  # `Emergency stop: ...`
            acts |= {*tokens(self.description)[:3]} & CHANGING
        # A verb that is not known here, and that the description begins with too: better taken for a deed.
        said, after = (*tokens(self.description)[:2], "", "")[:2]
        acted = after in _ARTICLES or (said != first and after not in _OF)
        own = stem(said) == stem(first) and acted and first not in KNOWN
        return frozenset(map(stem, acts | ({first} if own else set())))

    @property
    def changes_things(self) -> bool:
        """Whether it does something, rather than look something up or work it out."""
        return bool(self.deeds)

    @cached_property
    def objects(self) -> frozenset[str]:
        """The stems of what its name says beside its verbs and the words that any name may have."""
        return frozenset(word for word in self.name_stems if word not in GENERIC) - (self.deeds or self.verbs)

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
    def label(self) -> str:
        """Its name as words without the verb: `get_weather_alerts` -> `weather alerts`."""
        words = list(self.words)
        while len(words) > 1 and words[0] in _LABEL_VERBS:
            words = words[1:]
        if len(words) > 1 and words[-1] in ("tool", "info", "function"):
            words = words[:-1]
        return " ".join(words)


def _base(word: str) -> str:
    """A verb's form without the s of `Removes`."""
    forms = (word, word.removesuffix("s"), word.removesuffix("es"))
    return next((one for one in forms if one in KNOWN), word)


@lru_cache(maxsize=512)
def _parsed(name: str, description: str, parameters: str) -> Tool:
    return Tool(name, description, json.loads(parameters))


def read_tools(raw: Sequence[Mapping[str, JSON]]) -> list[Tool]:
    """The function tools of a request; anything else in the list is ignored."""
    out = []
    for item in raw:
        item = json_schema.mapping(item)
        # The Chat Completions shape nests the function one deeper; learners mix the two up.
        body = json_schema.mapping(item.get("function")) or item
        name, about = body.get("name"), body.get("description")
        if item.get("type", "function") == "function" and isinstance(name, str) and name:
            schema = json.dumps(json_schema.mapping(body.get("parameters")), default=str)
            out.append(_parsed(name, about if isinstance(about, str) else "", schema))
    return out


def hosted(raw: Sequence[Mapping[str, JSON]]) -> list[str]:
    """The kinds of the tools that only the provider's own servers could run."""
    kinds = [str(item["type"]) for item in raw if isinstance(item, Mapping) and "type" in item]
    return list(dict.fromkeys(kind for kind in kinds if kind != "function"))
