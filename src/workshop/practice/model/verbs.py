"""Verbs: what a clause orders, what a tool does, and whether the two are the same."""

from __future__ import annotations

import re

from workshop.practice.model.words import bag, stem

# They ask to be told something: any tool that looks up or works out what they ask for will do.
ASKING = bag(
    """get fetch find list lookup look show query search check retrieve give tell see view display read
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
remind | submit file | assign | invite | subscribe | unsubscribe | enable activate | disable deactivate | lock |
unlock | grant | revoke | archive | upload | download | reset | block | close | open | hire | fire | play |
enroll enrol | feed | release | expel | pause | call phone dial | ship | print | deploy | install | merge
"""
_ROWS = [bag(row) for row in _CHANGING.split("|")]
CHANGING = frozenset().union(*_ROWS)
_FAMILY = {stem(verb): number for number, row in enumerate(_ROWS) for verb in row}
# They work something out of what they are given; nothing changes.
WORKING = bag(
    """calculate compute evaluate convert translate count roll flip toss generate pick choose draw multiply divide
    subtract sum square reverse define explain summarize summarise classify extract recommend suggest
    plan design imagine sing rhyme tell invent guess predict estimate analyze analyse review judge rate rank sort
    filter solve simplify spell measure track trace validate verify test match identify detect recognize
    rewrite rephrase proofread shorten expand format parse encode decode hash shuffle help use try let go come
    take keep bring wait repeat continue confirm double halve increase decrease decide answer work"""
)
KNOWN = ASKING | CHANGING | WORKING
CHANGING_STEMS = frozenset(_FAMILY)
_KNOWN_STEMS = frozenset(map(stem, KNOWN))
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
_WISH = re.compile(r"\W*i(?:'d| would)?(?: really)? (?:want|need|like)\b", re.I)
_QUESTION = re.compile(
    r"(?:who|whose|whom|what|which|when|where|why|how|is|are|am|was|were|do|does|did|has|have|had|can|could|may"
    r"|might|must|shall|should|will|would|any|whats|wheres|hows|whos)\b|what's|where's|who's|how's|when's",
    re.I,
)
_SPEAKS = re.compile(r"(?:i|we|he|she|they|it|you)\b", re.I)
_STATEMENT = re.compile(r"(?:there|this|that|these|those|my|our|his|her|their|the|a|an|[A-Z]\w+)(?:'\w+)?\b")
_TELLS = re.compile(
    r"(?:'s|'m|'re|'ve)\b|\b(?:am|is|are|was|were|have|has|had|will|do|don't|did|can|needs?|wants?|never|left|arrived)\b",
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


def is_known(verb: str) -> bool:
    """Whether a stem is that of a verb known here."""
    return verb in _KNOWN_STEMS


def same(one: str, other: str) -> bool:
    """Whether two verbs' stems mean the same deed: `erase` and `delete`."""
    family = _FAMILY.get(one)
    return one == other or (family is not None and family == _FAMILY.get(other))
