"""Phrases: the part of a sentence that a free-text parameter is about, and the thing it names."""

from __future__ import annotations

import re

from workshop.practice.model import arithmetic, values
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.params import Param
from workshop.practice.model.words import STOP, bag, families, name_stems, stem, tokens

_END = r"(?=\s+(?:on|at|tomorrow|today|tonight|next|every|from|by|to|for|in)\b|[.?!]|\s*$)"
_BOUNDARY = re.compile(
    r"\s+(?:on|at|in|for|to|with|from|by|and|using|please|tomorrow|today|via|about|under|into)\b|[.,;!?\n]"
)
_POLITE = (
    r"^\W*(?:(?:please|can you|could you|would you|will you|i(?:'d| would) like(?: you)? to|i want(?: you)? to"
    r"|i need(?: you)? to|help me|hey|hi|hello)[\s,]+)*"
)
_LOOKING_UP = re.compile(
    _POLITE + r"(?:(?:search|look(?:ing)? up|look|find|google|query|browse|check|research|ask|consult)\b\s*"
    r"(?:me\s+)?(?:(?:in|on|up|through)\s+)?(?:(?:the|our|my)\s+)?(?:web|internet|online|google|wikipedia|docs?"
    r"|documentation|knowledge base|database|news|faq|catalog(?:ue)?|library)?\s*"
    r"(?:out\s+)?(?:for|about|on|to see|if|whether|what)?\b\s*)?",
    re.I,
)
_TRANSLATE = re.compile(
    _POLITE + r"(?:translate|say|how (?:do|would) (?:you|i|we) say)\s*:?\s*(.+?)\s*"
    rf"(?:\b(?:in)?to\b|\bin\b)\s+(?:{'|'.join(LANGUAGES)})\b.*$",
    re.I | re.S,
)
_SAYING = re.compile(
    r"\b(?:saying(?: that)?|(?:that|which) says|telling (?:him|her|them|\w+) (?:that\s+)?"
    r"|to tell (?:him|her|them) (?:that\s+)?|with (?:the )?(?:message|text|body|content|note)(?: of)?"
    r"|and (?:say|tell (?:him|her|them))(?: that)?|the words)\s*[:,]?\s*(.+)$",
    re.I | re.S,
)
_REMIND = re.compile(rf"\bremind(?:ing)?\s+(?:me|us|him|her|them)\s+(?:to|about|that)\s+(.+?){_END}", re.I)
_THING = re.compile(rf"{_POLITE}[a-z]+\s+(?:me\s+)?(?:(?:a|an|the|my)\s+)?(.+?){_END}", re.I)
_BECAUSE = re.compile(r"\b(?:because|since|as|due to)\s+(.+?)[.!]?\s*$", re.I)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|titled|entitled|called|on the (?:topic|subject) of|re:)\s+"
    r"(.+?)(?=\s+(?:to|saying|and (?:say|send))\b|[.!?]?\s*$)",
    re.I | re.S,
)
_TITLE = bag("subject title headline")
_MESSAGE = bag("body message text content note contents sentence input phrase comment msg")
_QUERY = bag("query search term terms keywords keyword q")


def free_text(text: str, param: Param) -> list[str]:
    """The part of a sentence that a free-text parameter is about."""
    words, quoted = param.words, values.find("quoted", text)
    if words & {"reason"} and (because := _BECAUSE.search(text)):
        return [because.group(1)]
    if words & (_TITLE | {"topic", "theme"}):
        if about := _ABOUT.search(text):
            return [about.group(1).strip(" .\"'")]
        if quoted:
            return quoted[:1]
        if not words & _TITLE:
            return [topic_of(text)]
        thing = _THING.match(text)
        return [thing.group(1).strip(" '\"")] if thing else []
    if words & _MESSAGE:
        if told := _REMIND.search(text) or _SAYING.search(text):
            return [told.group(1).strip(" \"'")]
        if quoted:
            return [max(quoted, key=len)]
        translate = _TRANSLATE.match(text)
        return [translate.group(1).strip(" :\"'") if translate else text.strip()]
    if words & _QUERY and "sql" not in words:
        query = _LOOKING_UP.sub("", text.strip(), count=1).strip(" .?!:\"'")
        head = re.match(
            r"((?:[\w-]+\s+){1,3}?)(?:for|about|on|containing|matching|named|called)\s+(?=\S)", query
        )
        known = name_stems(param.about.split(" ")[0]) | STOP | {"item", "result", "anyth"}
        if head and all(stem(word) in known or word in STOP for word in tokens(head.group(1))):
            query = query[head.end() :]
        return [query or text.strip()]
    return [text.strip()] if text.strip() else []


_FIELD = re.compile(
    r"^\s*(?:(?:original )?query|topic|question|search term|subject|input|request)\s*:\s*", re.I
)
_TOPIC = re.compile(
    r"\b(?:about|on|regarding|of|into|for)\s+(?:the\s+topic\s+of\s+)?(.+?)[.?!]*$", re.I | re.S
)
_ASKING = re.compile(
    r"^(?:please\s+)?(?:can you\s+|could you\s+)?(?:write|tell|give|generate|create|make|explain|describe"
    r"|summari[sz]e|research|plan|find|compose|draft|show|what is|what are|what's|who is|who was|how does|how do"
    r"|why is|why do)\b(?:\s+(?:me|us|a|an|the|some|short|brief|very))*\s*",
    re.I,
)


def topic_of(text: str) -> str:
    """What a request is about: the phrase after its `about` or `on`, or the request without its verb."""
    line = _FIELD.sub("", text.strip()).split("\n")[0].strip()
    match = _TOPIC.search(line)
    if match and len(match.group(1)) > 2:
        return match.group(1).strip(" .\"'")[:120]
    return _ASKING.sub("", line).strip(" .?!\"'")[:120]


_AFTER = re.compile(
    r"\b(?:for|of|about|named|called|with|on|in)\s+(?:(?:the|a|an|my|some)\s+)?([a-z0-9][\w'’ -]*)", re.I
)
_BY = re.compile(r"\bby\s+([A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)")
_QUESTION_VERBS = bag(
    """mean means meaning define definition stand work works cost costs tell explain lookup check find"""
)


def thing(text: str, param: Param) -> list[str]:
    """The thing a sentence is about: capitalised, after its preposition, or what no other word explains."""
    verbs = name_stems(param.about.split(" ")[0])
    maker = _BY.search(text) if param.words & {"artist", "author", "writer", "creator", "brand"} else None
    if maker:
        return [maker.group(1)]
    capital = [name for name in values.find("name", text) if stem(name.lower()) not in verbs]
    if capital:
        return capital
    known = name_stems(param.about.split("\n")[0]) | {"requir", "want"} | {stem(w) for w in param.words}
    kin = {family for word in verbs for family in families(word)}

    def explained(word: str) -> bool:
        bare = word.lower().split("'")[0]
        return (
            bare in STOP | _QUESTION_VERBS
            or not bare[:1].isalnum()
            or stem(bare) in known
            or not families(stem(bare)).isdisjoint(kin)
        )

    if after := _AFTER.search(text):
        kept = [word for word in _BOUNDARY.split(after.group(1))[0].split() if word.lower() not in STOP]
        while kept and explained(kept[0]):
            kept = kept[1:]
        if kept:
            return [" ".join(kept)]
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[\w'’-]+|[.,;!?]", text):
        if explained(word):
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(best)] if (best := max(runs, key=len)) else []


def find_strings(param: Param, text: str, *, alone: bool = True) -> list[str]:
    """All values in a text that a string parameter could take, best first.

    Args:
        param: The parameter.
        text: Where to look.
        alone: Whether it is the tool's only parameter of its kind, so that a looser match will do.
    """
    label = param.labelled(text)
    labelled = [label] if label else []
    out: list[str] = []
    for kind in param.kinds:
        if kind == "free":
            out = labelled or free_text(text, param)
        elif kind == "noun":
            out = labelled + (values.find("quoted", text) + thing(text, param) if alone else [])
        elif kind == "id":
            clock = re.compile(r"\d{1,2}(?:am|pm|st|nd|rd|th)", re.I)
            loose = [found for found in values.find("id", text) if not clock.fullmatch(found)]
            out = labelled or (loose if alone else [])
        elif kind == "expression":
            expression = arithmetic.expression(text)
            out = [expression] if expression else values.find("quoted", text)
        elif kind in ("name", "person"):
            out = [one for one in labelled if one[0].isupper()]
            out += values.find("quoted", text) + values.find(kind, text)
        elif kind != "labelled":
            out = [param.spellings(kind, found)[0] for found in values.find(kind, text)]
        if out:
            break
    return list(dict.fromkeys(out or labelled))
