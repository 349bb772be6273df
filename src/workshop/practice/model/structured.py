"""Structured output: every property from tool outputs, the text, or a judgement by rule; or it says what is missing.

Nothing is made up: what a schema requires and nothing gave makes the whole reply a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workshop.practice.model import answers, json_schema, judging, mentions, values, writing
from workshop.practice.model.conversation import Step
from workshop.practice.model.outputs import from_data, from_outputs
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.words import bag, name_words, stem, tokens

JSON = Any
MISFIT = json_schema.MISFIT

_REASONS = bag("reasoning reason rationale explanation why thoughts thought justification analysis thinking")
_ANSWERS = bag(
    "answer response reply message result output text content summary final conclusion report markdown body haiku"
)
_FEEDBACK = bag(
    "feedback critique suggestions suggestion improvement improvements comments issue issues problems"
)
_QUERIES = bag("query search term")
_COUNTED = bag("count total num many number")
_PLANNED = bag("searches queries keywords")
_PASS = bag("pass good approved accept yes excellent valid")
_RETRY = bag("needs_improvement revise retry fail partial no reject invalid")
_PASSES = bag("passed passes pass ok approved accepted good verified valid correct sufficient")
_CATCH_ALL = bag("other general unknown none misc unclear")
_VERBATIM = bag("question questions request original input")
_QUESTION_BACK = "What matters most to you about {0}?"
_HOW_MANY = re.compile(
    rf"\b{values.QUANTITY}(?:\s*(?:and|to|-|–)\s*\d+)?\s+(?:\w+\s+){{0,2}}?(?:terms?|search\w*|quer\w*|keywords?)",
    re.I,
)
_NOTHING = re.compile(r"^\W*(?:no|none|nothing|there (?:are|is) no)\b", re.I)
_LABEL = re.compile(r"^(?P<label>[^():|;,]{2,60}?)(?:\s*\([^()]*\))?\s*[:|]\s")
_WHOLE = bag("area areas detail details description descriptions line lines note notes")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$", re.M)


def labels(found: list[JSON], param: Param) -> list[JSON]:
    """What each entry is called, where all read ``name (rank): more`` and the field asks for names."""
    matches = [_LABEL.match(entry) if isinstance(entry, str) else None for entry in found]
    if not found or not all(matches) or param.words & _WHOLE:
        return found
    return [match["label"].strip() for match in matches if match]


@dataclass(frozen=True)
class Material:
    """What values of a structured output may come from.

    Attributes:
        instructions: The agent's instructions.
        text: What the user wrote last.
        steps: Tool calls of this turn that succeeded, oldest first.
        asked: Whether tools were called in this turn, with success or without.
        facts: What the user told about themselves.
        answer: What would have been the reply without a schema; empty if that has no answer.
        reviewed: The assistant's last text, where that is to be judged.
    """

    instructions: str
    text: str
    steps: Sequence[Step]
    asked: bool
    facts: Mapping[str, str]
    answer: str
    reviewed: str = ""


@dataclass(frozen=True)
class Written:
    """A value that satisfies the schema, or what nothing gave; and what each part goes back to."""

    value: JSON
    missing: tuple[str, ...]
    why: tuple[str, ...]


def write(schema: json_schema.Schema, material: Material) -> Written:
    """Fill a schema from the material at hand."""
    writer = _Writer(schema, material)
    top = json_schema.main(schema, schema)
    if json_schema.kind(top) != "object":
        value = writer.member(Param("answer", schema, schema), "answer", 0)
    else:
        value = writer.object(top, "", 0)
        writer.give_reasons()
    fitted = json_schema.fit(value, schema, schema) if not writer.missing else MISFIT
    missing = tuple(dict.fromkeys(writer.missing)) or (("a value of that form",) if fitted is MISFIT else ())
    return Written(fitted, missing, tuple(dict.fromkeys(writer.why)))


class _Writer:
    """Fills one schema; collects why, so that reasons can be written last."""

    def __init__(self, schema: json_schema.Schema, material: Material) -> None:
        self.root = schema
        self.m = material
        self.why: list[str] = []
        self.missing: list[str] = []
        self.reasons: list[tuple[dict[str, JSON], Param]] = []
        self.data = [step.data for step in reversed(material.steps)]
        self.searches: list[str] = []
        self.place = -1  # in a list of searches
        self.lists = [
            (records, data) for data in self.data if (records := answers.records_of(data)) is not None
        ]
        numeric = [p for p in json_schema.mapping(json_schema.main(schema, schema).get("properties")).values()
                   if json_schema.kind(json_schema.main(p, schema)) in ("integer", "number")]  # fmt: skip
        self.one_number = len(numeric) == 1

    @property
    def says_nothing(self) -> bool:
        """Whether the last tool said that there is nothing."""
        return bool(self.data) and (
            self.data[0] == [] or (isinstance(self.data[0], str) and bool(_NOTHING.match(self.data[0])))
        )

    def object(self, schema: json_schema.Schema, path: str, depth: int) -> dict[str, JSON]:
        """An object; what cannot be filled is noted under its path."""
        properties = json_schema.mapping(schema.get("properties"))
        required = json_schema.required_of(schema)
        out: dict[str, JSON] = {}
        for name in [*properties, *sorted(set(required) - set(properties))]:
            param = Param(str(name), json_schema.mapping(properties.get(name)), self.root, name in required)
            if param.type == "string" and param.words & _REASONS and not param.choices:
                covers = self.searches[self.place] if 0 <= self.place < len(self.searches) else ""
                out[param.name] = f"Covers {covers}." if covers else ""
                if not covers:
                    self.reasons.append((out, param))  # holds its place; written when all else is decided
                continue
            value = self.member(param, f"{path}{name}", depth)
            if value is not MISFIT:
                out[param.name] = value
        if not properties and schema.get("additionalProperties"):
            self.missing.append(path.rstrip(".") or "its entries")
        return out

    def member(self, param: Param, path: str, depth: int) -> JSON:
        """The value of one property; what the schema itself names if nothing else does; else it is noted as missing."""
        value = self.value(param, path, depth)
        if value is not MISFIT:
            return value
        if param.default is not MISFIT:
            return param.default
        if param.required and not any(one.startswith((f"{path}.", f"{path}[")) for one in self.missing):
            self.missing.append(path)
        return MISFIT

    def value(self, param: Param, path: str, depth: int) -> JSON:
        """The value of one property; MISFIT if nothing gave one."""
        if depth > 8:
            return MISFIT
        if "const" in param.schema:
            return param.schema["const"]
        if param.type == "array":
            return self.array(param, path, depth)
        if param.choices:
            return self.choice(param)
        if param.type == "object":
            inner = [data.get(param.name, data) for data in self.data if isinstance(data, Mapping)]
            fitted = param.first(inner) if param.schema.get("properties") else MISFIT
            return self.object(param.schema, f"{path}.", depth + 1) if fitted is MISFIT else fitted
        found = param.first(self.from_tools(param))
        if found is not MISFIT:
            self.why.append(f"{param.name} from what the tools returned or were asked")
            return found
        if param.type == "boolean":
            return self.boolean(param)
        if param.numeric:
            return param.first(self.numbers(param))
        return param.first(self.strings(param)) if param.textual else MISFIT

    def from_tools(self, param: Param) -> Iterator[JSON]:
        """What tools returned for a property, or were called with."""
        keyed = any(isinstance(data, Mapping) and param.name in data for data in self.data)
        if param.type == "string" and param.words & (_ANSWERS | _FEEDBACK) and not keyed:
            return
        counted = param.numeric and param.words & _COUNTED
        if counted and self.lists:
            yield answers.total_of(self.lists[0][1], self.lists[0][0])
        if counted and self.says_nothing:
            yield 0
        yield from (from_data(param, data) for data in self.data)
        arguments = [step.arguments for step in reversed(self.m.steps)]
        yield from (given[param.name] for given in arguments if given.get(param.name) is not None)
        yield from_outputs(param, self.m.steps)
        if param.textual:
            said = (param.labelled(data[:4000]) for data in self.data if isinstance(data, str))
            yield from (one for one in said if one)
        # What was asked of a tool is known too: the city of get_weather(city=...).
        for name, value in [pair for given in arguments for pair in given.items()]:
            alike = set(param.kinds) & set(Param(name, {}, {}).kinds) - {"free", "noun", "id"}
            if (
                not param.numeric
                and value is not None
                and (name_words(name) == name_words(param.name) or alike)
            ):
                yield value

    # -- judgements ---------------------------------------------------------------------------------

    @property
    def judged(self) -> str:
        """The text that is to be judged."""
        return self.m.reviewed or self.m.text

    def passes(self) -> bool | None:
        """Whether the text passes: by criteria that can be counted; what only says that it is no answer never does."""
        if asked := writing.criteria(self.m.instructions):
            self.why.append("The criteria that can be counted were.")
            return not asked.broken(self.judged)
        if answers.is_apology(self.judged):
            self.why.append("The text only says that it cannot answer.")
            return False
        return None

    def boolean(self, param: Param) -> JSON:
        """Yes or no, from what a tool said or what the instructions ask of the text."""
        if param.words & _PASSES:
            passed = self.passes()
            return MISFIT if passed is None else passed
        means_vague = writing.tells_vague(self.m.instructions, param.words)
        if means_vague is not None:
            self.why.append("The words that carry the question were counted.")
            return writing.vague(self.m.text) == means_vague
        core = {stem(word) for word in param.words} - {"is", "has", "have", "are"}
        asks_any = bool(param.words & bag("has have any found exists are active"))
        if asks_any and (self.lists or self.says_nothing):
            found = bool(self.lists) and answers.total_of(self.lists[0][1], self.lists[0][0]) > 0
            self.why.append("The tool's entries were counted.")
            return found
        for data in self.data:
            if isinstance(data, str) and core & {stem(word) for word in tokens(data)}:
                self.why.append("The tool said so.")
                return not (_NOTHING.match(data) or re.search(r"\bnot\b|\bn't\b", data, re.I))
        if self.m.asked:
            return MISFIT
        told = judging.yes_or_no(param.name, param.description, self.m.instructions, self.judged)
        if told is None:
            flag = None if self.m.instructions else mentions.flag_for(param, self.m.text)
            return MISFIT if flag is None else flag
        self.why.append(told[1])
        return told[0]

    def numbers(self, param: Param) -> Iterator[JSON]:
        """Numbers that the text ties to a property, or that can be counted."""
        text, loose = self.m.text, self.one_number and not self.m.asked
        scored = param.words & bag("score rating grade quality confidence probability likelihood")
        if not self.m.asked and not scored:
            yield from (one.value for one in mentions.numbers_for([param], text, loose=loose).values())
        if param.words & {"word", "words"}:
            yield writing.count_words(self.judged)
        elif param.words & {"character", "characters", "length"}:
            yield len(self.judged)

    def choice(self, param: Param) -> JSON:
        """One of the values that an enum allows."""
        choices = [choice for choice in param.choices or () if choice is not None]
        if choices and all(isinstance(choice, bool) for choice in choices):
            return param.fit(self.boolean(param))
        named = {str(choice).lower(): choice for choice in choices}
        better, worse = (
            [named[n] for n in named if n.replace(" ", "_") in words] for words in (_PASS, _RETRY)
        )
        if better and worse:
            passed = self.passes() if not {"yes", "no"} <= set(named) else self.boolean(param)
            return MISFIT if passed in (None, MISFIT) else (better if passed else worse)[0]
        returned = " ".join(str(step.output)[:500] for step in self.m.steps)
        for source in (returned, self.m.text):
            found = mentions.choice_for(param, source)
            if found is not MISFIT:
                self.why.append(f"It says {found}.")
                return found
        if {"positive", "negative"} <= set(named):
            mood = judging.sentiment(self.m.text)
            self.why.append("Its friendly and unfriendly words were counted.")
            return MISFIT if mood is None else named.get(("neutral", "positive", "negative")[mood], MISFIT)
        if "high" in named and judging.URGENT.search(self.m.text):
            self.why.append("Words that press are in it.")
            return named["high"]
        return self.by_topic([choice for choice in choices if isinstance(choice, str)])

    def by_topic(self, choices: list[str]) -> JSON:
        """The choice whose topic or words the text shows best, or the one for everything else."""

        def score(choice: str) -> float:
            words = name_words(choice)
            clear = len(set(judging.shown(self.m.text, frozenset(map(stem, words)))))
            asks = "question" in words and "?" in self.m.text
            return clear + 0.5 * asks

        ranked = sorted(choices, key=score, reverse=True)
        if ranked and score(ranked[0]) > max(0.0, score(ranked[1]) if len(ranked) > 1 else 0.0):
            self.why.append(f"Its words fit {ranked[0]} best.")
            return ranked[0]
        rest = next((choice for choice in choices if _CATCH_ALL & set(name_words(choice))), None)
        if rest is None or (ranked and score(ranked[0]) > 0):
            return MISFIT
        self.why.append(f"Nothing points to another choice than {rest}.")
        return rest

    # -- texts and lists ------------------------------------------------------------------------------

    def strings(self, param: Param) -> Iterator[JSON]:
        """Strings that would do, best first."""
        words, text = param.words, self.m.text
        fact = self.m.facts.get(" ".join(word for word in name_words(param.name) if word != "user"))
        if fact:
            yield fact
        if "name" in words and words & {"user", "customer", "your", "sender"}:
            yield self.m.facts.get("name", MISFIT)
        elif words & _FEEDBACK:
            if asked := writing.criteria(self.m.instructions):
                yield " ".join(asked.broken(self.judged)) or "Nothing is missing of what can be counted."
            elif answers.is_apology(self.judged):
                yield "The text only says that it cannot answer."
        elif words & {"question"} and writing.asks_back(self.m.instructions):
            unclear = writing.vague(text)
            yield _QUESTION_BACK.format(" ".join(writing.keywords(text)) or "it") if unclear else ""
        elif words & {"summary"} and (made := writing.summary(text)):
            yield made
        elif words & {"markdown", "report", "body"} and writing.sections(text):
            yield writing.report(writing.question(text), text)
        elif words & {"title", "headline"} and writing.question(text):
            yield writing.question(text)
        elif words & _QUERIES and 0 <= self.place < len(self.searches):
            yield self.searches[self.place]
        elif words & _ANSWERS and "subject" not in words:
            yield self.m.answer or MISFIT
        elif words & _VERBATIM and "?" in text:
            yield text.strip()
        elif not self.m.asked:
            label = param.labelled(text)
            found = find_strings(param, text)
            if param.kind in ("free", "noun", "name", "command"):
                people = values.find("person", text) if "name" in words else []
                found = ([label] if label else []) + (people if len(people) == 1 else [])
            for candidate in found:
                self.why.append(f"{param.name}: the text says {candidate[:60]}.")
                yield candidate

    def array(self, param: Param, path: str, depth: int) -> JSON:
        """A list: of what a tool returned, of what the text lists, or of searches made of the text's words."""
        text = self.m.text
        if self.lists:
            records = self.lists[0][0][:200]
            told = [answers.one_record(record) for record in records]
            if json_schema.kind(param.items) != "object":
                return param.first([labels(records, param), labels(told, param) if records else []])
            fitted = param.fit(records)
            return (
                fitted
                if fitted is not MISFIT or not records
                else self.of_records(param, path, depth, records)
            )
        if self.says_nothing:
            return param.fit([])
        if param.choices:
            one = (Param("choice", {"enum": [choice]}, {}) for choice in param.choices)
            named = [found for p in one if (found := mentions.choice_for(p, text)) is not MISFIT]
            return param.fit(named) if named else MISFIT
        if param.words & _PLANNED:
            return self.planned(param, path, depth)
        if self.m.asked:
            return MISFIT
        if json_schema.kind(param.items) == "object":
            lines = [match.group(1) for match in _BULLET.finditer(text)]
            body = text.split(":", 1)[1] if ":" in text.split("\n")[0] else text
            lines = lines or [line.strip() for line in body.splitlines() if line.strip()]
            return self.of_records(param, path, depth, lines) if len(lines) > 1 else MISFIT
        listed = [match.group(1) for match in _BULLET.finditer(text)]
        listed = listed or [str(one) for one in mentions.list_for(param, text, essential=False)]
        return param.fit(labels(listed, param)) if listed else MISFIT

    def of_records(self, param: Param, path: str, depth: int, records: Sequence[JSON]) -> JSON:
        """One object for each record, all of them or none."""
        made = []
        for number, record in enumerate(records):
            held = record if isinstance(record, str) else ""
            step = Step("record", {}, None if held else json_schema.canonical(record))
            inner = _Writer(
                self.root,
                replace(self.m, text=held, steps=[] if held else [step], asked=not held, reviewed=""),
            )
            one = inner.object(param.items, f"{path}[{number}].", depth + 1)
            for name in () if not held else [n for n in inner.missing if n.endswith(("name", "title"))]:
                head = re.match(r"[^,;:|(–]+", held)
                if (
                    head
                    and (
                        fitted := json_schema.fit(
                            head.group(0).strip(),
                            json_schema.mapping(param.items.get("properties")).get(name.rsplit(".", 1)[1]),
                            self.root,
                        )
                    )
                    is not MISFIT
                ):
                    one[name.rsplit(".", 1)[1]] = fitted
                    inner.missing.remove(name)
            self.missing += inner.missing
            made.append(one)
        return param.fit(made)

    def planned(self, param: Param, path: str, depth: int) -> JSON:
        """Searches made of the words of the request."""
        said = _HOW_MANY.search(self.m.instructions)
        word = said.group(1).lower() if said else ""
        least, most = param.schema.get("minItems"), param.schema.get("maxItems")
        count = int(values.NUMBER_WORDS.get(word, 0) or float(word.replace(",", "")) if word else 3)
        count = max(count, least if isinstance(least, int) else 1)
        self.searches = writing.queries(self.m.text, min(count, most if isinstance(most, int) else 20, 20))
        if not self.searches:
            return MISFIT
        self.why.append("The searches are made of the request's own words.")
        if json_schema.kind(param.items) != "object":
            return param.fit(self.searches)
        made = []
        for place in range(len(self.searches)):
            self.place = place
            made.append(self.object(param.items, f"{path}[{place}].", depth + 1))
        self.place = -1
        return param.fit(made)

    def give_reasons(self) -> None:
        """Write the reasons, now that everything else is decided."""
        why = " ".join(one if one.endswith(".") else f"{one}." for one in dict.fromkeys(self.why))
        for target, param in self.reasons:
            text = answers.extract(
                f"By rule (practice model): {why or 'from the request and what tools returned.'}", 500
            )
            longest = param.schema.get("maxLength")
            target[param.name] = text[:longest] if isinstance(longest, int) else text
