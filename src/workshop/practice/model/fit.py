"""Whether a part of a text asks for what a tool does, and by which words.

A tool that looks up or works out must be asked for by a word for its matter, and not by a verb for another deed. A
tool that changes something needs more: the user's own verb, and its own object.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from workshop.practice.model import values, verbs
from workshop.practice.model.asks import Ask, says_particle
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.tools import Tool
from workshop.practice.model.values import SELF_PLACE
from workshop.practice.model.words import GENERIC, STOP, bag, families, stem

_TYPED = ("ip", "email", "url", "expression", "file", "phone")
_ANY_OBJECT = frozenset(
    map(stem, bag("item thing product task todo entry record element text value data content line row"))
)
_OPINION = re.compile(r"^\W*(?:should (?:i|we)|why|how (?:to|do i|can i|would i|should i|do we))\b", re.I)
# Whether a deed was done is told by a tool that keeps track of it.
_WAS_DONE = re.compile(
    r"^\W*(?:(?:has|have|had|did|was|were)\b|(?:do|does|can|may|must) (?:i|we|you)\b)", re.I
)
_TELLING = bag("status state history log track tracking search check")
_READS = frozenset(map(stem, bag("read get fetch show open view display load provide return")))
_HYPOTHETIC = re.compile(r"\bwhat (?:would|will|happens|might|could)\b.*\b(?:if|when)\b", re.I)
# What a question word asks for, where the tool's name says it.
_ASKED_BY = (
    (re.compile(r"\bhow many\b", re.I), bag("count number total amount quantity")),
    (re.compile(r"\bhow much\b", re.I), bag("price cost amount balance total fee fare")),
    (re.compile(r"\bwhen\b", re.I), bag("date time calendar schedule deadline timetable hours days")),
    (re.compile(r"\bwhere\b", re.I), bag("location place whereabouts locate position geolocate locator")),
    (re.compile(r"\bhow far\b", re.I), bag("distance")),
    (re.compile(r"\bwhat time\b", re.I), bag("time clock")),
    (re.compile(r"\bwho\b", re.I), bag("owner author contact person")),
)


@dataclass(frozen=True)
class Fit:
    """That a part of a text asks for a tool: how well, and by which words."""

    tool: Tool
    score: float
    why: str


class Fitting:
    """Compares parts of a text with the tools of one request."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self.tools = tools
        self._frequency: Counter[str] = Counter()
        for tool in tools:
            self._frequency.update(tool.name_stems | tool.description_stems)

    @cached_property
    def own_verbs(self) -> frozenset[str]:
        """The stems of verbs that the tools are named by, beside those that are known."""
        first = (tool.words[0] for tool in self.tools if len(tool.words) > 1 and not tool.handoff_target)
        return frozenset(stem(word) for word in first if len(word) > 3 and word not in _NOUNS)

    def fit(self, ask: Ask, tool: Tool, *, ordered: bool = False) -> Fit | None:
        """Whether a part asks for a tool.

        Args:
            ask: The part of the text.
            tool: The tool.
            ordered: Whether somebody else orders the call (``tool_choice``), so that no verb speaks against it.
        """
        if tool.handoff_target or _HYPOTHETIC.search(ask.text):
            return None
        if tool.changes_things:
            return self._deed(ask, tool)
        if (
            ask.statement
            or ask.forbids
            or _OPINION.search(ask.text)
            or (ask.text.endswith("!") and not ask.verb)
        ):
            return None
        done = {verb for one in self.tools for verb in one.deeds} & ask.words.keys()
        if done and _WAS_DONE.match(ask.text) and not _TELLING & set(tool.words):
            return None
        if len(ask.words) == 1 and ask.verb in ask.words and ask.verb not in tool.verbs:
            return None
        return self._look_up(ask, tool, ordered=ordered)

    def fits(self, ask: Ask) -> list[Fit]:
        """The tools that a part asks for, best first."""
        found = [fit for tool in self.tools if (fit := self.fit(ask, tool)) is not None]
        return sorted(found, key=lambda one: -one.score)

    def _deed(self, ask: Ask, tool: Tool) -> Fit | None:
        """A tool that changes something: the user's own verb and object."""
        if ask.held or ask.question or ask.statement or ask.doubted or not says_particle(ask, tool.words):
            return None
        named = self._named_by_object(ask.verb, tool)
        own = [verb for verb in sorted(tool.deeds) if ask.verb and (verbs.same(ask.verb, verb) or named)]
        if ask.wish and not ask.verb:
            own = [verb for verb in sorted(tool.deeds) if verb in ask.words]
        if not own:
            return None
        met = self._met(ask, tool.name_stems - tool.deeds)
        value = self._object_value(ask)
        # A single verb as a name says nothing of an object: the arguments are all there is.
        if not (
            met or named or not tool.objects - tool.deeds or tool.objects <= _ANY_OBJECT or value is True
        ):
            return None
        if value is False and not self._explains(ask, tool):
            return None
        exact = 1.0 if ask.verb in tool.deeds else 0.5
        score = 3.0 + exact + sum(met.values()) + 0.1 * len(self._met(ask, tool.description_stems))
        word = ask.words.get(ask.verb, ask.verb)
        said = [f"'{word}' orders it", *(f"'{ask.words.get(w, w)}' is in its name" for w in sorted(met))]
        return Fit(tool, score, ", ".join(said))

    def _named_by_object(self, verb: str, tool: Tool) -> bool:
        """`Email it` for send_email, `schedule` for create_event: the verb is the object's."""
        gives = tool.deeds & {"creat", "add", "send", "make", "post", "set", "writ", "book", "sav", "stor"}
        own = tool.name_stems - tool.deeds
        return bool(verb and gives) and (verb in own or any(families(verb) & families(word) for word in own))

    def _object_value(self, ask: Ask) -> bool | None:
        """Whether the thing the verb is done to is a value (`cancel A-99`); None if no thing is named."""
        said = ask.object
        if not said:
            return None
        return not any(re.fullmatch(r"[a-zà-ÿ'’-]+", word) for word in said)

    def _explains(self, ask: Ask, tool: Tool) -> bool:
        """Whether the tool's own words say what the verb is done to, or leave it to an argument."""
        said = ask.object or []
        own = tool.name_stems | tool.param_stems | tool.description_stems
        heads = [stem(word.lower()) for word in said if re.fullmatch(r"[a-zà-ÿ'’-]+", word)]
        head = heads[-1]
        known = head in own or any(families(head) & families(word) for word in tool.name_stems)
        # The object may be named by another of its words: "the warehouse key".
        named = any(word in tool.objects - tool.deeds for word in heads)
        anything = not tool.objects - tool.deeds or tool.objects & _ANY_OBJECT
        return known or named or (bool(anything) and any(p.textual or p.type == "array" for p in tool.params))

    def _look_up(self, ask: Ask, tool: Tool, *, ordered: bool) -> Fit | None:
        """A tool that only looks up or works out: a word for its matter, and no verb for another deed."""
        verb = ask.verb
        mine = bool(verb) and self._works_by(verb, tool)
        works = (
            verbs.is_asking(verb)
            or mine
            or (not verb and (ask.question or not self._unknown_verb(ask, tool)))
        )
        if verb == "read" and not tool.verbs & _READS and "read" not in tool.description_stems:
            works = False
        if not ordered and not works:
            return None
        met = self._met(ask, tool.name_stems)
        described = self._met(ask, tool.description_stems - tool.name_stems)
        by_param = self._met(ask, tool.param_stems - tool.description_stems - tool.name_stems)
        asked_by = {
            w for pattern, names in _ASKED_BY if pattern.search(ask.text) for w in names if w in tool.words
        }
        near_self = bool(SELF_PLACE.search(ask.text)) and bool({stem("location"), "geo"} & tool.name_stems)
        # "Search" alone is no word for the matter of search_hotels.
        plain = {one for one in tool.verbs if verbs.is_asking(one)} if tool.objects else set()
        telling = {word: near for word, near in met.items() if word not in GENERIC | plain}
        exact = [word for word, near in described.items() if near >= 0.9 and word not in GENERIC]
        whole = {stem(word) for word in tool.words if word not in STOP}
        in_full = bool(whole - {"find"}) and whole <= {*ask.words, verb}
        typed = _typed(tool, ask.text)
        strong = bool(telling) or in_full or len(exact) >= 2 or bool(asked_by) or near_self
        strong = strong or (
            typed and (mine or len(exact) + len(by_param) >= 1 or self._alone_for(tool, ask.text))
        )
        strong = strong or (mine and verb in tool.verbs and not verbs.is_asking(verb))
        strong = strong or (len(exact) >= 1 and len(described) + len(by_param) >= 2)
        if not strong:
            return None
        # Nobody asks for an address and gives one.
        if "ip" in tool.name_stems and not tool.params and values.find("ip", ask.text):
            return None
        score = sum(3.0 * near * self._weight(word) for word, near in met.items())
        score += sum(near * self._weight(word) for word, near in described.items())
        score += sum(0.5 * near * self._weight(word) for word, near in by_param.items())
        score += (
            1.0 * in_full
            + 1.2 * len(asked_by)
            + 0.9 * near_self
            + 0.7 * typed
            + 0.8 * (mine and verb in tool.verbs)
        )
        telling_name = [word for word in tool.name_stems if word not in GENERIC]
        # A longer name that is covered in full beats one of which a single word is met.
        score += sum(met.get(word, 0.0) for word in telling_name) / len(telling_name) if telling_name else 0.0
        said = [
            f"'{ask.words[word]}' is in its name"
            if word in ask.words
            else f"'{self._said(ask, word)}' for '{word}' in its name"
            for word in sorted(met)
        ]
        said += [f"'{ask.words.get(w, w)}' is in its description" for w in sorted(exact)[:3]]
        said += ["the question word asks for it"] * bool(asked_by) + [
            "the user asks for their own place"
        ] * near_self
        said += ["it takes the value that is given"] * typed
        return Fit(tool, score, ", ".join(said[:4]) or "its verb is in the text")

    def _unknown_verb(self, ask: Ask, tool: Tool) -> bool:
        """Whether a part begins with a word that the tool does not explain: an unknown verb."""
        match = re.match(r"[A-Za-z]+", verbs.bare(ask.text))
        word = match.group(0) if match else ""
        if (
            not word
            or word.lower() in STOP
            or (word.isupper() and len(word) > 1)
            or ask.inherited
            or ask.joined
        ):
            return False
        if any(
            values.find(kind, ask.text[:40])[:1] and values.find(kind, word)
            for kind in ("city", "state", "country", "date", "currency")
        ):
            return False
        own = tool.name_stems | tool.description_stems | tool.param_stems
        one = stem(word.lower())
        return one not in own and not any(one[:6] == word[:6] for word in tool.name_stems)

    def _works_by(self, verb: str, tool: Tool) -> bool:
        """Whether a verb is one by which a tool works something out."""
        if verb in tool.verbs | tool.name_stems | tool.description_stems or any(
            verbs.same(verb, v) for v in tool.verbs
        ):
            return True
        chance = "random" in tool.words and verb in _BY_CHANCE
        return chance or any(families(verb) & families(word) for word in tool.name_stems)

    def _weight(self, word: str) -> float:
        """How much a word of a tool tells: little if most tools have it."""
        generic = 0.2 if word in GENERIC else 1.0
        return generic / (1.0 + 0.35 * max(0, self._frequency[word] - 1))

    def _met(self, ask: Ask, own: Iterable[str]) -> dict[str, float]:
        """The words of a tool that a part says, and how closely."""
        out = {}
        kin = {family for word in ask.words for family in families(word)}
        prefixes = {word[:6] for word in ask.words if len(word) >= 6}
        for word in own:
            if word in ask.words:
                out[word] = 1.0
            elif word[:6] in prefixes:
                out[word] = 0.8
            elif families(word) & kin:
                out[word] = 0.6
        return out

    def _said(self, ask: Ask, word: str) -> str:
        """The word of the text that stands for a word of a tool."""
        alike = (
            said for one, said in ask.words.items() if one[:6] == word[:6] or families(one) & families(word)
        )
        return next(alike, word)

    def _alone_for(self, tool: Tool, text: str) -> bool:
        """Whether only this tool could take the value in the text (`Where is 8.8.8.8?`)."""
        sure = len(tool.needed) == 1 and tool.needed[0].kind in ("ip", "expression", "url", "file")
        return (
            sure and bool(_SAYS_WHAT.search(text)) and sum(_typed(other, text) for other in self.tools) == 1
        )


_SAYS_WHAT = re.compile(
    r"^\W*(?:where|what(?:'s| is| does| do)?|how much|show|tell|get|calculate|compute)\b|^\W*[\d(]", re.I
)
_BY_CHANCE = frozenset(map(stem, bag("generate pick choose draw make create roll produce")))
_NOUNS = bag(
    "weather order user place location time price email account calendar forecast invoice ticket coordinates"
)


def _typed(tool: Tool, text: str) -> bool:
    """Whether the text holds a value of an unmistakable kind that the tool requires."""
    return any(p.textual and p.essential and p.kind in _TYPED and find_strings(p, text) for p in tool.params)


__all__ = ["Fit", "Fitting"]
