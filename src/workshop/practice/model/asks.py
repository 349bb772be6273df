"""What a text asks for: its parts, each with the verb it orders by, and what holds it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from workshop.practice.language.measures import LASTS
from workshop.practice.language.values import QUOTED, RANGE, mask_values
from workshop.practice.language.words import (
    STOP,
    bag,
    bare,
    is_asking,
    is_question,
    is_statement,
    stems,
    tokens,
    verb_of,
)

_BREAK = re.compile(
    r"(?<!\bSt)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bProf)(?<!\bvs)(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)[.?!;]+(?=\s|$)|\n+"
    r"|,?\s+(?:and then|then|and also|as well as|and|also|plus|y|et|und|e)\s+|,\s+",
    re.I,
)
_SAYING = re.compile(
    r"\b(?:saying|says|that says|to say|telling|tell (?:him|her|them)|remind(?:ing)? (?:me|us|him|her|them)"
    r"|with (?:the )?(?:text|message|body|content|note))\b",
    re.I,
)
_MATERIAL = re.compile(r"^([^:\n?]{2,80}):\s+(?=\S)", re.S)
_LABEL = re.compile(r"^\s*(?:question|query|check|turn|input|task|request|user|q)\s*#?\d*\s*[:.)]\s+", re.I)
_CASE = r"in case (?:of|that|it|he|she|they|we|i|you|there|the)\b"
_HANGS = re.compile(rf"(?is)\b(?:if|unless|provided|{_CASE}|as long as|only when|otherwise|or else)\b(.*)")
_IF_FIRST = re.compile(rf"(?i)^\W*(?:(?:and|but|then)\s+)?(?:if|unless|{_CASE}|whenever|otherwise)\b[^,]*,?")
_HELD_BACK = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )\b(?:don['’]t|do not|never|not (?:yet|now|to)|without (?=\w+ing\b))"
    r"|\b(?:i|we|you) (?:\w+ )?(?:don['’]t|do not|never) (?:\w+ )?(?:(?:want|wish)\b(?! (?:it|this|that|them)\b)"
    r"|(?:need|have|intend|mean|plan|ask(?:ed)?|like|think)\b[^.,;!?]{0,30}\bto\b)",
    re.I,
)
_ABOUT_IT = re.compile(
    r"\bhow (?:to|do i|can i|would i)\b|^\W*(?:(?:and|but|so|please|just)\s+)*(?:should|why(?! don)|what(?! about)"
    r"|whether|how(?! about)|who|which|where|explain|describe|i (?:wonder|want to know)"
    r"|(?:tell|show) me (?:how|why|what|whether))\b",
    re.I,
)
_UTTERED = re.compile(r"\b(?:saying|says|telling|tell (?:him|her|them)|remind\w*)\b.*|:.*", re.I | re.S)
_REQUEST = re.compile(r"^\W*(?:(?:please|hi|hello|and|then|also)[\s,]+)*(?:can|could|would|will) you\b", re.I)
# What stands between two things is one question: `the difference between A and B`.
_BETWEEN = re.compile(r"\bbetween(?=[\W_])(?:(?!(?<![a-z])and(?![a-z]))[^,.;])+$", re.I)
_TAKEN_BACK = bag("actually wait do don't dont that it anything no never mind stop not please this yet so")
_PRONOUN = re.compile(
    r"\b(?:it|them|that|this|those|these|the (?:result|results|answer|output|summary|total|alerts|location|report))\b",
    re.I,
)
_PARTICLES = ("on", "off", "up", "down", "in", "out")


def holds_back(text: str, *, whole: bool = False) -> bool:
    """Whether a clause (or any sentence of a whole text) forbids an action, or asks about it."""
    masked = QUOTED.sub(" ", text)
    parts = re.split(r"(?<=[.?!;\n])\s+", masked) if whole else [masked]
    return any(_HELD_BACK.search(_UTTERED.sub("", part)) or _ABOUT_IT.search(part) for part in parts)


_EXCLUDED = re.compile(
    r"(?:\b(?:except|excluding|other than|apart from|rather than|instead of|but not)\b|,\s*not\b)([^,.;!?\n]*)",
    re.I,
)
# `but leave the other one alone`: not what the verb before it is done to.
_OTHER_VERB = re.compile(r"(?:but\s+)?([a-z]+)\s+(?:the|an?|my|our|it|them)\b")


def _masked(text: str) -> str:
    """A text of the same length, with lines for its quotations."""
    return QUOTED.sub(lambda m: "_" * len(m.group(0)), text)


def excluded(text: str) -> list[str]:
    """What a text says is not meant: `rather than Rome`."""
    return [text[match.start() : match.end()] for match in _EXCLUDED.finditer(_masked(text))]


def not_meant(phrase: str) -> str:
    """The thing that is not meant: `Rome` in `rather than Rome`; empty if a phrase does not exclude any."""
    found = _EXCLUDED.match(phrase) or _EXCLUDED.match(f", {phrase}")
    return found[1] if found else ""


def without_excluded(text: str) -> str:
    """A text without what it says is not meant."""
    for phrase in excluded(text):
        text = text.replace(phrase, "", 1)
    return text


def takes_back(clause: str) -> bool:
    """Whether a clause takes back all that was said before, as `Actually, don't` does."""
    said = tokens(clause)
    gone = r"\bnever mind\b|\bforget (?:it|that)\b|^\W*(?:no,? )?(?:wait|stop)\b"
    stops = _HELD_BACK.search(clause) or re.search(gone, clause, re.I)
    return bool(stops and said) and set(said) <= _TAKEN_BACK | {"forget"}


# It corrects what was said before it, or has a misgiving about it: `no, make it 24A`.
TURNS = re.compile(
    r"\W*(?:no|nope|sorry|i mean|i meant|(?:or )?rather|wait|hang on|hold on|correction|scratch that|oops|actually"
    r"|better|make (?:it|that)|but (?:i|we|he|she|it|they|you|there|the|my|our|only|first|nobody)(?! meant?))\b", re.I,
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """A part of a text that may ask for something, as it was written."""

    text: str
    start: int  # in the whole text
    lead: str = ""  # what stands before it in its sentence
    joined: bool = False  # it goes on from the part before it (`... and Tokyo`)
    verb: str = ""  # the stem of the verb it orders by; empty if it orders nothing itself
    inherited: bool = False  # the verb is that of the part before it

    @cached_property
    def asked(self) -> str:
        """Its words without quotations, and without the material after a colon."""
        masked = _masked(self.text).replace("_", " ")
        return masked[: material_at(masked)] if self.verb else masked

    @cached_property
    def words(self) -> dict[str, str]:
        """Its telling words by their stems."""
        said = {word.split("'")[0].split("’")[0]: None for word in tokens(self.asked)}
        return {one: word for word in said for one in stems(word)[:1]}

    @property
    def question(self) -> bool:
        """Whether it asks."""
        return not self.verb and is_question(self.text)

    @property
    def statement(self) -> bool:
        """Whether it only tells."""
        return not self.verb and is_statement(self.text)

    @property
    def refers(self) -> bool:
        """Whether it speaks of what came before: `... and e-mail it`."""
        return bool(_PRONOUN.search(self.asked))

    @cached_property
    def condition(self) -> str:
        """What has to hold first (`if it was late`), or nothing."""
        match = _HANGS.search(QUOTED.sub(" ", self.text))
        return match.group(1).strip(" .!?,") if match else ""

    @property
    def excludes(self) -> bool:
        """Whether it goes on with what is not meant (`..., not zone 3`), or with a verb that nobody knows."""
        other = _OTHER_VERB.match(self.text)
        unknown = not self.verb and other and other[1] not in STOP
        return self.joined and bool(not_meant(self.text) or unknown)

    @property
    def forbids(self) -> bool:
        """Whether it only says what is not to be done."""
        return bool(_HELD_BACK.match(bare(self.text)))

    @cached_property
    def held(self) -> bool:
        """Whether the deed it names is forbidden, or only asked about (`Cancel it?`; not `Can you cancel it?`)."""
        doubted = self.text.rstrip().endswith("?") and not _REQUEST.match(self.text)
        return doubted or holds_back(f"{self.lead} {self.text}") or holds_back(self.text)

    @cached_property
    def object(self) -> list[str] | None:
        """The words of the thing that its verb is done to; None if it names none itself."""
        rest = bare(self.text)
        rest = rest if self.inherited else re.sub(r"^[\w-]+\s*", "", rest)
        phrase = _OBJECT_END.split(f" {mask_values(QUOTED.sub(' 0 ', rest))} ")[0]
        return [w for w in phrase.split() if w.lower() not in _OBJECT_STOP and re.search(r"\w", w)] or None

    def may_turn(self, words: tuple[str, ...]) -> bool:
        """Whether it does not contradict the on, off, up or down in a tool's name."""
        said, wanted = tokens(self.asked), [one for one in _PARTICLES if one in words]
        mine = next((p for p in _PARTICLES if p in said[:3] or (p in said[-1:] and len(said) > 1)), "")
        return not wanted or mine in wanted


_OBJECT_END = re.compile(
    r"\s(?:to|for|from|in|into|on|at|with|about|by|of|that|which|saying|so|because|if|as|until)\s|[,.;:!?]"
)
_OBJECT_STOP = STOP | {"new", "another", "back"}


def material_at(text: str) -> int:
    """Where the material of an order begins (`Translate to French: ...`); the text's length if there is none."""
    match = _MATERIAL.match(text)
    head = match.group(1) if match else ""
    verb = verb_of(head)
    return match.end() if match and verb and not is_asking(verb) else len(text)


def parts(text: str, own: frozenset[str] = frozenset()) -> list[Ask]:
    """The parts of a text that may each ask for something; quotations and what is to be said stay whole.

    ``own``: the stems of the verbs of the tools on offer.
    """
    masked = _masked(text)
    for whole in (RANGE, LASTS):
        masked = whole.sub(lambda m: m.group(0).replace(" ", "_"), masked)
    # What is to be said goes to the end, unless quotation marks say where it ends.
    says = (m for m in _SAYING.finditer(masked) if not masked[m.end() :].lstrip(" ,:").startswith("_"))
    limit = min(next((m.start() for m in says), len(text)), material_at(masked))
    spans: list[tuple[int, int, bool]] = []
    start, joined = (label.end() if (label := _LABEL.match(text)) else 0), False
    for match in _BREAK.finditer(masked):
        if match.start() >= limit or len(spans) >= 16:
            break
        mark = match.group(0).strip()
        if _BETWEEN.search(masked[start : match.start()]):
            continue
        if mark == "," and _IF_FIRST.fullmatch(text[start : match.start()]):
            continue
        ends = (bool(mark) and mark[0] in ".?!;") or not mark
        if text[start : match.start()].strip(" ,"):
            spans.append((start, match.end() if ends else match.start(), joined))
        start, joined = match.end(), not ends
    if text[start:].strip(" ,.;!?"):
        spans.append((start, len(text), joined))
    out: list[Ask] = []
    for begin, end, follows in spans:
        begin += len(text[begin:end]) - len(text[begin:end].lstrip(" ,\n"))
        said = text[begin:end].strip(" ,\n")
        lead = re.split(r"(?<=[.?!;\n])\s+", text[:begin])[-1]
        verb = verb_of(_IF_FIRST.sub("", said) if _IF_FIRST.match(said) else said, own)
        out.append(Ask(said, begin, lead, follows and bool(out), verb))
    return out
