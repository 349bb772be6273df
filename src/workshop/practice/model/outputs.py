"""What tools returned: the value that a parameter needs, by its key or by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from workshop.practice.language import values
from workshop.practice.language.words import bag, name_stems, name_words, stem
from workshop.practice.model import json_schema
from workshop.practice.model.conversation import Step
from workshop.practice.model.json_schema import JSON
from workshop.practice.model.params import VAGUE, Param

# Keys under which services return what a parameter asks for.
_ALIASES = {
    name: bag(keys)
    for names, keys in (
        ("latitude lat", "lat latitude"),
        ("longitude lon lng", "lon lng long longitude"),
        ("ip ipaddress", "query ip ipaddress origin address"),
        ("state region", "region regionname regioncode state statecode province"),
        ("country countrycode", "country countrycode countryname"),
        ("email", "mail emailaddress"),
        ("city", "cityname town location"),
        ("location place", "city place location address"),
        ("amount", "total price balance value"),
    )
    for name in names.split()
}
_STATE_KEYS = _ALIASES["state"]


def walk(value: JSON, depth: int = 0) -> Iterator[tuple[str, JSON]]:
    """Every key (lower case, without signs) and its value in a JSON value, outermost first."""
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            yield "".join(name_words(str(key))), member
    # Members of a list are alike: the first few tell all the keys there are.
    for member in value.values() if isinstance(value, dict) else value[:5] if isinstance(value, list) else ():
        yield from walk(member, depth + 1)


def from_data(param: Param, data: JSON) -> JSON:
    """The value of a parameter in a JSON value, by key; MISFIT if there is none."""
    words = name_words(param.name)
    wanted, last = "".join(words), (words or ("",))[-1]
    pairs = [(key, value) for key, value in walk(data) if value is not None and value != ""]
    exact = [value for key, value in pairs if key == wanted]
    alias = [value for key, value in pairs if key in _ALIASES.get(wanted, ())]
    ends = [(key, v) for key, v in pairs if min(len(key), len(last)) > 1]
    near = [value for key, value in ends if wanted.endswith(key) or key.endswith(wanted)]
    many = param.type == "array"
    return param.first(v[0] if isinstance(v, list) and v and not many else v for v in exact + alias + near)


def from_outputs(param: Param, steps: Sequence[Step]) -> JSON:
    """The value of a parameter in what tools returned, newest first; MISFIT if there is none."""
    for step in reversed(steps):
        fitted = param.first(_offers(param, step))
        if fitted is not json_schema.MISFIT:
            return fitted
    return json_schema.MISFIT


def _offers(param: Param, step: Step) -> Iterator[JSON]:
    """What an output has for a parameter, best first."""
    data, text = step.data, (step.output or "")
    if isinstance(data, Mapping | list):
        # "region": "CA", "regionName": "California", whichever the parameter asks for
        regions = [str(value) for key, value in walk(data) if param.kind == "state" and key in _STATE_KEYS]
        for code in (code for region in regions for code in values.find("state", region)):
            yield from param.spellings("state", code)
        yield from_data(param, data)
    if param.numeric:
        spoken = values.numbers(data) if isinstance(data, str) and len(data) < 200 else []
        yield data if isinstance(data, int | float) and not isinstance(data, bool) else json_schema.MISFIT
        yield from spoken if len(spoken) == 1 else ()
    elif param.textual:
        for kind in param.kinds:
            for candidate in _of_kind(kind, param, step.name, data, text):
                yield from param.spellings(kind, candidate)


def _of_kind(kind: str, param: Param, tool_name: str, data: JSON, text: str) -> list[str]:
    """The values of a kind in the text of an output."""
    if kind in ("free", "labelled", "person", "expression"):
        return []
    if kind in ("noun", "name", "id"):
        # Any words would do, so a tool must say that it returns this.
        telling = {stem(word) for word in param.words - VAGUE}
        if not name_stems(tool_name) & telling:
            return []
        short = not isinstance(data, Mapping | list) and 0 < len(str(data)) < 60
        label = param.labelled(text[:2000]) if kind == "id" else None
        # Several are not one.
        short = short and not re.search(r"[\s,;]" if kind == "id" else r"[;\n]|,.*,|\band\b", text.strip())
        if kind == "id":
            label = None if label and re.search(rf"{re.escape(label)},\s*\S*\d", text) else label
        return [label] if label else [text.strip()] if short else []
    return values.find(kind, text)
