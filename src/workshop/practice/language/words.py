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
price cost costs fee expensive cheap | currency exchange dollars euros | convert conversion exchange |
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
_RUN_TOGETHER = """ip address|user id|order id|account id|zip code|first name|last name|full name|user name|
phone number|email address|state code|country code|city name|my ip|file name|check in|check out|
start date|end date|off topic"""
_COMPOUNDS = {"".join(parts.split()): parts for parts in _RUN_TOGETHER.split("|")} | {
    "ipv4": "ip",
    "timezone": "time zone timezone",
}

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IRREGULAR = dict(
    pair.split("-")
    for pair in ["sent-send", "paid-pay", "made-make", "bought-buy", "sold-sell", "written-write"]
)
_KEEP = bag("news address business class process is us gps sms bus gas times")
_ENDINGS = [
    "ational",
    "ations",
    "ation",
    "ingly",
    "ing",
    "edly",
    "ed",
    "ion",
    "ive",
    "ical",
    "ment",
    "ly",
    "er",
]


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


# They connect, and say nothing themselves; 0 stands for a value.
BESIDE = frozenset(map(stem, bag("0 named called instead saying message text number value item info detail")))


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


# -- verbs: what a clause orders, and whether two of them are the same ---

# They ask to be told something: any tool that looks up or works out what they ask for will do.
ASKING = bag(
    """get fetch find list lookup look show query search check retrieve give tell see view display
    compare report say know browse google research ask consult describe what's obtain pull"""
)
# They change something outside the conversation; `|` parts the meanings.
_CHANGING = """
" | delete remove erase discard purge wipe drop clear | cancel abort | terminate kill |
create make add build register insert append put write draft compose |
send mail email message text forward notify | post publish share tweet |
update change edit modify set adjust alter rename correct replace switch turn dim |
move relocate reschedule shift | book reserve schedule | buy order purchase | sell | pay reimburse |
transfer wire | charge bill | refund | deposit | withdraw | run execute invoke exec | start launch begin |
stop halt end | restart reboot | approve accept | reject decline deny | save store record log note remember |
remind | submit file apply | assign | invite | subscribe | unsubscribe | enable activate | disable deactivate | lock |
unlock | grant | revoke | archive | upload | download | reset | block | close | open | hire | fire | play |
enroll enrol | feed | release | expel | pause | call phone dial | ship | bring deliver | print | deploy | install |
merge
"""
_ROWS = [bag(row) for row in _CHANGING.split("|")]
CHANGING = frozenset().union(*_ROWS)
_MEANING = {stem(verb): number for number, row in enumerate(_ROWS) for verb in row}
# They work something out of what they are given; nothing changes.
WORKING = bag(
    """calculate compute evaluate convert translate count roll flip toss generate pick choose draw multiply divide
    subtract sum square reverse define explain summarize summarise classify extract recommend suggest
    plan design imagine sing rhyme tell invent guess predict estimate analyze analyse review judge rate rank sort
    filter solve simplify spell measure track trace validate verify test match identify detect recognize
    rewrite rephrase proofread shorten expand format parse encode decode hash shuffle help use try let go come
    think brainstorm propose
    take keep wait repeat continue confirm double halve increase decrease decide answer work read"""
)
KNOWN = ASKING | CHANGING | WORKING
CHANGING_STEMS = frozenset(_MEANING)
_ASKING_STEMS = frozenset(map(stem, ASKING))

_POLITE = re.compile(
    r"\W*(?:(?:please|kindly|now|then|also|and|but|so|or|next|finally|lastly|first(?:ly)?|second(?:ly)?|afterwards"
    r"|after that"
    r"|just|ok(?:ay)?|well|hey|hi|hello|dear \w+|thanks|thank you|sure|yes|quickly|immediately"
    r"|(?:can|could|would|will) you(?: please| kindly)?|would you mind|you (?:can|should|must|have to|need to)"
    r"|i(?:'d| would|'ll| will)? (?:really )?(?:like|want|need|love|wish)(?: for)?(?: you)? to"
    r"|i(?:'d| would) like(?: you)?|we(?:'d| would)? (?:like|want|need)(?: you)? to|help (?:me|us)(?: to)?"
    r"|let(?:'s| us| me)"
    r"|go ahead and|feel free to|make sure (?:to|you)|try to|be so kind(?: as)? to|i am asking you to)\b[\s,:]*)+",
    re.I,
)
_WISH = re.compile(r"\W*i(?:(?:'d| would)?(?: really)? (?:want|need)|(?:'d| would)(?: really)? like)\b", re.I)
_PLAIN = re.compile(r"[a-zà-ÿ'’-]+(?: [a-zà-ÿ'’-]+)*")
_QUESTION = re.compile(
    r"(?:who|whose|whom|what|which|when|where|why|how|is|are|am|was|were|do|does|did|has|have|had|can|could|may"
    r"|might|must|shall|should|will|would|any|whats|wheres|hows|whos)\b|what's|where's|who's|how's|when's",
    re.I,
)
_SPEAKS = re.compile(r"(?:i|we|he|she|they|it|you)\b", re.I)
_STATEMENT = re.compile(r"(?:there|this|that|these|those|my|our|his|her|their|the|a|an|[A-Z]\w+)(?:'\w+)?\b")
_TELLS = re.compile(
    r"(?:'s|'m|'re|'ve)\b|\b(?:am|is|are|was|were|have|has|had|will|do|don't|did|can|needs?|wants?|gets?|got|gave|never|left|arrived)\b",
    re.I,
)


def bare(clause: str) -> str:
    """A clause without the words of politeness and connection that it begins with."""
    match = _POLITE.match(clause)
    return clause[match.end() :] if match else clause.lstrip(" ,.;:!?\"'-\n\t")


def verb_of(clause: str, own: frozenset[str] = frozenset()) -> str:
    """The stem of the verb that a clause orders by; empty if it orders nothing.

    Args:
        clause: A part of what the user wrote.
        own: Stems of verbs that the tools on offer have beside those that are known.
    """
    match = re.match(r"[A-Za-z]+(?:-\w+)?", bare(clause))
    if not match or _QUESTION.match(match.group(0)):
        return ""
    word = match.group(0).lower()
    return stem(word) if word in KNOWN or stem(word) in own else ""


def is_question(clause: str) -> bool:
    """Whether a clause asks rather than orders."""
    return clause.rstrip().endswith("?") or bool(_QUESTION.match(bare(clause)))


def begins_question(clause: str) -> bool:
    """Whether a clause begins with a word of asking."""
    return bool(_QUESTION.match(bare(clause)))


def is_wish(clause: str) -> bool:
    """Whether a clause wishes for a thing: `I need a refund`."""
    return bool(_WISH.match(clause)) and not verb_of(clause)


def is_statement(clause: str) -> bool:
    """Whether a clause only tells something."""
    said = bare(clause)
    told = _SPEAKS.match(said) or (_STATEMENT.match(said) and _TELLS.search(clause[:60]))
    return bool(told) and not is_question(clause) and not is_wish(clause)


def is_asking(verb: str) -> bool:
    """Whether a verb's stem asks to be told something."""
    return verb in _ASKING_STEMS


def begins_alike(one: str, other: str) -> bool:
    """Whether two words have the same stem, or are long and begin alike: `delivered` and `delivery`."""
    first, second = stem(one), stem(other)
    return first == second or (len(first) > 5 and first[:6] == second[:6])


def is_plain(text: str) -> bool:
    """Whether a text is of lower-case words alone: no name, no number, no id."""
    return bool(_PLAIN.fullmatch(text))


def same_verb(one: str, other: str) -> bool:
    """Whether two verbs' stems mean the same deed: `erase` and `delete`."""
    meaning = _MEANING.get(one)
    return one == other or (meaning is not None and meaning == _MEANING.get(other))
