"""Phrases: the part of a sentence that a free-text parameter is about, and the thing it names."""

from __future__ import annotations

import re

from workshop.practice.model import arithmetic, values
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.params import Param
from workshop.practice.model.verbs import KNOWN, bare, verb_of
from workshop.practice.model.words import STOP, bag, families, name_stems, stem, tokens

_END = r"(?=\s+(?:on|at|tomorrow|today|tonight|next|every|from|by|to|for|in)\b|[.?!]|\s*$)"
_LOOKING_UP = re.compile(
    r"(?:(?:search|look(?:ing)? up|look|find|google|query|browse|check|research|ask|consult)\b\s*(?:me\s+)?"
    r"(?:(?:in|on|up|through)\s+)?(?:(?:the|our|my)\s+)?(?:web|internet|online|google|wikipedia|docs?|documentation"
    r"|knowledge base|database|news|faq|catalog(?:ue)?|library)?\s*(?:out\s+)?(?:for|about|on|to see|if|whether)?\b\s*)?",
    re.I,
)
_TRANSLATE = re.compile(
    rf"(?:translate|say)\s*:?\s*(\S.*?)\s*\b(?:(?:in)?to|in)\s+(?:{'|'.join(LANGUAGES)})\b.*$", re.I | re.S
)
# What is to be said: `saying ...`, `with the text ...`, `remember that ...`; a reminder ends before its time.
_SAYING = re.compile(
    r"(?:\bsaying(?: that)?|\b(?:that|which) says|\bto say|\bwith (?:the )?(?:message|text|body|content|note)(?: of)?"
    r"|\b(?:telling|to tell|and tell) (?:him|her|them|\w+)(?: that)?|\band say(?: that)?|\bthe words"
    r"|^\W*(?:please\s+)?(?:remember|note|record|log|save|add (?:a )?note)\s+(?:down\s+)?that)\s*[:,]?\s*(.+)$"
    rf"|\bremind(?:ing)?\s+(?:me|us|him|her|them)\s+(?:to|about|that)\s+(.+?){_END}",
    re.I | re.S,
)
_THING = re.compile(rf"[a-z]+\s+(?:me\s+)?(?:(?:a|an|the|my)\s+)?(.+?){_END}", re.I)
_BECAUSE = re.compile(r"\b(?:because|since|as|due to)\s+(.+?)[.!]?\s*$", re.I)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|titled|entitled|called|on the (?:topic|subject) of|re:)\s+"
    r"(.+?)(?=\s+(?:to|saying|and (?:say|send))\b|[.!?]?\s*$)",
    re.I | re.S,
)
_COLON = re.compile(r"^[^:\n]{2,80}:\s+(.+)$", re.S)
_TITLE, _TOPICAL = bag("subject title headline"), bag("topic theme")
_QUERY = bag("query search term terms keywords keyword q")
_OWN_WORDS = bag("question request task prompt input instruction instructions problem issue goal message")


def free_text(text: str, param: Param, *, acts: bool) -> list[str]:
    """The part of a sentence that a free-text parameter is about.

    Args:
        text: Where to look.
        param: The parameter.
        acts: Whether its tool changes something: then only words that are plainly meant for it will do.
    """
    words, quoted, order = param.words, values.find("quoted", text), bare(text)
    if words & {"reason"} and (because := _BECAUSE.search(text)):
        return [because.group(1)]
    if words & (_TITLE | _TOPICAL):
        if quoted:
            return quoted[:1]
        if about := _ABOUT.search(text):
            return [about.group(1).strip(" .\"'")]
        named = _THING.match(order) if words & _TITLE and acts else None
        said = set(tokens(named.group(1))) if named else set()
        return [named.group(1).strip(" '\"")] if named and said - STOP and not said & {"it", "them"} else []
    if words & _QUERY and "sql" not in words:
        return [query_of(text, param)]
    if told := _SAYING.search(text):
        return [_unquoted(str(told[told.lastindex or 0]))]
    if quoted:
        return [max(quoted, key=len)]
    if made := _TRANSLATE.match(order):
        return [made.group(1).strip(" :\"'")]
    material = _COLON.match(text)
    if material and verb_of(text):
        return [material.group(1).strip()]
    return [text.strip()] if words & _OWN_WORDS and not acts else []


def _unquoted(said: str) -> str:
    quoted = values.QUOTED.match(said.strip())
    return str(quoted[quoted.lastindex or 0]) if quoted else said.strip(" \"'")


def query_of(text: str, param: Param) -> str:
    """What a text wants looked up, without the words that ask for looking it up."""
    query = _LOOKING_UP.sub("", bare(text.strip()), count=1).strip(" .?!:\"'")
    head = re.match(r"((?:[\w-]+\s+){1,3}?)(?:for|about|on|containing|matching|named|called)\s+(?=\S)", query)
    known = name_stems(param.about.split(" ")[0]) | STOP | {"item", "result", "anyth"}
    if head and all(stem(word) in known or word in STOP for word in tokens(head.group(1))):
        query = query[head.end() :]
    return query.strip("\"'`“”") or text.strip()


_COMMAND = re.compile(
    r"(?:run|execute|launch)\s+(?:(?:the|this)\s+)?(?:(?:shell\s+)?(?:command|script|query|line)\s*:?\s+)?(.+)$",
    re.I | re.S,
)


def command_of(text: str) -> list[str]:
    """A command that is plainly given as one: in quotation marks, or after `run`."""
    quoted = values.find("quoted", text)
    if quoted:
        return quoted[:1]
    match = _COMMAND.match(bare(text))
    return [match.group(1).strip()] if match else []


_AFTER = re.compile(
    r"\b(?:for|of|about|named|called|on|in)\s+(?:(?:the|a|an|some)\s+)?([a-z0-9][\w'’ -]*)", re.I
)
_BOUNDARY = re.compile(
    r"\s+(?:on|at|in|for|to|with|from|by|and|using|please|tomorrow|today|via|about|under|into)\b|[.,;!?\n]"
)
_QUESTION_VERBS = bag(
    """mean means meaning define definition stand work works cost costs tell explain lookup check find like worth
    owner much price"""
)
_CLOCK = re.compile(r"\d{1,2}(?:am|pm|st|nd|rd|th)", re.I)
_WHOSE = re.compile(r"\b(?:my|our|his|her|their|its|your)\s+[\w-]+", re.I)


def thing(text: str, param: Param, *, acts: bool, known: frozenset[str] = frozenset()) -> list[str]:
    """The thing a sentence is about: capitalised, after its preposition, or what no other word explains.

    ``known``: the stems of words that stand for the tool's other parameters.
    """
    tool_words = name_stems(param.about.split(" ")[0])
    capital = [name for name in values.find("name", text) if stem(name.lower()) not in tool_words]
    if capital:
        return capital
    known = (
        known | name_stems(param.about.split("\n")[0]) | {"requir", "want"} | {stem(w) for w in param.words}
    )
    kin = {family for word in tool_words for family in families(word)}

    def explained(word: str) -> bool:
        plain = word.lower().split("'")[0]
        return (
            plain in STOP | _QUESTION_VERBS
            or not plain[:1].isalnum()
            or plain.isdecimal()
            or stem(plain) in known
            or not families(stem(plain)).isdisjoint(kin)
        )

    # "my name": whose it is, not what it is called; "with eggs": what goes with it.
    plain = re.sub(r"\b(?:with|without|than|by)\s+[\w'’-]+", ".", _WHOSE.sub(".", text))
    if after := _AFTER.search(plain):
        kept = [word for word in _BOUNDARY.split(after.group(1))[0].split() if word.lower() not in STOP]
        while kept and explained(kept[0]):
            kept = kept[1:]
        if kept:
            return [" ".join(kept)]
    runs: list[list[str]] = [[]]
    for place, word in enumerate(re.findall(r"[\w'’-]+|[.,;!?]", bare(plain) if acts else plain)):
        if explained(word) or (place == 0 and word.lower() in KNOWN):
            runs.append([])
        else:
            runs[-1].append(word)
    said = [run for run in runs if run]
    return [" ".join(said[0])] if len(said) == 1 or (acts and said) else []


def _anothers(value: str, param: Param, text: str) -> bool:
    """Whether an id stands behind the name of another thing (`invoice I-5` is no customer)."""
    match = re.search(rf"([^\W\d_]+)\s+#?{re.escape(value)}(?!\w)", text)
    word = match.group(1) if match else ""
    vague = param.words <= {"number", "id", "code", "no", "ref", "key"}
    own = {stem(w) for w in param.words} | {"number", "id", "code"}
    own |= name_stems(param.about.split(" ")[0]) if vague else set()
    # "2 kg" is a quantity.
    unit = re.search(rf"(?<!\w){value}\s+([a-z]+)", text) if value.isdecimal() else None
    return bool(unit and unit[1] not in STOP) or (
        word.islower() and word not in STOP | KNOWN and stem(word) not in own
    )


def find_strings(
    param: Param, text: str, *, alone: bool = True, acts: bool = False, known: frozenset[str] = frozenset()
) -> list[str]:
    """All values in a text that a string parameter could take, best first.

    Args:
        param: The parameter.
        text: Where to look.
        alone: Whether it is the tool's only parameter of its kind, so that a looser match will do.
        acts: Whether the tool changes something.
        known: The stems of words that stand for the tool's other parameters.
    """
    label = param.labelled(text)
    labelled = [label] if label else []
    out: list[str] = []
    for kind in param.kinds:
        if kind == "free":
            out = labelled or free_text(text, param, acts=acts)
        elif kind == "command":
            out = labelled or command_of(text)
        elif kind == "noun":
            out = labelled + (
                values.find("quoted", text) + thing(text, param, acts=acts, known=known) if alone else []
            )
        elif kind == "id":
            loose = [
                v
                for v in values.find("id", text)
                if not _CLOCK.fullmatch(v) and not _anothers(v, param, text)
            ]
            out = labelled or (loose if alone else [])
        elif kind == "expression":
            made = arithmetic.expression(text)
            out = [made] if made else values.find("quoted", text)
        elif kind in ("name", "person"):
            out = [one for one in labelled if one[0].isupper()]
            out += values.find("quoted", text) + values.find(kind, text)
        elif kind != "labelled":
            out = [param.spellings(kind, found)[0] for found in values.find(kind, text)]
        if out:
            break
    return [one for one in dict.fromkeys(out or labelled) if one]
