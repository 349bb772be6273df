"""What a text offers: the typed values that can be read out of a sentence, in the order they appear."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from workshop.gateway.practice_model.lexicon import (
    CITIES,
    CITY_STATES,
    COUNTRIES,
    CURRENCIES,
    LANGUAGES,
    STATE_NAMES,
    STATES,
)
from workshop.gateway.practice_model.words import LONGEST_TEXT, STOP, bag

NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50,
    "hundred": 100, "dozen": 12,
}  # fmt: skip
_MONTHS = {
    name: number + 1
    for number, name in enumerate(
        (
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        )
    )
}
_MONTH = "|".join(_MONTHS) + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"

IP = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w])(?!\.\d)"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4})(?![\w:])"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){1,6}:"
    r"(?:[0-9a-fA-F]{1,4})?(?![\w:])"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"https?://[^\s<>\"')\]]+|(?<![@\w])www\.[^\s<>\"')\]]+")
PHONE = re.compile(r"(?<![\w.])(?:\+?\d{1,3}[ -])?\(?\d{3}\)?[ -]?\d{3}[ -]\d{4}\b|\+\d{8,14}\b")
QUOTED = re.compile(r"\"([^\"\n]{1,2000})\"|“([^”\n]{1,2000})”|«([^»]{1,2000})»|`([^`\n]{1,2000})`"
                    r"|(?<![\w])'([^'\n]{1,2000}?)'(?![\w])|(?<!\w)‘([^’\n]{1,2000})’(?!\w)")  # fmt: skip
NUMBER = re.compile(
    r"(?<![\w.,/:-])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?=[^\w.]|[a-z]|\.(?!\d)|$|%)", re.I
)
FILE = re.compile(
    r"(?<![\w@/])(?:[~./]{0,2}/)?(?:[\w-]+/)*[\w-]+\.(?:[A-Za-z]\w{0,4})\b(?!@)|(?<!\S)/(?:[\w.-]+/?)+"
)
IDENT = re.compile(
    r"(?<![\w.@/-])(?=[\w-]*\d)[A-Za-z0-9][\w-]*[A-Za-z0-9](?![\w@])|(?<=#)\w+|(?<![\w.,/-])\d+(?![\w.,])"
)
TICKER = re.compile(r"\b[A-Z]{1,5}(?:\.[A-Z])?\b")
TIME = re.compile(r"\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\s?(?:[ap]\.?m\b\.?)?|\b(?:1[0-2]"
r"|[1-9])\s?[ap]\.?m\b\.?|"
                  r"\b(?:noon|midnight)\b", re.I)  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?")
_US_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_WORD_DATE = re.compile(
    rf"\b(?:({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?(?:,?\s+(\d{{4}}))?)\b",
    re.I,
)
_SPOKEN_DATE = re.compile(
    rf"\b(?:(?:next|this|last|coming)\s+(?:{WEEKDAYS}|week(?:end)?|month|year)|today"
    rf"|tonight|tomorrow|yesterday"
    rf"|(?:{WEEKDAYS}))\b",
    re.I,
)
_COMPANIES = {
    "apple": "AAPL", "tesla": "TSLA", "microsoft": "MSFT", "google": "GOOGL", "alphabet": "GOOGL",
    "amazon": "AMZN", "nvidia": "NVDA", "meta": "META", "netflix": "NFLX", "intel": "INTC", "ibm": "IBM",
}  # fmt: skip
_NOT_TICKERS = bag("""I A IP ID US USA UK EU AI API OK AM PM TV URL PDF JSON CEO FAQ USD EUR GBP""")
_CAPITALISED = re.compile(
    r"(?<![\w'])[A-ZÀ-ÖØ-Þ][\w'’.-]*[\w](?:\s+(?:(?:de|del|da|di|la|le|van|von|of|the|al"
    r"|el)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*\w)*"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*|[\"“'])$")
_STARTERS = bag(
    """what where who how when why which is are do does did can could would will please show tell give find
    get list check look search send create make add book update delete compute calculate translate
    convert say write generate hello hi hey thanks dear compare read set turn schedule order buy play
    call use run open remind start stop cancel i i'm i'd i've my we you it the a an and or but if in on
    at for from to with any there this that yes no ok feedback query input question user what's where's
    who's how's let's don't also then now today tomorrow sure summarize summarise classify extract
    describe explain should has have been was were look
    lunch dinner breakfast brunch meeting coffee party conference standup event appointment"""
)
_NOT_NAMES = frozenset((WEEKDAYS + "|" + _MONTH).split("|")) | {
    "i",
    "i'm",
    "ok",
    "ip",
    "us",
    "usa",
    "ai",
    "json",
}


def _unique(found: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in found if value))


def states(text: str) -> list[str]:
    """Two-letter codes of the US states (and DC, PR, GU) named in a text, in order."""
    found: list[tuple[int, str]] = []
    lowered = text.lower()
    taken: list[tuple[int, int]] = []
    for match in _STATE_NAME.finditer(lowered):
        name = match.group(0)
        # "Washington, DC" is the district, "New York City" a city in the state.
        if name == "washington" and re.match(r",?\s*d\.?\s?c\b", lowered[match.end() :]):
            continue
        taken.append(match.span())
        found.append((match.start(), STATES[name]))
    for match in _STATE_CODE.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        code = match.group(0).replace(".", "").upper()
        if code not in STATE_NAMES:
            continue
        # Lower-case "in", "or", "me", "hi", "ok" are words; a code in capitals is meant, unless all shouts.
        if match.group(0).islower() and (code in _ENGLISH or not _asked_as_place(text, match.start())):
            continue
        if text.isupper() and code in (
            "IN",
            "OR",
            "ME",
            "HI",
            "OK",
            "AL",
            "LA",
            "DE",
            "MA",
            "PA",
            "ID",
            "OH",
        ):
            continue
        found.append((match.start(), code))
    for match in _CITY_NAME.finditer(lowered):
        inside = any(s <= match.start() < e for s, e in taken)
        # "Portland, OR" says its state itself; a bare well-known city implies it.
        says_state = any(0 <= position - match.end() <= 3 for position, _ in found)
        if match.group(0) in CITY_STATES and not inside and not says_state:
            found.append((match.start(), CITY_STATES[match.group(0)]))
    return _unique([code for _, code in sorted(found)])


_ENGLISH = bag("IN OR ME HI OK OH AS ID LA DE MA PA AL")


def _asked_as_place(text: str, start: int) -> bool:
    """Whether a lower-case `ca` stands where a place would: first, or after `in` or `for`."""
    return start == 0 or bool(re.search(r"\b(?:in|for|near|of)\s+$", text[:start], re.I))


_WORDY = bag("""in or me hi ok al la de ma pa id oh co ca mi mo ne ar as ak ct""")
_STATE_NAME = re.compile(r"\b(?:" + "|".join(sorted(STATES, key=len, reverse=True)) + r")\b")
_STATE_CODE = re.compile(r"(?<![\w.'@-])(?:[A-Z]{2}|[A-Z]\.[A-Z]\.?|[a-z]{2})(?![\w'@-])")
_CITY_NAME = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(c) for c in sorted(CITIES, key=len, reverse=True)) + r")(?!\w)"
)
_COUNTRY_NAME = re.compile(r"\b(?:" + "|".join(sorted(COUNTRIES, key=len, reverse=True)) + r")\b")
_CURRENCY = re.compile(
    r"[$€£]|\b(?:" + "|".join(sorted((c for c in CURRENCIES if c.isalpha()), key=len, reverse=True)) + r")\b"
)
_LANGUAGE = re.compile(r"\b(?:" + "|".join(LANGUAGES) + r")\b")
_IN_PLACE = re.compile(
    r"\b(?:in|at|near|around|of|for|from|to|visit(?:ing)?|leav(?:e|ing)|and|or|between"
    r"|via)\s+(?:the\s+(?:city|town|state|country)\s+of\s+)?"
    r"([A-ZÀ-ÖØ-Þ][\w'’.-]*(?:\s+(?:(?:de|del|da|la|of|the"
    r"|upon)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*)*(?:,\s*[A-Z][\w.]*(?:\s[A-Z]\w+)*)?)"
)


def cities(text: str) -> list[str]:
    """Cities named in a text: known ones in any case, and capitalised names after in, at, near, ..."""
    found: list[tuple[int, str]] = []
    for match in _CITY_NAME.finditer(text.lower()):
        raw = text[match.start() : match.end()]
        if raw == "nice" or (raw == "portland" and not text[match.start()].isupper()):
            continue
        found.append((match.start(), raw if raw != raw.lower() else raw.title()))
    for match in _IN_PLACE.finditer(text):
        name = match.group(1).split(",")[0].rstrip(".")
        low = name.lower()
        if low in STATES or low in COUNTRIES or low in _NOT_NAMES or low.split()[0] in _STARTERS:
            continue
        if name.isupper() and len(name) <= 3:
            continue
        if not any(abs(match.start(1) - position) <= 1 for position, _ in found):
            found.append((match.start(1), name))
    found.sort()
    names = _unique([name for _, name in found])
    # "New York City" holds "New York": the longer name is meant.
    return [n for n in names if not any(n != other and n.lower() in other.lower() for other in names)]


def places(text: str) -> list[str]:
    """Places as a person writes them: `Paris`, `San Francisco, CA`, `Texas`, `Japan`."""
    found: list[tuple[int, int, str]] = []
    for match in _IN_PLACE.finditer(text):
        name = match.group(1).rstrip(".")
        first = name.split()[0].lower().strip(",")
        if (
            first not in _STARTERS
            and name.lower() not in _NOT_NAMES
            and not (name.isupper() and name in _NOT_TICKERS)
        ):
            parts = [part.strip() for part in name.split(",")]
            if len(parts) == 2 and not _is_region(parts[1]):
                # "Paris, London": two places, not a city and its region.
                start = match.start(1)
                found.append((start, start + len(parts[0]), parts[0]))
                found.append((start + len(parts[0]) + 2, match.end(1), parts[1]))
            else:
                found.append((match.start(1), match.end(1), name))
    lowered = text.lower()
    for pattern in (_CITY_NAME, _STATE_NAME, _COUNTRY_NAME):
        for match in pattern.finditer(lowered):
            raw = text[match.start() : match.end()]
            if raw in ("us",) or any(s <= match.start() < e for s, e, _ in found):
                continue
            region = re.match(r",\s*([A-Z]{2}\b|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)", text[match.end() :])
            end = match.end()
            if region and pattern is _CITY_NAME and _is_region(region.group(1)):
                end += region.end()
                raw = text[match.start() : end]
            found.append((match.start(), end, raw if raw != raw.lower() else raw.title()))
    found.sort()
    return _unique([name for _, _, name in found])


def _is_region(name: str) -> bool:
    low = name.lower().strip(".")
    return low in STATES or low in COUNTRIES or name.replace(".", "").upper() in STATE_NAMES


def countries(text: str) -> list[str]:
    """Countries named in a text, in title case."""
    return _unique(["USA" if m.group(0) == "usa" else "UK" if m.group(0) == "uk" else m.group(0).title()
                    for m in _COUNTRY_NAME.finditer(text.lower())])  # fmt: skip


def ips(text: str) -> list[str]:
    """IPv4 and IPv6 addresses."""
    return _unique([m.group(0) for m in IP.finditer(text) if len(m.group(0)) > 3])


def emails(text: str) -> list[str]:
    """E-mail addresses."""
    return _unique([m.group(0).rstrip(".") for m in EMAIL.finditer(text)])


def urls(text: str) -> list[str]:
    """Web addresses."""
    return _unique([m.group(0).rstrip(".,;!?") for m in URL.finditer(text)])


def phones(text: str) -> list[str]:
    """Telephone numbers."""
    return _unique([m.group(0).strip() for m in PHONE.finditer(text)])


def quoted(text: str) -> list[str]:
    """What stands in quotation marks."""
    return _unique([next(g for g in m.groups() if g is not None).strip() for m in QUOTED.finditer(text)])


def iso_dates(text: str) -> list[str]:
    """Full dates, as YYYY-MM-DD. A date without a year is none: there is no clock to complete it by."""
    found: list[tuple[int, str]] = []
    for m in _ISO.finditer(text):
        found.append((m.start(), f"{m[1]}-{m[2]}-{m[3]}"))
    for m in _US_DATE.finditer(text):
        month, day = int(m[1]), int(m[2])
        if month > 12 and day <= 12:
            month, day = day, month
        if 1 <= month <= 12 and 1 <= day <= 31:
            found.append((m.start(), f"{m[3]}-{month:02}-{day:02}"))
    for m in _WORD_DATE.finditer(text):
        name, day_text, year = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
        if year and 1 <= int(day_text) <= 31:
            month = next(number for full, number in _MONTHS.items() if full.startswith(name.lower()[:3]))
            found.append((m.start(), f"{year}-{month:02}-{int(day_text):02}"))
    return _unique([value for _, value in sorted(found)])


def iso_datetimes(text: str) -> list[str]:
    """Full dates with a time, as RFC 3339 date-times."""
    found = []
    for m in _ISO.finditer(text):
        if m[4]:
            clock = m[4] if m[4].count(":") == 2 else m[4] + ":00"
            found.append(f"{m[1]}-{m[2]}-{m[3]}T{clock}{m[5] or 'Z'}")
    return _unique(found)


def dates(text: str) -> list[str]:
    """Dates: ISO where the text holds a full one, otherwise as it says them (`tomorrow`, `May 5`)."""
    full = iso_dates(text)
    if full:
        return full
    found = [(m.start(), m.group(0)) for m in _WORD_DATE.finditer(text)]
    found += [(m.start(), m.group(0)) for m in _SPOKEN_DATE.finditer(text)]
    return _unique([value for _, value in sorted(found)])


def times(text: str) -> list[str]:
    """Times of day, as the text says them."""
    return _unique([m.group(0).strip() for m in TIME.finditer(text)])


def numbers(text: str) -> list[float]:
    """Numbers in digits or small number words, in order; whole ones are still floats here."""
    masked = IP.sub(lambda m: " " * len(m.group(0)), text)
    for pattern in (EMAIL, URL, PHONE, _ISO, TIME):
        masked = pattern.sub(lambda m: " " * len(m.group(0)), masked)
    found: list[tuple[int, float]] = []
    for m in NUMBER.finditer(masked):
        end = m.end()
        # "12A" and "3rd" are labels, "5km" and "20%" are quantities.
        tail = re.match(r"[A-Za-z]+", masked[end:])
        if (
            tail
            and (
                (len(tail.group(0)) == 1 and tail.group(0).isupper())
                or re.match(r"\d", masked[end + tail.end() :])
            )
            and tail.group(0) not in ("K", "M", "C", "F")
        ):
            continue
        found.append((m.start(), float(m.group(0).replace(",", ""))))
    for m in _NUMBER_WORD.finditer(masked.lower()):
        found.append((m.start(), float(NUMBER_WORDS[m.group(0)])))
    return [value for _, value in sorted(found)]


_NUMBER_WORD = re.compile(r"\b(?:" + "|".join(w for w in NUMBER_WORDS if w != "one") + r")\b")


def identifiers(text: str) -> list[str]:
    """Label-like words with a digit: `ABC123`, `user-7`, `12A`, `#42`."""
    masked = EMAIL.sub(" ", IP.sub(" ", URL.sub(" ", text)))
    return _unique([m.group(0).strip("-") for m in IDENT.finditer(masked)])


def files(text: str) -> list[str]:
    """File names and paths."""
    masked = EMAIL.sub(" ", URL.sub(" ", text))
    return _unique(
        [m.group(0) for m in FILE.finditer(masked) if not re.fullmatch(r"[\d.]+|e\.g|i\.e", m.group(0))]
    )


def tickers(text: str) -> list[str]:
    """Stock symbols: known companies, and short words in capitals."""
    found = [(m.start(), _COMPANIES[m.group(0)]) for m in _COMPANY.finditer(text.lower())]
    if not text.isupper():
        found += [(m.start(), m.group(0)) for m in TICKER.finditer(text) if m.group(0) not in _NOT_TICKERS]
    return _unique([value for _, value in sorted(found)])


_COMPANY = re.compile(r"\b(?:" + "|".join(_COMPANIES) + r")\b")


def currencies(text: str) -> list[str]:
    """ISO 4217 codes of the currencies named in a text."""
    return _unique([CURRENCIES[m.group(0)] for m in _CURRENCY.finditer(text.lower())])


def languages(text: str) -> list[str]:
    """Languages named in a text, in title case."""
    return _unique([m.group(0).title() for m in _LANGUAGE.finditer(text.lower())])


def names(text: str) -> list[str]:
    """Capitalised names (people, things), without places, days and words that merely begin a sentence."""
    found = []
    for match in _CAPITALISED.finditer(text):
        value = match.group(0)
        if value.endswith(("'s", "’s")):
            value = value[:-2]
        words = value.split()
        while words and words[0].lower().split("'")[0].split("’")[0] in _STARTERS:
            words = words[1:]
        value = " ".join(words).rstrip(".")
        low = value.lower()
        if not value or low in _NOT_NAMES or low in STOP or len(value) < 2:
            continue
        found.append(value)
    return _unique(found)


def people(text: str) -> list[str]:
    """Names that are not those of known places or languages."""
    out = []
    for value in names(text):
        low = value.lower()
        if low in CITIES or low in STATES or low in COUNTRIES or low in LANGUAGES or value in STATE_NAMES:
            continue
        out.append(value)
    return out


_FINDERS: dict[str, Callable[[str], list[str]]] = {
    "state": states, "city": cities, "place": places, "country": countries, "ip": ips, "email": emails,
    "url": urls, "phone": phones, "quoted": quoted, "iso_date": iso_dates, "iso_datetime": iso_datetimes,
    "date": dates, "time": times, "id": identifiers, "file": files, "ticker": tickers, "currency": currencies,
    "language": languages, "name": names, "person": people,
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


_LABEL_GAP = r"[\s:=#]*(?:(?:is|to|of|as|number|no\.?|id|code|named|called|the|seat)\b[\s:=#]*){0,3}"


def labelled(label: str, text: str, *, loose: bool = False) -> str | None:
    """The value that follows its own label: `order 4711`, `subject: hello`, `seat to 12A`.

    Args:
        label: One word, as a person would write it.
        text: Where to look.
        loose: Whether any following word will do; otherwise it must look like a label or a name:
            a digit in it, capitals, or quotation marks, or a colon or equals sign before it.
    """
    for match in re.finditer(rf"\b{re.escape(label)}s?\b(?P<gap>{_LABEL_GAP})", text[:LONGEST_TEXT], re.I):
        rest = text[match.end() :]
        gap = match.group("gap")
        quote = QUOTED.match(rest)
        if quote:
            return next(g for g in quote.groups() if g is not None)
        if re.search(r"[:=]", gap):
            line = re.match(r"[^\n;]+", rest)
            if line:
                value = re.split(r",\s|\.\s|\.$|\s+(?:and|with)\s+(?:the\s+)?\w+\s*[:=]", line.group(0))[
                    0
                ].strip()
                if value:
                    return value
        word = re.match(r"[\w@.+#/-]*[\w]", rest)
        if not word:
            continue
        value = word.group(0).lstrip("#")
        if any(c.isdigit() for c in value) or (len(value) > 1 and value.isupper()):
            return value
        if loose and value.lower() not in STOP:
            return value
    return None
