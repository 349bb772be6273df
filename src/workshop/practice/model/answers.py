"""Plain answers: what tools returned in few words, what failed, what is missing, and what this model is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workshop.practice.model import json_schema
from workshop.practice.model.conversation import Step
from workshop.practice.model.lexicon import STATE_NAMES
from workshop.practice.model.params import Param
from workshop.practice.model.tools import Tool
from workshop.practice.model.words import name_words

JSON = Any

LONGEST = 700  # characters of one output that are quoted as they are
_SHOWN = 4  # records of a list that are named
_TITLES = ("event", "headline", "title", "name", "summary", "subject", "label", "description", "text", "id")
_DETAILS = ("areadesc", "area", "location", "severity", "status", "price", "date", "when", "value", "city",
            "effective", "expires")  # fmt: skip

PRACTICE = "I am the practice model: a deterministic planner, not a language model."
LIVE = "In live mode (an OPENAI_API_KEY in .env) a real model answers."
_ADMIT = {
    "es": "Soy el modelo de práctica: un planificador determinista, no un modelo de lenguaje, y no sé responder"
    " a esto. El modo live (una OPENAI_API_KEY en .env) lo responde.",
    "fr": "Je suis le modèle d'entraînement : un planificateur déterministe, pas un modèle de langage, et je ne"
    " sais pas répondre à cela. Le mode live (une OPENAI_API_KEY dans .env) y répond.",
    "de": "Ich bin das Übungsmodell: ein deterministischer Planer, kein Sprachmodell, und kann das nicht"
    " beantworten. Der Live-Modus (ein OPENAI_API_KEY in .env) beantwortet es.",
}


def admit(tools: Sequence[Tool], language: str | None = None) -> str:
    """What to say where nothing here can answer: what this is, what it can do, and what can answer."""
    if language in _ADMIT:
        return _ADMIT[language]
    offered = ", ".join(tool.name for tool in tools[:6])
    fits = (
        f"none of the tools here ({offered}) fits" if offered else "there is no tool here to look it up with"
    )
    return f"I cannot answer this: {fits}. {PRACTICE} {LIVE}"


def greet(tools: Sequence[Tool], name: str | None) -> str:
    """A greeting that says what this is and what it can be asked for."""
    hello = f"Hello{f', {name}' if name else ''}! I am the practice model, a deterministic planner."
    offered = ", ".join(tool.label for tool in tools[:6])
    return f"{hello} You can ask me about: {offered}." if offered else hello


def ask_for(tool: Tool, missing: Sequence[Param]) -> str:
    """The question for the arguments that a call still needs."""
    wanted = []
    for param in missing:
        spoken = " ".join(name_words(param.name))
        said = re.split(r"\s*\(|\.\s", param.description)[0].rstrip(".")
        said = re.sub(r"^(?:the|a|an)\s+", "", said, flags=re.I)
        telling = said and said.lower() != spoken and len(said) < 90
        wanted.append(f"{spoken} ({said})" if telling else spoken)
    listed = " and ".join(filter(None, (", ".join(wanted[:-1]), wanted[-1])))
    return f"To use {tool.name} I need: {listed}. Please tell me."


def problem(step: Step) -> str:
    """What failed and why, in the tool's own words."""
    why = re.sub(r"\s*Please try again\.?", "", step.problem or "it gave no reason", flags=re.I)
    why = re.sub(r"^An error occurred while running the tool\.?\s*", "", why)
    why = re.sub(r"^(?:Error:\s*)+", "", why).strip()
    arguments = ", ".join(f"{k}={json.dumps(v, ensure_ascii=False)}" for k, v in step.arguments.items())
    reason = f" It said: {short(why, 400)}" if why else " It gave no reason."
    return f"The tool {step.name}({arguments}) failed, so I cannot answer that part.{reason}"


def short(text: str, longest: int) -> str:
    """The text, cut at a word with its full length told, if it is longer than so many characters."""
    text = text.strip()
    if len(text) <= longest:
        return text
    cut = text[:longest].rsplit(" ", 1)[0]
    return f"{cut} ... ({len(text):,} characters in all)"


def records_of(data: JSON) -> list[JSON] | None:
    """The list a tool output consists of: a JSON list, GeoJSON features, a list in an object, text blocks."""
    if isinstance(data, list):
        return data
    if isinstance(data, Mapping):
        if isinstance(data.get("features"), list):
            return [json_schema.mapping(feature).get("properties", feature) for feature in data["features"]]
        lists = [value for value in data.values() if isinstance(value, list)]
        short = len(data) <= 4 or (lists and lists[0] and all(isinstance(one, Mapping) for one in lists[0]))
        return lists[0] if len(lists) == 1 and short else None
    if not isinstance(data, str):
        return None
    blocks = [block for block in _BETWEEN.split(data) if block.strip(" -=*\n")]
    fields = [_fields(block) for block in blocks]
    full = [found for found in fields if len(found) > 1]
    if len(blocks) > 1 and len([found for found in fields if found]) >= len(blocks) * 0.6:
        return (
            list(full)
            if len(full) > 1
            else [found or block.strip() for found, block in zip(fields, blocks, strict=True)]
        )
    bullets = [match.group(1) for match in _BULLET.finditer(data)]
    if len(bullets) > 1:
        return list(bullets)
    lines = len(data.strip().splitlines())
    return (
        list(fields)
        if len(blocks) == 1 and len(data) > 200 and len(fields[0]) >= max(3, lines * 0.7)
        else None
    )


_BETWEEN = re.compile(r"\n\s*(?:-{3,}|={3,}|\*{3,})\s*\n|\n\s*\n")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$", re.M)
_FIELD = re.compile(r"^\s*([A-Za-z][\w ]{1,29}):\s*(.+)$", re.M)


def _fields(block: str) -> dict[str, str]:
    """The lines of a block that say `Name: value`."""
    return {match.group(1).strip(): match.group(2).strip() for match in _FIELD.finditer(block)}


def one_record(record: JSON) -> str:
    """One member of a list in a few words."""
    if not isinstance(record, Mapping):
        return short(scalar(record), 120)
    record = json_schema.mapping(record.get("properties")) or record
    plain = {str(key).lower().replace(" ", ""): value for key, value in record.items()
             if isinstance(value, str | int | float) and value != ""}  # fmt: skip
    title = next((plain[key] for key in _TITLES if key in plain), None)
    if title is None:
        return short(", ".join(f"{key}: {scalar(value)}" for key, value in list(record.items())[:4]), 160)
    details = [short(scalar(plain[key]), 90) for key in _DETAILS if plain.get(key, title) != title]
    return short(str(title), 120) + (f" ({'; '.join(details[:2])})" if details else "")


def scalar(value: JSON) -> str:
    """One value as a reader would write it."""
    if value is True or value is False:
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{' '.join(name_words(str(k)))}: {scalar(v)}" for k, v in list(value.items())[:6])
    if isinstance(value, list):
        more = f" and {len(value) - 5} more" if len(value) > 5 else ""
        return ", ".join(scalar(v) for v in value[:5]) + more
    return str(value)


def _whose(step: Step) -> str:
    """Which arguments an output belongs to: ` for California (CA)`."""
    shown = []
    for name, value in list(step.arguments.items())[:3]:
        if isinstance(value, str | int | float) and not isinstance(value, bool) and len(str(value)) <= 40:
            text = scalar(value)
            of_state = text in STATE_NAMES and name_words(name)[-1:] in _OF_STATE
            if text.count(" ") <= 3:
                shown.append(f"{STATE_NAMES[text]} ({text})" if of_state else text)
    return " for " + ", ".join(shown) if shown else ""


_OF_STATE = [("state",), ("code",), ("area",), ("region",)]


def gist(step: Step) -> str:
    """What a tool returned, as short as can be: of an object, its first two values."""
    if isinstance(step.data, Mapping):
        values = [v for v in step.data.values() if isinstance(v, str | int | float) and v != ""]
        return short(", ".join(scalar(value) for value in values[:2]), 80)
    return short(" ".join((step.output or "").split()), 80)


def outcome(step: Step, tool: Tool | None) -> str:
    """What one tool returned, in one or two sentences."""
    data, whose = step.data, _whose(step)
    label = (tool or Tool(step.name, "", {})).label
    head = f"{label.capitalize()}{whose}"
    if data is None or data == {} or data == "":
        return f"{step.name} returned nothing{whose}."
    records = records_of(data)
    if records is not None:
        return _listed(records, label, whose)
    if isinstance(data, bool | int | float):
        return f"{head}: {scalar(data)}."
    if isinstance(data, Mapping):
        pairs = []
        for key, value in list(data.items())[:8]:
            long = isinstance(value, list) and len(value) > 5
            if value not in (None, "", "success"):
                said = f"{len(value)} items" if long else short(scalar(value), 160)
                pairs.append(f"{' '.join(name_words(str(key)))}: {said}")
        more = f", and {len(data) - 8} more fields" if len(data) > 8 else ""
        said = f"{head}: {', '.join(pairs)}{more}"
        return said if said.endswith((".", "!", "?")) else f"{said}."
    text = str(data)
    if len(text) <= LONGEST:
        return text if len(text.split()) > 2 or text.endswith((".", "!", "?")) else f"{head}: {text}."
    lines = len(text.splitlines())
    counted = f"{lines} lines, " if lines > 3 else ""
    return f"{short(text[:1500], 500).split(' ... (')[0]} ... ({counted}{len(text):,} characters in all)"


def _listed(records: list[JSON], label: str, whose: str) -> str:
    """A list in a sentence, or below one where its entries are long."""
    noun = label if label.endswith("s") else label + "s"
    if not records:
        return f"There are no {noun}{whose}."
    entries = [one_record(record) for record in records[:_SHOWN]]
    if len(records) > _SHOWN:
        entries.append(f"and {len(records) - _SHOWN} more")
    if len(records) == 1:
        noun = re.sub(r"(?<![sui])s$", "", label)
    said = f"There {'is' if len(records) == 1 else 'are'} {len(records)} {noun}{whose}:"
    if len(records) > 1 and any(";" in entry or len(entry) > 60 for entry in entries):
        return said + "".join(f"\n- {entry}" for entry in entries)
    return f"{said} {'; '.join(entries)}."


def from_steps(steps: Sequence[Step], tools: Sequence[Tool]) -> str:
    """The answer from everything that was called in this turn: what led there first, then the result."""
    by_name = {tool.name: tool for tool in tools}
    parts = [problem(step) if step.problem is not None else outcome(step, by_name.get(step.name))
             for step in steps if step.output is not None]  # fmt: skip
    return short("\n".join(dict.fromkeys(parts)), 3000)


def extract(text: str, longest: int = 400) -> str:
    """The first sentences of a text: a summary by rule."""
    out = ""
    for sentence in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", text.strip())):
        if out and len(out) + len(sentence) > longest:
            break
        out = f"{out} {sentence}".strip()
    return out[:longest]
