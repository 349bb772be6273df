"""Structured output: every property filled from tool outputs, the text, or a derivation; always valid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.practice.model import classify, json_schema, slots, values, writing
from workshop.practice.model.answers import extract, one_record, records_of
from workshop.practice.model.conversation import Step
from workshop.practice.model.languages import language_of
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.outputs import from_data, from_outputs
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings, topic_of
from workshop.practice.model.words import bag, name_words, stem, tokens

JSON = Any

_REASONS = bag(
    "reasoning reason rationale explanation why thoughts thought justification analysis thinking notes"
)
_ANSWERS = bag(
    """answer response reply message result output text content summary final conclusion report markdown
    body statement haiku short"""
)
_FEEDBACK = bag("feedback critique suggestions suggestion improvement improvements comments")
_ISSUES = bag("issue issues problem problems concern concerns")
_QUERIES = bag("query search term")
_COUNTED = bag("count total num many number")
_SCORES = bag("score rating grade quality")
_LIKELY = bag("confidence probability likelihood")
_VERDICTS = bag("score verdict decision grade")
_PLANNED = bag(
    "searches queries steps questions subtopics tasks sections follow ideas keywords topics clarifications plan"
)
_PASS = bag("pass good approved accept yes excellent")
_RETRY = bag("needs_improvement revise retry fail partial no reject")
_PASSES = bag("passed passes pass ok approved accepted good")
_CATCH_ALL = bag("other general unknown none misc neutral default medium normal off")
_ANGLES = ("overview", "latest developments", "history", "comparison of alternatives", "expert opinions",
           "practical examples", "costs and risks", "data and statistics", "common questions",
           "future outlook")  # fmt: skip
_QUESTIONS = ("What matters most to you about {0}?", "Which period or place should {0} be limited to?",
              "How detailed should the answer about {0} be?")  # fmt: skip
_STEPS = ("Find out what {0} needs", "Do the main part of {0}", "Check the result of {0}")
_EVENT = re.compile(
    r"\b(?:going to|attend(?:ing)?|have|having|schedule|planning|is|for|to)\s+(?:a|an|the|our|my)\s+([\w' -]+?)"
    r"(?=\s+(?:on|at|in|with|next|this|tomorrow|from)\b|[.,!?]|$)",
    re.I,
)
_HOW_MANY = re.compile(
    r"\b(\d+)(?:\s*(?:and|to|-|–)\s*\d+)?\s+(?:\w+\s+){0,2}?(?:terms?|search\w*|quer\w*|steps?|questions?|items?"
    r"|tasks?|sections?|topics?|ideas?|keywords?)",
    re.I,
)
_LABEL = re.compile(r"^(?P<label>[^():|;,]{2,60}?)(?:\s*\([^()]*\))?\s*[:|]\s")
_WHOLE = bag("area areas detail details description descriptions line lines note notes")


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
        facts: What the user told about themselves.
        answer: Gives the plain answer that would have been the reply without a schema.
        rounds: How many answers and feedbacks there were before in this conversation.
        reviewed: The assistant's last text, where that is to be judged.
    """

    instructions: str
    text: str
    steps: Sequence[Step]
    facts: Mapping[str, str]
    answer: Callable[[], str]
    rounds: int = 0
    reviewed: str = ""


def write(schema: json_schema.Schema, material: Material) -> JSON:
    """A JSON value that satisfies a schema, filled from the material at hand.

    Where nothing is known, the plainest valid value stands (null, an empty list, 0, "unknown").
    """
    writer = _Writer(schema, material)
    top = json_schema.main(schema, schema)
    if json_schema.kind(top) != "object":
        fitted = json_schema.fit(writer.value(Param("answer", schema, schema), -1, 0), schema, schema)
        return json_schema.placeholder(schema, schema) if fitted is json_schema.MISFIT else fitted
    value = writer.object(top, -1, 0)
    writer.give_reasons()
    fitted = json_schema.fit(value, schema, schema)
    if fitted is not json_schema.MISFIT:
        return fitted
    # Keep what fits, property by property, and put placeholders where nothing does.
    properties = json_schema.mapping(top.get("properties"))
    parts = {name: json_schema.fit(member, properties.get(name), schema) for name, member in value.items()}
    plain = {
        name: json_schema.placeholder(properties.get(name), schema) for name in json_schema.required_of(top)
    }
    return {**plain, **{name: part for name, part in parts.items() if part is not json_schema.MISFIT}}


def _angle(index: int) -> str:
    return _ANGLES[max(index, 0) % len(_ANGLES)]


def _titled(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Writer:
    """Fills one schema; collects why, so that reasons can be written last."""

    def __init__(self, schema: json_schema.Schema, material: Material) -> None:
        self.root = schema
        self.m = material
        self.why: list[str] = []
        self.reasons: list[tuple[dict[str, JSON], Param]] = []
        self.data = [step.data for step in reversed(material.steps)]
        self.searches: list[str] = []
        self.lists = [records for data in self.data if (records := records_of(data)) is not None]

    def object(self, schema: json_schema.Schema, index: int, depth: int) -> dict[str, JSON]:
        """An object; `index` is its place in a list, or -1."""
        properties = json_schema.mapping(schema.get("properties"))
        required = json_schema.required_of(schema)
        out: dict[str, JSON] = {}
        for name in [*properties, *sorted(set(required) - set(properties))]:
            param = Param(str(name), json_schema.mapping(properties.get(name)), self.root, name in required)
            if param.type == "string" and param.words & _REASONS and not param.choices:
                covered = self.searches[index] if 0 <= index < len(self.searches) else _angle(index)
                value: JSON = param.fit(f"Covers {covered}." if depth else "")
                if not depth:
                    self.reasons.append((out, param))  # holds its place; written when all else is decided
            else:
                value = self.value(param, index, depth)
            if value is not json_schema.MISFIT:
                out[param.name] = value
            elif param.required:
                out[param.name] = param.placeholder()
        extra = schema.get("additionalProperties")
        if not properties and isinstance(extra, Mapping) and extra:
            out.update(self.entries(Param("entry", extra, self.root)))
        return out

    def entries(self, param: Param) -> dict[str, JSON]:
        """A map of free keys, from the last JSON object a tool returned or the numbers a text lists."""
        pair = {"properties": {"k": {"type": "string"}, "v": {"type": "number"}}}
        counted = {entry["k"]: entry["v"] for entry in slots.pairs(pair, {}, self.m.text)}
        returned = [data for data in self.data if isinstance(data, Mapping)]
        for data in [*returned, counted] if param.numeric else returned:
            fitted = {str(key): json_schema.fit(value, param.raw, self.root) for key, value in data.items()}
            kept = {key: value for key, value in fitted.items() if value is not json_schema.MISFIT}
            if kept:
                return kept
        return {}

    def value(self, param: Param, index: int, depth: int) -> JSON:
        """The value of one property; MISFIT if there is nothing to say."""
        if depth > 8:
            return json_schema.MISFIT
        if "const" in param.schema:
            return param.schema["const"]
        if param.type == "array":
            return self.array(param, depth)
        if param.choices:
            return self.choice(param)
        if param.type == "object":
            inner = [data.get(param.name, data) for data in self.data if isinstance(data, Mapping)]
            fitted = param.first(inner) if param.schema.get("properties") else json_schema.MISFIT
            return self.object(param.schema, index, depth + 1) if fitted is json_schema.MISFIT else fitted
        found = param.first(self.from_tools(param))
        if found is not json_schema.MISFIT:
            return found
        if param.type == "boolean":
            return self.boolean(param)
        if param.numeric:
            return param.first(self.numbers(param))
        return param.first(self.strings(param, index)) if param.textual else json_schema.MISFIT

    def from_tools(self, param: Param) -> Iterator[JSON]:
        """What tools returned for a property, or were called with."""
        keyed = any(isinstance(data, Mapping) and param.name in data for data in self.data)
        if param.type == "string" and param.words & (_ANSWERS | _FEEDBACK | _ISSUES) and not keyed:
            return
        counted = param.words & _COUNTED
        if not counted:
            yield from (from_data(param, data) for data in self.data)
        arguments = [step.arguments for step in reversed(self.m.steps)]
        yield from (given[param.name] for given in arguments if given.get(param.name) is not None)
        if param.numeric and counted and self.lists:
            yield len(self.lists[0])
        yield from_outputs(param, self.m.steps)
        # What was asked of a tool is known too: the city of get_weather(city=...).
        for name, value in [pair for given in arguments for pair in given.items()]:
            alike = set(param.kinds) & set(Param(name, {}, {}).kinds) - {"free", "noun", "id"}
            if (
                not param.numeric
                and value is not None
                and (name_words(name) == name_words(param.name) or alike)
            ):
                yield value

    @property
    def judged(self) -> str:
        """The text that is to be judged."""
        return self.m.reviewed or self.m.text

    def boolean(self, param: Param) -> bool:
        """Yes or no, from what a tool said or what the instructions ask of the text."""
        if param.words & _PASSES and (asked := writing.criteria(self.m.instructions)):
            broken = asked.broken(self.judged)
            self.why.append("The criteria that can be counted were.")
            return not broken
        means_vague = writing.tells_vague(self.m.instructions, param.words)
        if means_vague is not None:
            self.why.append("The words that carry the question were counted.")
            return writing.vague(self.m.text) == means_vague
        core = {stem(word) for word in param.words} - {"is", "has", "have", "are"}
        asks_any = bool(param.words & bag("has have any found exists are active"))
        if asks_any and self.lists:
            self.why.append(f"The tool returned {len(self.lists[0])} entries.")
            return bool(self.lists[0])
        for data in self.data:
            said = isinstance(data, str) and core & {stem(word) for word in tokens(data)}
            if isinstance(data, str) and (said or asks_any):
                self.why.append("The tool said so.")
                return not re.search(r"^\W*(?:no|none|there (?:are|is) no|nothing)\b|\bnot\b", data, re.I)
        if not self.m.instructions and not param.description:
            flag = slots.flag_for(param, self.m.text)
            if flag is not None:
                return flag
        value, why = classify.yes_or_no(param.name, param.description, self.m.instructions, self.judged)
        self.why.append(why)
        return value

    def numbers(self, param: Param) -> Iterator[JSON]:
        """Numbers that would do, best first."""
        text = self.m.text
        judging = param.words & (_SCORES | _LIKELY)
        yield from slots.numbers_for([param], text, loose=not judging).values()
        high = json_schema.as_number(param.schema.get("maximum"))
        if param.words & _LIKELY:
            yield 0.9 * (high or 1.0)
            yield round(high or 1.0)
        elif param.words & _SCORES:
            bounds = re.search(
                r"(\d+)\s*(?:-|–|to|and)\s*(\d+)", f"{param.description} {self.m.instructions}"
            )
            high = high or (float(bounds.group(2)) if bounds else 10.0)
            low = json_schema.as_number(param.schema.get("minimum")) or (
                float(bounds.group(1)) if bounds else 0.0
            )
            self.why.append("By rule: a first attempt gets a middling score, a revised one a high one.")
            made = low + (high - low) * (0.6 if self.m.rounds < 2 else 0.9)
            yield round(made) if high > 1 else round(made, 2)
        elif param.words & {"word", "words"}:
            yield len(text.split())
        elif param.words & {"character", "characters", "length"}:
            yield len(text)
        elif param.words & _COUNTED:
            listed = re.split(r",\s*(?:and\s+)?|\s+and\s+", re.sub(r"^.*?:\s*", "", text.strip(), flags=re.S))
            yield len(listed) if len(listed) > 1 else json_schema.MISFIT

    def choice(self, param: Param) -> JSON:
        """One of the values that an enum allows."""
        choices = [choice for choice in param.choices or () if choice is not None]
        if choices and all(isinstance(choice, bool) for choice in choices):
            value = self.boolean(param)
            return value if value in choices else choices[0]
        returned = " ".join(str(step.output)[:500] for step in self.m.steps)
        for source in (returned, "" if param.words & _VERDICTS else self.m.text):
            found = slots.choice_for(param, source)
            if found is not json_schema.MISFIT:
                self.why.append(f"It says {found}.")
                return found
        named = {str(choice).lower(): choice for choice in choices}
        if {"positive", "negative"} <= set(named):
            self.why.append("Its friendly and unfriendly words were counted.")
            mood = ("neutral", "positive", "negative")[classify.sentiment(self.m.text)]
            return named.get(mood, named["positive"])
        if {"low", "high"} <= set(named):
            urgent = classify.URGENT.search(self.m.text)
            return named["high"] if urgent else named.get("medium", named.get("normal", named["low"]))
        if {"yes", "no"} <= set(named):
            return named["yes"] if self.boolean(param) else named["no"]
        better, worse = (
            [named[n] for n in named if n.replace(" ", "_") in words] for words in (_PASS, _RETRY)
        )
        if better and worse and (asked := writing.criteria(self.m.instructions)):
            self.why.append("The criteria that can be counted were.")
            return (worse if asked.broken(self.judged) else better)[0]
        if better and worse:
            # A judge that is told to be strict at first, and that has seen a revision, lets it pass.
            self.why.append("By rule: a first attempt is sent back, a revised one passes.")
            return (worse if self.m.rounds < 2 else better)[0]
        return self.by_topic([choice for choice in choices if isinstance(choice, str)] or choices)

    def by_topic(self, choices: list[JSON]) -> JSON:
        """The choice whose topic or words the text shows best, or the one for everything else."""
        shown, code = classify.topics_in(self.m.text), language_of(self.m.text)
        said = {stem(word) for word in tokens(self.m.text)}

        def score(choice: JSON) -> float:
            words = name_words(str(choice))
            clear = max((shown.get(t, 0.0) for t in classify.topics_named(" ".join(words))), default=0.0)
            spoken = code is not None and LANGUAGES.get(str(choice).lower(), str(choice).lower()) == code
            asks = "question" in words and "?" in self.m.text
            return clear + 2.0 * len({stem(word) for word in words} & said) + 0.9 * spoken + 0.5 * asks

        best = max(choices, key=score)
        if score(best) > 0:
            self.why.append(f"Its words fit {best} best.")
            return best
        rest = next((choice for choice in choices if _CATCH_ALL & set(name_words(str(choice)))), choices[0])
        self.why.append(f"Nothing points to another choice than {rest}.")
        return rest

    def strings(self, param: Param, index: int) -> Iterator[JSON]:
        """Strings that would do, best first."""
        words, text = param.words, self.m.text
        fact = self.m.facts.get(" ".join(word for word in name_words(param.name) if word != "user"))
        if fact:
            yield fact
        if "name" in words and words & {"user", "customer", "your", "sender"}:
            yield self.m.facts.get("name", json_schema.MISFIT)
        elif words & (_FEEDBACK | _ISSUES) and (asked := writing.criteria(self.m.instructions)):
            yield " ".join(asked.broken(self.judged)) or "Nothing is missing of what can be counted."
        elif words & {"question"} and writing.asks_back(self.m.instructions):
            unclear = writing.vague(text)
            yield _QUESTIONS[0].format(" ".join(writing.keywords(text)) or "it") if unclear else ""
        elif words & {"summary"} and (made := writing.summary(text)):
            yield made
        elif words & {"markdown", "report", "body"} and writing.sections(text):
            yield writing.report(writing.question(text) or _titled(topic_of(text)), text)
        elif words & _ISSUES:
            yield "None that a rule can find."
        elif words & _FEEDBACK:
            first = "By rule: add a concrete detail, name the subject earlier, and end on a clear result."
            yield first if self.m.rounds < 2 else "By rule: revised after feedback; nothing more to add."
        elif words & _QUERIES:
            if 0 <= index < len(self.searches):
                yield self.searches[index]
            yield f"{topic_of(text)} {_angle(index) if index >= 0 else ''}".strip()
        elif words & _ANSWERS and "subject" not in words:
            yield self.m.answer()
        elif words & {"topic", "subject", "theme", "title", "headline"}:
            made = writing.question(text) or topic_of(text) or next(iter(classify.topics_in(text)), "")
            titled = words & {"title", "headline"}
            yield (_titled(made) if titled else made) or json_schema.MISFIT
        elif words & {"language"} and not values.find("language", text):
            code = language_of(text)
            yield next((name.title() for name, one in LANGUAGES.items() if one == code), json_schema.MISFIT)
        else:
            event = _EVENT.search(text) if words <= {"name", "event"} else None
            if event:
                yield event.group(1)
            if param.kind == "free" and not param.labelled(text):
                verbatim = words & bag("description details question questions")
                yield text.strip() if verbatim else self.m.answer()
            for candidate in find_strings(param, text):
                # Any noun would do for a name, but not where null would too.
                loose = param.kind == "noun" and param.nullable
                if (not loose or candidate == param.labelled(text)) and param.fit(
                    candidate
                ) is not json_schema.MISFIT:
                    self.why.append(f"The text says {candidate[:60]}.")
                    yield candidate

    def array(self, param: Param, depth: int) -> JSON:
        """A list: of what a tool returned, of what the text lists, or derived from the request."""
        text = self.m.text
        if self.lists:
            records = self.lists[0][:200]
            fitted = param.first([labels(records, param), [one_record(record) for record in records[:50]]])
            if fitted is not json_schema.MISFIT and (fitted or not records):
                return fitted
        if param.choices:
            one = (Param("choice", {"enum": [choice]}, {}) for choice in param.choices)
            named = [found for p in one if (found := slots.choice_for(p, text)) is not json_schema.MISFIT]
            return param.fit(named) if named else json_schema.MISFIT
        if param.words & _PLANNED:
            number = self.how_many(param)
            self.searches = writing.queries(text, number)
            return param.fit([self.planned(param, place, depth) for place in range(number)])
        if json_schema.kind(param.items) != "object":
            listed = labels(slots.list_for(param, text, essential=True), param)
            return param.fit(listed) if listed else json_schema.MISFIT
        counted = slots.pairs(param.items, self.root, text)
        if counted:
            return param.fit(counted)
        inner = json_schema.mapping(param.items.get("properties"))
        name = next((key for key in inner if "name" in name_words(str(key))), None)
        people = (
            values.find("person", text) if param.words & bag("people persons participants attendees") else []
        )
        least = param.schema.get("minItems")
        count = len(people) or max(least if isinstance(least, int) else 0, 1 if depth == 0 else 0)
        made = [self.object(param.items, place, depth + 1) for place in range(count)]
        return param.fit([{**one, name: people[n]} if people and name else one for n, one in enumerate(made)])

    def how_many(self, param: Param) -> int:
        """How many entries the instructions or the schema want."""
        said = _HOW_MANY.search(self.m.instructions)
        least, most = param.schema.get("minItems"), param.schema.get("maxItems")
        count = max(int(said.group(1)) if said else 3, least if isinstance(least, int) else 1)
        return min(count, most if isinstance(most, int) else 20, 20)

    def planned(self, param: Param, place: int, depth: int) -> JSON:
        """One entry of a list that is derived from the request: a search, a step, a question."""
        if json_schema.kind(param.items) == "object":
            return self.object(param.items, place, depth + 1)
        frames = tuple(f"{{0}} {angle}" for angle in _ANGLES)
        if param.words & bag("questions clarifications follow"):
            frames = _QUESTIONS
        elif param.words & bag("steps plan tasks"):
            frames = _STEPS
        return frames[place % len(frames)].format(topic_of(self.m.text) or "the request")

    def give_reasons(self) -> None:
        """Write the reasons, now that everything else is decided."""
        why = " ".join(dict.fromkeys(self.why)) or "Filled in from the request and what the tools returned."
        for target, param in self.reasons:
            fitted = param.fit(extract(f"By rule (practice model): {why}", 500))
            target[param.name] = param.placeholder() if fitted is json_schema.MISFIT else fitted
