"""Phrases: the part of a sentence that a free-text parameter is about, and the thing it names."""

from __future__ import annotations

import re
from typing import Any

from workshop.gateway.practice_model import arithmetic, values
from workshop.gateway.practice_model.kinds import kinds_of, label_value, spellings
from workshop.gateway.practice_model.lexicon import LANGUAGES
from workshop.gateway.practice_model.tools import Param
from workshop.gateway.practice_model.words import (
    STOP,
    bag,
    families,
    name_stems,
    stem,
    tokens,
)

JSON = Any

_BOUNDARY = re.compile(
    r"\s+(?:on|at|in|for|to|with|from|by|and|using|please|tomorrow|today|via|about|under|into)\b|[.,;!?\n]"
)


_REST_VERBS = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you|will you|i(?:'d| would) like(?: you)? "
    r"to|i want(?: you)? to|i need(?: you)? to|help me|hey|hi|hello)[\s,]+)*"
    r"(?:(?:search|look(?:ing)? up|look|find|google|query|browse|check|research|ask"
    r"|consult)\b\s*(?:me\s+)?(?:(?:in|on|up|through)\s+)?"
    r"(?:(?:the|our|my)\s+)?(?:web|internet|online|google|wikipedia|docs?|documentation"
    r"|knowledge base|database|news|faq|catalog(?:ue)?|library)?\s*"
    r"(?:out\s+)?(?:for|about|on|to see|if|whether|what)?\b\s*)?",
    re.I,
)


_SAYING = re.compile(
    r"\b(?:saying(?: that)?|that says|which says|telling (?:him|her|them|\w+) (?:that\s+)?"
    r"|to tell (?:him|her|them) (?:that\s+)?|with (?:the )?(?:message|text|body|content"
    r"|note)(?: of)?|"
    r"and (?:say|tell (?:him|her|them))(?: that)?|the words|reminding (?:me|him|her|them) "
    r"to)\s*[:,]?\s*(.+)$",
    re.I | re.S,
)


_REMIND = re.compile(
    r"\bremind\s+(?:me|us|him|her|them)\s+(?:to|about|that)\s+(.+?)"
    r"(?=\s+(?:tomorrow|today|tonight|on|at|in|next|every)\b|[.!?]|\s*$)",
    re.I,
)


_THING = re.compile(
    r"^\W*(?:please\s+|can you\s+|could you\s+)*[a-z]+\s+(?:me\s+)?(?:(?:a|an|the|my)\s+)?"
    r"(.+?)(?=\s+(?:on|at|tomorrow|today|next|from|by|to|for)\b|[.?!]|\s*$)",
    re.I,
)


_BECAUSE = re.compile(r"\b(?:because|since|as|due to)\s+(.+?)[.!]?\s*$", re.I)


_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|titled|entitled|called|on the (?:topic|subject) of"
    r"|re:)\s+(.+?)(?=\s+(?:to|saying|and (?:say|send))\b|[.!?]?\s*$)",
    re.I | re.S,
)


_TRANSLATE = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you)\s+)*(?:translate|say|how (?:do|would) "
    r"(?:you|i|we) say)\s*:?\s*(.+?)\s*(?:\b(?:in)?to\b|\bin\b)\s+(?:{})\b.*$".format("|".join(LANGUAGES)),
    re.I | re.S,
)


def free_text(text: str, param: Param, tool_text: str = "") -> list[str]:
    """The part of a sentence that a free-text parameter is about."""
    words = param.words
    found = values.find("quoted", text)
    because = _BECAUSE.search(text) if words & {"reason"} else None
    if because:
        return [because.group(1)]
    if words & {"subject", "title", "topic", "theme", "headline"}:
        about = _ABOUT.search(text)
        if about:
            return [about.group(1).strip(" .\"'")]
        if found:
            return found[:1]
        if words & {"subject", "title", "headline"}:
            kind = re.search(
                r"\b(?:a|an|the|my|this)\s+([a-z][\w-]*)\s+(?:e-?mail|message|note|letter|reminder)",
                text,
                re.I,
            )
            if kind and kind.group(1).lower() not in STOP | {"new", "short", "quick"}:
                return [kind.group(1).capitalize()]
        if words & {"topic", "theme"}:
            rest = topic_of(text)
            return [rest] if rest else []
        thing = _THING.match(text)
        return [thing.group(1).strip(" '\"")] if thing else []
    if words & {
        "body",
        "message",
        "text",
        "content",
        "note",
        "contents",
        "sentence",
        "input",
        "phrase",
        "comment",
        "msg",
    }:
        remind = _REMIND.search(text)
        if remind:
            return [remind.group(1).strip(" \"'")]
        saying = _SAYING.search(text)
        if saying:
            return [saying.group(1).strip(" \"'")]
        translate = _TRANSLATE.match(text)
        if found:
            return [max(found, key=len)]
        if translate and translate.group(1):
            return [translate.group(1).strip(" :\"'")]
        if words & {"input", "text", "sentence", "phrase"} or len(text) < 400:
            return [text.strip()]
    if words & {"query", "search", "term", "terms", "keywords", "keyword", "q"} and not words & {"sql"}:
        stripped = _REST_VERBS.sub("", text.strip(), count=1).strip(" .?!:\"'")
        head = re.match(
            r"((?:[\w-]+\s+){1,3}?)(?:for|about|on|containing|matching|named|called)\s+(?=\S)", stripped
        )
        known = name_stems(tool_text.split(" ")[0]) | {"item", "result", "anyth"}
        if head and all(stem(w) in known or w in STOP for w in tokens(head.group(1))):
            stripped = stripped[head.end() :]
        return [stripped or text.strip()]
    return [text.strip()] if text.strip() else []


_TOPIC = re.compile(
    r"\b(?:about|on|regarding|of|into|for)\s+(?:the\s+topic\s+of\s+)?(.+?)[.?!]*$", re.I | re.S
)


def topic_of(text: str) -> str:
    """What a request is about: the phrase after its `about` or `on`, or the request without its verb."""
    line = re.sub(
        r"^\s*(?:query|topic|original query|question|search term|subject|input|request)\s*:\s*",
        "",
        text.strip(),
        flags=re.I,
    )
    line = line.split("\n")[0].strip()
    match = _TOPIC.search(line)
    if match and len(match.group(1)) > 2:
        return match.group(1).strip(" .\"'")[:120]
    stripped = re.sub(
        r"^(?:please\s+)?(?:can you\s+|could you\s+)?(?:write|tell|give|generate|create|make"
        r"|explain|describe|summari[sz]e|research|plan|find|compose|draft|show|what is|what "
        r"are|what's|who is|who was|how does|how do|why is|why do)\b"
        r"(?:\s+(?:me|us|a|an|the|some|short|brief|very))*\s*",
        "",
        line,
        flags=re.I,
    )
    return stripped.strip(" .?!\"'")[:120]


def noun(text: str, param: Param, tool_text: str) -> list[str]:
    """The thing a sentence is about: capitalised, after its preposition, or what no other word explains."""
    capital = [
        n for n in values.find("name", text) if stem(n.lower()) not in name_stems(tool_text.split(" ")[0])
    ]
    if capital:
        return capital
    maker = re.search(r"\bby\s+([A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)", text)
    if maker and param.words & {"artist", "author", "writer", "creator", "brand", "band"}:
        return [maker.group(1)]
    explained = name_stems(tool_text.split("\n")[0]) | {"requir", "want"} | {stem(w) for w in param.words}
    kin = {family for word in name_stems(tool_text.split(" ")[0]) for family in families(word)}
    best: list[str] = []
    run: list[str] = []
    after = re.search(
        r"\b(?:for|of|about|named|called|with|on|in)\s+(?:the\s+|a\s+|an\s+|my\s+"
        r"|some\s+)?([a-z0-9][\w'’ -]*)",
        text,
        re.I,
    )
    if after:
        phrase = _BOUNDARY.split(after.group(1))[0].strip()
        kept = [w for w in phrase.split() if w.lower() not in STOP]
        while kept and (stem(kept[0].lower()) in explained or families(stem(kept[0].lower())) & kin):
            kept = kept[1:]
        if kept:
            return [" ".join(kept)]
    for word in [*re.findall(r"[\w'’-]+|[.,;!?]", text), "."]:
        bare = word.lower().split("'")[0]
        if (
            bare in STOP
            or stem(bare) in explained
            or not bare[0].isalnum()
            or bare in _QUESTION_VERBS
            or families(stem(bare)) & kin
        ):
            if len(run) > len(best):
                best = run
            run = []
        else:
            run.append(word)
    return [" ".join(best)] if best else []


_QUESTION_VERBS = bag(
    """mean means meaning define definition stand work works cost costs tell explain lookup check find"""
)


def find_strings(param: Param, text: str, tool_text: str, *, alone: bool) -> list[str]:
    """All values in a text that a string parameter could take, best first.

    Args:
        param: The parameter.
        text: Where to look.
        tool_text: Name and description of the tool, for what they say of the format.
        alone: Whether it is the tool's only parameter of its kind, so that a looser match will do.
    """
    out: list[str] = []
    if not text:
        return out
    label = label_value(param, text)
    for kind in kinds_of(param, tool_text):
        if kind == "free":
            out.extend([label] if label else free_text(text, param, tool_text))
        elif kind == "labelled":
            out.extend([label] if label else [])
        elif kind == "noun":
            out.extend([label] if label else [])
            out.extend(q for q in values.find("quoted", text) if alone)
            if alone:
                out.extend(noun(text, param, tool_text))
        elif kind == "id":
            found = [label] if label else []
            if not found and alone:
                found = [
                    i
                    for i in values.find("id", text)
                    if not re.fullmatch(r"\d{1,2}(?:am|pm|st|nd|rd|th)", i, re.I)
                ]
            out.extend(found)
        elif kind == "expression":
            expression = arithmetic.expression(text)
            out.extend([expression] if expression else values.find("quoted", text))
        elif kind == "timezone":
            out.extend(
                re.findall(
                    r"\b(?:[A-Z][a-z]+/[A-Z][A-Za-z_]+|UTC(?:[+-]\d+)?|GMT(?:[+-]\d+)?|[ECMP][SD]T)\b", text
                )
            )
        elif kind == "zip":
            out.extend(re.findall(r"(?<![\w-])\d{5}(?:-\d{4})?(?!\w)", text))
        elif kind in ("name", "person"):
            out.extend([label] if label and label[0].isupper() else [])
            out.extend(values.find("quoted", text))
            out.extend(values.find(kind, text))
        elif kind == "file":
            out.extend(values.find("file", text) or ([label] if label else []))
        elif kind == "place" and re.search(
            r"city and state|city, state|city,? ?st\b", param.description, re.I
        ):
            out.extend(values.find("place", text))
        else:
            for value in values.find(kind, text):
                out.extend(spellings(kind, value, param, tool_text)[:1])
        if out:
            break
    if not out and kinds_of(param, tool_text)[0] in ("state",) and not label:
        return []
    if not out and label:
        out.append(label)
    return list(dict.fromkeys(out))
