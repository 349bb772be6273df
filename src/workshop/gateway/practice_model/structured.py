"""Structured output: every property filled from tool outputs, the text, or a derivation; always valid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.gateway.practice_model import classify, slots, values
from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model.answers import extract, one_record, records_of
from workshop.gateway.practice_model.conversation import Step
from workshop.gateway.practice_model.kinds import kinds_of, label_value
from workshop.gateway.practice_model.lexicon import LANGUAGES
from workshop.gateway.practice_model.phrases import find_strings, topic_of
from workshop.gateway.practice_model.returned import from_data, from_outputs
from workshop.gateway.practice_model.tools import Param
from workshop.gateway.practice_model.words import bag, name_words, stem, tokens

JSON = Any

_REASONS = bag(
    """reasoning reason rationale explanation why thoughts thought justification analysis thinking notes
    chain"""
)
_ANSWERS = bag(
    """answer response reply message result output text content summary final conclusion report markdown
    body statement haiku short"""
)
_FEEDBACK = frozenset(
    ["feedback", "critique", "suggestions", "suggestion", "improvement", "improvements", "comments"]
)
_COUNTS = frozenset(["count", "total", "number", "num", "amount", "quantity", "how", "many", "length"])
_ORDER = ("pass", "good", "approved", "accept", "yes", "excellent", "high")
_SECOND = (
    "needs_improvement",
    "needs improvement",
    "revise",
    "retry",
    "fail",
    "partial",
    "medium",
    "no",
    "reject",
)
_ANGLES = ["overview", "latest developments", "history", "comparison of alternatives", "expert opinions",
           "practical examples",
           "costs and risks", "data and statistics", "common questions", "future outlook"]  # fmt: skip
_CATEGORY = re.compile(
    r"category|topic|type|intent|kind|label|class|department|route|area|subject|agent", re.I
)


_LABEL = re.compile(r"^(?P<label>[^():|;,]{2,60}?)(?:\s*\([^()]*\))?\s*[:|]\s")
_WHOLE = {
    "area",
    "areas",
    "detail",
    "details",
    "description",
    "descriptions",
    "line",
    "lines",
    "note",
    "notes",
}


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
        rounds: How many answers the assistant has given before in this conversation.
        reviewed: The text to judge where one is to be judged: the assistant's last, or the user's.
    """

    instructions: str
    text: str
    steps: Sequence[Step]
    facts: Mapping[str, str]
    answer: Callable[[], str]
    rounds: int = 0
    reviewed: str = ""


class _Writer:
    """Fills one schema; collects why, so that reasons can be written last."""

    def __init__(self, schema: js.Schema, material: Material) -> None:
        self.root = schema
        self.m = material
        self.why: list[str] = []
        self.pending: list[tuple[dict[str, JSON], str, Param]] = []
        self.data = [step.data for step in reversed(material.steps)]

    def object(self, schema: js.Schema, index: int, depth: int) -> dict[str, JSON]:
        properties = js.mapping(schema.get("properties"))
        required = set(js.required_of(schema))
        out: dict[str, JSON] = {}
        params = [Param(str(n), js.mapping(s), self.root, n in required) for n, s in properties.items()]
        params += [Param(n, {}, self.root, True) for n in sorted(required - set(properties))]
        for param in params:
            if param.type == "string" and param.words & _REASONS and "enum" not in param.schema:
                if depth:
                    said = (
                        f"Covers {_ANGLES[max(index, 0) % len(_ANGLES)]}."
                        if "reason" in param.words
                        else "Filled in by rule."
                    )
                    fitted = js.fit(said, param.schema, self.root)
                    out[param.name] = js.placeholder(param.raw, self.root) if fitted is js.MISFIT else fitted
                    continue
                out[param.name] = ""  # keeps the schema's order; written once everything else is decided
                self.pending.append((out, param.name, param))
                continue
            value = self.value(param, index, depth)
            if value is not js.MISFIT:
                out[param.name] = value
            elif param.required:
                out[param.name] = js.placeholder(param.raw, self.root)
        extra = schema.get("additionalProperties")
        if not properties and isinstance(extra, Mapping) and extra:
            out.update(self.entries(Param("entry", extra, self.root, True), depth))
        return out

    def entries(self, param: Param, depth: int) -> dict[str, JSON]:
        """A map of free keys, from the last JSON object a tool returned or the numbers a text lists."""
        for data in self.data:
            if isinstance(data, Mapping):
                fitted = {str(k): js.fit(v, param.raw, self.root) for k, v in data.items()}
                kept = {k: v for k, v in fitted.items() if v is not js.MISFIT}
                if kept:
                    return kept
        if param.type in ("integer", "number"):
            return {
                pair["k"]: pair["v"]
                for pair in slots.pairs(
                    {"properties": {"k": {"type": "string"}, "v": {"type": param.type}}}, {}, self.m.text
                )
            }
        return {}

    def value(self, param: Param, index: int, depth: int) -> JSON:
        """The value of one property; MISFIT if there is nothing to say."""
        schema = param.schema
        if depth > 8:
            return js.MISFIT
        if "const" in schema:
            return schema["const"]
        if isinstance(schema.get("enum"), list):
            return self.choice(param)
        if param.type == "object":
            return self.nested(param, index, depth)
        if param.type == "array":
            return self.array(param, depth)
        found = self.from_tools(param, index)
        if found is not js.MISFIT:
            return found
        if param.type == "boolean":
            return self.boolean(param)
        if param.type in ("integer", "number"):
            return self.number(param)
        if param.type in ("string", "any"):
            return self.string(param, index)
        return None if param.type == "null" else js.MISFIT

    def nested(self, param: Param, index: int, depth: int) -> JSON:
        properties = js.mapping(param.schema.get("properties"))
        for data in self.data:
            if isinstance(data, Mapping):
                inner = data.get(param.name)
                fitted = js.fit(inner if isinstance(inner, Mapping) else data, param.schema, self.root)
                if fitted is not js.MISFIT and (fitted or not properties):
                    return fitted
        if param.nullable and depth > 3:
            return None
        made = self.object(param.schema, index, depth + 1)
        return made

    def from_tools(self, param: Param, index: int) -> JSON:
        if (
            param.words & (_ANSWERS | _FEEDBACK)
            and param.type == "string"
            and not any(isinstance(d, Mapping) and param.name in d for d in self.data)
        ):
            return js.MISFIT
        for data in self.data:
            keyed = from_data(param, data) if not self._counted(param) else js.MISFIT
            if keyed is not js.MISFIT:
                return keyed
        for step in reversed(self.m.steps):
            fitted = js.fit(step.arguments.get(param.name), param.schema, self.root)
            if fitted is not js.MISFIT and fitted is not None:
                return fitted
        found = from_outputs(param, self.m.steps, "")
        if found is not js.MISFIT and not (
            param.type in ("integer", "number")
            and self._counted(param)
            and any(records_of(d) is not None for d in self.data)
        ):
            return found
        if param.type in ("integer", "number"):
            if self._counted(param):
                lists = [records for data in self.data if (records := records_of(data)) is not None]
                if lists:
                    return js.fit(len(lists[0]), param.schema, self.root)
            return js.MISFIT
        # What was asked of a tool is known too: the city of get_weather(city=...).
        for step in reversed(self.m.steps):
            for name, argument in step.arguments.items():
                if "".join(name_words(name)) == "".join(name_words(param.name)) or (
                    set(kinds_of(param))
                    & set(kinds_of(Param(name, {"type": "string"}, {}, True))) - {"free", "noun", "id"}
                ):
                    fitted = js.fit(argument, param.schema, self.root)
                    if fitted is not js.MISFIT and argument is not None:
                        return fitted
        return js.MISFIT

    def _counted(self, param: Param) -> bool:
        return bool(param.words & {"count", "total", "num", "many", "number"})

    def boolean(self, param: Param) -> JSON:
        core = {stem(w) for w in name_words(param.name)} - {"is", "has", "have", "are"}
        for data in self.data:
            records = records_of(data)
            if (
                param.words & {"has", "have", "any", "found", "exists", "are", "active"}
                and records is not None
            ):
                self.why.append(f"The tool returned {len(records)} entries.")
                return bool(records)
            if param.words & {"has", "any", "found", "active"} and isinstance(data, str):
                none = bool(re.match(r"^\W*(?:no|none|there (?:are|is) no|nothing)\b", data, re.I))
                self.why.append("The tool said so.")
                return not none
            if isinstance(data, str) and core & {stem(t) for t in tokens(data)}:
                self.why.append("The tool's output says so.")
                return not re.search(
                    rf"\b(?:no|not)\b[^.]*{re.escape(sorted(core & {stem(t) for t in tokens(data)})[0])}",
                    data,
                    re.I,
                )
        flag = (
            slots.flag_for(param, self.m.text) if not self.m.instructions and not param.description else None
        )
        if flag is not None:
            self.why.append("The text says so.")
            return flag
        value, why = classify.yes_or_no(
            param.name, param.description, self.m.instructions, self.m.reviewed or self.m.text
        )
        self.why.append(why)
        return value

    def number(self, param: Param) -> JSON:
        text = self.m.text
        labelled = slots.numbers_for(
            [param], text, loose=not param.words & {"score", "confidence", "rating", "probability", "grade"}
        )
        if param.name in labelled:
            fitted = js.fit(labelled[param.name], param.schema, self.root)
            if fitted is not js.MISFIT:
                self.why.append(f"The text says {labelled[param.name]:g}.")
                return fitted
        if param.words & {"confidence", "probability", "likelihood"}:
            high = js.as_number(param.schema.get("maximum"))
            wanted: float = 0.9 if high is None or high <= 1 else 0.9 * high
            fitted = js.fit(wanted if param.type == "number" else round(wanted), param.schema, self.root)
            return fitted
        if param.words & {"score", "rating", "grade", "quality"}:
            bounds = re.search(
                r"(?:from\s+)?(\d+)\s*(?:-|–|to|and)\s*(\d+)", f"{param.description} {self.m.instructions}"
            )
            high = js.as_number(param.schema.get("maximum")) or (float(bounds.group(2)) if bounds else 10.0)
            low = js.as_number(param.schema.get("minimum")) or (float(bounds.group(1)) if bounds else 0.0)
            share = 0.6 if self.m.rounds < 2 else 0.9
            self.why.append("By rule: a first attempt gets a middling score, a revised one a high one.")
            made = low + (high - low) * share
            return js.fit(
                round(made) if param.type == "integer" or high > 1 else round(made, 2),
                param.schema,
                self.root,
            )
        if self._counted(param) or param.words & _COUNTS:
            if param.words & {"word", "words"}:
                return js.fit(len(text.split()), param.schema, self.root)
            if param.words & {"character", "characters", "length"}:
                return js.fit(len(text), param.schema, self.root)
            listed = [
                p
                for p in re.split(
                    r",\s*(?:and\s+)?|\s+and\s+", re.sub(r"^.*?:\s*", "", text.strip(), flags=re.S)
                )
                if p.strip()
            ]
            if len(listed) > 1:
                return js.fit(len(listed), param.schema, self.root)
        return js.MISFIT

    def choice(self, param: Param) -> JSON:
        choices = [c for c in param.schema["enum"] if c is not None]
        if not choices:
            return js.MISFIT
        if all(isinstance(c, bool) for c in choices):
            return self.boolean(param) if len(choices) > 1 else choices[0]
        if not all(isinstance(c, str) for c in choices):
            found = slots.choice_for(param, self.m.text)
            return choices[0] if found is js.MISFIT else found
        lowered = {c.lower(): c for c in choices}
        tool_text = " ".join(str(s.output)[:500] for s in self.m.steps)
        for source in (
            tool_text,
            "" if param.words & {"score", "verdict", "decision", "grade"} else self.m.text,
        ):
            found = slots.choice_for(param, source) if source else js.MISFIT
            if found is not js.MISFIT:
                self.why.append(f"It says {found}.")
                return found
        if {"positive", "negative"} <= set(lowered):
            mood = classify.sentiment(self.m.text)
            self.why.append("Its friendly and unfriendly words were counted.")
            return (
                lowered["positive"]
                if mood > 0
                else lowered["negative"]
                if mood < 0
                else lowered.get("neutral", lowered["positive"])
            )
        better = next((lowered[w] for w in _ORDER if w in lowered), None)
        worse = next((lowered[w] for w in _SECOND if w in lowered), None)
        if better and worse and not _CATEGORY.search(param.name) and not {"low", "high"} <= set(lowered):
            # A judge that is told to be strict at first, and that has seen a revision, lets it pass.
            self.why.append("By rule: a first attempt is sent back, a revised one passes.")
            if {"yes", "no"} <= set(lowered):
                value, why = classify.yes_or_no(
                    param.name, param.description, self.m.instructions, self.m.text
                )
                self.why[-1] = why
                return lowered["yes"] if value else lowered["no"]
            return worse if self.m.rounds < 2 else better
        if {"low", "high"} <= set(lowered):
            urgent = re.search(
                r"\b(?:urgent|asap|emergency|immediately|critical|down|outage|broken|severe)\b",
                self.m.text,
                re.I,
            )
            return lowered["high"] if urgent else lowered.get("medium", lowered.get("normal", lowered["low"]))
        return self.by_topic(param, choices)

    def by_topic(self, param: Param, choices: list[str]) -> str:
        shown = classify.topics_in(self.m.text)
        said = {stem(w) for w in tokens(self.m.text)}
        from workshop.gateway.practice_model.handoffs import language_of

        best, best_score = "", 0.0
        for choice in choices:
            words = set(name_words(choice))
            score = max((shown.get(t, 0.0) for t in classify.topics_named(" ".join(words))), default=0.0)
            score += 2.0 * len({stem(w) for w in words} & said)
            code = language_of(self.m.text)
            if code and (choice.lower() == code or LANGUAGES.get(choice.lower()) == code):
                score += 0.9
            if "question" in words and "?" in self.m.text:
                score += 0.5
            if score > best_score:
                best, best_score = choice, score
        if best:
            self.why.append(f"Its words fit {best} best.")
            return best
        for choice in choices:
            if set(name_words(choice)) & {
                "other",
                "general",
                "unknown",
                "none",
                "misc",
                "neutral",
                "default",
                "medium",
                "normal",
                "off",
            }:
                self.why.append(f"Nothing fits better than {choice}.")
                return choice
        self.why.append(f"Nothing pointed to a choice, so it is the first: {choices[0]}.")
        return choices[0]

    def string(self, param: Param, index: int) -> JSON:
        words = param.words
        text = self.m.text
        fact = self.m.facts.get(" ".join(w for w in name_words(param.name) if w not in ("user",))) or (
            self.m.facts.get("name")
            if words & {"name"}
            and words <= {"user", "customer", "name", "full", "first", "passenger", "your"}
            and (len(words) > 1 or "my name" in text.lower())
            else None
        )
        if fact:
            return js.fit(fact, param.schema, self.root)
        if "name" in words and words & {"user", "customer", "your", "sender"}:
            return js.MISFIT
        if words & _FEEDBACK:
            made = (
                "By rule: add a concrete detail, name the main character or subject earlier, and "
                "end on a clear result."
            )
            return js.fit(
                made if self.m.rounds < 2 else "By rule: revised after feedback; nothing more to add.",
                param.schema,
                self.root,
            )
        if words & {"query", "search", "term"} and not words & {"reason"}:
            topic = topic_of(text)
            return js.fit(
                f"{topic} {_ANGLES[index % len(_ANGLES)]}".strip() if index >= 0 else topic,
                param.schema,
                self.root,
            )
        if words & {"question", "questions"}:
            return js.fit(text.strip(), param.schema, self.root)
        if words & _ANSWERS and not words & {"subject"}:
            return js.fit(self.m.answer(), param.schema, self.root)
        if words & {"topic", "subject", "theme"}:
            topics = classify.topics_in(text)
            made = topic_of(text) or (max(sorted(topics), key=lambda t: topics[t]) if topics else "")
            return js.fit(made, param.schema, self.root) if made else js.MISFIT
        if words & {"title", "headline"}:
            topic = topic_of(text)
            return js.fit(topic[:1].upper() + topic[1:], param.schema, self.root) if topic else js.MISFIT
        if words & {"language"} and not values.find("language", text):
            from workshop.gateway.practice_model.handoffs import language_name, language_of

            code = language_of(text)
            return js.fit(language_name(code).title(), param.schema, self.root) if code else js.MISFIT
        if name_words(param.name) in (("name",), ("event",), ("event", "name")):
            event = re.search(
                r"\b(?:going to|attend(?:ing)?|have|having|schedule|planning|is|for|to)\s+(?:a|an|the"
                r"|our|my)\s+([\w' -]+?)(?=\s+(?:on|at|in|with|next|this|tomorrow|from)\b|[.,!?]|$)",
                text,
                re.I,
            )
            if event:
                return js.fit(event.group(1), param.schema, self.root)
        candidates = find_strings(param, text, "", alone=True)
        if kinds_of(param)[0] == "free" and not label_value(param, text):
            return js.fit(
                self.m.answer() if not words & {"description", "details", "text"} else text.strip(),
                param.schema,
                self.root,
            )
        for candidate in candidates:
            if (
                kinds_of(param)[0] == "noun"
                and param.nullable
                and candidate not in values.find("quoted", text)
                and candidate != label_value(param, text)
            ):
                continue
            fitted = js.fit(candidate, param.schema, self.root)
            if fitted is not js.MISFIT:
                self.why.append(f"The text says {candidate[:60]}.")
                return fitted
        return js.MISFIT

    def array(self, param: Param, depth: int) -> JSON:
        items = js.main(param.schema.get("items"), self.root)
        wanted = js.kind(items)
        for data in self.data:
            records = records_of(data)
            if records:
                fitted = js.fit(labels(records[:200], param), param.schema, self.root)
                if fitted is js.MISFIT and wanted == "string":
                    fitted = js.fit([one_record(r) for r in records[:50]], param.schema, self.root)
                if fitted is not js.MISFIT and fitted:
                    return fitted
        text = self.m.text
        if isinstance(items.get("enum"), list):
            named = [
                c
                for c in items["enum"]
                if slots.choice_for(Param("x", {"enum": [c]}, {}, True), text) is not js.MISFIT
            ]
            fitted = js.fit(named, param.schema, self.root) if named else js.MISFIT
            return fitted
        many = self.how_many(param)
        if param.words & {
            "searches",
            "queries",
            "steps",
            "questions",
            "subtopics",
            "tasks",
            "sections",
            "follow",
            "ideas",
            "keywords",
            "topics",
            "clarifications",
            "plan",
        }:
            return self.derived(param, items, wanted, many, depth)
        if wanted == "object":
            pairs = slots.pairs(items, self.root, text)
            fitted = js.fit(pairs, param.schema, self.root) if pairs else js.MISFIT
            if fitted is not js.MISFIT:
                return fitted
            people = (
                list(values.find("person", text))
                if param.words & {"people", "persons", "participants", "attendees"}
                else []
            )
            name = next(
                (n for n in js.mapping(items.get("properties")) if "name" in name_words(str(n))), None
            )
            if people and name:
                made = []
                for position, person in enumerate(people):
                    made.append({**self.object(items, position, depth + 1), name: person})
                return js.fit(made, param.schema, self.root)
            least = param.schema.get("minItems")
            count = least if isinstance(least, int) and least > 0 else 0
            if count == 0 and (self.is_recursive(items, depth) or depth > 2):
                return [] if not param.nullable else js.MISFIT
            made = [
                self.object(items, position, depth + 1)
                for position in range(max(count, 1 if depth == 0 else 0))
            ]
            return js.fit(made, param.schema, self.root)
        found = labels(slots.list_for(param, text, "", True), param)
        if found:
            fitted = js.fit(found, param.schema, self.root)
            if fitted is not js.MISFIT:
                return fitted
        return js.MISFIT

    def is_recursive(self, items: js.Schema, depth: int) -> bool:
        """Whether the members hold a list of their own kind; then the list stays short."""
        return depth > 0 or "$ref" in json.dumps(items, default=str)

    def how_many(self, param: Param) -> int:
        said = re.search(
            r"\b(?:between\s+)?(\d+)(?:\s*(?:and|to|-|–)\s*\d+)?\s+(?:\w+\s+){0,2}?(?:terms?"
            r"|search\w*|quer\w*|steps?|questions?|items?|tasks?|sections?|topics?|ideas?"
            r"|keywords?)",
            self.m.instructions,
            re.I,
        )
        count = int(said.group(1)) if said else 3
        least, most = param.schema.get("minItems"), param.schema.get("maxItems")
        count = max(count, least if isinstance(least, int) else 1)
        return max(0, min(count, most if isinstance(most, int) else 20, 20))

    def derived(self, param: Param, items: js.Schema, wanted: str, many: int, depth: int) -> JSON:
        topic = topic_of(self.m.text) or "the request"
        made: list[JSON] = []
        for position in range(many):
            angle = _ANGLES[position % len(_ANGLES)]
            if wanted == "object":
                made.append(self.object(items, position, depth + 1))
            elif param.words & {"questions", "clarifications", "follow"}:
                made.append(
                    [
                        "What matters most to you about {0}?",
                        "Which period or place should {0} be limited to?",
                        "How detailed should the answer about {0} be?",
                    ][position % 3].format(topic)
                )
            elif param.words & {"steps", "plan", "tasks"}:
                made.append(
                    [
                        f"Find out what {topic} needs",
                        f"Do the main part of {topic}",
                        f"Check the result of {topic}",
                    ][position % 3]
                )
            else:
                made.append(f"{topic} {angle}")
        return js.fit(made, param.schema, self.root)

    def finish(self) -> None:
        """Write the reasons, now that everything else is decided."""
        why = (
            " ".join(dict.fromkeys(self.why))
            or "Filled in by rule from the request and what the tools returned."
        )
        for target, name, param in self.pending:
            said = f"By rule (practice model): {why}"
            fitted = js.fit(extract(said, 500), param.schema, self.root)
            target[name] = js.placeholder(param.raw, self.root) if fitted is js.MISFIT else fitted


def write(schema: js.Schema, material: Material) -> JSON:
    """A JSON value that satisfies a schema, filled from the material at hand.

    Raises:
        Nothing: where nothing is known, the plainest valid value stands (null, an empty list, 0, "unknown").
    """
    writer = _Writer(schema, material)
    top = js.main(schema, schema)
    if js.kind(top) == "object":
        value: JSON = writer.object(top, -1, 0)
        writer.finish()
    else:
        value = writer.value(Param("answer", js.mapping(schema), schema, True), -1, 0)
    fitted = js.fit(value, schema, schema)
    if fitted is js.MISFIT:
        fitted = _repair(value, schema)
    return fitted


def _repair(value: JSON, schema: js.Schema) -> JSON:
    """Keep what fits property by property, and put placeholders where nothing does."""
    top = js.main(schema, schema)
    if isinstance(value, dict) and js.kind(top) == "object":
        made = {}
        required = set(js.required_of(top))
        for name, member in js.mapping(top.get("properties")).items():
            fitted = js.fit(value.get(name), member, schema) if name in value else js.MISFIT
            if fitted is not js.MISFIT:
                made[str(name)] = fitted
            elif name in required:
                made[str(name)] = js.placeholder(member, schema)
        for name in required - set(made):
            made[name] = js.placeholder({}, schema)
        return made
    return js.placeholder(schema, schema)
