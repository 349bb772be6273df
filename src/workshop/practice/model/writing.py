"""Writing and judging by rule: texts made of the text that was given, and criteria that can be counted.

A writer and its judge read the same few phrases ("at most 20 words", 'names the state', 'mentions "wind"'), in
instructions and in feedback alike: so what the judge asks for, the writer can do.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from workshop.practice.language.lexicon import STATE_NAMES
from workshop.practice.language.values import NUMBER_WORDS, QUANTITY
from workshop.practice.language.words import STOP, bag, tokens
from workshop.practice.model.answers import bulleted, extract

_MOST = re.compile(r"\b(?:at most|no more than|not more than|up to|within|under) (\d+) words?\b", re.I)
_NAMES = re.compile(
    r"\b(?:names?|mentions?|includes?|contains?)\s+(?:the\s+)?(?:(?:word\s+)?[\"“](?P<word>[^\"”]{1,60})[\"”]|(?P<state>state)\b)",
    re.I,
)
# Work that is to make a short text of the text that is given.
WRITES = re.compile(
    r"\b(?:write|edit|draft|compose|turn|rewrite|shorten)\b[^.\n]{0,60}?\b(?:notice|bulletin|announcement|news|draft)\b",
    re.I,
)
_EACH = re.compile(r"\b(?:one|a) (?:line|sentence) (?:for each|per|each)\b", re.I)
_FEEDBACK = re.compile(r"^\W*(?:the\s+|judge's\s+)?feedback\b[^:\n]{0,40}:\s*", re.I)
_DRAFT = re.compile(r"^\W*(?:your|the|this|last|previous|old)?\s*(?:\w+\s+)?draft\b[^:\n]{0,40}:\s*", re.I)
_FAILED = re.compile(r"(?i)\b(?:fail\w*|could not be|cannot be (?:reached|searched|read)|out of reach)\b")
_NOTES = re.compile(r"^(?:notes?|findings?|results?)\s+(?:on|about|for|from)\s+", re.I)
_ASKED = re.compile(r"^(?:the\s+)?(?:question|query|topic|clarification)\b\s*:?\s*", re.I)
_TASK = bag(
    """write writes writing clarification clarify question answer answers report research article tell explain describe
    text essay essays please works using used detailed short long"""
)


@dataclass(frozen=True)
class Criteria:
    """What a text must be, as far as it can be counted or looked for: at most so many words, words, a US state."""

    most_words: int | None = None
    words: tuple[str, ...] = ()
    state: bool = False

    def __bool__(self) -> bool:
        return self.most_words is not None or bool(self.words) or self.state

    def broken(self, text: str) -> list[str]:
        """What a text lacks: orders to its writer, which :func:`criteria` can read again."""
        wrong = []
        count = count_words(text)
        if self.most_words is not None and count > self.most_words:
            wrong.append(f"It has {count} words: write at most {self.most_words} words.")
        wrong += [f'It must mention "{word}".' for word in self.words if word.lower() not in text.lower()]
        stated = not self.state or any(name in text for name in STATE_NAMES.values())
        return wrong if stated else [*wrong, "It must name the state."]


def count_words(text: str) -> int:
    """How many words a text has; a dash that stands alone is none."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def criteria(text: str) -> Criteria:
    """The criteria that instructions or feedback state."""
    most = _MOST.search(text)
    named = list(_NAMES.finditer(text))
    words = tuple(dict.fromkeys(match["word"] for match in named if match["word"]))
    return Criteria(int(most[1]) if most else None, words, any(match["state"] for match in named))


def composed(instructions: str, text: str) -> str:
    """A short text made of a longer one; feedback that stands in the text is obeyed."""
    feedback = "\n".join(p[m.end() :] for p in paragraphs(text) if (m := _FEEDBACK.match(p)))
    given = [part for part in paragraphs(text) if not _FEEDBACK.match(part) and not _DRAFT.match(part)]
    wanted = criteria(feedback)
    most = wanted.most_words or criteria(instructions).most_words
    each = bool(_EACH.search(instructions))
    made = ("\n" if each else " ").join(_line(part, brief=each) for part in given)
    if not each and most is not None and count_words(made) > most:
        made = " ".join(_line(part, brief=True) for part in given)
    missing = [word for word in wanted.words if word.lower() not in made.lower()]
    made = " ".join([made, *(f"({word})" for word in missing)])
    words = made.split(" ")
    return made if most is None or count_words(made) <= most else " ".join(words[:most]).rstrip(" ,;:") + "."


def paragraphs(text: str) -> list[str]:
    """The parts of a text between blank lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _line(paragraph: str, *, brief: bool) -> str:
    """A paragraph in one line; ``brief``: of each point of a list only what it is called."""
    lines = paragraph.splitlines()
    points = bulleted(paragraph)
    head = [line.strip() for line in lines if not bulleted(line) and not line.strip().startswith("(")]
    if brief:
        points = [re.split(r"\s*[(:]", point)[0] for point in points]
    said = " ".join(head)
    if points:
        said = f"{said.rstrip(':.')}: {', '.join(points)}."
    return extract(said, 200) if brief and not points else said


# -- research ------------------------------------------------------------------------------------------


def sections(text: str) -> list[tuple[str, str, bool]]:
    """The parts of a text below a line with a colon ("Notes on bees:"): heading, text, and whether nothing was had."""
    found = []
    for part in paragraphs(text):
        first, _, rest = part.partition("\n")
        if first.rstrip().endswith(":") and rest.strip() and len(first) <= 120 and not _ASKED.match(first):
            heading = _NOTES.sub("", first.rstrip().rstrip(":")).strip(" \"'“”")
            found.append((heading[:1].upper() + heading[1:], rest.strip(), bool(_FAILED.search(rest[:200]))))
    return found


def question(text: str) -> str:
    """The question that a text with notes begins with; empty if it begins otherwise."""
    first = text.strip().partition("\n")[0]
    return _ASKED.sub("", first).strip() if _ASKED.match(first) and sections(text) else ""


def report(title: str, text: str) -> str:
    """A report in markdown: a section for each that the text has, or the text's first sentences."""
    lost = "This could not be looked up. "
    told = [f"## {head}\n\n{lost * failed}{body}" for head, body, failed in sections(text)]
    return "\n\n".join(([f"# {title}"] if title else []) + (told or [extract(text)]))


def summary(text: str) -> str:
    """What a report made of this text holds, in a sentence or two; empty if it has no sections."""
    found = sections(text)
    if not found:
        return ""
    good = [heading for heading, _, failed in found if not failed]
    bad = [heading for heading, _, failed in found if failed]
    said = f"By rule, from the notes on: {'; '.join(good)}." if good else "None of the notes says anything."
    return f"{said} Not looked up: {'; '.join(bad)}." if bad else said


def keywords(text: str) -> list[str]:
    """The words that a question is about, in its order, each once."""
    body = "\n".join(_ASKED.sub("", line) for line in text.splitlines())
    said = (word for word in tokens(body) if word not in STOP | _TASK and not word.isdecimal())
    return list(dict.fromkeys(word for word in said if len(word) > 2))


_HOW_MANY = re.compile(
    rf"\b{QUANTITY}(?:\s*(?:and|to|-|–)\s*\d+)?\s+(?:\w+\s+){{0,2}}?(?:terms?|search\w*|quer\w*|keywords?)", re.I
)  # fmt: skip


def searches(instructions: str, text: str, least: int, most: int) -> list[str]:
    """As many different searches for what a text is about as the instructions want; none if it has too few words."""
    said = _HOW_MANY.search(instructions)
    word = said.group(1).lower() if said else "3"
    number = min(max(int(NUMBER_WORDS.get(word) or float(word.replace(",", ""))), least), most, 20)
    words = keywords(text)
    if 0 < len(words) < number:
        pairs = [" ".join(pair) for pair in itertools.combinations(words, 2)]
        return [*pairs, *words][:number] if len(pairs) + len(words) >= number else []
    if number < 2 or not words:
        return [" ".join(words)] if words else []
    size, more = divmod(len(words), number)
    made, start = [], 0
    for n in range(number):
        end = start + size + (n < more)
        # What the whole is about goes with each part of it.
        made.append(" ".join(dict.fromkeys([words[0], *words[start:end]])))
        start = end
    return made


_CLEAR = bag("clear specific researchable ready precise answerable concrete")
_VAGUE = bag("vague unclear ambiguous clarify clarification clarifications broad")
# Instructions to ask back where a question is vague.
ASKS_BACK = re.compile(
    r"\b(?:vague|unclear|clarif\w*|ask (?:one |a )?(?:question )?back|too (?:broad|general))\b", re.I
)


def tells_vague(instructions: str, words: frozenset[str]) -> bool | None:
    """Whether a yes to a property with these words would mean that a question is vague; None if it is about neither."""
    about = ASKS_BACK.search(instructions) and words & (_VAGUE | _CLEAR)
    return bool(words & _VAGUE) if about else None


def vague(text: str) -> bool:
    """Whether a question names too little to be looked up: fewer than three words that carry it."""
    return len(keywords(text)) < 3
