"""What a text says for one parameter: a number tied to it, a switch, a choice, a list, a phrase, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workshop.practice.language import arithmetic, measures, values
from workshop.practice.language.lexicon import LANGUAGES
from workshop.practice.language.values import QUANTITY, RANGE
from workshop.practice.language.words import (
    KNOWN,
    STOP,
    bag,
    bare,
    begins_alike,
    families,
    name_stems,
    name_words,
    stem,
    stems,
    tokens,
    verb_of,
)
from workshop.practice.model import json_schema
from workshop.practice.model.decision import Found
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.params import VAGUE, Param

# -- numbers -----------------------------------------------------------------------------------------------

_MOST = re.compile(
    r"(?:top|first|last|latest|up to|at most|max(?:imum)?(?: of)?|limit(?: of)?(?: to)?|under|below|no more than"
    rf"|less than)\s+\$?{QUANTITY}",
    re.I,
)
_LOW, _HIGH = bag("min minimum low lower start from"), bag("max maximum high upper end to limit")
_LIMITED = bag("max min maximum limit count n k top num results upper high")
_LIMITS = ((_LOW, RANGE, 1), (_HIGH, RANGE, 2), (_LIMITED - _LOW, _MOST, 1))
_BETWEEN = re.compile(rf"\bbetween\s+{QUANTITY}\s+and\s+{QUANTITY}", re.I)
_VAGUE = bag("number id n x y a b value num i k")
_COUNTED = re.compile(rf"\b{QUANTITY}\s+(?:numbers|values)\b", re.I)


ONLY_NUMBER = "the only number said"


def _tied(param: Param, text: str) -> Iterator[tuple[str, str]]:
    """The numbers a text ties to a parameter: by label or unit, by a range, by a limit; with the words that do."""
    if "year" in param.words:
        years = re.findall(r"(?<![\w.,/-])([12]\d{3})(?![\w/-]|[.,]\d)", text)
        yield from zip(years, years, strict=True)
        return
    said, plain = name_words(param.name), _BETWEEN.sub(" , ", values.mask_times(text))
    labels = [word for word in said if len(word) > 1 and word not in STOP | _LIMITED | {"number", "id"}]
    for label in labels or [word for word in said if word in _LIMITED | {"number"}]:
        root = re.escape(stem(label) if len(stem(label)) > 2 else label)
        after = rf"(?<![a-z]){root}\w*(?:\s+(?:one|number|value))?[\s:=]*(?:(?:of|is|to|at|by|for|as)\s+)?\$?{QUANTITY}"
        for pattern in (rf"{QUANTITY}[\s-]*{root}", after, rf"{QUANTITY}\s+\w+\s+{root}"):
            yield from ((found[1], found[0]) for found in [re.search(pattern, plain, re.I)] if found)
    if param.words & {"sides", "faces"}:
        yield from ((found, f"d{found}") for found in re.findall(r"\bd(\d+)\b", text, re.I))
    for words, limits, group in _LIMITS:
        limit = limits.search(values.mask_times(text)) if param.words & words else None
        if limit and limit.group(group):
            yield limit.group(group), limit.group(0)


def numbers_for(params: Sequence[Param], text: str, *, loose: bool) -> dict[str, Found]:
    """Which number of a text belongs to which numeric parameter: by label, unit and range, then by order.

    ``loose``: required parameters may take numbers that nothing ties to them, if there are just as many of both.
    """
    out: dict[str, Found] = {}
    named = any(param.words <= _VAGUE for param in params)
    every = frozenset[str]().union(*(param.words for param in params))
    text = measures.in_unit(text, every)
    if (count := _COUNTED.search(text)) and measures.amount(count[1]) == len(params):
        # `multiply two numbers` says how many follow.
        text = _COUNTED.sub(" , ", text, count=1)
    plain = values.without_other_counts(text, every)
    plain = plain if len(params) > 1 else _BETWEEN.sub(" , ", plain)
    left = arithmetic.in_order(text, values.numbers(values.QUOTED.sub(" ", plain), named=named))
    for param in params:
        for said, words in _tied(param, text):
            number = measures.amount(said)
            fitted = param.fit(number)
            if fitted is not json_schema.MISFIT and param.name not in out:
                out[param.name] = Found(fitted, f"from '{words.strip()[:60]}'")
                if number in left:
                    left.remove(number)
    untied = [p for p in params if p.name not in out and "year" not in p.words]
    free = [p for p in untied if p.essential or len(params) == 1 or p.words & {"count", "quantity"}]
    # Two weeks are not two days.
    counted = measures.counts_one(text)
    free = [p for p in free if not (counted and any(stem(word) in measures.MEASURED for word in p.words))]
    if loose and free and len(left) == len(free):
        fitted_all = [param.fit(number) for param, number in zip(free, left, strict=True)]
        link = ONLY_NUMBER if len(left) == 1 else "the numbers in the order said"
        if json_schema.MISFIT not in fitted_all:
            out |= {p.name: Found(value, link) for p, value in zip(free, fitted_all, strict=True)}
    return out


# -- switches, choices, lists ------------------------------------------------------------------------------

_NEGATED = r"(?:\bno|\bnot|\bwithout|n't|\bdisable|\boff\b|\bnever|\bdon't)"
_DENIED = re.compile(r"\b(?:no|not|without|never|don't|neither|nor)(?:\s+\w+){0,2}\s*$")
_UNITS = {"celsius": "c metric", "fahrenheit": "f imperial"}
_PEOPLE = bag("participants attendees people names guests members")
_ARTICLES = bag("a an the some my our one two three")
_SEPARATOR = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_SWITCHES = bag("on enabled enable active power")


def flag_for(param: Param, text: str) -> bool | None:
    """What a text says of a yes-or-no parameter; None if it says nothing."""
    lowered = text.lower()
    marks = [word for word in name_words(param.name) if word not in STOP | bag("include enable enabled flag")]
    switch = re.search(r"\b(off|disable|deactivate)|\b(?:on|enable|activate)\b", lowered)
    if switch and (not marks or param.words & _SWITCHES):
        return not switch.group(1)
    found = (re.search(rf"(?<![a-z]){re.escape(stem(mark))}", lowered) for mark in marks)
    said = next((match for match in found if match), None)
    return None if said is None else not re.search(rf"{_NEGATED}[^.,;]{{0,20}}$", lowered[: said.start()])


def choice_for(param: Param, text: str) -> JSON:
    """The member of an enum that a text names; MISFIT if none, or the schema has no enum."""
    choices = param.choices or []
    said = tokens(text)
    lowered, numbers = f" {' '.join(said)} ", values.numbers(text)
    named: list[tuple[int, int, JSON]] = []
    for index, choice in enumerate(choices):
        words = name_words(choice) if isinstance(choice, str) else ()
        position = lowered.find(f" {' '.join(words)} ")
        if json_schema.as_number(choice) in numbers:
            return choice
        if words and position >= 0 and not (len(choice) <= 2 and choice not in text):
            if not _DENIED.search(lowered[:position]):
                named.append((position, index, choice))
        elif words and len(choice) > 2:
            near = [next((one for one in said if begins_alike(one, word)), None) for word in words]
            if None not in near and not _DENIED.search(lowered[: lowered.find(f" {near[0]} ")]):
                named.append((len(lowered), index, choice))
    if named:
        return min(named, key=lambda one: (str(one[2]) in STOP, *one[:2]))[2]  # all closed issues
    codes = [*values.find("state", text), *values.find("currency", text)]
    codes += [LANGUAGES[name.lower()] for name in values.find("language", text)]
    codes += [unit for word, units in _UNITS.items() if word in said for unit in units.split()]
    return json_schema.first_fit(codes, [{"enum": choices}], {})


def list_for(param: Param, text: str, *, essential: bool) -> list[JSON]:
    """The members of an array parameter that a text lists."""
    wanted = json_schema.kind(param.items)
    if wanted in ("integer", "number"):
        return list(values.numbers(text)) if essential or param.labelled(text) else []
    if wanted == "object":
        return []
    if param.kind not in ("free", "noun", "name", "person") and (found := find_strings(param, text)):
        return list(found)
    own = {stem(word) for word in param.words}
    label = (name_words(param.name) or (param.name,))[-1].rstrip("s")
    ends = r"(?!and\b|or\b)([^.;:?!\n]+(?:\.\w[^.;:?!\n]*)*)"
    name = rf"\b{re.escape(label)}(?:s|es)?\s*(?::|=|are|is|of|like|named|called)?"
    listed = re.search(rf"{name}\s+{ends}", text, re.I)
    quoted = values.find("quoted", text)
    if listed and not quoted and re.search(r",|\band\b|:|=", listed.group(0)):
        return [part for raw in _SEPARATOR.split(listed.group(1)) if (part := raw.strip(" '\""))][:50]
    persons = param.kind == "person" or bool(param.words & _PEOPLE)
    people = [one for one in values.find("person", text) if one not in quoted] if persons else []
    named = people or quoted or values.find("name", text)
    if named and (essential or persons):
        return list(named)
    after = re.search(
        r"(?::|\bfor|\bof|\bwith|^\W*\w+)\s+([^.?!:\n]+?(?:,|\sand)\s[^.?!:\n]+?)(?=\s+(?:to|on|in|into)\b|[.?!:\n]|$)",
        text,
        re.I,
    )
    parts = [part.strip() for part in _SEPARATOR.split(after.group(1))] if after and essential else []
    # "on the zones, please": no members.
    things = [part for part in parts if set(tokens(part)[:1]) - (STOP - _ARTICLES) and set(stems(part)) - own]
    about = name_stems(param.about.split(" ")[0])
    things = [part.rpartition(" ")[0] if stem(part.rpartition(" ")[2]) in about else part for part in things]
    return list(things) if len(things) == len(parts) and all(things) else []


# -- texts: what is to be said, looked up, run -------------------------------------------------------------

_END = r"(?=\s+(?:on|at|tomorrow|today|tonight|next|every|from|by|to|for|in)\b|[.?!]|\s*$)"
_LOOKING_UP = re.compile(
    r"(?:(?:search|look(?:ing)? up|look|find|google|query|browse|check|research|ask|consult)\b\s*(?:me\s+)?"
    r"(?:(?:in|on|up|through)\s+)?(?:(?:the|our|my)\s+)?(?:web|internet|online|google|wikipedia|docs?|documentation"
    r"|knowledge base|database|news|faq|catalog(?:ue)?|library)?\s*(?:out\s+)?"
    r"(?:for|about|on|to see|if|whether)?\b\s*)?",
    re.I,
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
_MATERIAL = re.compile(r"^[^:\n]{2,80}:\s+(.+)$", re.S)
_RUNS = re.compile(r"\b(?:run|exec\w*|launch|issue|command|script|query|statement|line|code|sql)\b", re.I)
_COMMAND = re.compile(
    r"(?:run|execute|launch)\s+(?:(?:the|this)\s+)?(?:(?:shell\s+)?(?:command|script|query|line)\s*:?\s+)?(.+)$",
    re.I | re.S,
)
_TITLE, _TOPICAL = bag("subject title headline"), bag("topic theme")
_QUERY = bag("query search term terms keywords keyword q")
_OWN_WORDS = bag("question request task prompt input instruction instructions problem issue goal message")


def free_text(text: str, param: Param, *, acts: bool) -> list[str]:
    """The part of a sentence that a free-text parameter is about; of a tool that ``acts``, what is plainly meant."""
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
        # "Delete notes" and "note that I am tall" have no title.
        own = {one for one in said if stem(one) in name_stems(param.about.split(" ")[0])}
        none = said & {"it", "them"} or tokens(named.group(1) if named else "")[:1] == ["that"]
        many = values.find("name", order) if named and " and " in named[1] else []  # the notes A and B
        return many or ([named[1].strip(" '\"")] if named and said - STOP - own and not none else [])
    if words & _QUERY and "sql" not in words:
        if len(quoted) == 1 and verb_of(text):
            return quoted
        return [query_of(text, param)]
    if told := _SAYING.search(text):
        meant = str(told[told.lastindex or 0]).strip()
        exact = values.QUOTED.match(meant)
        return [str(exact[exact.lastindex or 0]) if exact else meant.strip(" \"'")]
    if quoted:
        return [max(quoted, key=len)]
    if (material := _MATERIAL.match(text)) and verb_of(text):
        return [material.group(1).strip()]
    return [text.strip()] if words & _OWN_WORDS and not acts else []


def query_of(text: str, param: Param) -> str:
    """What a text wants looked up, without the words that ask for looking it up."""
    query = _LOOKING_UP.sub("", bare(text.strip()), count=1).strip(" .?!:\"'")
    head = re.match(r"((?:[\w-]+\s+){1,3}?)(?:for|about|on|containing|matching|named|called)\s+(?=\S)", query)
    known = name_stems(param.about.split(" ")[0]) | STOP | {"item", "result", "anyth"}
    if head and all(stem(word) in known or word in STOP for word in tokens(head.group(1))):
        query = query[head.end() :]
    return query.strip("\"'`“”") or text.strip()


# -- things and ids ----------------------------------------------------------------------------------------

_FOR = re.compile(r"(?i)\b(?:for|of|about|named|called|on|in)\s+(?:(?:the|an?|some)\s+)?([a-z0-9][\w'’ -]*)")
_BOUNDARY = re.compile(
    r"\s+(?:on|at|in|for|to|with|from|by|and|using|please|tomorrow|today|via|about|under|into|since|until|before|after)\b|[.,;!?\n]"
)
_CLOCK = re.compile(r"\d{1,2}(?:am|pm|st|nd|rd|th)", re.I)
# "my name": whose it is, not what it is called; "with eggs": what goes with it.
_ASIDE = re.compile(r"\b(?:my|our|his|her|their|its|your|with|without|than|by)\s+[\w'’-]+", re.I)


_SLASHED = bag("repo repository project package image model")


def thing(text: str, param: Param, *, acts: bool, known: frozenset[str] = frozenset()) -> list[str]:
    """The thing a sentence is about: capitalised, after its preposition, or what no other word explains.

    ``known``: the stems of words that stand for the tool's other parameters.
    """
    tool_words = name_stems(param.about.split(" ")[0])
    slashed = re.findall(r"(?<![\w/.-])[\w.-]+/[\w.-]*\w", text) if param.words & _SLASHED else []
    if slashed:
        return slashed[:1]
    if capital := [name for name in values.find("name", text) if stem(name.lower()) not in tool_words]:
        return capital
    known = known | name_stems(param.about.split("\n")[0]) | {"requir", "want", *map(stem, param.words)}
    kin = {family for word in tool_words for family in families(word)}

    def explained(word: str) -> bool:
        plain = word.lower().split("'")[0]
        said = plain in STOP or plain in values.NUMBER_WORDS or not plain[:1].isalnum() or plain.isdecimal()
        return said or stem(plain) in known or not families(stem(plain)).isdisjoint(kin)

    # What is counted is no name: the euros of `40 euros`.
    plain = re.sub(r"(?<![\w-])\d[\d.,]*\s+[a-z]+\b(?!\s+[a-z]+s\b)", " 0 ", _ASIDE.sub(".", text))
    if after := _FOR.search(plain):
        kept = [word for word in _BOUNDARY.split(after.group(1))[0].split() if word.lower() not in STOP]
        while kept and (explained(kept[0]) or explained(kept[-1])):
            kept = kept[1:] if explained(kept[0]) else kept[:-1]
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


_DEALS = bag("order invoice bill ticket booking")
# A bound or a year is no id: `older than 30`, `from 1911`.
_NO_ID = (
    r"\b(?:than|over|under|above|below|at (?:least|most)|up to"
    r"|(?:in|from|since|until|before|after)(?=\s+[12]\d{3}\b))"
)


def _anothers(value: str, param: Param, text: str) -> bool:
    """Whether an id stands behind the name of another thing (`invoice I-5` is no customer), or is a quantity."""
    match = re.search(rf"([^\W\d_]+)\s+#?{re.escape(value)}(?!\w)", text)
    word = match.group(1) if match else ""
    vague = param.words <= VAGUE | {"ref", "key", "tracking", "serial", "reference"}
    own = {stem(w) for w in param.words} | VAGUE
    own |= name_stems(param.about.split(" ")[0]) if vague else set()
    if value.isdecimal() and re.search(rf"{_NO_ID}\s+\$?{value}(?!\w)", text, re.I):
        return True
    unit = re.search(rf"(?<!\w){value}\s+([a-z]+)", text) if value.isdecimal() else None
    counted = unit and unit[1] not in STOP
    return bool(counted) or (word.islower() and word not in STOP | KNOWN - _DEALS and stem(word) not in own)


def find_strings(
    param: Param, text: str, *, alone: bool = True, acts: bool = False, known: frozenset[str] = frozenset()
) -> list[str]:
    """All values in a text that a string parameter could take, best first.

    ``alone``: it is the tool's only parameter of its kind, so that a looser match will do; ``acts``: the tool changes
    something; ``known``: the stems of words that stand for the tool's other parameters.
    """
    label, quoted = param.labelled(text), values.find("quoted", text)
    labelled = [label] if label else []
    out: list[str] = []
    for kind in param.kinds:
        if kind == "free":
            out = labelled or free_text(text, param, acts=acts)
        elif kind == "command":
            given = _COMMAND.match(bare(text))
            out = labelled or quoted[: bool(_RUNS.search(text))] or ([given[1].strip()] if given else [])
        elif kind == "noun":
            out = labelled + (quoted + thing(text, param, acts=acts, known=known) if alone else [])
        elif kind == "id":
            dates = values.find("iso_date", text)
            every = [one for one in values.find("id", text) if one not in dates]
            loose = (one for one in every if alone and not _CLOCK.fullmatch(one))
            out = labelled or [one for one in loose if not _anothers(one, param, text)]
        elif kind == "expression":
            out = [made] if (made := arithmetic.expression(text)) else quoted
        elif kind in ("name", "person"):
            out = [*(one for one in labelled if one[0].isupper()), *quoted, *values.find(kind, text)]
        elif kind != "labelled":
            out = [param.spellings(kind, found)[0] for found in values.find(kind, text)]
        if out:
            break
    return [one for one in dict.fromkeys(out or labelled) if one]


def shown(text: str, wanted: frozenset[str]) -> list[str]:
    """The words of a text that are, or mean much the same as, one of the stems that are wanted."""
    kin = {family for word in wanted for family in families(word)}
    found = []
    for word in tokens(text):
        one = stem(word.split("'")[0])
        if one in wanted or families(one) & kin:
            found.append(word)
    place, sums = families(stem("location")) & kin, families(stem("math")) & kin
    here = values.SELF_PLACE.search(text) or values.find("ip", text)
    found += ["the user's own place, or an address"] if place and here else []
    equation = arithmetic.expression(text) or re.search(r"\d\s*[a-z]\b\s*[-+*/=]|\bsolve for\b", text)
    return found + (["a sum"] if sums and equation else [])
