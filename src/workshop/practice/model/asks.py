"""What a text asks for: its parts, each with the verb it orders by, and what holds it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from workshop.practice.model import verbs
from workshop.practice.model.lexicon import COUNTRIES, STATE_NAMES, STATES
from workshop.practice.model.values import QUOTED, RANGE, mask_values
from workshop.practice.model.words import bag, stem, stems, tokens

_BREAK = re.compile(
    r"(?<!\bSt)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)[.?!;]+(?=\s|$)|\n+"
    r"|,?\s+(?:and then|then|and also|as well as|and|also|plus|y|et|und|e)\s+|,\s+",
    re.I,
)
_SAYING = re.compile(
    r"\b(?:saying|says|that says|to say|telling|tell (?:him|her|them)|remind(?:ing)? (?:me|us|him|her|them)"
    r"|with (?:the )?"
    r"(?:text|message|body|content|note))\b",
    re.I,
)
_MATERIAL = re.compile(r"^([^:\n?]{2,80}):\s+(?=\S)", re.S)
_LABEL = re.compile(r"^\s*(?:question|query|check|turn|input|task|request|user|q)\s*#?\d*\s*[:.)]\s+", re.I)
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|in case|as long as|only when|otherwise|or else)\b(.*)", re.I | re.S
)
_IF_FIRST = re.compile(r"^\W*(?:(?:and|but|then)\s+)?(?:if|unless|in case|whenever|otherwise)\b[^,]*,?", re.I)
_META = re.compile(r"\b(?:say so|tell me so|let me know|just say|tell me that|say that|no tool)\b", re.I)

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
_REQUEST = re.compile(
    r"^\W*(?:(?:please|hi|hello|hey|and|then|also)[\s,]+)*(?:can|could|would|will) you\b", re.I
)
_TAKEN_BACK = bag("actually wait do don't dont that it anything no never mind stop not please this yet so")
_PRONOUN = re.compile(
    r"\b(?:it|them|that|this|those|these|the (?:result|results|answer|output|summary|total|alerts|location|report))\b",
    re.I,
)
_PARTICLES = ("on", "off", "up", "down")


def holds_back(text: str, *, whole: bool = False) -> bool:
    """Whether a clause (or any sentence of a whole text) forbids an action, or asks about it."""
    masked = QUOTED.sub(" ", text)
    parts = re.split(r"(?<=[.?!;\n])\s+", masked) if whole else [masked]
    return any(_HELD_BACK.search(_UTTERED.sub("", part)) or _ABOUT_IT.match(part) for part in parts)


def takes_back(clause: str) -> bool:
    """Whether a clause takes back all that was said before, as `Actually, don't` does."""
    said = tokens(clause)
    stops = _HELD_BACK.search(clause) or re.search(
        r"\bnever mind\b|\bforget (?:it|that)\b|^\W*(?:no,? )?(?:wait|stop)\b", clause, re.I
    )
    return bool(stops and said) and set(said) <= _TAKEN_BACK | {"forget"}


@dataclass(frozen=True)
class Ask:
    """A part of a text that may ask for something.

    Attributes:
        text: It, as it was written.
        start: Where it begins in the whole text.
        lead: What stands before it in its sentence.
        joined: Whether it goes on from the part before it (`... and Tokyo`).
        verb: The stem of the verb it orders by; empty if it orders nothing itself.
        inherited: Whether the verb is that of the part before it.
    """

    text: str
    start: int
    lead: str = ""
    joined: bool = False
    verb: str = ""
    inherited: bool = False

    @cached_property
    def asked(self) -> str:
        """Its words without quotations, and without the material after a colon."""
        masked = QUOTED.sub(lambda m: " " * len(m.group(0)), self.text)
        return masked[: material_at(masked)] if self.verb else masked

    @cached_property
    def words(self) -> dict[str, str]:
        """Its telling words by their stems."""
        said = {word.split("'")[0].split("’")[0]: None for word in tokens(self.asked)}
        return {one: word for word in said for one in stems(word)[:1]}

    @property
    def question(self) -> bool:
        """Whether it asks."""
        return not self.verb and verbs.is_question(self.text)

    @property
    def statement(self) -> bool:
        """Whether it only tells."""
        return not self.verb and verbs.is_statement(self.text)

    @property
    def wish(self) -> bool:
        """Whether it wishes for a thing."""
        return verbs.is_wish(self.text)

    @property
    def refers(self) -> bool:
        """Whether it speaks of what came before: `... and e-mail it`."""
        return bool(_PRONOUN.search(self.asked))

    @cached_property
    def condition(self) -> str:
        """What has to hold first (`if it was late`), or nothing."""
        match = _CONDITION.search(QUOTED.sub(" ", self.text))
        return match.group(1).strip(" .!?,") if match else ""

    @property
    def on_condition(self) -> bool:
        """Whether it is an afterthought for a case: `If there are none, ...`."""
        return bool(_IF_FIRST.match(self.text))

    @property
    def meta(self) -> bool:
        """Whether it is about the answer itself, as `If no tool can do that, say so` is."""
        return bool(_META.search(self.text))

    @property
    def doubted(self) -> bool:
        """Whether an order is only put as a question (`Cancel it?`), and not as a request (`Can you cancel it?`)."""
        return self.text.rstrip().endswith("?") and not _REQUEST.match(self.text)

    @property
    def forbids(self) -> bool:
        """Whether it only says what is not to be done."""
        return bool(_HELD_BACK.match(verbs.bare(self.text)))

    @cached_property
    def held(self) -> bool:
        """Whether the deed it names is forbidden, or only asked about."""
        return holds_back(f"{self.lead} {self.text}") or holds_back(self.text)

    @cached_property
    def object(self) -> list[str] | None:
        """The words of the thing that its verb is done to; None if it names none itself."""
        rest = verbs.bare(self.text)
        rest = rest if self.inherited else re.sub(r"^[\w-]+\s*", "", rest)
        plain = mask_values(QUOTED.sub(" 0 ", rest))
        phrase = _OBJECT_END.split(f" {plain} ")[0]
        said = [
            word for word in phrase.split() if word.lower() not in _OBJECT_STOP and re.search(r"\w", word)
        ]
        return said or None

    def particle(self) -> str:
        """`on` or `off` (or up, down) beside its verb; empty if neither."""
        said = tokens(self.asked)
        return next(
            (one for one in _PARTICLES if one in said[:3] or (one in said[-1:] and len(said) > 1)), ""
        )


_OBJECT_END = re.compile(
    r"\s(?:to|for|from|in|into|on|at|with|about|by|of|that|which|saying|so|because|if|as|until)\s|[,.;:!?]"
)
_OBJECT_STOP = bag(
    """a an the my our your his her their its this that these those some any all me us him them it please new also just
    now one another each both more up out on off down back again"""
)


def material_at(text: str) -> int:
    """Where the material of an order begins (`Translate to French: ...`); the text's length if there is none."""
    match = _MATERIAL.match(text)
    head = match.group(1) if match else ""
    verb = verbs.verb_of(head)
    return match.end() if match and verb and not verbs.is_asking(verb) else len(text)


def parts(text: str, own: frozenset[str] = frozenset()) -> list[Ask]:
    """The parts of a text that may each ask for something; quotations and what is to be said stay whole.

    Args:
        text: What the user wrote.
        own: Stems of the verbs of the tools on offer.
    """
    masked = QUOTED.sub(lambda m: "_" * len(m.group(0)), text)
    masked = RANGE.sub(lambda m: m.group(0).replace(" ", "_"), masked)
    # What is to be said goes to the end, unless quotation marks say where it ends.
    limit = next(
        (m.start() for m in _SAYING.finditer(masked) if not masked[m.end() :].lstrip(" ,:").startswith("_")),
        len(text),
    )
    if (begin := material_at(masked)) < len(text):
        limit = min(limit, begin)
    spans: list[tuple[int, int, bool]] = []
    label = _LABEL.match(text)
    start, joined = label.end() if label else 0, False
    for match in _BREAK.finditer(masked):
        if match.start() >= limit or len(spans) >= 16:
            break
        if _region_follows(text, match) or (
            match.group(0).strip() == "," and _IF_FIRST.fullmatch(text[start : match.start()])
        ):
            continue
        mark = match.group(0).strip()
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
        verb = verbs.verb_of(_IF_FIRST.sub("", said) if _IF_FIRST.match(said) else said, own)
        if follows and out and verb != out[-1].verb and verb in out[-1].words:
            verb = ""  # "cancel order 1 and order 2": the thing, not the verb
        out.append(Ask(said, begin, lead, follows and bool(out), verb))
    return out


def _region_follows(text: str, match: re.Match[str]) -> bool:
    """Whether a comma only parts a town from its region: `Portland, OR`."""
    if match.group(0).strip() != "," or not re.search(r"[A-Z][\w.'-]*$", text[: match.start()]):
        return False
    after = re.match(r"([A-Z]{2}\b|[A-Z][a-z]+(?: [A-Z][a-z]+)?)", text[match.end() :])
    name = after.group(1) if after else ""
    return (
        name in STATE_NAMES
        or name.lower() in STATES
        or (name.lower() in COUNTRIES and "," not in text[match.end() :])
    )


def inheriting(ask: Ask, verb: str) -> Ask:
    """A part without a verb, read with the verb of the part before it."""
    return replace(ask, verb=verb, inherited=True)


def says_particle(ask: Ask, words: tuple[str, ...]) -> bool:
    """Whether a clause does not contradict the on or off in a tool's name."""
    mine = [one for one in _PARTICLES if one in words]
    return not mine or ask.particle() in mine


def stems_of(text: str) -> set[str]:
    """The stems of all words of a text, little ones too."""
    return {stem(word) for word in tokens(text)}
