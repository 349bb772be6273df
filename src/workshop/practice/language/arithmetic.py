"""Small sums in a sentence: `what is 12 * (3 + 4)?`, `5 plus 7`, `15% of 80`."""

from __future__ import annotations

import re

_N = r"(\d+(?:\.\d+)?)"
_WORDS = [
    (re.compile(pattern, re.I), made)
    for pattern, made in (
        (rf"{_N}\s*(?:%|percent)\s+of\s+{_N}", r"(\1 / 100 * \2)"),
        (rf"\b(?:the\s+)?sum of\s+{_N}\s+and\s+{_N}|\badd\s+{_N}\s+(?:and|to|with)\s+{_N}", r"(\1\3 + \2\4)"),
        (rf"\bmultiply\s+{_N}\s+(?:and|by|with)\s+{_N}", r"(\1 * \2)"),
        (rf"\bdivide\s+{_N}\s+by\s+{_N}", r"(\1 / \2)"),
        (rf"\bsubtract\s+{_N}\s+from\s+{_N}", r"(\2 - \1)"),
        (rf"\bsquare root of\s+{_N}", r"(\1 ** 0.5)"),
        (r"(\d)\s+plus\s+(?=[\d(])", r"\1 + "),
        (r"(\d)\s+minus\s+(?=[\d(])", r"\1 - "),
        (r"(\d)\s*(?:times|multiplied by|×|x)\s+(?=[\d(])", r"\1 * "),
        (r"(\d)\s*(?:divided by|over|÷)\s*(?=[\d(])", r"\1 / "),
    )
]
_EXPRESSION = re.compile(
    r"(?<![\w.])[-(]*\s*\d+(?:\.\d+)?\s*\)*(?:\s*(?:\*\*|[-+*/%])\s*[-(]*\s*\d+(?:\.\d+)?\s*\)*)+(?![\w])"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{3}-\d{3}-\d{4}|\d{1,2}/\d{1,2}/\d{2,4}")
_TAKEN_FROM = re.compile(r"\b(?:subtract|take|deduct|remove)\b[^.;]*?\d[^.;]*?\bfrom\b", re.I)


def in_order(text: str, numbers: list[float]) -> list[float]:
    """The numbers of a text in the order a tool takes them: 20 and 6 for `subtract 6 from 20`."""
    return numbers[1::-1] + numbers[2:] if _TAKEN_FROM.search(text) else numbers


def expression(text: str) -> str | None:
    """The arithmetic expression in a text, in digits and signs; None if there is none."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", _DATE.sub(" ", text[:2000]))
    for pattern, replacement in _WORDS:
        plain = pattern.sub(replacement, plain)
    found = _EXPRESSION.search(plain)
    made = found.group(0).strip() if found else ""
    while made.count("(") > made.count(")") and made.startswith("("):
        made = made[1:].strip()
    while made.count(")") > made.count("(") and made.endswith(")"):
        made = made[:-1].strip()
    if made.count("(") == 1 and made.startswith("(") and made.endswith(")"):
        made = made[1:-1].strip()
    balanced = made.count("(") == made.count(")")
    return made if made and balanced else None
