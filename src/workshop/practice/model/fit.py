"""Whether a part of a text asks for what a tool does, and by which words.

A tool that looks up or works out must be asked for by a word for its matter, and not by a verb for another deed. A
tool that changes something needs more: the user's own verb, and its own object.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from workshop.practice.language import values
from workshop.practice.language.lexicon import LANGUAGES
from workshop.practice.language.values import SELF_PLACE
from workshop.practice.language.words import (
    CHANGING_STEMS,
    GENERIC,
    STOP,
    bag,
    bare,
    families,
    is_asking,
    is_plain,
    is_wish,
    same_verb,
    stem,
    tokens,
)
from workshop.practice.model.asks import Ask
from workshop.practice.model.mentions import find_strings
from workshop.practice.model.tools import Tool

_TYPED = ("ip", "email", "url", "expression", "file", "phone")
_ANY_OBJECT = frozenset(map(stem, bag("item thing product part task entry record element text value data")))
_OPINION = re.compile(
    r"^\W*(?:should (?:i|we)|why|how (?:to|do i|can i|would i|should i|do we))\b"
    r"|\bwhat (?:would|will|happens|might|could)\b.*\b(?:if|when)\b", re.I,
)  # fmt: skip
# A question about things of a kind is not one about a certain one: `How long does a patent last?`
_AT_LARGE = re.compile(r"^\W*how (?!much)\w+ (?:does an?|do) ([a-z]+)(?: [a-z]+)?\W*$", re.I)
_DIFFERENCE = re.compile(r"\bdifferences? between\b|\bdiffers? from\b|\bcompared (?:to|with)\b", re.I)
_COMPARES = frozenset(map(stem, bag("difference between compare distance subtract")))
# Whether a deed was done is told by a tool that keeps track of it.
_WAS_DONE = re.compile(
    r"^\W*(?:(?:when |where |who |why )?(?:has|have|had|did|was|were)\b|(?:do|does|can|may|must) (?:i|we|you)\b)", re.I
)  # fmt: skip
# Which of several is meant, or all but one, is not decided here.
_CHOOSES = re.compile(r"\b(?:or|except|other than|apart from)\b|\ball\b.*\bbut\b", re.I)
_WHOEVER = bag(
    "nobody everybody everyone anybody anyone someone somebody everything anything something nothing none all"
)
_TELLING = bag("status state history log track tracking search check")
# What a question word asks for, where the tool's name says it.
_ASKED_BY = [
    (re.compile(rf"^\W*(?:\w+\W+){{0,2}}?{word}\b", re.I), bag(names))
    for word, names in (
        ("where", "position location whereabouts"),
        ("how much", "price cost amount balance total fee fare"),
        ("when", "date time calendar schedule deadline timetable hours days"),
    )
]  # fmt: skip


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

    @cached_property
    def own_verbs(self) -> frozenset[str]:
        """The stems of verbs that the tools are named by, beside those that are known."""
        longer = (tool for tool in self.tools if len(tool.words) > 1 and not tool.handoff_target)
        first = {stem(tool.words[0]) for tool in longer if len(tool.words[0]) > 3}
        taken = frozenset[str]().union(*(tool.param_stems for tool in self.tools))
        return frozenset(first - taken).union(*(tool.deeds for tool in self.tools))

    def fit(self, ask: Ask, tool: Tool, *, ordered: bool = False) -> Fit | None:
        """Whether a part asks for a tool; ``ordered``: somebody else orders it, so that no verb speaks against it."""
        if tool.handoff_target or _OPINION.search(ask.text):
            return None
        at_large = _AT_LARGE.match(ask.text)
        if at_large and tool.needed and stem(at_large[1].lower()) in tool.objects:
            return None
        if tool.changes_things:
            return self._deed(ask, tool)
        tongues = {one.lower() for one in values.find("language", ask.text)}
        if tongues and set(tool.words) & LANGUAGES.keys() and tongues.isdisjoint(tool.words):
            return None
        if ask.statement or ask.forbids or (ask.text.endswith("!") and not ask.verb):
            return None
        done = {verb for one in self.tools for verb in one.deeds} & ask.words.keys()
        if done and _WAS_DONE.match(ask.text) and not _TELLING & set(tool.words):
            return None
        if len(ask.words) == 1 and ask.verb in ask.words and ask.verb not in tool.verbs:
            return None
        return self._look_up(ask, tool, ordered=ordered)

    def _deed(self, ask: Ask, tool: Tool) -> Fit | None:
        """A tool that changes something: the user's own verb and object."""
        meant = [word for word in (ask.object or [""])[:1] if word.lower() in _WHOEVER]
        if (
            {stem(word.lower()) for word in meant} - tool.description_stems
            or _CHOOSES.search(ask.asked)
            or ask.held
            or ask.question
            or ask.statement
            or not ask.may_turn(tool.words)
        ):
            return None
        named = self._named_by_object(ask.verb, tool)
        own = [verb for verb in sorted(tool.deeds) if ask.verb and (same_verb(ask.verb, verb) or named)]
        if is_wish(ask.text):
            own = [verb for verb in sorted(tool.deeds) if verb in ask.words]
        if not own:
            return None
        met = self._met(ask, tool.name_stems - tool.deeds)
        # Its own object: a word of its name, or a value (`cancel A-99`). A single verb as a name says of no object.
        kinds = [is_plain(word) for word in ask.object or []]
        loose = not tool.objects or tool.objects <= _ANY_OBJECT
        if not (met or named or loose or (kinds and not any(kinds))):
            return None
        exact = 1.0 if ask.verb in tool.deeds else 0.5
        score = 3.0 + exact + sum(met.values()) + 0.1 * len(self._met(ask, tool.description_stems))
        verb = ask.verb or own[0]
        word = ask.words.get(verb, verb)
        said = [f"'{word}' orders it", *(f"'{ask.words.get(w, w)}' is in its name" for w in sorted(met))]
        return Fit(tool, score, ", ".join(said))

    def _named_by_object(self, verb: str, tool: Tool) -> bool:
        """`Email it` for send_email, `schedule` for create_event: the verb is the object's."""
        gives = tool.deeds & {"creat", "add", "send", "make", "post", "set", "writ", "book", "sav", "stor"}
        own = tool.name_stems - tool.deeds
        return bool(verb and gives) and (verb in own or any(families(verb) & families(word) for word in own))

    def _look_up(self, ask: Ask, tool: Tool, *, ordered: bool) -> Fit | None:
        """A tool that only looks up or works out: a word for its matter, and no verb for another deed."""
        verb = ask.verb
        if _DIFFERENCE.search(ask.text) and not _COMPARES & (tool.name_stems | tool.description_stems):
            return None
        mine = bool(verb) and self._works_by(verb, tool)
        unsaid = not verb and (ask.question or not self._unknown_verb(ask, tool))
        works = unsaid or mine or is_asking(verb)
        if not ordered and not works:
            return None
        met = self._met(ask, tool.name_stems)
        if verb in CHANGING_STEMS and verb not in tool.verbs:
            met.pop(verb, None)  # "Note that ..." does not ask for the list of notes
        described = self._met(ask, tool.description_stems - tool.name_stems)
        by_param = self._met(ask, tool.param_stems - tool.description_stems - tool.name_stems)
        words = set(tool.words)
        asked_by = any(names & words for pattern, names in _ASKED_BY if pattern.search(ask.text))
        near_self = bool(SELF_PLACE.search(ask.text)) and bool({stem("location"), "geo"} & tool.name_stems)
        # "Search" alone is no word for the matter of search_hotels.
        plain = {one for one in tool.verbs if is_asking(one)} if tool.objects else set()
        telling = {word: near for word, near in met.items() if word not in GENERIC | plain}
        exact = [word for word, near in described.items() if near >= 0.9 and word not in GENERIC]
        whole = {stem(word) for word in tool.words if word not in STOP}
        in_full = bool(whole - {"find"}) and whole <= {*ask.words, verb}
        typed = _typed(tool, ask.text)
        told = len(exact) + len(by_param)
        by_verb = mine and verb in tool.verbs
        alone = typed and bool(re.match(r"\W*(?:what|where|how much|show me)\b", ask.text, re.I))
        alone = alone and [one for one in self.tools if _typed(one, ask.text)] == [tool]
        strong = bool(telling) or in_full or len(exact) >= 2 or asked_by or near_self or alone
        strong = strong or (typed and (mine or told > 0)) or (by_verb and not is_asking(verb))
        strong = strong or (by_verb and bool(by_param) and bool(values.find("quoted", ask.text)))
        strong = strong or (len(exact) > 0 and len(described) + len(by_param) >= 2)
        # What takes nothing cannot tell of an address or a site that is named.
        typed_by = (values.find(kind, ask.text) for kind in ("ip", "url", "email", "file"))
        elsewhere = {"local", "here", "my", "own"} & set(tool.words) and values.find("place", ask.text)
        named = not tool.params and (any(typed_by) or elsewhere)
        if not strong or named:
            return None
        score = 3.0 * self._sum(met) + self._sum(described) + 0.5 * self._sum(by_param)
        by_word = (3.5 if met or described or by_param else 1.2) * asked_by
        score += 1.0 * in_full + by_word + 0.9 * near_self + 0.7 * typed + 0.8 * by_verb
        # A longer name that is covered in full beats one of which a single word is met.
        telling_name = [word for word in tool.name_stems if word not in GENERIC]
        score += sum(met.get(word, 0.0) for word in telling_name) / max(1, len(telling_name))
        said = [f"'{self._said(ask, word)}' is in its name" for word in sorted(met)]
        said += [f"'{ask.words.get(w, w)}' is in its description" for w in sorted(exact)[:3]]
        said += ["the question word asks for it"] * asked_by
        said += ["the user asks for their own place"] * near_self
        said += ["it takes the value that is given"] * typed
        return Fit(tool, score, ", ".join(said[:4]) or "its verb is in the text")

    def _unknown_verb(self, ask: Ask, tool: Tool) -> bool:
        """Whether a part begins with a word that the tool does not explain: an unknown verb."""
        match = re.match(r"[A-Za-z]+", bare(ask.text))
        word = match.group(0) if match else ""
        begun = not word or word.lower() in STOP or (word.isupper() and len(word) > 1)
        if begun or ask.inherited or ask.joined:
            return False
        if any(values.find(kind, word) for kind in ("city", "state", "country", "date", "currency")):
            return False
        one = stem(word.lower())
        if _DOES.match(bare(ask.text)) and one not in tool.verbs:
            return True
        return one not in tool.stems and not any(one[:6] == word[:6] for word in tool.name_stems)

    def orders(self, ask: Ask) -> bool:
        """Whether a part begins with a verb that nobody knows, and names what a tool is about: `Reopen issue 14`."""
        first, *rest = tokens(bare(ask.text)) or [""]
        about = rest[:1] if first not in STOP and not ask.statement else []
        return any(stem(word) in tool.objects for word in about for tool in self.tools)

    def _works_by(self, verb: str, tool: Tool) -> bool:
        """Whether a verb is one by which a tool works something out."""
        own = tool.verbs | tool.name_stems
        kin = {number for one in own for number in families(one)}
        near = bool(families(verb) & kin) or any(same_verb(verb, one) for one in tool.verbs)
        own |= tool.description_stems - CHANGING_STEMS
        return near or verb in own or ("random" in tool.words and verb in _BY_CHANCE)

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

    @staticmethod
    def _sum(met: dict[str, float]) -> float:
        """How much the words of a tool that were met tell: little, if any tool may have them."""
        return sum(near * (0.2 if word in GENERIC else 1.0) for word, near in met.items())

    def _said(self, ask: Ask, word: str) -> str:
        """The word of the text that stands for a word of a tool."""
        kin = families(word)
        alike = (said for one, said in ask.words.items() if one[:6] == word[:6] or families(one) & kin)
        return ask.words.get(word) or f"{next(alike, word)}' for '{word}"


# A word before such a one is a verb: `Commit my changes`.
_DOES = re.compile(r"[A-Za-z]+ (?:my|our|the|an?|all|everything|this|these)\b")
_BY_CHANCE = frozenset(map(stem, bag("generate pick choose draw make create roll produce")))


def _typed(tool: Tool, text: str) -> bool:
    """Whether the text holds a value of an unmistakable kind that the tool requires."""
    return any(p.textual and p.essential and p.kind in _TYPED and find_strings(p, text) for p in tool.params)
