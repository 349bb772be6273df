"""Plain answers: what tools returned in few words, what failed, what is missing, and what this model is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workshop.gateway.practice_model.conversation import Step
from workshop.gateway.practice_model.lexicon import STATE_NAMES
from workshop.gateway.practice_model.tools import Param, Tool
from workshop.gateway.practice_model.words import name_words

JSON = Any

LONGEST = 700  # characters of one output that are quoted as they are
_SHOWN = 4  # records of a list that are named
_TITLES = ("event", "headline", "title", "name", "summary", "subject", "label", "description", "text", "id")
_DETAILS = (
    "areadesc",
    "area",
    "location",
    "severity",
    "status",
    "price",
    "date",
    "when",
    "value",
    "city",
    "price_usd",
    "effective",
    "expires",
)

PRACTICE = "I am the practice model: a deterministic planner, not a language model."
LIVE = "In live mode (an OPENAI_API_KEY in .env) a real model answers."
_ADMIT = {
    "es": "Soy el modelo de práctica: un planificador determinista, no un modelo de lenguaje, "
    "y no sé responder a esto."
    " El modo live (una OPENAI_API_KEY en .env) lo responde.",
    "fr": "Je suis le modèle d'entraînement : un planificateur déterministe, pas un modèle de "
    "langage, et je ne sais pas"
    " répondre à cela. Le mode live (une OPENAI_API_KEY dans .env) y répond.",
    "de": "Ich bin das Übungsmodell: ein deterministischer Planer, kein Sprachmodell, und kann "
    "das nicht beantworten."
    " Der Live-Modus (ein OPENAI_API_KEY in .env) beantwortet es.",
    "it": "Sono il modello di esercizio: un pianificatore deterministico, non un modello "
    "linguistico, e non so rispondere."
    " La modalità live (una OPENAI_API_KEY in .env) risponde.",
    "pt": "Sou o modelo de prática: um planejador determinístico, não um modelo de linguagem, "
    "e não sei responder a isto."
    " O modo live (uma OPENAI_API_KEY em .env) responde.",
}
_GREET = {
    "en": "Hello! I am the practice model, a deterministic planner.",
    "es": "¡Hola! Soy el modelo de práctica, un planificador determinista.",
    "fr": "Bonjour ! Je suis le modèle d'entraînement, un planificateur déterministe.",
    "de": "Hallo! Ich bin das Übungsmodell, ein deterministischer Planer.",
    "it": "Ciao! Sono il modello di esercizio, un pianificatore deterministico.",
    "pt": "Olá! Sou o modelo de prática, um planejador determinístico.",
}


def admit(tools: Sequence[Tool], language: str | None = None) -> str:
    """What to say where nothing here can answer: what this is, what it can do, and what can answer."""
    if language in _ADMIT:
        return _ADMIT[language]
    offered = ", ".join(tool.name for tool in tools[:6] if not tool.handoff_target)
    fits = (
        f"none of the tools here ({offered}) fits" if offered else "there is no tool here to look it up with"
    )
    return f"I cannot answer this: {fits}. {PRACTICE} {LIVE}"


def greet(tools: Sequence[Tool], language: str | None, name: str | None) -> str:
    """A greeting that says what this is and what it can be asked for."""
    hello = _GREET.get(language or "en", _GREET["en"])
    if name and (language or "en") == "en":
        hello = hello.replace("Hello!", f"Hello, {name}!")
    offered = ", ".join(tool.label for tool in tools[:6] if not tool.handoff_target)
    return f"{hello} You can ask me about: {offered}." if offered and (language or "en") == "en" else hello


def ask_for(tool: Tool, missing: Sequence[Param]) -> str:
    """The question for the arguments that a call still needs."""
    wanted = []
    for param in missing:
        spoken = " ".join(name_words(param.name))
        described = re.sub(
            r"^(?:the|a|an)\s+", "", re.split(r"\s*\(|\.\s", param.description)[0].rstrip("."), flags=re.I
        )
        wanted.append(
            f"{spoken} ({described})"
            if described and described.lower() != spoken and len(described) < 90
            else spoken
        )
    listed = wanted[0] if len(wanted) == 1 else ", ".join(wanted[:-1]) + " and " + wanted[-1]
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
            return [f.get("properties", f) if isinstance(f, Mapping) else f for f in data["features"]]
        lists = [value for value in data.values() if isinstance(value, list)]
        if len(lists) == 1 and (
            len(data) <= 4 or (all(isinstance(v, Mapping) for v in lists[0]) and lists[0])
        ):
            return lists[0]
        return None
    if isinstance(data, str):
        blocks = [
            b.strip()
            for b in re.split(r"\n\s*(?:-{3,}|={3,}|\*{3,})\s*\n|\n\s*\n", data)
            if b.strip(" -=*\n")
        ]
        if (
            len(blocks) > 1
            and sum(bool(re.search(r"^\s*[\w ]{2,30}:\s*\S", b, re.M)) for b in blocks) >= len(blocks) * 0.6
        ):
            made = [_fields(block) for block in blocks]
            full = [m for m in made if len(m) > 1]
            return full if len(full) > 1 else made
        lines = [line.strip() for line in data.splitlines() if line.strip()]
        bullets = [
            re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", line)
            for line in lines
            if re.match(r"(?:[-*•]|\d+[.)])\s+", line)
        ]
        if len(bullets) > 1:
            return list(bullets)
        if (
            len(blocks) == 1
            and len(lines) > 2
            and sum(":" in line for line in lines) >= len(lines) * 0.7
            and len(data) > 200
        ):
            return [_fields(blocks[0])]
    return None


def _fields(block: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for match in re.finditer(r"^\s*([A-Za-z][\w ]{1,29}):\s*(.+)$", block, re.M):
        out.setdefault(match.group(1).strip(), match.group(2).strip())
    return out or {"text": block}


def one_record(record: JSON) -> str:
    """One member of a list in a few words."""
    if isinstance(record, Mapping):
        if isinstance(record.get("properties"), Mapping):
            record = record["properties"]
        lowered = {str(key).lower().replace(" ", ""): value for key, value in record.items()}
        title = next(
            (
                lowered[key]
                for key in _TITLES
                if isinstance(lowered.get(key), str | int | float) and lowered[key] != ""
            ),
            None,
        )
        if title is None:
            return short(", ".join(f"{k}: {scalar(v)}" for k, v in list(record.items())[:4]), 160)
        details = [
            scalar(lowered[key])
            for key in _DETAILS
            if lowered.get(key) not in (None, "", title) and not isinstance(lowered[key], Mapping | list)
        ]
        detail = f" ({'; '.join(short(d, 90) for d in details[:2])})" if details else ""
        return f"{short(str(title), 120)}{detail}"
    return short(scalar(record), 120)


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
        if (
            value is None
            or isinstance(value, bool | Mapping | list)
            or len(str(value)) > 40
            or str(value).count(" ") > 3
        ):
            continue
        text = scalar(value)
        if text in STATE_NAMES and name_words(name)[-1:] in (("state",), ("code",), ("area",), ("region",)):
            text = f"{STATE_NAMES[text]} ({text})"
        shown.append(text)
    return " for " + ", ".join(shown) if shown else ""


def gist(step: Step) -> str:
    """What a tool returned, as short as can be: of an object, its first two values."""
    if isinstance(step.data, Mapping):
        values = [v for v in step.data.values() if isinstance(v, str | int | float) and v != ""]
        return short(", ".join(scalar(value) for value in values[:2]), 80)
    return short(" ".join((step.output or "").split()), 80)


def outcome(step: Step, tool: Tool | None) -> str:
    """What one tool returned, in one or two sentences."""
    data = step.data
    label = tool.label if tool else Tool(step.name, "", {}).label
    text = (step.output or "").strip()
    if text == "" or data is None or data == {} or data == "":
        return f"{step.name} returned nothing{_whose(step)}."
    records = records_of(data)
    if records is not None:
        if not records:
            return f"There are no {_plural(label)}{_whose(step)}."
        entries = [one_record(record) for record in records[:_SHOWN]]
        left = len(records) - _SHOWN
        # Entries that are long, or hold lists of their own, are unreadable in one sentence.
        listed = len(entries) > 1 and any(";" in entry or len(entry) > 60 for entry in entries)
        named = "".join(f"\n- {entry}" for entry in entries) if listed else "; ".join(entries)
        more = (f"\n- and {left} more" if listed else f"; and {left} more") if left > 0 else ""
        verb, noun = ("is 1", label) if len(records) == 1 else (f"are {len(records)}", _plural(label))
        if len(records) == 1 and noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
            noun = noun[:-1]
        if listed:
            return f"There {verb} {noun}{_whose(step)}:{named}{more}"
        return f"There {verb} {noun}{_whose(step)}: {named}{more}."
    if isinstance(data, bool):
        return f"{label.capitalize()}{_whose(step)}: {'yes' if data else 'no'}."
    if isinstance(data, int | float):
        return f"{label.capitalize()}{_whose(step)}: {scalar(data)}."
    if isinstance(data, Mapping):
        pairs = []
        for key, value in list(data.items())[:8]:
            if value is None or value == "" or value == "success":
                continue
            spoken = (
                scalar(len(value)) + " items" if isinstance(value, list) and len(value) > 5 else scalar(value)
            )
            pairs.append(f"{' '.join(name_words(str(key)))}: {short(spoken, 160)}")
        more = f", and {len(data) - 8} more fields" if len(data) > 8 else ""
        return f"{label.capitalize()}{_whose(step)}: {', '.join(pairs)}{more}."
    text = str(data)
    if len(text) <= LONGEST and (len(text.split()) > 2 or text.endswith((".", "!", "?"))):
        return text
    if len(text) <= LONGEST:
        return f"{label.capitalize()}{_whose(step)}: {text}."
    lines = text.splitlines()
    counted = f"{len(lines)} lines, " if len(lines) > 3 else ""
    return f"{short(text[:1500], 500).split(' ... (')[0]} ... ({counted}{len(text):,} characters in all)"


def _plural(label: str) -> str:
    return label if label.endswith("s") else label + "s"


def from_steps(steps: Sequence[Step], tools: Sequence[Tool]) -> str:
    """The answer from everything that was called in this turn: what led there first, then the result."""
    by_name = {tool.name: tool for tool in tools}
    parts: list[str] = []
    for step in steps:
        if step.output is None:
            continue
        parts.append(problem(step) if step.problem is not None else outcome(step, by_name.get(step.name)))
    return short("\n".join(dict.fromkeys(parts)), 3000)


def extract(text: str, longest: int = 400) -> str:
    """The first sentences of a text: a summary by rule."""
    out = ""
    for sentence in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", text.strip())):
        if out and len(out) + len(sentence) > longest:
            break
        out = f"{out} {sentence}".strip()
    return out[:longest]


def outline(topic: str, what: str) -> str:
    """A skeleton made by rule, labelled as that, for programs whose next step needs some text to work on."""
    about = topic or "the request"
    return (
        f"[Practice {what}, made by rule: a language model in live mode would write it.]\n"
        f"1. Opening: what {about} is, and why it matters.\n"
        f"2. Middle: what happens, who is concerned, and what makes it hard.\n"
        f"3. Turn: what changes for {about}.\n"
        f"4. End: what remains."
    )
