"""Small sums in a sentence: `what is 12 * (3 + 4)?`, `5 plus 7`, `15% of 80`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable

_WORDS = [
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent)\s+of\s+(\d+(?:\.\d+)?)", re.I), r"(\1 / 100 * \2)"),
    (re.compile(r"\b(?:the\s+)?sum of\s+(\d+(?:\.\d+)?)\s+and\s+(\d+(?:\.\d+)?)", re.I), r"(\1 + \2)"),
    (re.compile(r"\b(?:the\s+)?product of\s+(\d+(?:\.\d+)?)\s+and\s+(\d+(?:\.\d+)?)", re.I), r"(\1 * \2)"),
    (re.compile(r"\b(?:add)\s+(\d+(?:\.\d+)?)\s+(?:and|to|with)\s+(\d+(?:\.\d+)?)", re.I), r"(\1 + \2)"),
    (re.compile(r"\bmultiply\s+(\d+(?:\.\d+)?)\s+(?:and|by|with)\s+(\d+(?:\.\d+)?)", re.I), r"(\1 * \2)"),
    (re.compile(r"\bdivide\s+(\d+(?:\.\d+)?)\s+by\s+(\d+(?:\.\d+)?)", re.I), r"(\1 / \2)"),
    (re.compile(r"\bsubtract\s+(\d+(?:\.\d+)?)\s+from\s+(\d+(?:\.\d+)?)", re.I), r"(\2 - \1)"),
    (re.compile(r"\bsquare root of\s+(\d+(?:\.\d+)?)", re.I), r"(\1 ** 0.5)"),
    (re.compile(r"(\d)\s+(?:plus|added to)\s+(?=[\d(])", re.I), r"\1 + "),
    (re.compile(r"(\d)\s+minus\s+(?=[\d(])", re.I), r"\1 - "),
    (re.compile(r"(\d)\s*(?:times|multiplied by|×)\s*(?=[\d(])", re.I), r"\1 * "),
    (re.compile(r"(\d)\s+x\s+(?=\d)", re.I), r"\1 * "),
    (re.compile(r"(\d)\s*(?:divided by|over|÷)\s*(?=[\d(])", re.I), r"\1 / "),
    (re.compile(r"(\d)\s*(?:\^|to the power of)\s*(?=\d)", re.I), r"\1 ** "),
    (re.compile(r"(\d)\s+squared\b", re.I), r"\1 ** 2"),
]  # fmt: skip
_EXPRESSION = re.compile(
    r"(?<![\w.])[-(]*\s*\d+(?:\.\d+)?\s*\)*(?:\s*(?:\*\*|[-+*/%])\s*[-(]*\s*\d+(?:\.\d+)?\s*\)*)+(?![\w])"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{3}-\d{3}-\d{4}|\d{1,2}/\d{1,2}/\d{2,4}")
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


_TAKEN_FROM = re.compile(r"\b(?:subtract|take|deduct|remove)\b[^.;]*?\d[^.;]*?\bfrom\b", re.I)
_RESULT = re.compile(
    r"\b(?:it|that|this|the (?:result|sum|total|product|difference|quotient|answer|number|output))\b", re.I
)
_OPERAND = re.compile(rf"(?P<result>{_RESULT.pattern})|(?<![\w.])-?\d+(?:\.\d+)?", re.I)


def in_order(text: str, numbers: list[float]) -> list[float]:
    """The numbers of a text in the order a tool takes them: 20 and 6 for `subtract 6 from 20`."""
    return numbers[1::-1] + numbers[2:] if _TAKEN_FROM.search(text) else numbers


def operands(clause: str, result: float) -> list[float]:
    """The numbers of a step that goes on with an earlier result: `subtract 6`, `divide 100 by the result`."""
    found = [result if match["result"] else float(match.group(0)) for match in _OPERAND.finditer(clause)]
    return in_order(re.sub(_RESULT, "0", clause), found) if _RESULT.search(clause) else [result, *found]


def expression(text: str) -> str | None:
    """The arithmetic expression in a text, in digits and signs; None if there is none."""
    plain = _DATE.sub(" ", text[:2000])
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    for pattern, replacement in _WORDS:
        plain = pattern.sub(replacement, plain)
    found = _EXPRESSION.search(plain)
    if not found:
        return None
    made = found.group(0).strip()
    while made.count("(") > made.count(")") and made.startswith("("):
        made = made[1:].strip()
    while made.count(")") > made.count("(") and made.endswith(")"):
        made = made[:-1].strip()
    if made.startswith("(") and made.endswith(")") and made.count("(") == 1:
        made = made[1:-1].strip()
    return made if evaluate(made) is not None else None


def evaluate(text: str) -> int | float | None:
    """The value of an expression of numbers and signs; None if it has none, or a huge one."""
    try:
        value = _value(ast.parse(text, mode="eval").body)
    except (
        SyntaxError,
        ValueError,
        ZeroDivisionError,
        OverflowError,
        TypeError,
        RecursionError,
        MemoryError,
    ):
        return None
    if isinstance(value, complex) or value != value or abs(value) > 1e15:
        return None
    if float(value).is_integer():
        return int(value)
    return round(float(value), 10)


def _value(node: ast.AST) -> float:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow) and (abs(right) > 64 or abs(left) > 1e6):
            raise ValueError("too large")
        return _OPERATORS[type(node.op)](left, right)
    raise ValueError("not arithmetic")
