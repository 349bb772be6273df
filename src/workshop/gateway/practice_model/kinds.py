"""What a parameter asks for: the kind of value, read off its format, its name and its description."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model import values
from workshop.gateway.practice_model.lexicon import COUNTRIES, LANGUAGES, STATE_NAMES
from workshop.gateway.practice_model.tools import Param
from workshop.gateway.practice_model.words import (
    STOP,
    bag,
    name_words,
)

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


@lru_cache(maxsize=2048)
def _kinds(name: str, description: str, format_: str, tool: str) -> tuple[str, ...]:
    """The kinds of value to look for, best first."""
    by_format = {"date": "iso_date", "date-time": "iso_datetime", "time": "time", "email": "email",
                 "uri": "url",
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


_CODE_SAID = re.compile(
    r"(?:two|2)[- ](?:letter|character|char|digit)|abbreviat|\b(?:codes?|iso)\b"
    r"|['\"(](?:CA|NY|TX|FL|WA)['\")]",
    re.I,
)


_CODE_SHOWN = re.compile(
    r"\b(?:e\.?g\.?,?|example:?|like|such as)\s*['\"(]?(?:[A-Z]{2}|ca|ny|tx|en|de|fr|es)\b", 0
)


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
        if _CODE_SAID.search(said) or (said is param.description and _CODE_SHOWN.search(said)):
            return True
    return bool(param.words & {"code", "abbr", "abbreviation", "iso"})


def spellings(kind: str, value: str, param: Param, tool_text: str) -> list[str]:
    """The ways to write a value, the one the parameter asks for first."""
    if kind == "state":
        name = STATE_NAMES.get(value, value)
        return [value, name] if wants_code(param, tool_text) else [name, value]
    if kind == "country" and wants_code(param, tool_text):
        return [COUNTRIES.get(value.lower(), value), value]
    if kind == "language" and wants_code(param, tool_text):
        return [LANGUAGES.get(value.lower(), value), value]
    return [value]


def label_value(param: Param, text: str) -> str | None:
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
