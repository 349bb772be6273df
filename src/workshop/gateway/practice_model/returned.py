"""What tools returned, as a source of arguments: by key in JSON, by kind in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model import values
from workshop.gateway.practice_model.conversation import Step
from workshop.gateway.practice_model.kinds import kinds_of, label_value, spellings
from workshop.gateway.practice_model.phrases import find_strings
from workshop.gateway.practice_model.tools import Param
from workshop.gateway.practice_model.words import (
    name_stems,
    name_words,
    stem,
)

JSON = Any

# Keys under which services return what a parameter asks for.
_ALIASES = {
    "latitude": ("lat",), "lat": ("latitude",), "longitude": ("lon", "lng", "long"), 
    "lon": ("longitude", "lng"),
    "lng": ("longitude", "lon"), "ip": ("query", "ip", "ip_address", "origin", "address"),
    "ipaddress": ("query", "ip"), "ip_address": ("ip", "query"),
    "state": ("region", "regionName", "region_code", "state_code", "stateCode", "province"),
    "region": ("regionName", "state"), "country": ("countryCode", "country_name", "country_code"),
    "country_code": ("countryCode", "country"), "timezone": ("time_zone", "tz"), "tz": ("timezone",),
    "zip": ("postal", "zip_code", "postal_code", "zipcode"), "zip_code": ("zip", "postal"),
    "email": ("mail", "email_address"), "location": ("city", "place", "address"), 
    "place": ("city", "location"),
    "city": ("city_name", "town", "location"), "amount": ("total", "price", "balance", "value"),
}  # fmt: skip


def walk(value: JSON, depth: int = 0) -> Iterator[tuple[str, JSON]]:
    """Every key (lower case, without signs) and its value in a JSON value, outermost first."""
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            yield "".join(name_words(str(key))), member
        for member in value.values():
            if isinstance(member, dict | list):
                yield from walk(member, depth + 1)
    elif isinstance(value, list):
        # Members of a list are alike: the first few tell all the keys there are.
        for member in value[:5]:
            if isinstance(member, dict | list):
                yield from walk(member, depth + 1)


def from_data(param: Param, data: JSON) -> JSON:
    """The value of a parameter in a JSON value, by key; MISFIT if there is none."""
    if not isinstance(data, Mapping | list):
        return js.MISFIT
    wanted = "".join(name_words(param.name))
    aliases = {a.lower().replace("_", "") for a in _ALIASES.get(param.name.lower(), ())}
    last = (name_words(param.name) or ("",))[-1]
    pairs = [(key, value) for key, value in walk(data) if value is not None and value != ""]
    near = [
        (k, v)
        for k, v in pairs
        if len(k) > 1 and len(last) > 1 and (wanted.endswith(k) or k.endswith(wanted))
    ]
    exact = [(k, v) for k, v in pairs if k == wanted]
    for _, value in [*exact, *((k, v) for k, v in pairs if k in aliases), *near]:
        if isinstance(value, list) and param.type != "array" and value:
            value = value[0]
        fitted = js.fit(value, param.schema, param.root)
        if fitted is not js.MISFIT:
            return fitted
    return js.MISFIT


def from_outputs(param: Param, steps: Sequence[Step], tool_text: str) -> JSON:
    """The value of a parameter in what tools returned, newest first; MISFIT if there is none."""
    for step in reversed(steps):
        data = step.data
        kinds = kinds_of(param, tool_text) if param.type in ("string", "any") else ()
        if isinstance(data, Mapping | list):
            if "state" in kinds:
                # "region": "CA", "regionName": "California", whichever the parameter asks for
                for key, value in walk(data):
                    if key in (
                        "state",
                        "statecode",
                        "region",
                        "regionname",
                        "regioncode",
                        "province",
                    ):
                        for code in values.find("state", str(value)):
                            for spelled in spellings("state", code, param, tool_text):
                                fitted = js.fit(spelled, param.schema, param.root)
                                if fitted is not js.MISFIT:
                                    return fitted
            found = from_data(param, data)
            if found is not js.MISFIT:
                return found
        text = step.output or ""
        if param.type in ("integer", "number"):
            if isinstance(data, int | float) and not isinstance(data, bool):
                fitted = js.fit(data, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted
            if isinstance(data, str) and len(data) < 200:
                mine = list(values.numbers(data))
                if len(mine) == 1:
                    fitted = js.fit(mine[0], param.schema, param.root)
                    if fitted is not js.MISFIT:
                        return fitted
            continue
        for kind in kinds:
            if kind in ("free", "noun", "labelled", "name", "person", "expression"):
                continue
            if kind == "id":
                candidates = [label_value(param, text[:2000])] if _produces(step.name, param) else []
                if not candidates and _produces(step.name, param) and len(text) < 60:
                    candidates = [text.strip()]
                if candidates == [None] and len(text) < 60:
                    candidates = [text.strip()]
            elif kind == "city" and isinstance(data, str) and len(data) < 200:
                candidates = list(values.find("city", data)) or [
                    re.sub(r"^.*\b(?:in|is|are)\s+", "", data).split(",")[0].strip()
                ]
            elif kind == "place" and isinstance(data, str) and len(data) < 120:
                candidates = [re.sub(r"^.*\b(?:in|located at|is)\s+(?=[A-Z])", "", data).strip(" .")]
            elif kind in ("timezone", "zip"):
                candidates = list(find_strings(param, text[:2000], tool_text, alone=True))
            else:
                candidates = list(values.find(kind, text))
            for candidate in candidates:
                if candidate:
                    for spelled in spellings(kind, candidate, param, tool_text):
                        fitted = js.fit(spelled, param.schema, param.root)
                        if fitted is not js.MISFIT:
                            return fitted
    return js.MISFIT


def _produces(tool_name: str, param: Param) -> bool:
    """Whether a tool's name says that it returns what a parameter asks for."""
    return bool(
        name_stems(tool_name) & {stem(w) for w in param.words if w not in ("id", "number", "code", "name")}
    )
