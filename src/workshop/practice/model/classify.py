"""Yes or no: whether a text is about a topic, and what a guardrail's boolean should say."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from workshop.practice.model import arithmetic, values
from workshop.practice.model.languages import language_of
from workshop.practice.model.lexicon import LANGUAGES, TOPICS
from workshop.practice.model.words import LONGEST_TEXT, STOP, bag, families, name_words, stem, tokens

Answer = tuple[bool, str]


def _stemmed(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


# -- topics ----------------------------------------------------------------------------------------------

_NAMED = {topic: frozenset(map(stem, named)) for topic, (named, _) in TOPICS.items()}
_SHOWN = {topic: frozenset(map(stem, shown)) for topic, (_, shown) in TOPICS.items()}
# Words that show a topic, but not on their own.
_WEAK = _stemmed(
    """hot cold first where local game order return track here book minus plus root help born factor
    issue problem city state country address current charge card cell alert warning update reset
    character tour visa king queen loop class function api team win score sort space future local map
    region error bug broken match"""
)
# What shows a topic without being one word.
_PATTERNS = [
    (topic, re.compile(pattern, re.I), weight)
    for topic, pattern, weight in (
        (
            "math",
            r"\d\s*[a-z]\b\s*[-+*/=]|\b[a-z]\s*[-+*/^]?\s*=\s*-?\d|\bsolve for\b|\bx\^?\d|\d\s*[-+*/^]\s*\d+\s*=|∫|√",
            1.5,
        ),
        ("history", r"\b(?:who was|when did|when was|1[0-9]{3}\b|bc\b|century)", 1.0),
        ("scifi", r"sci-?\s?fi|science fiction", 2.0),
        (
            "injection",
            r"(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier)?\s*"
            r"(?:instructions|rules|prompt)|system prompt",
            2.0,
        ),
        ("homework", r"\bmy (?:homework|assignment|essay)", 1.0),
    )
]


@lru_cache(maxsize=512)
def _topics_in(text: str) -> dict[str, float]:
    words = {stem(word.split("'")[0]) for word in tokens(text)}
    scores = {
        topic: sum(0.6 if word in _WEAK else 1.0 for word in words & shown)
        for topic, shown in sorted(_SHOWN.items())
    }
    for topic, pattern, weight in _PATTERNS:
        if pattern.search(text):
            scores[topic] += weight
    if arithmetic.expression(text):
        scores["math"] += 1.5
    if values.SELF_PLACE.search(text) or values.find("ip", text):
        scores["location"] += 1.0
    return {topic: score for topic, score in scores.items() if score}


def topics_in(text: str) -> dict[str, float]:
    """The topics a text shows, with how clearly (1.0 is one telling word)."""
    return dict(_topics_in(text[:LONGEST_TEXT]))


def topics_named(text: str) -> set[str]:
    """The topics a description speaks of by name."""
    words = {stem(word) for word in tokens(text)}
    return {topic for topic, named in _NAMED.items() if words & named}


def _about(text: str, topics: set[str]) -> Answer:
    """Whether a text shows one of the topics, and the words that show it."""
    shown, named = topics_in(text), " or ".join(sorted(topics))
    clear = sorted(topic for topic in topics if shown.get(topic, 0.0) >= 0.6)
    if not clear:
        return False, f"No word of the text is about {named}."
    words = {stem(word.split("'")[0]): word for word in tokens(text)}
    met = list(dict.fromkeys(words[s] for topic in clear for s in sorted(words) if s in _SHOWN[topic]))
    shown_by = f" ({', '.join(met[:4])})" if met else ""
    return True, f"The text is about {named}{shown_by}."


# -- predicates that need no topic --------------------------------------------------------------------------

_POSITIVE = _stemmed(
    """good great love excellent amazing happy wonderful best nice fantastic awesome perfect thanks thank
    glad pleased enjoy delighted like"""
)
_NEGATIVE = _stemmed(
    """bad terrible hate awful worst poor angry sad horrible disappointed broken useless annoying upset
    never slow rude refund complaint unhappy frustrated"""
)
_SECRET = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,16}\b|\bpassword\b|\bapi[_ ]?key\b", re.I)
URGENT = re.compile(
    r"\b(?:urgent|asap|emergency|immediately|critical|down|outage|severe|right (?:away|now))\b", re.I
)


def sentiment(text: str) -> int:
    """1 for a friendly text, -1 for an angry one, 0 if neither."""
    words = [stem(word) for word in tokens(text)]
    good, bad = (sum(word in table for word in words) for table in (_POSITIVE, _NEGATIVE))
    if re.search(r"\bnot (?:\w+ )?(?:good|great|happy|like|bad)", text, re.I):
        good, bad = bad, good
    return (good > bad) - (bad > good)


def _manipulates(text: str) -> bool:
    return topics_in(text).get("injection", 0.0) >= 2.0


def _harms(text: str) -> bool:
    return topics_in(text).get("harm", 0.0) >= 1.0 or _manipulates(text)


def _personal(text: str) -> bool:
    return bool(values.find("phone", text) or values.find("email", text) or _SECRET.search(text))


def _whole(text: str) -> int | None:
    """The last whole number of a text."""
    return next((int(number) for number in reversed(values.numbers(text)) if number.is_integer()), None)


def is_prime(number: int) -> bool:
    """Whether a number is prime (beyond 10^8, whether it has no divisor below 10,000)."""
    return number > 1 and all(number % k for k in range(2, min(int(number**0.5) + 1, 10_000)))


_HARM = "Words that suggest harm or manipulation were looked for."
_MOOD = "Its friendly and unfriendly words were counted."
_URGENT_WORDS = bag("urgent emergency")
_GOOD = bag(
    """good quality high complete sufficient satisfactory success successful enough done finished ready
    correct verified accurate consistent"""
)
# Words of a property's name, what tells, and how that is said.
_TESTS: list[tuple[frozenset[str], Callable[[str], bool], str]] = [
    (bag("injection jailbreak manipulation override"), _manipulates, _HARM),
    (
        bag(
            "unsafe harmful malicious dangerous toxic abusive offensive inappropriate hateful violent harm illegal"
        ),
        _harms,
        _HARM,
    ),
    (bag("safe harmless clean secure compliant"), lambda text: not _harms(text), _HARM),
    (bag("phone"), lambda text: bool(values.find("phone", text)), "Telephone numbers were looked for."),
    (bag("email"), lambda text: bool(values.find("email", text)), "E-mail addresses were looked for."),
    (bag("pii sensitive personal private confidential ssn"), _personal, "Personal data was looked for."),
    (
        bag("clarification clarifications clarify ambiguous vague clarifying"),
        lambda text: sum(word not in STOP for word in tokens(text)) < 6,
        "Its telling words were counted: six or more are specific.",
    ),
    (
        bag("greeting hello smalltalk"),
        lambda text: bool(
            re.match(r"\W*(?:hello|hi|hey|good (?:morning|evening|afternoon)|greetings)\b", text, re.I)
        ),
        "Its first word was compared with greetings.",
    ),
    (_URGENT_WORDS, lambda text: bool(URGENT.search(text)), "Words that press were looked for."),
    (bag("positive happy"), lambda text: sentiment(text) > 0, _MOOD),
    (bag("negative angry complaint frustrated upset"), lambda text: sentiment(text) < 0, _MOOD),
    (
        bag("even"),
        lambda text: (_whole(text) or 1) % 2 == 0 or _whole(text) == 0,
        "The number was looked at.",
    ),
    (bag("odd"), lambda text: (_whole(text) or 0) % 2 == 1, "The number was looked at."),
    (bag("prime"), lambda text: is_prime(_whole(text) or 0), "The number was looked at."),
]


def _special(words: frozenset[str], core: list[str], text: str) -> Answer | None:
    """The answer of a predicate that needs no topic; None if the name asks for none."""
    for asked, holds, said in _TESTS:
        if asked & words:
            return holds(text), said
    if core in (["question"], ["asking"]):
        begins = re.match(r"\W*(?:who|what|when|where|why|how|is|are|can|do|does)\b", text, re.I)
        return "?" in text or bool(begins), "Its form was compared with that of a question."
    language = next((LANGUAGES[word] for word in core if word in LANGUAGES), None)
    if language:
        return language_of(text) == language, "Its commonest little words were compared with six languages."
    if words & _GOOD and not topics_named(" ".join(set(core) - _GOOD)):
        return len(
            text.split()
        ) >= 4, "By rule: a text of a few words passes; quality is beyond this practice model."
    return None


# -- yes or no ---------------------------------------------------------------------------------------------

_OFF = bag("off unrelated irrelevant offtopic outofscope nonrelevant")
_ON = bag(
    """topic relevant scope related allowed acceptable valid appropriate permitted ok okay approved pass
    passed passes accept accepted proceed"""
)
_FLAG = bag(
    """tripwire triggered trigger flagged flag blocked block reject rejected violation violates violated
    refuse refused trip tripped suspicious deny denied"""
)
_PREFIX = bag(
    """is has are was does contains contain needs need should requires require asks asking mentions
    includes include can user message query request question text input about for the a an of to"""
)
_NOT_ABOUT = re.compile(
    r"\b(?:not|isn't|aren't|n't|un)\s*(?:\w+\s+){0,3}?(?:about|related|relevant|concern\w*|regarding|on)\b"
    r"|\bunrelated\b|\birrelevant\b|\boff[- ]?topic\b|\b(?:other than|except|besides|apart from|outside(?: of)?"
    r"|anything (?:but|else)|nothing to do with|beyond)\b|\bneither\b",
    re.I,
)
_FORBID = re.compile(
    r"\b(?:block|forbid|forbidden|reject|refuse|prohibit\w*|ban|banned|disallow\w*|not (?:allowed|permitted)"
    r"|must not|may not|cannot|never|(?:don't|do not) (?:answer|allow|discuss)|avoid|no)\b",
    re.I,
)
_ONLY = re.compile(r"\bonly\b|\bmust be about\b", re.I)
_SUBJECT = re.compile(
    r"\b(?:about|related to|relating to|concerning|regarding|on|for|with|of|than|except"
    r"|discuss|only|including|involves?|do|ask(?:s|ing)?)\b([^.!?\n]*)",
    re.I,
)


def yes_or_no(name: str, description: str, instructions: str, text: str) -> Answer:
    """What a boolean of a structured output should say of a text, and why.

    Args:
        name: The property's name (`is_math_homework`, `off_topic`, `tripwire`).
        description: Its description, or nothing.
        instructions: The agent's instructions, which say what is checked.
        text: What the user wrote.

    Returns:
        The answer, and one sentence that says what was matched.
    """
    every = name_words(name)
    words = frozenset(every)
    core = [word for word in every if word not in _PREFIX | STOP] or list(every)
    guide = f"{description}. {instructions}" if description else instructions
    negated = bool(words & {"not", "non", "un", "no", "without", "isnt"})

    special = _special(words, core, text)
    if special is not None:
        return special[0] != negated, special[1]

    off = bool(words & _OFF) or {"out", "scope"} <= words
    role = off or bool(words & (_ON | _FLAG))
    # The name itself names the topic: is_math_homework, about_weather, weather_related.
    named = topics_named(" ".join(word for word in core if word not in _OFF | _ON | _FLAG))
    if named:
        hit, reason = _about(text, named - {"homework"} or named)
        return hit != (off or negated), reason

    topics = topics_named(_subject(guide))
    # Where nothing that is known is named, words are compared.
    hit, reason = _about(text, topics) if topics else _by_words([] if role else core, guide, text)
    if role and not topics:
        reason = "No topic that this practice model knows is named; it compared words."
    if off or (negated and words & _ON):
        return not hit, reason
    if words & _FLAG:
        sentence = _flag_sentence(guide)
        return hit != bool(_NOT_ABOUT.search(sentence) or _ONLY.search(sentence)), reason
    if words & _ON and not words & {"topic", "scope", "related", "relevant"}:
        forbids = _FORBID.search(guide) and not _NOT_ABOUT.search(guide) and not _ONLY.search(guide)
        return hit != bool(forbids), reason
    return hit, reason


def _subject(guide: str) -> str:
    """The part of the instructions that says what is checked for, without who is checking."""
    joined = " ".join(match.group(1) for match in _SUBJECT.finditer(guide))
    return joined if topics_named(joined) else guide


def _flag_sentence(guide: str) -> str:
    """The sentence of the instructions that says what is to be flagged."""
    flags = re.compile(
        r"\b(?:flag|block|reject|trip|trigger|refuse|if|when|whether|true|only|check)\w*\b", re.I
    )
    sentences = re.split(r"(?<=[.!?\n])\s+", guide)
    return next((one for one in sentences if topics_named(one) and flags.search(one)), guide)


def _by_words(core: list[str], guide: str, text: str) -> Answer:
    """Whether a text says what a property's name (or the instructions) says, by words and synonyms."""
    said = {stem(word.split("'")[0]) for word in tokens(text) if word not in STOP}
    wanted = {stem(word) for word in core or tokens(_subject(guide)) if word not in STOP | _PREFIX}
    kin = {family for word in said for family in families(word)}
    begun = {word[:5] for word in said if len(word) >= 5}
    met = sorted(word for word in wanted if word in said or word[:5] in begun or families(word) & kin)
    if met:
        return True, f"The text says {', '.join(met)}."
    return False, f"The text does not say {' or '.join(sorted(wanted)[:4]) or 'it'}."
