"""Structured output: every property from tool outputs, the text, or a judgement by rule; or it says what is missing.

Nothing is made up: what a schema requires and nothing gave makes the whole reply a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workshop.practice.language import values
from workshop.practice.language.words import STOP, bag, families, name_words, stem, tokens
from workshop.practice.model import answers, json_schema, mentions, writing
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.mentions import find_strings, shown
from workshop.practice.model.outputs import from_data, from_outputs
from workshop.practice.model.params import Param
from workshop.practice.model.situation import Situation

MISFIT = json_schema.MISFIT

_REASONS = bag("reasoning reason rationale explanation why thoughts thought justification analysis thinking")
ANSWERS = bag("answer response reply message result output text content summary report markdown body haiku")
_FEEDBACK = bag("feedback critique suggestion suggestions improvements comments issue issues problems")
_COUNTED = bag("count total num many number")
_SCORED = bag("score rating grade quality confidence probability likelihood")
_PASS = bag("passed passes pass ok approved accepted accept good excellent verified valid correct sufficient")
_FAIL = bag("needs_improvement revise retry fail reject invalid")
_EXIST = bag("has have any found exists are active")
_NOTHING = re.compile(r"^\W*(?:no|none|nothing|there (?:are|is) no)\b", re.I)
_JUDGES = re.compile(r"\b(?:evaluat|judge|review|grade|critique|check the)", re.I)


class Written:
    """What fills a schema: a value that satisfies it, or what nothing gave; and what each part goes back to.

    ``answer`` is what would be the reply without a schema; empty if that has no answer.
    """

    def __init__(self, schema: json_schema.Schema, s: Situation, answer: str) -> None:
        self.root, self.s, self.answer = schema, s, answer
        said = [turn.said for turn in s.conversation.turns if turn.said]
        self.judged = said[-1] if said and _JUDGES.search(s.instructions) else s.text
        self.why: list[str] = []
        self.missing: list[str] = []
        self.reasons: list[tuple[dict[str, JSON], Param]] = []
        self.data = [step.data for step in reversed(s.done)]
        self.search = ""  # of a list of searches, the one at hand
        first = self.data[0] if self.data else None
        self.says_nothing = first == [] or (isinstance(first, str) and bool(_NOTHING.match(first)))
        lists = ((answers.records_of(data), data) for data in self.data)
        self.list = next(((records, data) for records, data in lists if records is not None), None)
        self.total = answers.total_of(self.list[1], self.list[0]) if self.list else None
        self.total = 0 if self.says_nothing else self.total
        top = json_schema.main(schema, schema)
        if json_schema.kind(top) != "object":
            value = self.member(Param("answer", schema, schema), "answer", 0)
        else:
            value = self.object(top, "", 0)
            self.give_reasons()
        self.result = json_schema.fit(value, schema, schema) if not self.missing else MISFIT
        if self.result is MISFIT and not self.missing:
            self.missing.append("a value of that form")

    def object(self, schema: json_schema.Schema, path: str, depth: int) -> dict[str, JSON]:
        """An object; what cannot be filled is noted under its path."""
        properties = json_schema.mapping(schema.get("properties"))
        required = json_schema.required_of(schema)
        out: dict[str, JSON] = {}
        for name in [*properties, *sorted(set(required) - set(properties))]:
            param = Param(str(name), json_schema.mapping(properties.get(name)), self.root, name in required)
            if param.type == "string" and param.words & _REASONS and not param.choices:
                out[param.name] = f"Covers {self.search}." if self.search else ""
                if not self.search:
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
        if value is not MISFIT or param.default is not MISFIT:
            return param.default if value is MISFIT else value
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
        if param.numeric and not self.s.own_steps and not param.words & _SCORED:
            tied = mentions.numbers_for([param], self.s.text, loose=False)
            return param.first(one.value for one in tied.values())
        return param.first(self.strings(param) if param.textual else ())

    def from_tools(self, param: Param) -> Iterator[JSON]:
        """What tools returned for a property, or were called with."""
        keyed = any(isinstance(data, Mapping) and param.name in data for data in self.data)
        if param.type == "string" and param.words & (ANSWERS | _FEEDBACK) and not keyed:
            return
        if param.numeric and param.words & _COUNTED and self.total is not None:
            yield self.total
        yield from (from_data(param, data) for data in self.data)
        arguments = [pair for step in reversed(self.s.done) for pair in step.arguments.items()]
        yield from (value for name, value in arguments if name == param.name and value is not None)
        yield from_outputs(param, self.s.done)
        if param.textual:
            said = (param.labelled(data[:4000]) for data in self.data if isinstance(data, str))
            yield from (one for one in said if one)
        # What was asked of a tool is known too: the city of get_weather(city=...).
        for name, value in arguments if not param.numeric else ():
            alike = set(param.kinds) & set(Param(name, {}, {}).kinds) - {"free", "noun", "id"}
            if value is not None and (alike or name_words(name) == name_words(param.name)):
                yield value

    # -- judgements ---------------------------------------------------------------------------------

    def passes(self) -> JSON:
        """Whether the text passes: by criteria that can be counted; what only says that it is no answer never does."""
        if asked := writing.criteria(self.s.instructions):
            self.why.append("The criteria that can be counted were.")
            return not asked.broken(self.judged)
        if answers.APOLOGY.search(self.judged):
            self.why.append("The text only says that it cannot answer.")
            return False
        return MISFIT

    def boolean(self, param: Param) -> JSON:
        """Yes or no, from what a tool said or what the instructions ask of the text."""
        if param.words & _PASS:
            return self.passes()
        means_vague = writing.tells_vague(self.s.instructions, param.words)
        if means_vague is not None:
            self.why.append("The words that carry the question were counted.")
            return writing.vague(self.s.text) == means_vague
        if param.words & _EXIST and self.total is not None:
            self.why.append("The tool's entries were counted.")
            return self.total > 0
        if self.s.own_steps:
            return MISFIT
        told = on_topic(param, self.s.instructions, self.judged)
        return MISFIT if told is None else self.noted(*told)

    def choice(self, param: Param) -> JSON:
        """One of the values that an enum allows, if it is named, or says whether a text passes."""
        every = (one for one in param.choices or () if one is not None)
        named = {str(one).lower().replace(" ", "_"): one for one in every}
        if named.keys() <= {"true", "false", "yes", "no"}:
            said = self.boolean(param)
            wanted = ("true", "yes") if said is True else ("false", "no") if said is False else ()
            return next((named[one] for one in wanted if one in named), MISFIT)
        better, worse = ([named[n] for n in named if n in words] for words in (_PASS, _FAIL))
        if better and worse:
            passed = self.passes()
            return MISFIT if passed is MISFIT else (better if passed else worse)[0]
        returned = " ".join(str(step.output)[:500] for step in self.s.done)
        found = (mentions.choice_for(param, text) for text in (returned, self.s.text))
        return next((self.noted(one, f"It says {one}.") for one in found if one is not MISFIT), MISFIT)

    def noted(self, value: JSON, why: str) -> JSON:
        """A value, and its reason noted."""
        self.why.append(why)
        return value

    # -- texts and lists ------------------------------------------------------------------------------

    def strings(self, param: Param) -> Iterator[JSON]:
        """Strings that would do, best first."""
        words, text = param.words, self.s.text
        if words & _FEEDBACK:
            if asked := writing.criteria(self.s.instructions):
                yield " ".join(asked.broken(self.judged)) or "Nothing is missing of what can be counted."
            elif answers.APOLOGY.search(self.judged):
                yield "The text only says that it cannot answer."
        elif words & {"question"} and writing.ASKS_BACK.search(self.s.instructions):
            about = " ".join(writing.keywords(text)) or "it"
            yield f"What matters most to you about {about}?" if writing.vague(text) else ""
        elif words & {"summary"} and (made := writing.summary(text)):
            yield made
        elif words & {"markdown", "report", "body"} and writing.sections(text):
            yield writing.report(writing.question(text), text)
        elif words & {"title", "headline"} and writing.question(text):
            yield writing.question(text)
        elif words & {"query", "search", "term"} and self.search:
            yield self.search
        elif words & ANSWERS and "subject" not in words:
            yield self.answer or MISFIT
        elif not self.s.own_steps:
            found = find_strings(param, text, alone=param.kind != "id")
            if param.kind in ("free", "noun", "name", "command"):
                people = values.find("person", text) if "name" in words else []
                found = [*filter(None, [param.labelled(text)]), *(people if len(people) == 1 else [])]
            yield from (self.noted(one, f"{param.name}: the text says {one[:60]}.") for one in found)

    def array(self, param: Param, path: str, depth: int) -> JSON:
        """A list: of what a tool returned, of what the text lists, or of searches made of the text's words."""
        text, objects = self.s.text, json_schema.kind(param.items) == "object"
        if self.list:
            records = self.list[0][:200]
            told = [answers.one_record(record) for record in records]
            return param.first([records] if objects else [_labels(records, param), _labels(told, param)])
        if self.says_nothing:
            return param.fit([])
        if param.words & {"searches", "queries", "keywords"}:
            least, most = param.schema.get("minItems"), param.schema.get("maxItems")
            searches = writing.searches(self.s.instructions, text, least or 1, most or 20)
            made: list[JSON] = []
            for place, self.search in enumerate(searches):
                self.why.append("The searches are made of the request's own words.")
                inner = f"{path}[{place}]."
                made.append(self.object(param.items, inner, depth + 1) if objects else self.search)
            self.search = ""
            return param.fit(made) if made else MISFIT
        if self.s.own_steps or objects or _SELECTS.search(text):
            return MISFIT
        listed = answers.bulleted(text) or mentions.list_for(param, text, essential=False)
        return param.fit(_labels(listed, param)) if listed else MISFIT

    def give_reasons(self) -> None:
        """Write the reasons, now that everything else is decided."""
        why = " ".join(one if one.endswith(".") else f"{one}." for one in dict.fromkeys(self.why))
        why = why or "from the request and what tools returned."
        said = answers.extract(f"By rule (practice model): {why}", 500)
        for target, param in self.reasons:
            longest = param.schema.get("maxLength")
            target[param.name] = said[:longest] if isinstance(longest, int) else said


# Which of them are meant, no rule can tell.
_SELECTS = re.compile(r"(?i)\b(?:which|those|only|ones|except|without|(?:that|who) (?:are|is|ha\w+|can))\b")
_LABEL = re.compile(r"^(?P<label>[^():|;,]{2,60}?)(?:\s*\([^()]*\))?\s*[:|]\s")
_WHOLE = bag("area areas detail details description descriptions line lines note notes")


def _labels(found: list[JSON], param: Param) -> list[JSON]:
    """What each entry is called, where all read ``name (rank): more`` and the field asks for names."""
    matches = [_LABEL.match(entry) if isinstance(entry, str) else None for entry in found]
    if not found or not all(matches) or param.words & _WHOLE:
        return found
    return [match["label"].strip() for match in matches if match]


_OFF = bag("off unrelated irrelevant offtopic")
_ON = bag("topic relevant scope related allowed acceptable appropriate")
_PREFIX = STOP | bag(
    """contains contain needs should requires require asks asking mentions includes include user message query request
    question text input something homework"""
)
_CHECKS = re.compile(r"\b(?:check|decide|whether|determine|detect|judge|classif|guard|only answers?)", re.I)
_SUBJECT = re.compile(r"\b(?:about|related to|concerning|regarding)\s+([^.!?\n]*)", re.I)


def on_topic(param: Param, instructions: str, text: str) -> tuple[bool, str] | None:
    """Whether a text is about what a property's name says (`is_about_weather`, `off_topic`), and why; else None."""
    if not _CHECKS.search(instructions):
        return None
    words = name_words(param.name)
    off = bool(_OFF & set(words))
    telling = [word for word in words if word not in _PREFIX | _OFF | _ON | {"not", "non"}]
    if not telling and (off or _ON & set(words)):
        subject = _SUBJECT.search(f"{param.description}. {instructions}")
        telling = [word for word in tokens(subject.group(1)) if word not in _PREFIX] if subject else []
    elif "about" not in words and not any(families(stem(word)) for word in telling):
        return None
    if not telling:
        return None
    met = shown(text, frozenset(map(stem, telling)))
    named = " or ".join(dict.fromkeys(telling))
    about = f"The text is about {named} ({', '.join(met[:4])})."
    said = about if met else f"No word of the text is about {named}."
    return bool(met) != (off != bool({"not", "non"} & set(words))), said
