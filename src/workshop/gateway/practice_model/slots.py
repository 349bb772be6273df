"""The arguments of a call: each parameter filled from the text, the schema or what tools returned.

A parameter's kind (state, city, e-mail, ...) is read off its format, its name and its description; the
kind says what to look for. A value counts only if it satisfies the parameter's schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from workshop.gateway.practice_model import arithmetic, values
from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model.conversation import Step
from workshop.gateway.practice_model.lexicon import COUNTRIES, LANGUAGES, STATE_NAMES
from workshop.gateway.practice_model.tools import SELF_PLACE, Param, Tool
from workshop.gateway.practice_model.words import STOP, bag, name_stems, name_words, stem, stems, tokens

JSON = Any

FREE_TEXT = bag(
    """query question q text message msg input prompt content contents body sentence topic keywords keyword
    search term terms request task description instructions instruction note notes phrase comment
    subject title reason issue problem details summary statement passage paragraph document thought
    context data goal objective feedback review headline idea theme answer command"""
)
_PLACE = bag(
    """location place where address destination origin area region venue departure arrival source spot site"""
)
_DATE = bag(
    """date day when start end due deadline checkin checkout check from_date to_date birthday until since"""
)
_NUMBERED = bag(
    """id number code key ref reference sku confirmation seat order account token ticket invoice serial
    flight"""
)
_NAMED = bag(
    """name person customer user attendee who author passenger guest employee contact patient student"""
)
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
_QUANTITY = r"-?\d[\d,]*(?:\.\d+)?"
_RANGE = re.compile(
    rf"(?:between|from|range(?: of)?)\s+({_QUANTITY})\s*(?:and|to|-|–|through)\s*({_QUANTITY})", re.I
)
_LIMIT = re.compile(
    rf"(?:top|first|last|latest|up to|at most|max(?:imum)?(?: of)?|limit(?: of)?(?: to)?"
    rf"|under|below|no more than|less than)\s+\$?({_QUANTITY})",
    re.I,
)
_LEAST = re.compile(rf"(?:at least|min(?:imum)?(?: of)?|over|above|more than|from)\s+\$?({_QUANTITY})", re.I)
_PAIR = re.compile(
    r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|a"
    r"|an)\s+(?:x\s+)?([a-z][\w-]*(?:\s+(?!and\b|with\b|for\b)[a-z][\w-]*)?)",
    re.I,
)
_NEGATED = r"(?:\bno|\bnot|\bwithout|n't|\bdisable|\boff\b|\bnever|\bdon't)"

# Keys under which services return what a parameter asks for.
_ALIASES = {
    "latitude": ("lat",), "lat": ("latitude",), "longitude": ("lon", "lng", "long"), "lon": ("longitude", "lng"),
    "lng": ("longitude", "lon"), "ip": ("query", "ip", "ip_address", "origin", "address"),
    "ipaddress": ("query", "ip"), "ip_address": ("ip", "query"),
    "state": ("region", "regionName", "region_code", "state_code", "stateCode", "province"),
    "region": ("regionName", "state"), "country": ("countryCode", "country_name", "country_code"),
    "country_code": ("countryCode", "country"), "timezone": ("time_zone", "tz"), "tz": ("timezone",),
    "zip": ("postal", "zip_code", "postal_code", "zipcode"), "zip_code": ("zip", "postal"),
    "email": ("mail", "email_address"), "location": ("city", "place", "address"), "place": ("city", "location"),
    "city": ("city_name", "town", "location"), "amount": ("total", "price", "balance", "value"),
}  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """Where values may come from, nearest first.

    Attributes:
        clause: The part of the user's text that asks for this call.
        text: The whole text of the user, and what an earlier question of ours asked for.
        outputs: Steps of this turn that succeeded.
        past: Steps of earlier turns that succeeded, newest first.
        facts: What the user told about themselves.
        outputs_first: Whether an output beats the text ("multiply the number" in the instructions).
        answering: Whether the clause answers our own question for arguments, so that a bare value counts.
    """

    clause: str
    text: str
    outputs: Sequence[Step] = ()
    past: Sequence[Step] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    outputs_first: bool = False
    answering: bool = False


@dataclass(frozen=True)
class Filling:
    """The argument sets that were found (several for "Paris and Tokyo"), and what is still missing."""

    arguments: tuple[dict[str, JSON], ...]
    missing: tuple[Param, ...] = ()
    found: int = 0


@lru_cache(maxsize=2048)
def _kinds(name: str, description: str, format_: str, tool: str) -> tuple[str, ...]:
    """The kinds of value to look for, best first."""
    by_format = {"date": "iso_date", "date-time": "iso_datetime", "time": "time", "email": "email", "uri": "url",
                 "url": "url", "ipv4": "ip", "ipv6": "ip", "ip": "ip"}  # fmt: skip
    if format_ in by_format:
        return (by_format[format_],)
    words = list(name_words(name))
    said = description.lower()
    bag = set(words)
    if "ip" in bag or re.search(r"\bip(?:v4|v6)? ?address", said):
        return ("ip",)
    if bag & {"email", "mail", "e"} and not bag & {
        "subject",
        "body",
        "text",
        "content",
        "message",
        "type",
        "id",
        "template",
    }:
        return ("email",)
    if bag & {"to", "recipient", "recipients", "cc", "bcc", "sender"} and not re.search(
        "currenc|languag|city|airport|unit|account", said + tool
    ):
        return (
            ("email", "phone", "person")
            if "mail" in tool or "message" in tool or "send" in tool or "mail" in said
            else ("email", "person", "place")
        )
    if bag & {"url", "uri", "link", "website", "webpage", "href"}:
        return ("url",)
    if bag & {"phone", "mobile", "telephone", "cell"}:
        return ("phone",)
    if bag & {"state", "states"} and not re.search(r"\bon or off\b|\bstatus\b|open or closed", said):
        return ("state",)
    if bag & {"area", "region", "province", "code"} and re.search(r"\bstates?\b", said):
        return ("state",)
    if bag & {"country", "nation", "countries"}:
        return ("country", "place")
    if bag & {"currency", "currencies"} or (
        bag & {"from", "to", "base", "target", "source"} and re.search("currenc|exchange", said + " " + tool)
    ):
        return ("currency",)
    if bag & {"language", "lang", "locale", "languages"}:
        return ("language",)
    if bag & {"city", "town", "cities"}:
        return ("city",)
    if bag & {"timezone", "tz"}:
        return ("timezone", "city")
    if bag & {"zip", "postal", "postcode"}:
        return ("zip",)
    if bag & {"symbol", "ticker", "symbols", "tickers"} or (
        bag & {"stock", "company"} and "stock" in tool + said
    ):
        return ("ticker",)
    if bag & {"expression", "formula", "equation", "calculation", "expr"}:
        return ("expression",)
    if bag & {"file", "filename", "path", "filepath", "directory", "folder", "dir"}:
        return ("file", "labelled")
    if "number" in bag and "flight" in bag:
        return ("id",)
    if bag & _DATE or "datetime" in bag:
        return ("date", "time")
    if bag & {"time", "hour"}:
        return ("time", "date")
    if bag & _PLACE or words[-1:] in (["from"], ["to"]):
        return ("place",)
    if words and words[-1] in _NUMBERED:
        return ("id",)
    if bag & FREE_TEXT:
        return ("free",)
    if re.search(r"two[- ]letter|state code|us state|u\.s\. state", said):
        return ("state",)
    if "yyyy-mm-dd" in said:
        return ("iso_date",)
    if re.search(r"\bcity\b|\btown\b", said):
        return ("city",)
    if re.search(r"\blocation\b|\bplace\b", said):
        return ("place",)
    if re.search(r"e-?mail address", said):
        return ("email",)
    if re.search(r"\burl\b", said):
        return ("url",)
    if bag & _NAMED:
        return (
            ("person", "noun")
            if bag & {"person", "customer", "who", "author", "attendee", "passenger", "guest"}
            else ("name", "noun")
        )
    return ("noun",)


def kinds_of(param: Param, tool_text: str = "") -> tuple[str, ...]:
    """The kinds of value a string parameter asks for, best first."""
    schema = param.schema
    if param.type == "array":
        schema = js.main(schema.get("items"), param.root)
    return _kinds(param.name, param.description, str(schema.get("format", "")), tool_text[:300].lower())


def wants_code(param: Param, tool_text: str) -> bool:
    """Whether a state, country or language is asked for as a short code."""
    schema = param.schema if param.type != "array" else js.main(param.schema.get("items"), param.root)
    if schema.get("maxLength") in (2, 3):
        return True
    if isinstance(schema.get("pattern"), str):
        return bool(re.search(r"\{2\}|A-Z\]\[A-Z", schema["pattern"]))
    for said in (param.description, tool_text):
        if re.search(r"full name|spelled out|not (?:the )?(?:code|abbreviation)", said, re.I):
            return False
        if re.search(r"(?:two|2)[- ](?:letter|character|char|digit)|abbreviat|\bcodes?\b|\biso\b"
r"|\b(?:e\.?g\.?,?|example:?|like|such as)\s*['\"(]?(?:[A-Z]{2}|[a-z]{2})\b(?!\w)"
                     r"|['\"(](?:CA|NY|TX|FL|WA)['\")]", said, re.I if said is param.description else 0):  # fmt: skip
            return True
    return bool(param.words & {"code", "abbr", "abbreviation", "iso"})


def _spell(kind: str, value: str, param: Param, tool_text: str) -> list[str]:
    """The ways to write a value, the one the parameter asks for first."""
    if kind == "state":
        name = STATE_NAMES.get(value, value)
        return [value, name] if wants_code(param, tool_text) else [name, value]
    if kind == "country" and wants_code(param, tool_text):
        return [COUNTRIES.get(value.lower(), value), value]
    if kind == "language" and wants_code(param, tool_text):
        return [LANGUAGES.get(value.lower(), value), value]
    return [value]


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
    label = _label_value(param, text)
    for kind in kinds_of(param, tool_text):
        if kind == "free":
            out.extend([label] if label else free_text(text, param, tool_text))
        elif kind == "labelled":
            out.extend([label] if label else [])
        elif kind == "noun":
            out.extend([label] if label else [])
            out.extend(q for q in values.find("quoted", text) if alone)
            if alone:
                out.extend(_noun(text, param, tool_text))
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
                out.extend(_spell(kind, value, param, tool_text)[:1])
        if out:
            break
    if not out and kinds_of(param, tool_text)[0] in ("state",) and not label:
        return []
    if not out and label:
        out.append(label)
    return list(dict.fromkeys(out))


def _label_value(param: Param, text: str) -> str | None:
    """What follows the parameter's own name in the text: `order 4711` for order_id."""
    words = [
        w
        for w in name_words(param.name)
        if w not in ("id", "number", "new", "old", "the", "code", "no", "name", "value")
    ]
    if not words:
        words = list(name_words(param.name))
    if len(words) >= 1 and words[-1] in STOP:
        return None
    for label in dict.fromkeys((" ".join(words), words[-1], words[0])):
        if len(label) > 1 and label not in STOP:
            found = values.labelled(label, text)
            if found:
                return found
    if "id" in param.words:
        return values.labelled("id", text)
    return None


_SAYING = re.compile(
    r"\b(?:saying(?: that)?|that says|which says|telling (?:him|her|them|\w+) (?:that\s+)?"
    r"|to tell (?:him|her|them) (?:that\s+)?|with (?:the )?(?:message|text|body|content"
    r"|note)(?: of)?|"
    r"and (?:say|tell (?:him|her|them))(?: that)?|the words|reminding (?:me|him|her|them) "
    r"to)\s*[:,]?\s*(.+)$",
    re.I | re.S,
)
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
        return []
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


def _noun(text: str, param: Param, tool_text: str) -> list[str]:
    """The thing a sentence is about: capitalised, after its preposition, or what no other word explains."""
    capital = [
        n for n in values.find("name", text) if stem(n.lower()) not in name_stems(tool_text.split(" ")[0])
    ]
    if capital:
        return capital
    explained = name_stems(tool_text.split("\n")[0]) | {"requir", "want"}
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
        if kept and not all(stem(w.lower()) in explained for w in kept):
            return [" ".join(kept)]
    for word in [*re.findall(r"[\w'’-]+|[.,;!?]", text), "."]:
        bare = word.lower().split("'")[0]
        if bare in STOP or stem(bare) in explained or not bare[0].isalnum() or bare in _QUESTION_VERBS:
            if len(run) > len(best):
                best = run
            run = []
        else:
            run.append(word)
    return [" ".join(best)] if best else []


_QUESTION_VERBS = bag(
    """mean means meaning define definition stand work works cost costs tell explain lookup check find"""
)


def numbers_for(params: Sequence[Param], text: str, *, loose: bool) -> dict[str, float]:
    """Which number of a text belongs to which numeric parameter: by label, unit and range, then by order.

    Args:
        params: The numeric parameters of a tool.
        text: Where to look.
        loose: Whether a required parameter may take a number that nothing ties to it.
    """
    out: dict[str, float] = {}
    available = values.numbers(text)
    if not available:
        return out
    span = _RANGE.search(text)
    for param in params:
        bag = param.words
        schema = param.schema

        def take(value: float, param: Param = param, schema: js.Schema = schema) -> bool:
            if js.fit(value, schema, param.root) is js.MISFIT:
                return False
            out[param.name] = value
            if value in available:
                available.remove(value)
            return True

        labels = [
            w
            for w in name_words(param.name)
            if len(w) > 1 and w not in STOP and w not in ("number", "num", "id", "max", "min", "count", "of")
        ]
        labels += [w for w in ("number", "num", "count", "max", "min") if w in bag and not labels]
        done = False
        for label in labels:
            root = re.escape(stem(label)) if len(stem(label)) > 2 else re.escape(label)
            match = re.search(rf"(?<![a-z]){root}\w*[\s:=]*(?:(?:of|is|to|at|by|for"
rf"|as)\s+)?\$?({_QUANTITY})", text, re.I) or re.search(
                rf"({_QUANTITY})[\s-]*(?:\w+\s+)?{root}", text, re.I)  # fmt: skip
            if match and take(float(match.group(1).replace(",", ""))):
                done = True
                break
            spelled = re.search(rf"\b({'|'.join(values.NUMBER_WORDS)})\s+(?:\w+\s+)?{root}", text, re.I)
            if spelled and take(float(values.NUMBER_WORDS[spelled.group(1).lower()])):
                done = True
                break
        if done:
            continue
        if (
            span
            and bag & {"min", "minimum", "low", "lower", "start", "from"}
            and take(float(span.group(1).replace(",", "")))
        ):
            continue
        if (
            span
            and bag & {"max", "maximum", "high", "upper", "end", "to", "limit"}
            and take(float(span.group(2).replace(",", "")))
        ):
            continue
        limit = _LIMIT.search(text)
        if (
            limit
            and bag & {"max", "maximum", "limit", "count", "n", "k", "top", "num", "results", "upper", "high"}
            and take(float(limit.group(1).replace(",", "")))
        ):
            continue
        least = _LEAST.search(text)
        if (
            least
            and bag & {"min", "minimum", "low", "lower"}
            and take(float(least.group(1).replace(",", "")))
        ):
            continue
    if loose:
        for param in params:
            if param.name not in out and (
                (param.required and not param.has_default and not param.nullable) or len(params) == 1
            ):
                for value in list(available):
                    if js.fit(value, param.schema, param.root) is not js.MISFIT:
                        out[param.name] = value
                        available.remove(value)
                        break
    return out


def flag_for(param: Param, text: str) -> bool | None:
    """What a text says of a yes-or-no parameter; None if it says nothing."""
    lowered = text.lower()
    marks = [
        w
        for w in name_words(param.name)
        if w not in STOP and w not in ("is", "include", "enable", "enabled", "with", "should", "flag")
    ]
    if not marks:
        if re.search(r"\b(?:turn|switch)(?:ed)?\s+(?:\w+\s+){0,3}off\b|\bdisable\b", lowered):
            return False
        return (
            True if re.search(r"\b(?:turn|switch)(?:ed)?\s+(?:\w+\s+){0,3}on\b|\benable\b", lowered) else None
        )
    if param.words & {"on", "enabled", "enable", "active", "power"}:
        if re.search(r"\boff\b|\bdisable|\bdeactivate", lowered):
            return False
        if re.search(r"\bon\b|\benable|\bactivate", lowered):
            return True
    for mark in marks:
        root = re.escape(stem(mark))
        match = re.search(rf"(?<![a-z]){root}", lowered)
        if match:
            return not re.search(rf"{_NEGATED}[^.,;]{{0,20}}$", lowered[: match.start()])
    return None


def choice_for(param: Param, text: str) -> JSON:
    """The member of an enum that a text names; MISFIT if none or the schema has no enum."""
    choices = param.schema.get("enum")
    if param.type == "array":
        choices = js.main(param.schema.get("items"), param.root).get("enum")
    if not isinstance(choices, list):
        return js.MISFIT
    said = tokens(text)
    said_stems = {stem(word) for word in said}
    lowered = " " + " ".join(said) + " "
    best: tuple[int, JSON] | None = None
    for choice in choices:
        if not isinstance(choice, str):
            if (
                isinstance(choice, int | float)
                and not isinstance(choice, bool)
                and float(choice) in values.numbers(text)
            ):
                return choice
            continue
        words = list(name_words(choice))
        phrase = " " + " ".join(words) + " "
        if words and phrase in lowered and not (len(choice) <= 2 and choice not in text):
            position = lowered.index(phrase)
            if re.search(rf"{_NEGATED}\s*$", lowered[:position]):
                continue
            if best is None or position < best[0]:
                best = (position, choice)
        elif words and all(stem(w) in said_stems for w in words) and len(choice) > 2 and best is None:
            best = (10_000, choice)
    if best:
        return best[1]
    for code in [
        *values.find("state", text),
        *values.find("currency", text),
        *(LANGUAGES[v.lower()] for v in values.find("language", text)),
    ]:
        fitted = js.fit(code, {"enum": choices}, param.root)
        if fitted is not js.MISFIT:
            return fitted
    units = {"c": "celsius", "f": "fahrenheit", "metric": "celsius", "imperial": "fahrenheit"}
    for choice in choices:
        if isinstance(choice, str) and units.get(choice.lower()) in said:
            return choice
    return js.MISFIT


def walk(value: JSON, depth: int = 0) -> Iterator[tuple[str, JSON]]:
    """Every key (lower case, without signs) and its value in a JSON value, outermost first."""
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            yield "".join(name_words(str(key))), member
        for member in value.values():
            if isinstance(member, dict | list):
                yield from walk(member, depth + 1)
    elif isinstance(value, list):
        # Members of a list are alike: the first few tell all the keys there are.
        for member in value[:5]:
            if isinstance(member, dict | list):
                yield from walk(member, depth + 1)


def from_data(param: Param, data: JSON) -> JSON:
    """The value of a parameter in a JSON value, by key; MISFIT if there is none."""
    if not isinstance(data, Mapping | list):
        return js.MISFIT
    wanted = "".join(name_words(param.name))
    aliases = {a.lower().replace("_", "") for a in _ALIASES.get(param.name.lower(), ())}
    last = (name_words(param.name) or ("",))[-1]
    pairs = [(key, value) for key, value in walk(data) if value is not None and value != ""]
    near = [
        (k, v)
        for k, v in pairs
        if len(k) > 1 and len(last) > 1 and (wanted.endswith(k) or k.endswith(wanted))
    ]
    exact = [(k, v) for k, v in pairs if k == wanted]
    for _, value in [*exact, *((k, v) for k, v in pairs if k in aliases), *near]:
        if isinstance(value, list) and param.type != "array" and value:
            value = value[0]
        fitted = js.fit(value, param.schema, param.root)
        if fitted is not js.MISFIT:
            return fitted
    return js.MISFIT


def from_outputs(param: Param, steps: Sequence[Step], tool_text: str) -> JSON:
    """The value of a parameter in what tools returned, newest first; MISFIT if there is none."""
    for step in reversed(steps):
        data = step.data
        kinds = kinds_of(param, tool_text) if param.type in ("string", "any") else ()
        if isinstance(data, Mapping | list):
            if "state" in kinds:
                # "region": "CA", "regionName": "California", whichever the parameter asks for
                for key, value in walk(data):
                    if key in (
                        "state",
                        "statecode",
                        "region",
                        "regionname",
                        "regioncode",
                        "province",
                    ):
                        for code in values.find("state", str(value)):
                            for spelled in _spell("state", code, param, tool_text):
                                fitted = js.fit(spelled, param.schema, param.root)
                                if fitted is not js.MISFIT:
                                    return fitted
            found = from_data(param, data)
            if found is not js.MISFIT:
                return found
        text = step.output or ""
        if param.type in ("integer", "number"):
            if isinstance(data, int | float) and not isinstance(data, bool):
                fitted = js.fit(data, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted
            if isinstance(data, str) and len(data) < 200:
                mine = list(values.numbers(data))
                if len(mine) == 1:
                    fitted = js.fit(mine[0], param.schema, param.root)
                    if fitted is not js.MISFIT:
                        return fitted
            continue
        for kind in kinds:
            if kind in ("free", "noun", "labelled", "name", "person", "expression"):
                continue
            if kind == "id":
                candidates = [_label_value(param, text[:2000])] if _produces(step.name, param) else []
                if not candidates and _produces(step.name, param) and len(text) < 60:
                    candidates = [text.strip()]
                if candidates == [None] and len(text) < 60:
                    candidates = [text.strip()]
            elif kind == "city" and isinstance(data, str) and len(data) < 200:
                candidates = list(values.find("city", data)) or [
                    re.sub(r"^.*\b(?:in|is|are)\s+", "", data).split(",")[0].strip()
                ]
            elif kind == "place" and isinstance(data, str) and len(data) < 120:
                candidates = [re.sub(r"^.*\b(?:in|located at|is)\s+(?=[A-Z])", "", data).strip(" .")]
            elif kind in ("timezone", "zip"):
                candidates = list(find_strings(param, text[:2000], tool_text, alone=True))
            else:
                candidates = list(values.find(kind, text))
            for candidate in candidates:
                if candidate:
                    for spelled in _spell(kind, candidate, param, tool_text):
                        fitted = js.fit(spelled, param.schema, param.root)
                        if fitted is not js.MISFIT:
                            return fitted
    return js.MISFIT


def _produces(tool_name: str, param: Param) -> bool:
    """Whether a tool's name says that it returns what a parameter asks for."""
    return bool(
        name_stems(tool_name) & {stem(w) for w in param.words if w not in ("id", "number", "code", "name")}
    )


_THERE = re.compile(r"\b(?:there|it|that|this|same|again|those|them|him|her|his)\b", re.I)


def fill(tool: Tool, sources: Sources) -> Filling:
    """Find a tool's arguments.

    Returns:
        One argument set, or several if the text names several values for the one parameter that can
        tell them apart; `missing` lists the required parameters that nothing offers.
    """
    tool_text = f"{tool.name} {tool.description}"
    params = tool.params
    chosen: dict[str, JSON] = {}
    several: dict[str, list[JSON]] = {}
    missing: list[Param] = []
    found = 0
    numeric = [p for p in params if p.type in ("integer", "number") and "enum" not in p.schema]
    by_number: dict[str, float] = {}
    if numeric and not sources.outputs_first:
        by_number = numbers_for(numeric, sources.clause, loose=True)
        if sources.text != sources.clause and len(by_number) < len(numeric):
            rest = [p for p in numeric if p.name not in by_number]
            by_number |= numbers_for(rest, sources.text, loose=not by_number)
    used: list[JSON] = []
    groups: dict[str, int] = {}
    for param in params:
        if param.type in ("string", "any"):
            kind = kinds_of(param, tool_text)[0]
            groups[kind] = groups.get(kind, 0) + 1
    for param in params:
        value: JSON = js.MISFIT
        essential = param.required and not param.nullable and not param.has_default
        if sources.outputs_first:
            value = from_outputs(param, sources.outputs, tool_text)
        if value is js.MISFIT:
            value, extra = _from_text(param, sources, tool_text, groups, by_number, used, essential)
            if extra:
                several[param.name] = extra
        if value is js.MISFIT and essential:
            value = from_outputs(param, sources.outputs, tool_text)
        if value is js.MISFIT and essential and _THERE.search(sources.clause):
            value = _from_past(param, sources.past, tool_text)
        if value is js.MISFIT and essential:
            value = _from_facts(param, sources, tool_text)
        if value is not js.MISFIT:
            chosen[param.name] = value
            used.append(value)
            found += 1
            continue
        if not param.required:
            continue
        if param.has_default:
            chosen[param.name] = js.placeholder(param.raw, param.root)
        elif param.nullable:
            chosen[param.name] = None
        elif param.type == "boolean" or "const" in param.schema:
            chosen[param.name] = js.placeholder(param.raw, param.root)
        elif isinstance(param.schema.get("enum"), list) and param.schema["enum"]:
            chosen[param.name] = _usual(param.schema["enum"])
        elif param.type == "array" and not param.schema.get("minItems") and len(params) > 1:
            chosen[param.name] = []
        else:
            missing.append(param)
    sets = [chosen]
    if len(several) == 1 and not missing:
        ((name, alternatives),) = several.items()
        sets = [{**chosen, name: alternative} for alternative in [chosen[name], *alternatives]]
    return Filling(tuple(sets), tuple(missing), found)


def _usual(choices: Sequence[JSON]) -> JSON:
    for choice in choices:
        if str(choice).lower() in (
            "medium",
            "normal",
            "default",
            "standard",
            "auto",
            "any",
            "general",
            "other",
            "economy",
        ):
            return choice
    return choices[0]


def _from_text(
    param: Param,
    sources: Sources,
    tool_text: str,
    groups: Mapping[str, int],
    by_number: Mapping[str, float],
    used: Sequence[JSON],
    essential: bool,
) -> tuple[JSON, list[JSON]]:
    """A parameter's value in the text, and further ones that would do as well."""
    texts = [sources.clause] if sources.clause == sources.text else [sources.clause, sources.text]
    for text in texts:
        choice = choice_for(param, text)
        if choice is not js.MISFIT:
            return ([choice] if param.type == "array" else choice), []
    if isinstance(param.schema.get("enum"), list):
        return js.MISFIT, []
    if param.type in ("integer", "number"):
        if param.name in by_number:
            fitted = js.fit(by_number[param.name], param.schema, param.root)
            extra: list[JSON] = []
            if (
                essential
                and sum(1 for _ in by_number) == 1
                and not param.words & {"max", "min", "limit", "count"}
                and len(groups) == 0
            ):
                others = [n for n in values.numbers(sources.clause) if n != by_number[param.name]]
                if re.search(r"\band\b|,", sources.clause) and not _RANGE.search(sources.clause):
                    extra = [
                        f for f in (js.fit(n, param.schema, param.root) for n in others) if f is not js.MISFIT
                    ]
            return fitted, extra
        return js.MISFIT, []
    if param.type == "boolean":
        for text in texts:
            flag = flag_for(param, text)
            if flag is not None:
                return flag, []
        return js.MISFIT, []
    if param.type == "array":
        for text in texts:
            made = _list_for(param, text, tool_text, essential)
            if made:
                fitted = js.fit(made, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted, []
        return js.MISFIT, []
    if param.type == "object":
        return _object_for(param, sources, tool_text), []
    if param.type not in ("string", "any"):
        return js.MISFIT, []
    kinds = kinds_of(param, tool_text)
    same = groups.get(kinds[0], 1)
    if kinds[0] in ("free", "noun") and not essential:
        label = _label_value(param, sources.clause) or _label_value(param, sources.text)
        return (js.fit(label, param.schema, param.root) if label else js.MISFIT), []
    for text in texts:
        base = text
        if (
            kinds[0] == "free"
            and text is not sources.text
            and (values.find("quoted", sources.text) or len(tokens(text)) < 4)
        ):
            base = sources.text
        candidates = find_strings(param, base, tool_text, alone=same == 1)
        if not candidates and kinds[0] == "id":
            loose = [i for i in values.find("id", text) if i not in used]
            known = _label_value(param, sources.text) if sources.answering else None
            if known and js.fit(known, param.schema, param.root) is not js.MISFIT:
                candidates = [known]
            elif loose and (
                (sources.answering and text is sources.clause) or len(values.find("id", text)) >= same
            ):
                candidates = loose
        if (
            not candidates
            and sources.answering
            and text is sources.clause
            and kinds[0] in ("noun", "name", "person", "city", "place")
            and len(tokens(text)) <= 6
        ):
            candidates = [text.strip(" .!?")]
        if (
            kinds[0] in ("place", "city", "state")
            and SELF_PLACE.search(sources.clause)
            and text is not sources.clause
        ):
            candidates = []
        directed = (
            _directed(param, text)
            if same > 1 or param.words & {"from", "to", "origin", "destination", "source", "target"}
            else None
        )
        if directed:
            for candidate in candidates:
                if directed.lower().startswith(candidate.lower()) or candidate.lower() in directed.lower():
                    candidates = [candidate, *(c for c in candidates if c != candidate)]
                    break
            else:
                if kinds[0] == "currency":
                    candidates = [*values.find("currency", directed)[:1], *candidates]
        elif same > 1:
            candidates = [c for c in candidates if c not in used]
        fits = [f for f in (js.fit(c, param.schema, param.root) for c in candidates) if f is not js.MISFIT]
        if fits:
            many = (
                same == 1
                and essential
                and kinds[0] in ("state", "city", "place", "country", "ip", "email", "ticker", "url")
            )
            return fits[0], fits[1:8] if many else []
    return js.MISFIT, []


_FROM_WORDS = frozenset(["from", "origin", "source", "base", "departure", "start", "sender"])
_TO_WORDS = frozenset(["to", "destination", "target", "arrival", "end", "recipient"])


def _directed(param: Param, text: str) -> str | None:
    """The phrase after `from` or `to`, for parameters that are named so."""
    if param.words & _FROM_WORDS:
        match = re.search(r"\bfrom\s+(.{1,60}?)(?=\s+(?:to|into|on|at|for)\b|[.,;!?]|$)", text, re.I) or re.search(
            r"(?:[\d.,]+\s*)?([\w$€£ ]{1,40}?)\s+(?:in|to|into)\s+\w+", text)  # fmt: skip
        return match.group(1) if match else None
    if param.words & _TO_WORDS:
        match = re.search(r"\b(?:to|into)\s+(.{1,60}?)(?=\s+(?:from|on|at|for|with|saying)\b|[.,;!?]"
r"|$)", text, re.I) or re.search(
            r"\b(?:in)\s+(.{1,40}?)(?=[.,;!?]|$)", text)  # fmt: skip
        return match.group(1) if match else None
    return None


def _list_for(param: Param, text: str, tool_text: str, essential: bool) -> list[JSON]:
    """The members of an array parameter that a text lists."""
    items = js.main(param.schema.get("items"), param.root)
    wanted = js.kind(items)
    if wanted in ("integer", "number"):
        return list(values.numbers(text)) if essential or _label_value(param, text) else []
    if wanted == "object":
        return _pairs(items, param.root, text)
    listed = re.search(
        rf"\b{re.escape(name_words(param.name)[-1].rstrip('s') if name_words(param.name) else param.name)}(?:s|es)?\s*(?::|=|are|is|of|like|named|called)?\s+(?!and\b|or\b)([^.;:?!\n]+(?:\.\w[^.;:?!\n]*)*)",
        text,
        re.I,
    )
    kinds = kinds_of(param, tool_text)
    if kinds[0] not in ("free", "noun", "name", "person"):
        found = find_strings(param, text, tool_text, alone=True)
        if found:
            return list(found)
    if listed and re.search(r",|\band\b|:|=", listed.group(0)):
        return [
            part.strip(" '\"")
            for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", listed.group(1))
            if part.strip(" '\"")
        ][:50]
    if not essential and not param.words & {"participants", "attendees", "people", "names", "guests"}:
        return []
    quoted = values.find("quoted", text)
    if quoted:
        return list(quoted)
    found = values.find(
        "person"
        if kinds[0] == "person"
        or param.words & {"participants", "attendees", "people", "names", "guests", "members"}
        else "name",
        text,
    )
    if found:
        return list(found)
    after = re.search(r"(?::|\bfor|\bof|\bto|\bwith)\s+([^.?!:\n]+)", text, re.I)
    source = after.group(1) if after else ""
    parts = [part.strip() for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", source) if part.strip()]
    return list(parts) if len(parts) > 1 or (essential and parts) else []


def _pairs(items: js.Schema, root: js.Schema, text: str) -> list[JSON]:
    """Objects of a name and a number: `2 apples and 3 bananas`."""
    properties = js.mapping(items.get("properties"))
    number = next(
        (n for n, s in properties.items() if js.kind(js.main(s, root)) in ("integer", "number")), None
    )
    name = next((n for n, s in properties.items() if js.kind(js.main(s, root)) == "string"), None)
    if name is None:
        return []
    out: list[JSON] = []
    for match in _PAIR.finditer(text):
        count = match.group(1).lower()
        amount = int(count) if count.isdigit() else values.NUMBER_WORDS.get(count, 1)
        thing = match.group(2).strip()
        if thing.split()[0].lower() in STOP:
            continue
        made: dict[str, JSON] = {name: thing}
        if number is not None:
            made[number] = amount
        whole = {**js.mapping(js.placeholder(items, root)), **made}
        if count in ("a", "an") and number is None:
            continue
        out.append(whole)
    return out


def _object_for(param: Param, sources: Sources, tool_text: str) -> JSON:
    """An object parameter, its properties filled like parameters of their own."""
    inner = Tool(param.name, tool_text, {**param.schema, "$defs": param.root.get("$defs", {})})
    if not inner.params:
        return js.MISFIT
    filling = fill(inner, sources)
    if filling.missing or not filling.found:
        return js.MISFIT
    return js.fit(filling.arguments[0], param.schema, param.root)


def _from_past(param: Param, past: Sequence[Step], tool_text: str) -> JSON:
    """The value an earlier turn used or returned: what `there`, `it` and `the same` mean."""
    for step in past:
        if param.name in step.arguments:
            fitted = js.fit(step.arguments[param.name], param.schema, param.root)
            if fitted is not js.MISFIT:
                return fitted
        kinds = set(kinds_of(param, tool_text))
        for name, value in step.arguments.items():
            other = Param(name, {"type": "string"}, {}, True)
            if isinstance(value, str) and kinds & (set(kinds_of(other)) - {"noun", "free"}):
                fitted = js.fit(value, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted
    return from_outputs(param, list(reversed(past)), tool_text)


_AT_HOME = re.compile(r"\bi live\b|\bhome\b|\bmy (?:city|state|town|area|place|region)\b", re.I)
_FACT_NAMES = {"name": "name", "user": "name", "customer": "name", "passenger": "name", "age": "age", "city": "home",
               "home": "home", "state": "home", "location": "home", "place": "home"}  # fmt: skip


def _from_facts(param: Param, sources: Sources, tool_text: str) -> JSON:
    """A value the user told about themselves, where the parameter asks for it."""
    spoken = " ".join(w for w in name_words(param.name))
    direct = sources.facts.get(spoken)
    if direct and stems(spoken) != []:
        fitted = js.fit(direct, param.schema, param.root)
        if fitted is not js.MISFIT:
            return fitted
    for word in sorted(param.words):
        key = _FACT_NAMES.get(word)
        if not key or key not in sources.facts:
            continue
        if key == "home" and not _AT_HOME.search(sources.clause):
            continue
        if key == "name" and not param.words & {"name"}:
            continue
        value = f"in {sources.facts[key]}"
        for candidate in [*find_strings(param, value, tool_text, alone=True), sources.facts[key]]:
            fitted = js.fit(candidate, param.schema, param.root)
            if fitted is not js.MISFIT:
                return fitted
    return js.MISFIT
