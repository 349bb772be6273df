"""Words: how a sentence or a name becomes a set of comparable stems."""

from __future__ import annotations

import re
from functools import lru_cache

# Enough of the text to decide by; what a stranger pastes may be megabytes.
LONGEST_TEXT = 4000


def bag(text: str) -> frozenset[str]:
    """The words of a table that is written as a text."""
    return frozenset(text.split())


STOP = bag(
    """a about above after again all also am an and any anything are as ask asked asking at be because been
    being both but by can cannot could did do does doing don done down each else even every few for from
    further get gets getting give given gives go going got had has have having he hello help her here
    hers hey hi him his hi how i if in into is it its just kind know let like ll look make makes many
    may me might mine more most much must my myself need needs no nor not now of off ok okay on once one
    only or other our out over own please right same say says see shall she should so some someone
    something such sure take tell than thank thanks that the their them then there these they thing
    things this those through to too under until up us use used user using ve very via want wants was
    way we well were what when whether which while who whom whose why will with would yes yet you your
    yours today currently current"""
)

# Words that nearly every tool has, so that they tell tools apart only a little.
GENERIC = bag(
    """info inform data detail fetch retriev find list show return provid tool function agent request
    servic api handl handoff result valu name number input output base specif avail type set new run
    execut perform process check call answer question help assist act work client custom user us manag
    support lookup query two letter code string text id specifi includ exampl arg argument param paramet
    live real display do good best first last"""
)

# Words that mean much the same to a tool; `|` parts the families.
_FAMILIES = """
" | weather umbrella jacket coat forecast temperature rain snow storm wind humid climate sunny meteorology |
alert warn warning advisory hazard | location place geolocate geolocation whereabouts where locate located geo |
add plus sum total addition | subtract minus difference subtraction |
multiply multiplication times product double | divide division quotient |
calculate compute calculator evaluate arithmetic math maths calculation | mail email e-mail |
message sms text-message notification note notice | buy purchase order checkout |
price cost costs fee expensive cheap | currency exchange convert conversion dollars euros |
clock time oclock hour timezone | search lookup query find | web google internet online |
news headline headlines | calendar schedule meeting appointment event | delete remove erase discard |
cancel cancellation | translate translation translator | distance far mileage kilometers miles |
population inhabitants populous | stock share ticker shares equity | flight fly plane airline flights |
hotel accommodation lodging | restaurant eat dining dinner lunch | refund reimburse reimbursement money-back |
balance account funds | pay payment | joke funny laugh humor jokes | fact trivia facts surprising interesting |
film movie cinema | song music track | recipe cook dish | inventory stock supply warehouse |
invoice bill billing charge charged owe | seat seats seating | status state state-of progress tracking | roll dice die |
random arbitrary | word term define definition meaning mean | bag baggage luggage | document file |
light lamp lights | car vehicle | coordinates latitude longitude geocode | open opening hours
"""

# Words that names run together; each is read as its parts.
_RUN_TOGETHER = """ip address|user id|order id|account id|zip code|first name|last name|full name|user name|phone number|
email address|state code|country code|city name|my ip|file name|check in|check out|start date|end date|off topic"""
_COMPOUNDS = {"".join(parts.split()): parts for parts in _RUN_TOGETHER.split("|")} | {
    "ipv4": "ip",
    "timezone": "time zone timezone",
}

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IRREGULAR = dict(
    pair.split("-") for pair in ["sent-send", "paid-pay", "made-make", "bought-buy", "sold-sell", "written-write"]
)
_KEEP = bag("news address business class process is us gps sms bus gas times")
_ENDINGS = ["ational", "ations", "ation", "ingly", "ing", "edly", "ed", "ion", "ive", "ical", "ment", "ly", "er"]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of one lower-case word: plural and verb endings cut, lightly."""
    word = _IRREGULAR.get(word, word)
    if word in _KEEP or len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsaeo":
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    return word


def _family_index() -> dict[str, frozenset[int]]:
    index: dict[str, frozenset[int]] = {}
    for number, row in enumerate(_FAMILIES.split("|")):
        for word in row.split():
            index[stem(word)] = index.get(stem(word), frozenset()) | {number}
    return index


_FAMILY = _family_index()


def cut(text: str, longest: int) -> str:
    """The beginning of a text, at most so many characters, without half a word at its end."""
    return text if len(text) <= longest else (text[:longest].rsplit(None, 1) or [""])[0]


def tokens(text: str) -> list[str]:
    """The words of a text, lower-case, in order."""
    return [word.lower() for word in _TOKEN.findall(cut(text, LONGEST_TEXT))]


@lru_cache(maxsize=2048)
def name_words(name: str) -> tuple[str, ...]:
    """The words of an identifier (`getWeather_byCity` -> get weather by city), lower-case."""
    spaced = _CAMEL.sub(" ", name[:200])
    out: list[str] = []
    for word in _TOKEN.findall(spaced):
        lowered = word.lower()
        out.extend(_COMPOUNDS.get(lowered, lowered).split())
    return tuple(out)


def stems(text: str) -> list[str]:
    """The stems of a text's words without the stop words, in order, repeats kept."""
    out = []
    for word in tokens(text):
        bare = word.split("'")[0].split("’")[0]
        if bare not in STOP and bare:
            out.append(stem(bare))
    return out


@lru_cache(maxsize=2048)
def name_stems(name: str) -> frozenset[str]:
    """The stems of an identifier's words without the stop words."""
    return frozenset(stem(word) for word in name_words(name) if word not in STOP)


@lru_cache(maxsize=1024)
def description_stems(text: str) -> frozenset[str]:
    """The stems of a description; cached, as the same tools come with every call."""
    return frozenset(stems(text[:1500]))


def families(word: str) -> frozenset[int]:
    """The synonym families a stem belongs to."""
    return _FAMILY.get(word, frozenset())
