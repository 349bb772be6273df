"""What a text offers: the typed values that can be read out of a sentence, in the order they appear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from workshop.practice.language.lexicon import (
    CITIES,
    CITY_STATES,
    COUNTRIES,
    CURRENCIES,
    LANGUAGES,
    STATE_NAMES,
    STATES,
)
from workshop.practice.language.words import KNOWN, LONGEST_TEXT, STOP, bag, name_words, stem, stems

NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12,
}  # fmt: skip
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = "|".join(_MONTHS) + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


QUANTITY = rf"((?<![\dA-Za-z])(?<![A-Za-z]-)-?\d[\d,]*(?:\.\d+)?|\b(?:{any_of(NUMBER_WORDS)})\b)"
RANGE = re.compile(
    rf"\b(?:between|from|range(?: of)?)\s+{QUANTITY}\s*(?:and|to|-|–|through)\s*{QUANTITY}"
    rf"|\b(?:sum|product|difference|quotient) (?:of|between)\s+{QUANTITY}\s+and\s+{QUANTITY}"
    rf"|\b(?:add|multiply|compare)\s+{QUANTITY}\s+and\s+{QUANTITY}",
    re.I,
)
QUOTED = re.compile(r"\"([^\"\n]{1,2000})\"|“([^”\n]{1,2000})”|«([^»]{1,2000})»|`([^`\n]{1,2000})`"
                    r"|(?<![\w])'([^'\n]{1,2000}?)'(?![\w])|(?<!\w)‘([^’\n]{1,2000})’(?!\w)")  # fmt: skip
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP = re.compile(
    rf"(?<![\w.])(?:{_BYTE}\.){{3}}{_BYTE}(?![\w])(?!\.\d)"
    r"|(?<![\w:])(?=[\da-fA-F:]*::|(?:[\da-fA-F]+:){7})[\da-fA-F:]{3,39}(?![\w:])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|(?<![@\w])www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;!?]")
_PHONE = re.compile(r"(?<![\w.])(?:\+?\d{1,3}[ -])?\(?\d{3}\)?[ -]?\d{3}[ -]\d{4}\b|\+\d{8,14}\b")
_NUMBER = re.compile(
    r"(?<![\w.,/:-])[-+]?(?!0\d)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?=[^\w.]|[a-z]|\.(?!\d)|$|%)", re.I
)
_FILE = re.compile(
    r"(?<![\w@/.])(?:[~./]{0,2}/)?(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)*\.(?:[A-Za-z]\w{0,4})\b(?!@)|(?<!\S)/(?:[\w.-]+/?)+"
)
_PATH = re.compile(r"(?<![\w])(?:[\w.-]*/)+[\w.-]*\d[\w.-]*")
_LABELS = bag(
    "order ticket account number no room flight year page version id invoice case item table top all"
)
_ID = re.compile(
    r"(?<![\w.@/-])(?=[\w-]*\d)[A-Za-z0-9][\w-]*[A-Za-z0-9](?![\w@])|(?<=#)\w+|(?<![\w.,/-])\d+(?![\w,]|\.\d)"
)
_TIME = re.compile(
    r"\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?|\b(?:1[0-2]|[1-9])\s?[ap]\.?m\b\.?"
    r"|\b(?:noon|midnight)\b",
    re.I,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?")
_WORD_DATE = re.compile(
    rf"\b(?:({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?(?:,?\s+(\d{{4}}))?)\b",
    re.I,
)
_SPOKEN_DATE = re.compile(
    rf"\b(?:(?:next|this|last|coming)\s+(?:{_WEEKDAYS}|week(?:end)?|month|year)|today|tonight|tomorrow|yesterday"
    rf"|{_WEEKDAYS})\b",
    re.I,
)
_TICKER = re.compile(r"\b(?!US\b|IP\b|AI\b|OK\b|I\b|A\b)[A-Z]{1,5}\b")
_NOT_PLACES = bag("I A IP ID US USA UK EU AI API OK AM PM TV URL PDF JSON CEO FAQ USD EUR GBP")
_CAPITALISED = re.compile(
    r"(?<![\w'])(?:(?:Mr|Mrs|Ms|Dr|Prof|St)\.\s+)?[A-ZÀ-ÖØ-Þ][\w'’.-]*[\w](?:\s+(?:(?:Mr|Mrs|Ms|Dr|Prof)\.\s+)?(?:(?:de|del|da|di|la|le|van|von|of|the|al"
    r"|el)\s+)?(?:[A-ZÀ-ÖØ-Þ][\w'’-]*\w|[A-Z]\.(?=\s[A-Z])))*"
)
# They begin sentences in capitals, and name nothing.
_STARTERS = (
    STOP
    | KNOWN
    | bag(
        """hi hey dear i'm i'd i've what's where's who's how's let's don't feedback input user sure also then hola
    lunch dinner breakfast brunch meeting coffee party conference standup event appointment"""
    )
)
_NOT_NAMES = frozenset(f"{_WEEKDAYS}|{_MONTH}".split("|")) | bag("i i'm ok ip us usa ai json where")
_STATE_NAME = re.compile(rf"\b(?:{any_of(STATES)})\b")
_STATE_CODE = re.compile(r"(?<![\w.'@-])(?:[A-Z]{2}|[A-Z]\.[A-Z]\.?)(?![\w'@-])")
_CODES_THAT_ARE_WORDS = bag("IN OR ME HI OK OH AS ID LA DE MA PA AL")
_CITY_NAME = re.compile(rf"(?<!\w)(?:{any_of(CITIES)})(?!\w)")
_COUNTRY_NAME = re.compile(rf"\b(?:{any_of(COUNTRIES)})\b")
_CURRENCY = re.compile(rf"[$€£]|\b(?:{any_of(word for word in CURRENCIES if word.isalpha())})\b")
_LANGUAGE = re.compile(rf"\b(?:{any_of(LANGUAGES)})\b")
_COUNTING = _STARTERS | NUMBER_WORDS.keys() | {"number", "around", "roughly"}
_NUMBER_WORD = re.compile(rf"\b(?:{any_of(set(NUMBER_WORDS) - {'one'})})\b")
_IN_PLACE = re.compile(
    r"\b(?:in|at|near|around|of|for|from|to|visit(?:ing)?|leav(?:e|ing)|and|or|between"
    r"|via)\s+(?:the\s+(?:city|town|state|country)\s+of\s+)?"
    r"([A-ZÀ-ÖØ-Þ][\w'’.-]*(?:\s+(?:(?:de|del|da|la|of|the"
    r"|upon)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*)*(?:\s\d{1,4}(?=\s(?:to|from|in|via|by)\b|\W*$))?(?:,\s*[A-Z][\w.]*(?:\s[A-Z]\w+)*)?)"
)

# Where the speaker is, without a name.
SELF_PLACE = re.compile(
    r"\bwhere (?:am i|i am|i'm|i live|we are|are we|i currently am|i happen to be)\b|\blocal(?:ly)?\b"
    r"|\b(?:near|around|close to) (?:me|here|us)\b|\b(?:right |in |around )here\b"
    r"|\bmy (?:current )?(?:location|area|city|state|region|place|position|whereabouts)\b",
    re.I,
)


def _unique(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in found if value))


def _in_order(found: Iterable[tuple[int, str]]) -> list[str]:
    """The values by the place where each was found."""
    return _unique(value for _, value in sorted(found))


def _all(pattern: re.Pattern[str], *masks: re.Pattern[str]) -> Callable[[str], list[str]]:
    """A finder of all that a pattern matches, outside of what other patterns match."""

    def finder(text: str) -> list[str]:
        for mask in masks:
            text = mask.sub(" ", text)
        return _unique(match.group(0).strip(" -") for match in pattern.finditer(text))

    return finder


def _titled(raw: str) -> str:
    """A name as it was written, or capitalised if it was not."""
    return raw.title() if raw == raw.lower() else raw


def states(text: str) -> list[str]:
    """Two-letter codes of the US states (and DC, PR, GU) named in a text; a well-known city implies its own."""
    lowered = text.lower()
    named = [
        m
        for m in _STATE_NAME.finditer(lowered)
        if not re.match(r"washington,? d\.?\s?c\b", lowered[m.start() :])
    ]
    found = [(match.start(), STATES[match.group(0)]) for match in named]
    for match in _STATE_CODE.finditer(text):
        code = match.group(0).replace(".", "")
        # "OK" and "HI" shout where all the text does.
        if code in STATE_NAMES and not (code in _CODES_THAT_ARE_WORDS and text.isupper()):
            found.append((match.start(), code))
    for match in _CITY_NAME.finditer(lowered):
        inside = any(one.start() <= match.start() < one.end() for one in named)
        # "Portland, OR" says its state itself.
        says_state = any(0 <= position - match.end() <= 3 for position, _ in found)
        if match.group(0) in CITY_STATES and not inside and not says_state:
            found.append((match.start(), CITY_STATES[match.group(0)]))
    return _in_order(found)


def cities(text: str) -> list[str]:
    """The places named in a text that are no state and no country, without their region."""
    named = (place.split(",")[0] for place in places(text))
    tables = (STATES, COUNTRIES, STATE_NAMES)
    return _unique(
        n for n in named if n.lower() in CITIES or not any(n.lower() in t or n in t for t in tables)
    )


def places(text: str) -> list[str]:
    """Places as a person writes them: `Paris`, `San Francisco, CA`, `Texas`, `Japan`."""
    found: list[tuple[int, int, str]] = []
    for match in _IN_PLACE.finditer(text):
        start, name = match.start(1), match.group(1).rstrip(".")
        if re.split(r"\W", name.lower())[0] in _STARTERS or name.lower() in _NOT_NAMES or name in _NOT_PLACES:
            continue
        first, _, rest = name.partition(",")
        # "Paris, London": two places, not a city and its region.
        two = bool(rest) and not is_region(rest.strip())
        found.append((start, start + len(first) if two else match.end(1), first if two else name))
        if two:
            found.append((start + len(first) + 2, match.end(1), rest.strip()))
    for match in (m for one in (_CITY_NAME, _STATE_NAME, _COUNTRY_NAME) for m in one.finditer(text.lower())):
        if not any(start <= match.start() < end for start, end, _ in found):
            region = re.match(r",\s*([A-Z]{2}\b|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)", text[match.end() :])
            end = match.end() + (region.end() if region and is_region(region.group(1)) else 0)
            found.append((match.start(), end, _titled(text[match.start() : end])))
    return _unique(name for _, _, name in sorted(found))


def is_region(name: str) -> bool:
    """Whether a name is that of a state or a country."""
    low = name.lower().strip(".")
    return low in STATES or low in COUNTRIES or name.replace(".", "").upper() in STATE_NAMES


def quoted(text: str) -> list[str]:
    """What stands in quotation marks."""
    return _unique(match[match.lastindex or 0].strip() for match in QUOTED.finditer(text))


def iso_dates(text: str) -> list[str]:
    """Full dates, as YYYY-MM-DD. A date without a year is none: there is no clock to complete it by."""
    found = [(m.start(), m[1], m[2], m[3]) for m in _ISO.finditer(text)]
    for m in _WORD_DATE.finditer(text):
        name, day, year = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
        month = next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name.lower()[:3]))
        found += [(m.start(), year, str(month), day)] if year else []
    return _in_order(
        (position, f"{year}-{int(month):02}-{int(day):02}")
        for position, year, month, day in found
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    )


def iso_datetimes(text: str) -> list[str]:
    """Full dates with a time, as RFC 3339 date-times."""
    found = ((m[1], m[2], m[3], m[4] if m[4].count(":") == 2 else f"{m[4]}:00", m[5] or "Z")
             for m in _ISO.finditer(text) if m[4])  # fmt: skip
    return _unique(f"{year}-{month}-{day}T{clock}{zone}" for year, month, day, clock, zone in found)


def dates(text: str) -> list[str]:
    """Dates: ISO where the text holds a full one, otherwise as it says them (`tomorrow`, `May 5`)."""
    spoken = ((m.start(), m.group(0)) for one in (_WORD_DATE, _SPOKEN_DATE) for m in one.finditer(text))
    return iso_dates(text) or _in_order(spoken)


_VAGUELY = re.compile(r"\b(?:a few|few|several|some|many|a couple of) (?:hundred|thousand|dozen)s?\b", re.I)
_COUNTED = re.compile(r"(?:\s+[a-z]+)?\s+[a-z]+s:?\s+\d", re.I)


def numbers(text: str, *, named: bool = False) -> list[float]:
    """Numbers in digits or small number words, in order; whole ones are still floats here.

    Args:
        text: Where to look; what stands in quotation marks is material, unless that is all there is.
        named: Whether a number that belongs to a name (`Tour 1`) counts.
    """
    masked = text[:LONGEST_TEXT]
    for pattern in (_IP, _EMAIL, _URL, _PHONE, _ISO, _WORD_DATE, _VAGUELY, _TIME, _PATH):
        masked = pattern.sub(lambda m: " " * len(m.group(0)), masked)
    found = [
        (m.start(), float(NUMBER_WORDS[m.group(0)]))
        for m in _NUMBER_WORD.finditer(masked.lower())
        # "the two whole numbers 12 and 34" says how many follow.
        if not _COUNTED.match(masked, m.end())
    ]
    for m in _NUMBER.finditer(masked):
        # "12A" and "3x4" are labels, "5km", "20%" and "20C" are quantities.
        label = re.match(r"[ABDEG-JLN-Z]\b|[A-Za-z]+\d", masked[m.end() :])
        if not label and (named or not _of_a_name(masked[: m.start()])):
            found.append((m.start(), float(m.group(0).replace(",", ""))))
    return [value for _, value in sorted(found)]


def _of_a_name(before: str) -> bool:
    """Whether what stands before a number is a word that it belongs to: `Tour 1`, `parcel 12`."""
    match = re.search(r"(?:^|\s)([A-Za-zà-ÿ]{3,})\s+$", before)
    word = match[1] if match else ""
    if not word or word.lower() in _COUNTING or re.fullmatch(_MONTH, word, re.I):
        return False
    return word.lower() not in _LABELS if word[0].isupper() else not word.endswith("s")


def mask_times(text: str) -> str:
    """A text without its times and full dates."""
    return _ISO.sub(" ", _TIME.sub(" ", text))


def mask_values(text: str) -> str:
    """A text in which a 0 stands for each address, path, date, time and id."""
    for pattern in (_URL, _EMAIL, _IP, _ISO, _TIME, _FILE, _ID):
        text = pattern.sub(" 0 ", text)
    return text


def files(text: str) -> list[str]:
    """File names and paths."""
    found = _all(_FILE, _URL, _EMAIL)(text)
    found += [one for one in re.findall(r"\b(?:directory|folder) ([\w-]+)", text) if one.lower() not in STOP]
    return [value.rstrip(".,;:!?") for value in found if value not in ("e.g", "i.e")]


def names(text: str) -> list[str]:
    """Capitalised names (people, things), without days and words that merely begin a sentence."""
    found = []
    for match in _CAPITALISED.finditer(text):
        words = re.sub(r"['’]s$", "", match.group(0)).split()
        while words and re.split("['’]", words[0].lower())[0] in _STARTERS:
            words = words[1:]
        value = " ".join(words).rstrip(".")
        # "Cook lasagna": a word that begins a sentence need not be a name.
        begins = value == match.group(0) and re.search(r"(?:^|[.?!:]\s+)$", text[: match.start()])
        after = re.match(r"\s+([a-z]+)", text[match.end() :])
        if begins and " " not in value and after and after.group(1) not in STOP - {"a", "an", "the", "my"}:
            continue
        if len(value) > 1 and value.lower() not in _NOT_NAMES | STOP:
            found.append(value)
    return _unique(found)


def people(text: str) -> list[str]:
    """Names that are not those of known places or languages."""
    tables = (CITIES, STATES, COUNTRIES, LANGUAGES, STATE_NAMES)
    named = (n for n in names(text) if not re.search(r"\d", n))
    return [n for n in named if not any(n.lower() in table or n in table for table in tables)]


def countries(text: str) -> list[str]:
    """Countries named in a text, in title case."""
    found = (match.group(0) for match in _COUNTRY_NAME.finditer(text.lower()))
    return _unique(name.upper() if name in ("usa", "uk") else name.title() for name in found)


def times(text: str) -> list[str]:
    """Times of day; the full stop of a sentence is none of theirs."""
    return [one if "." in one[:-1] else one.rstrip(".") for one in _all(_TIME)(text)]


_FINDERS: dict[str, Callable[[str], list[str]]] = {
    "state": states, "city": cities, "place": places, "country": countries, "quoted": quoted, "iso_date": iso_dates,
    "iso_datetime": iso_datetimes, "date": dates, "file": files, "ticker": _all(_TICKER), "name": names,
    "person": people, "ip": _all(_IP), "email": _all(_EMAIL), "url": _all(_URL), "phone": _all(_PHONE), "time": times,
    "id": _all(_ID, _URL, _IP, _EMAIL, _TIME), "coordinates": lambda _: [],
    "currency": lambda text: _unique(CURRENCIES[m.group(0)] for m in _CURRENCY.finditer(text.lower())),
    "language": lambda text: _unique(m.group(0).title() for m in _LANGUAGE.finditer(text.lower())),
}  # fmt: skip


@lru_cache(maxsize=4096)
def _find(kind: str, text: str) -> tuple[str, ...]:
    return tuple(_FINDERS[kind](text))


def find(kind: str, text: str) -> list[str]:
    """All values of a kind in a text, in order, without repeats.

    Args:
        kind: One of the kinds in this module's table (`state`, `city`, `place`, `ip`, `date`, ...).
        text: Any text; only its first `LONGEST_TEXT` characters are read.
    """
    return list(_find(kind, text[:LONGEST_TEXT]))


_NARROWING = re.compile(
    rf"\b(?:yesterday|last (?:night|week|month|year|{_WEEKDAYS}|{_MONTH})|(?<=in )(?:{'|'.join(_MONTHS)})"
    r"|(?<=in )[12]\d{3}|half an? \w+|twice|\w+ times(?= *[.?!]|$)|(?:a few|several|a couple of) \w+)\b", re.I,
)  # fmt: skip


def narrowing(text: str) -> list[str]:
    """The times and spans in a text that narrow down what is asked for: `last week`, `in May`, `half an hour`."""
    return [match.group(0) for match in _NARROWING.finditer(text)]


_OTHERS = re.compile(rf"\b(?:(our|my|his|her|their|your)\s+)?{QUANTITY}\s+([a-z]+s)\b", re.I)
_GRADES = bag("star rating score grade level plot row seat room floor table bay lane zone position priority")

_MONEY, _PIECES = bag("euros dollars cents pounds francs"), bag("quantity count copies pieces number of")


def without_other_counts(text: str, words: frozenset[str]) -> str:
    """A text without the numbers that count what a parameter, of these words, is not about: `our 2 dogs`."""
    graded = {word.removesuffix("s") for word in words} & _GRADES

    def kept(match: re.Match[str]) -> str:
        noun = match[3].lower()
        mine = {noun, noun.removesuffix("s")} & words or noun in ("points", "stars", "percent")
        paid = noun in _MONEY and not words - _PIECES
        return match[0] if mine or not (match[1] or graded or paid) else " , "

    return _OTHERS.sub(kept, text)


FROM = bag("from pickup origin source base departure start sender")
TO = bag("to dropoff destination target arrival end recipient quote into")
_SOURCE = bag("from base")
# What stands after `from` or `to`, for parameters that are named so; first the plain words, then `5 km in miles`.
_DIRECTIONS = (
    (FROM, re.compile(r"\bfrom\s+(.{1,60}?)(?=\s+(?:to|into|on|at|for)\b|[.,;!?]|$)", re.I)),
    (
        _SOURCE,
        re.compile(r"[\d.,]+\s*([^\W\d][\w$€£ ]{0,39}?)\s+(?:in|to|into)\s+\w+|(?:^|\s)(\w+)\s+in\s+\w+"),
    ),
    (
        TO,
        re.compile(
            r"\b(?:to|into)\s+(.{1,60}?)(?=\s+(?:from|on|at|for|with|saying|and)\b|[.,;!?](?:\s|$)|$)", re.I
        ),
    ),
    (TO, re.compile(r"\bin\s+(.{1,40}?)(?=[.,;!?]|$)")),
)


def directed(wanted: frozenset[str], text: str) -> str | None:
    """The phrase after `from` or `to`, for parameters that have one of these words in their name."""
    found = (pattern.search(text) for words, pattern in _DIRECTIONS if wanted & words)
    match = next((one for one in found if one), None)
    return match[match.lastindex or 0] if match else None


def other_choice(name: str, choices: Iterable[object], text: str, known: frozenset[str]) -> str | None:
    """What a text names for an enum that is none of its choices: `A2 paper`, or a code of the same form.

    Args:
        name: The name of the parameter.
        choices: What the enum has.
        text: Where to look.
        known: The stems of words that stand for something else.
    """
    label, plain = name_words(name)[-1:], QUOTED.sub(" ", text)
    before = re.findall(rf"([\w-]+)\s+{re.escape(label[0])}\b", plain) if label else []
    coded = [one for one in choices if isinstance(one, str) and re.search(r"\d", one)]
    forms = [re.sub(r"\d", "0", one).lower() for one in coded]
    alike = [one for one in re.findall(r"[\w-]+", plain) if re.sub(r"\d", "0", one).lower() in forms]
    verbs = {stem(word) for word in KNOWN}
    return next((one for one in [*before, *alike] if set(stems(one)) - known - verbs), None)


_LABEL_GAP = r"[\s:=#]*(?:(?:is|to|of|as|number|no\.?|id|code|named|called|the|seat)\b[\s:=#]*){0,3}"


def labelled(label: str, text: str) -> str | None:
    """The value that follows its own label: `order 4711`, `subject: hello`, `seat to 12A`.

    It must look like one: a digit in it, capitals, quotation marks, or a colon or equals sign before it.

    Args:
        label: A word or two, as a person would write them.
        text: Where to look.
    """
    for match in re.finditer(
        rf"\b{re.escape(label)}s?\b(?!-)(?P<gap>{_LABEL_GAP})", text[:LONGEST_TEXT], re.I
    ):
        rest = text[match.end() :]
        quote = QUOTED.match(rest)
        if quote:
            return str(quote[quote.lastindex or 0])
        line = re.match(r"[^\n;]+", rest) if re.search(r"[:=]", match.group("gap")) else None
        if line:
            value = re.split(r",\s|\.\s|\.$|\s+(?:and|with)\s+(?:the\s+)?\w+\s*[:=]", line.group(0))[
                0
            ].strip()
            if value:
                return value
        word = re.match(r"[A-Z]{1,3} \d+\b|[\w@.+#/-]*[\w]", rest)
        value = word.group(0).lstrip("#") if word else ""
        if any(c.isdigit() for c in value) or (
            len(value) > 1 and value.isupper() and value not in _NOT_PLACES
        ):
            return value
    return None
