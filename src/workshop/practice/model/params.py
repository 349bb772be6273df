"""Parameters: what each asks for, read off its format, its name and its description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workshop.practice.language import values
from workshop.practice.language.lexicon import COUNTRIES, LANGUAGES, STATE_NAMES
from workshop.practice.language.words import STOP, bag, is_plain, name_words
from workshop.practice.model import json_schema
from workshop.practice.model.json_schema import JSON

FREE_TEXT = bag(
    """query question q text message msg input prompt content contents body sentence topic keywords keyword
    search term terms request task description instructions instruction note notes phrase comment
    subject title reason issue problem details summary statement passage paragraph document thought
    context data goal objective feedback review headline idea theme answer fact memory line remark remarks"""
)
_COMMANDS = bag("cmd command code sql script shell program statement regex pattern")
_NUMBERED = bag("id number code key ref reference sku seat order account token ticket invoice serial flight")
_PERSONS = bag(
    """person who author attendee passenger guest payee beneficiary receiver assignee member employee patient student
    contact friend colleague doctor player flatmate singer debtor creditor walker"""
)
_FORMATS = {"date": "iso_date", "date-time": "iso_datetime", "time": "time", "email": "email", "uri": "url",
            "url": "url", "ipv4": "ip", "ipv6": "ip", "ip": "ip"}  # fmt: skip

# In this order: words of the name (with "-", words that must not be there), what its description or its tool
# must say, and the kinds of value to look for, best first.
_NAMED = [
    (bag(words), re.compile(said, re.S), tuple(kinds.split()))
    for words, said, kinds in (
        ("ip", "", "ip"),
        ("email mail e -subject -body -text -content -message -type -id -template", "", "email"),
        ("to recipient recipients cc bcc sender",
         "^(?!.*(?:currenc|languag|city|airport|unit|account)).*(?:mail|message|send)", "email phone person"),
        ("to recipient recipients cc bcc sender", "^(?!.*(?:currenc|languag|city|airport|unit|account))",
         "email person place"),
        ("url uri link website webpage href", "", "url"),
        ("domain domains", "", "file labelled"),
        ("phone mobile telephone cell", "", "phone"),
        ("source destination from to old new target", r"\bfiles?\b.*\bdirector|director.*\bfiles?\b", "file labelled"),
        ("state states", r"^(?!.*(?:\bon or off\b|\bstatus\b|open or closed))", "state"),
        ("area region province code", r"\bstates?\b", "state"),
        ("country nation countries", "", "country place"),
        ("currency currencies", "", "currency"),
        ("from to base target source quote", "currenc|exchange", "currency"),
        ("base quote", "(?<![a-z])(?:fx|forex|rates?)(?![a-z])", "currency"),
        ("language lang locale languages", "", "language"),
        ("city town cities", "", "city"),
        ("symbol ticker", "", "ticker"),
        ("expression formula equation calculation expr", "", "expression"),
        ("file filename path filepath directory folder dir", "", "file labelled"),
        ("date day start end", "yyyy-mm-dd", "iso_date"), ("date day checkin checkout check birthday", "", "date"),
        ("when start end due deadline until since datetime", "", "date time"),
        ("time hour", "", "time"), ("lat latitude lon longitude lng", "", "coordinates"),
        ("location place where address destination origin area region venue departure arrival source spot site "
         "resort harbour harbor port",
         "", "place"),
    )
]  # fmt: skip


@lru_cache(maxsize=2048)
def _kinds(name: str, description: str, form: str, about: str) -> tuple[str, ...]:
    """The kinds of value to look for, best first."""
    if form in _FORMATS:
        return (_FORMATS[form],)
    words = name_words(name)
    if re.search(r"\bip(?:v4|v6)? ?address", description):
        return ("ip",)
    for named, said, kinds in _NAMED:
        met, barred = named & set(words), {f"-{word}" for word in words} & named
        if met and not barred and said.search(f"{description} {about}"):
            return kinds
    if words and words[-1] in _NUMBERED:
        return ("id",)
    if words == ("customer",):
        return ("person", "id")
    if _COMMANDS & set(words):
        return ("command",)
    if FREE_TEXT & set(words):
        return ("free",)
    if _PERSONS & set(words):
        return ("person", "noun")
    if set(words) & {"name", "user"}:
        return ("name", "noun")
    return ("noun",)


@dataclass(frozen=True)
class Param:
    """One parameter of a tool, or one property of a structured output."""

    name: str
    raw: json_schema.Schema  # as it was sent
    root: json_schema.Schema  # what `$ref` points into
    required: bool = True
    about: str = ""  # name and description of its tool, for what they say of the format

    @cached_property
    def schema(self) -> json_schema.Schema:
        """The alternative its value is looked for by (never the null one)."""
        return json_schema.main(self.raw, self.root)

    @cached_property
    def items(self) -> json_schema.Schema:
        """The schema of one value: of its members, if it is an array."""
        return json_schema.main(self.schema.get("items"), self.root) if self.type == "array" else self.schema

    @cached_property
    def type(self) -> str:
        """Its JSON type."""
        return json_schema.kind(self.schema)

    @cached_property
    def choices(self) -> list[JSON] | None:
        """The values of its enum; None if it has none."""
        choices = self.items.get("enum")
        return choices if isinstance(choices, list) else None

    @cached_property
    def essential(self) -> bool:
        """Whether a call needs a value that only the conversation can give."""
        return self.required and self.default is json_schema.MISFIT

    @cached_property
    def numeric(self) -> bool:
        """Whether it takes a number."""
        return self.type in ("integer", "number")

    @cached_property
    def textual(self) -> bool:
        """Whether it takes a string."""
        return self.type in ("string", "any")

    @cached_property
    def description(self) -> str:
        """Its description, or nothing."""
        found = self.schema.get("description")
        return found[:1000] if isinstance(found, str) else ""

    @cached_property
    def told(self) -> str:
        """Its description, or what its tool's description lists for it (`Args: ...`)."""
        listed = re.search(rf"\b{re.escape(self.name)}\s*(?:\(\w+\))?: (.+)", self.about)
        return self.description or (listed[1] if listed else "")

    @cached_property
    def words(self) -> frozenset[str]:
        """The lower-case words of its name."""
        return frozenset(name_words(self.name))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of value to look for, best first."""
        form = str(self.items.get("format", ""))
        return _kinds(self.name, self.description.lower(), form, self.about[:300].lower())

    @property
    def kind(self) -> str:
        """The first of its kinds."""
        return self.kinds[0]

    def fit(self, value: JSON) -> JSON:
        """The value in the form its schema asks for, or MISFIT."""
        return json_schema.fit(value, self.schema, self.root)

    def first(self, candidates: Iterable[JSON]) -> JSON:
        """The first candidate that fits, as its schema asks for it; MISFIT if none does."""
        return json_schema.first_fit(candidates, [self.schema], self.root)

    @cached_property
    def default(self) -> JSON:
        """The value that its schema itself names: its constant, its default, or null; MISFIT if it names none."""
        resolved = json_schema.resolve(self.raw, self.root)
        for key in ("const", "default"):
            if key in resolved:
                return resolved[key]
        return None if json_schema.nullable(resolved, self.root) else json_schema.MISFIT

    @cached_property
    def wants_code(self) -> bool:
        """Whether a state, country or language is asked for as a short code."""
        pattern = str(self.items.get("pattern", ""))
        short = self.items.get("maxLength") in (2, 3) or re.search(r"\{2\}|A-Z\]\[A-Z", pattern)
        said = _CODE_SAID.search(f"{self.description} {self.about}") or _CODE_SHOWN.search(self.description)
        return bool(short or said or self.words & {"code", "abbr", "iso"})

    def spellings(self, kind: str, value: str) -> list[str]:
        """The ways to write a value of a kind, the one that is asked for first."""
        coded = {"country": COUNTRIES, "language": LANGUAGES}.get(kind)
        if kind == "state":
            name = STATE_NAMES.get(value, value)
            return [value, name] if self.wants_code else [name, value]
        return [coded.get(value.lower(), value), value] if coded and self.wants_code else [value]

    def labelled(self, text: str) -> str | None:
        """What follows its own name in the text: `order 4711` for order_id."""
        every = name_words(self.name)
        words = [word for word in every if word not in VAGUE] or every
        labels = (
            [] if not words or words[-1] in STOP else [" ".join(every), " ".join(words), words[-1], words[0]]
        )
        labels += ["id"] if labels and "id" in every else []
        labels += ["directory", "folder", "file"] if self.kind == "file" else []
        found = (values.labelled(one, text) for one in dict.fromkeys(labels) if one not in STOP)
        # No id is made of several words.
        return next((v for v in found if v and not (self.kind == "id" and " " in v and is_plain(v))), None)


# Words of a name that do not tell what it is the name of.
VAGUE = bag("id number new old the code no name value")
_CODE_SAID = re.compile(
    r"(?:two|2)[- ](?:letter|character|char|digit)|abbreviat|\b(?:codes?|iso)\b|['\"(](?:CA|NY|TX|FL|WA)['\")]",
    re.I,
)
_CODE_SHOWN = re.compile(r"\b(?:e\.?g\.?,?|example:?|like|such as)\s*['\"(]?(?:[A-Z]{2}|ca|ny|en|de|fr|es)\b")
