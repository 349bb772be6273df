"""Plain answers: what tools returned in few words, what failed, what is missing, and what this model is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from workshop.practice.language.lexicon import STATE_NAMES
from workshop.practice.language.words import name_words
from workshop.practice.model import json_schema
from workshop.practice.model.conversation import Step
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.params import Param
from workshop.practice.model.tools import Tool

LONGEST = 700  # characters of one output that are quoted as they are
_SHOWN = 4  # records of a list that are named
_TITLES = ("event", "headline", "title", "name", "summary", "subject", "label", "description", "text", "id")

PRACTICE = (
    "I am the practice model: a deterministic planner, not a language model. "
    "In live mode (an OPENAI_API_KEY in .env) a real model answers."
)


def admit(tools: Sequence[Tool], hosted: Sequence[str] = (), known: str = "") -> str:
    """What to say where nothing here can answer: what this is, what it can do, and what can answer.

    ``known`` is why, where it is more than that no tool fits.
    """
    offered = ", ".join(tool.name for tool in tools[:6])
    why = [known] if known else []
    why += [f"none of the tools here ({offered}) fits"] if offered else []
    if hosted:
        named = f"{' and '.join(hosted)} {'is a hosted tool' if len(hosted) == 1 else 'are hosted tools'}"
        why.insert(0, f"{named}, which the provider's own servers run, not practice mode")
    because = ", and ".join(why) or "there is no tool here to look it up with"
    return f"I cannot answer this: {because}. {PRACTICE}"


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
        said = re.sub(r"^(?:the|a|an)\s+", "", said, flags=re.I) or ", ".join(map(str, param.choices or ()))
        telling = said and said.lower() != spoken and len(said) < 90
        wanted.append(f"{spoken} ({said})" if telling else spoken)
    listed = " and ".join(filter(None, (", ".join(wanted[:-1]), wanted[-1])))
    return f"To use {tool.name} I need: {listed}. Please tell me."


def held_back(tool: Tool, left: str) -> str:
    """Why a deed was not done that the text asks for."""
    return f"I did not call {tool.name}: I do not know what to make of: {left}."


def problem(step: Step) -> str:
    """What failed and why, in the tool's own words."""
    said = r"^(?:(?:An error occurred while running the tool\.?|Please try again\.?|Error:)\s*)+"
    why = re.sub(said, "", step.problem or "", flags=re.I).strip()
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
    """The list a tool output consists of: a JSON list, GeoJSON features, a list in an object, a bulleted text."""
    if isinstance(data, list):
        return data
    if isinstance(data, Mapping):
        if isinstance(data.get("features"), list):
            return [json_schema.mapping(feature).get("properties", feature) for feature in data["features"]]
        lists = [value for value in data.values() if isinstance(value, list)]
        short = len(data) <= 4 or (lists and lists[0] and all(isinstance(one, Mapping) for one in lists[0]))
        return lists[0] if len(lists) == 1 and short else None
    bullets = bulleted(data) if isinstance(data, str) else []
    return list(bullets) if len(bullets) > 1 else None


def bulleted(text: str) -> list[str]:
    """The entries of a bulleted or numbered list."""
    return [match.group(1) for match in _BULLET.finditer(text)]


_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$", re.M)
_STATED = re.compile(
    r"^\W*(?:there (?:are|is)\s+|found\s+|showing\s+\d+\s+of\s+)?(\d[\d,]*)\s+(?!of\b|to\b|-)[a-z]"
    r"|\b(?:showing|top) \d+ of (\d[\d,]*)|\b(?:total|in all|altogether)\W{1,3}(\d[\d,]*)", re.I,
)  # fmt: skip
_MORE = re.compile(r"\b(?:and|plus)\s+(\d[\d,]*)\s+(?:more|others?)\b", re.I)


def total_of(data: JSON, records: Sequence[JSON]) -> int:
    """How many entries there are: the total that the tool states, or what it says there is more; else those listed."""
    stated = 0
    if isinstance(data, Mapping):
        named = (v for key, v in data.items() if {"total", "count", "hits"} & set(name_words(str(key))))
        stated = next((v for v in named if isinstance(v, int) and not isinstance(v, bool)), 0)
    elif isinstance(data, str):
        first, more = _STATED.search(data.strip().split("\n")[0]), _MORE.search(data)
        stated = int(next(group for group in first.groups() if group).replace(",", "")) if first else 0
        stated = max(stated, len(records) + int(more[1].replace(",", "")) if more else 0)
    return max(stated, len(records))


def one_record(record: JSON) -> str:
    """One member of a list in a few words: its title, or its first fields."""
    if not isinstance(record, Mapping):
        return short(scalar(record), 120)
    fields = record.items()
    plain = {str(key).lower(): value for key, value in fields if isinstance(value, str | int) and value != ""}
    title = next((plain[key] for key in _TITLES if key in plain), None)
    return short(str(title), 120) if title is not None else short(scalar(dict(list(record.items())[:4])), 160)


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
    given = [value for value in list(step.arguments.values())[:3] if isinstance(value, str | int | float)]
    said = [scalar(value) for value in given if not isinstance(value, bool) and len(str(value)) <= 40]
    said = [one for one in said if one.count(" ") <= 3]
    shown = [f"{STATE_NAMES[one]} ({one})" if one in STATE_NAMES else one for one in said]
    return " for " + ", ".join(shown) if shown else ""


def gist(step: Step) -> str:
    """What a tool returned, as short as can be: of an object, its first two values."""
    fields = step.data.values() if isinstance(step.data, Mapping) else [" ".join((step.output or "").split())]
    given = [scalar(value) for value in fields if isinstance(value, str | int | float) and value != ""]
    return short(", ".join(given[:2]), 80)


def outcome(step: Step, tool: Tool | None) -> str:
    """What one tool returned, in one or two sentences."""
    data, whose = step.data, _whose(step)
    label = (tool or Tool(step.name, "", {})).label
    head = f"{label.capitalize()}{whose}"
    if step.pictures:
        return f"{step.name} returned {step.pictures}{whose}, which practice mode cannot look at."
    if data is None or data == {} or data == "":
        return f"{step.name} returned nothing{whose}."
    records = records_of(data)
    if records is not None:
        return _listed(records, total_of(data, records), label, whose)
    if isinstance(data, Mapping):
        given = [(key, value) for key, value in list(data.items())[:8] if value not in (None, "", "success")]
        pairs = [f"{' '.join(name_words(str(key)))}: {short(scalar(value), 160)}" for key, value in given]
        more = f", and {len(data) - 8} more fields" if len(data) > 8 else ""
        said = f"{head}: {', '.join(pairs)}{more}"
        return said if said.endswith((".", "!", "?")) else f"{said}."
    text = str(data)
    if len(text) <= LONGEST:
        return text if len(text.split()) > 2 or text.endswith((".", "!", "?")) else f"{head}: {text}."
    return short(text, 500)


def _listed(records: list[JSON], total: int, label: str, whose: str) -> str:
    """A list in a sentence, or below one where its entries are long; ``total``: how many there are in all."""
    if not total:
        return f"There are no {label.rstrip('s')}s{whose}."
    entries = [one_record(record) for record in records[:_SHOWN]]
    entries += [f"and {total - len(entries)} more"] if total > len(entries) else []
    noun = re.sub(r"(?<![sui])s$", "", label) if total == 1 else f"{label.removesuffix('s')}s"
    said = f"There {'is' if total == 1 else 'are'} {total} {noun}{whose}:"
    if total > 1 and any(";" in entry or len(entry) > 60 for entry in entries):
        return said + "".join(f"\n- {entry}" for entry in entries)
    return f"{said} {'; '.join(entries)}."


_ORDINALS = ["first", "second", "third", "fourth", "fifth", "last"]
_ORDINAL = re.compile(rf"\b(?:what|which)\b.{{0,40}}\b({'|'.join(_ORDINALS)})\b", re.I)


def one_of(step: Step, text: str) -> str | None:
    """The entry that a text asks for by its place in the list that a tool returned; None if it asks for none."""
    match, records = _ORDINAL.search(text), records_of(step.data)
    if not match or not records:
        return None
    word = match[1].lower()
    place, whole = _ORDINALS.index(word), total_of(step.data, records) == len(records)
    place = len(records) - 1 if word == "last" and whole else place
    if place >= len(records) or (word == "last" and not whole):
        return f"{step.name} lists {len(records)} entries; the {word} is not among them."
    return f"The {word} is: {one_record(records[place])}"


def from_steps(steps: Sequence[Step], tools: Sequence[Tool]) -> str:
    """The answer from everything that was called in this turn: what led there first, then the result."""
    by_name = {tool.name: tool for tool in tools}
    there = (step for step in steps if step.output is not None)
    parts = [outcome(one, by_name.get(one.name)) if one.problem is None else problem(one) for one in there]
    return short("\n".join(dict.fromkeys(parts)), 3000)


def extract(text: str, longest: int = 400) -> str:
    """The first sentences of a text: a summary by rule."""
    out = ""
    for sentence in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", text.strip())):
        if out and len(out) + len(sentence) > longest:
            break
        out = f"{out} {sentence}".strip()
    return out[:longest]


# This model's own word that it has no answer.
APOLOGY = re.compile(
    r"\bI (?:cannot|can't|could not) (?:answer|do|fill)\b|\bpractice model\b|^To use \S+ I need: ", re.M
)
