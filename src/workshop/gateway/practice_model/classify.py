"""Yes or no: whether a text is about a topic, and what a guardrail's boolean should say."""

from __future__ import annotations

import re
from functools import lru_cache

from workshop.gateway.practice_model import arithmetic, values
from workshop.gateway.practice_model.lexicon import TOPICS
from workshop.gateway.practice_model.tools import SELF_PLACE
from workshop.gateway.practice_model.words import LONGEST_TEXT, STOP, bag, families, name_words, stem, tokens

_SHOWN = {topic: frozenset(stem(w) for w in shown.split()) for topic, (_, shown) in TOPICS.items()}
_NAMED = {
    topic: frozenset(stem(w) for w in named.split()) | {stem(topic)} for topic, (named, _) in TOPICS.items()
}
_EQUATION = re.compile(
    r"\d\s*[a-z]\b\s*[-+*/=]|\b[a-z]\s*[-+*/^]?\s*=\s*-?\d|\bsolve for\b|\bx\^?\d|\d\s*[-+*/^]\s*\d+\s*=|∫|√"
)
_WEAK = frozenset(stem(w) for w in bag(
"""hot cold first where local game order return track here book times minus plus root help born factor
    issue problem city state country address current charge card cell alert warning update reset
    character tour visa king queen loop class function api team win score sort space future local map
    region error bug broken match"""
))  # fmt: skip


@lru_cache(maxsize=512)
def _topics_in(text: str) -> tuple[tuple[str, float], ...]:
    words = {stem(word.split("'")[0]) for word in tokens(text)}
    out = []
    for topic, shown in sorted(_SHOWN.items()):
        hits = words & shown
        score = sum(0.6 if word in _WEAK else 1.0 for word in hits)
        if topic == "math" and (_EQUATION.search(text.lower()) or arithmetic.expression(text)):
            score += 1.5
        if topic == "location" and (SELF_PLACE.search(text) or values.find("ip", text)):
            score += 1.0
        if topic == "history" and re.search(
            r"\b(?:who was|when did|when was|1[0-9]{3}\b|bc\b|century)", text.lower()
        ):
            score += 1.0
        if topic == "scifi" and re.search(r"sci-?\s?fi|science fiction", text, re.I):
            score += 2.0
        if topic == "injection" and re.search(
            r"(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above"
            r"|earlier)?\s*(?:instructions|rules|prompt)|system prompt",
            text,
            re.I,
        ):
            score += 2.0
        if topic == "homework" and re.search(r"\bmy (?:homework|assignment|essay)", text, re.I):
            score += 1.0
        if score:
            out.append((topic, score))
    return tuple(out)


def topics_in(text: str) -> dict[str, float]:
    """The topics a text shows, with how clearly (1.0 is one telling word)."""
    return dict(_topics_in(text[:LONGEST_TEXT]))


def topics_named(text: str) -> set[str]:
    """The topics a description speaks of by name."""
    words = {stem(word) for word in tokens(text)}
    return {topic for topic, named in _NAMED.items() if words & named}


def about(text: str, topics: set[str]) -> tuple[bool, list[str]]:
    """Whether a text shows one of the topics, and the words that show it."""
    shown = topics_in(text)
    words = {stem(word.split("'")[0]): word for word in tokens(text)}
    met: list[str] = []
    yes = False
    for topic in sorted(topics):
        if shown.get(topic, 0.0) >= 0.6:
            yes = True
            met.extend(words[s] for s in sorted(words) if s in _SHOWN[topic])
            if topic == "math" and _EQUATION.search(text.lower()):
                met.append("an equation")
    return yes, list(dict.fromkeys(met))


_NOT_ABOUT = re.compile(
    r"\b(?:not|isn't|aren't|n't|un)\s*(?:\w+\s+){0,3}?(?:about|related|relevant|concern\w*"
    r"|regarding|on)\b|\bunrelated\b|\birrelevant\b|\boff[- ]?topic\b"
    r"|\b(?:other than|except|besides|apart from|outside(?: of)?|anything but|nothing to "
    r"do with|beyond)\b|\bneither\b",
    re.I,
)
_FORBID = re.compile(
    r"\b(?:block|forbid|forbidden|reject|refuse|prohibit\w*|ban|banned|disallow\w*|not "
    r"allowed|not permitted|must not|may not|cannot|never|don't (?:answer|allow)|do not "
    r"(?:answer|allow|discuss)|avoid|no)\b",
    re.I,
)
_OFF = frozenset(["off", "unrelated", "irrelevant", "offtopic", "outofscope", "nonrelevant", "inappropriate"])
_ON = bag(
    """topic relevant scope related allowed acceptable valid appropriate permitted ok okay approved pass
    passed passes accept accepted proceed"""
)
_FLAG = bag(
    """tripwire triggered trigger flagged flag blocked block reject rejected violation violates violated
    refuse refused trip tripped suspicious deny denied"""
)
_SAFE = frozenset(["safe", "harmless", "clean", "secure", "compliant"])
_UNSAFE = bag(
    """unsafe harmful malicious dangerous toxic abusive offensive inappropriate hateful violent harm
    jailbreak injection attack attempt manipulation illegal"""
)
_SENSITIVE = frozenset(["pii", "sensitive", "personal", "private", "confidential", "ssn", "phone", "email"])
_GOOD = bag(
    """good quality high complete sufficient satisfactory success successful enough done finished ready
    correct verified accurate consistent"""
)
_PREFIX = bag(
    """is has are was does contains contain needs need should requires require asks asking mentions
    includes include can user message query request question text input about for the a an of to"""
)
_SSN = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,16}\b|\bpassword\b|\bapi[_ ]?key\b", re.I)
_POSITIVE = frozenset(
    stem(w)
    for w in bag(
        """good great love excellent amazing happy wonderful best nice fantastic awesome perfect thanks thank
    glad pleased enjoy delighted like"""
    )
)
_NEGATIVE = frozenset(
    stem(w)
    for w in bag(
        """bad terrible hate awful worst poor angry sad horrible disappointed broken useless annoying upset
    never slow rude refund complaint unhappy frustrated"""
    )
)


def sentiment(text: str) -> int:
    """1 for a friendly text, -1 for an angry one, 0 if neither."""
    words = [stem(w) for w in tokens(text)]
    good = sum(word in _POSITIVE for word in words)
    bad = sum(word in _NEGATIVE for word in words)
    if re.search(r"\bnot (?:\w+ )?(?:good|great|happy|like|bad)", text, re.I):
        good, bad = bad, good
    return (good > bad) - (bad > good)


def yes_or_no(name: str, description: str, instructions: str, text: str) -> tuple[bool, str]:
    """What a boolean of a structured output should say of a text, and why.

    Args:
        name: The property's name (`is_math_homework`, `off_topic`, `tripwire`).
        description: Its description, or nothing.
        instructions: The agent's instructions, which say what is checked.
        text: What the user wrote.

    Returns:
        The answer, and one sentence that says what was matched.
    """
    words = list(name_words(name))
    bag = set(words)
    core = [w for w in words if w not in _PREFIX and w not in STOP] or words
    guide = f"{description}. {instructions}" if description else instructions
    negated_name = bool(bag & {"not", "non", "un", "no", "without", "isnt"})

    special = _special(bag, core, text)
    if special is not None:
        value, reason = special
        return (value != negated_name, reason)

    # The name itself names the topic: is_math_homework, about_weather, weather_related.
    naming = [w for w in core if w not in _OFF | _ON | _FLAG and w != "off"]
    named = topics_named(" ".join(naming))
    if named:
        if len(named) > 1 and "homework" in named:
            named.discard("homework")
        hit, met = about(text, named)
        off = bool(bag & {"off", "unrelated", "irrelevant"}) or negated_name
        return hit != off, _reason(hit, named, met)

    topics = topics_named(_subject(guide))
    off_name = bool(bag & _OFF) or {"out", "scope"} <= bag or (negated_name and bool(bag & _ON))
    if not topics and not bag & (_ON | _FLAG) and not off_name:
        return _by_words(core, guide, text)
    if topics:
        hit, met = about(text, topics)
    else:
        hit, reason = _by_words(core if not bag & (_ON | _FLAG) and not off_name else [], guide, text)
        met = []
    reason = (
        _reason(hit, topics, met)
        if topics
        else "No topic that this practice model knows is named; it compared words."
    )
    if off_name:
        return not hit, reason
    if bag & _FLAG:
        sentence = _flag_sentence(guide)
        return (
            not hit
            if _NOT_ABOUT.search(sentence) or re.search(r"\bonly\b|\bmust be about\b", sentence, re.I)
            else hit
        ), reason
    if bag & _ON:
        forbidden = (
            _FORBID.search(guide) and not _NOT_ABOUT.search(guide) and not re.search(r"\bonly\b", guide, re.I)
        )
        return (not hit if forbidden and not {"topic", "scope", "related", "relevant"} & bag else hit), reason
    return hit, reason


def _special(bag: set[str], core: list[str], text: str) -> tuple[bool, str] | None:
    """Predicates that need no topic: safety, personal data, quality, sentiment, parity, language."""
    shown = topics_in(text)
    lowered = text.lower()
    harmful = shown.get("harm", 0.0) >= 1.0 or shown.get("injection", 0.0) >= 2.0
    if bag & _UNSAFE:
        if bag & {"injection", "jailbreak", "manipulation"}:
            harmful = shown.get("injection", 0.0) >= 2.0
        return (
            harmful,
            "Words that suggest harm or manipulation were found."
            if harmful
            else "No word that suggests harm was found.",
        )
    if bag & _SAFE:
        return (
            not harmful,
            "No word that suggests harm was found." if not harmful else "Words that suggest harm were found.",
        )
    if bag & _SENSITIVE:
        found = bool(
            ("phone" in bag and values.find("phone", text))
            or ("email" in bag and values.find("email", text))
            or (
                not bag & {"phone", "email"}
                and (values.find("phone", text) or values.find("email", text) or _SSN.search(text))
            )
        )
        return (
            found,
            "Personal data was found in the text." if found else "No personal data was found in the text.",
        )
    if bag & {"clarification", "clarifications", "clarify", "ambiguous", "vague", "clarifying"}:
        telling = [w for w in tokens(text) if w not in STOP]
        short = len(telling) < 6
        return short, f"The request has {len(telling)} telling words" + (
            ", too few to be specific." if short else ", enough to start."
        )
    if bag & {"greeting", "hello", "smalltalk"}:
        hit = bool(re.match(r"^\W*(?:hello|hi|hey|good (?:morning|evening|afternoon)|greetings)\b", lowered))
        return hit, "The text begins with a greeting." if hit else "The text does not begin with a greeting."
    if core in (["question"], ["asking"]) or bag == {"is", "question"}:
        hit = "?" in text or bool(
            re.match(r"^\W*(?:who|what|when|where|why|how|is|are|can|do|does)\b", lowered)
        )
        return hit, "The text is a question." if hit else "The text is not a question."
    if bag & {"urgent", "emergency"}:
        hit = bool(
            re.search(r"\b(?:urgent|urgently|asap|emergency|immediately|right away|right now)\b", lowered)
        )
        return hit, "The text says that it is urgent." if hit else "The text does not say that it is urgent."
    if bag & {"positive", "happy", "negative", "angry", "complaint", "frustrated", "upset"}:
        mood = sentiment(text)
        hit = mood > 0 if bag & {"positive", "happy"} else mood < 0
        return hit, "Its friendly and unfriendly words were counted."
    if bag & {"even", "odd", "prime"}:
        whole = [int(n) for n in values.numbers(text) if float(n).is_integer()]
        if whole:
            number = whole[-1]
            prime = number > 1 and all(number % k for k in range(2, min(int(abs(number) ** 0.5) + 1, 10_000)))
            return (
                number % 2 == 0 if "even" in bag else number % 2 == 1 if "odd" in bag else prime
            ), f"The number is {number}."
    for word, code in (
        ("english", "en"),
        ("spanish", "es"),
        ("french", "fr"),
        ("german", "de"),
        ("italian", "it"),
        ("portuguese", "pt"),
    ):
        if word in bag:
            from workshop.gateway.practice_model.handoffs import language_of

            return language_of(
                text
            ) == code, "Its commonest little words were compared with those of six languages."
    if bag & _GOOD and not topics_named(" ".join(w for w in core if w not in _GOOD)):
        good = len(text.split()) >= 4
        return (
            good,
            "By rule: a text of a few words or more passes; this practice model cannot judge quality.",
        )
    return None


_SUBJECT = re.compile(
    r"\b(?:about|related to|relating to|concerning|regarding|on|for|with|of|than|except"
    r"|discuss|only|including|involves?|do|ask(?:s|ing)?)\b([^.!?\n]*)",
    re.I,
)


def _subject(guide: str) -> str:
    """The part of the instructions that says what is checked for, without who is checking."""
    spans = [m.group(1) for m in _SUBJECT.finditer(guide)]
    joined = " ".join(spans) or guide
    return joined if topics_named(joined) else guide


def _flag_sentence(guide: str) -> str:
    for sentence in re.split(r"(?<=[.!?\n])\s+", guide):
        if topics_named(sentence) and re.search(
            r"\b(?:flag|block|reject|trip|trigger|refuse|if|when|whether|true|only|check)\w*\b",
            sentence,
            re.I,
        ):
            return sentence
    return guide


def _by_words(core: list[str], guide: str, text: str) -> tuple[bool, str]:
    """Whether a text says what a property's name (or the instructions) says, by words and synonyms."""
    said = {stem(w.split("'")[0]) for w in tokens(text) if w not in STOP}
    wanted = {stem(w) for w in core if w not in STOP and w not in _PREFIX}
    if not wanted:
        wanted = {stem(w) for w in tokens(_subject(guide)) if w not in STOP}
    spoken_families = {f for w in said for f in families(w)}
    met = sorted(
        w
        for w in wanted
        if w in said
        or any(w[:5] == s[:5] for s in said if len(w) >= 5 <= len(s))
        or families(w) & spoken_families
    )
    if met:
        return True, f"The text says {', '.join(met)}."
    return False, f"The text does not say {' or '.join(sorted(wanted)[:4]) or 'it'}."


def _reason(hit: bool, topics: set[str], met: list[str]) -> str:
    named = " or ".join(sorted(topics))
    if hit:
        shown = f" ({', '.join(met[:4])})" if met else ""
        return f"The text is about {named}{shown}."
    return f"No word of the text is about {named}."
