"""Chat completions in the Responses API's terms, as far as a transcript tells them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def request_of(chat: Json) -> Json:
    """What a request said: its instructions, items, tools, and the form of the answer."""
    messages = _dicts(chat.get("messages"))
    begun = next((n for n, one in enumerate(messages) if one.get("role") != "system"), len(messages))
    told: Json = {
        "model": chat.get("model"),
        "instructions": "\n".join(str(one.get("content")) for one in messages[:begun]),
        "input": [item for message in messages[begun:] for item in _items(message)],
        "tools": [_inner(tool, "function") for tool in _dicts(chat.get("tools"))],
    }
    choice, form = chat.get("tool_choice"), chat.get("response_format")
    if choice is not None:
        told["tool_choice"] = _inner(choice, "function") if isinstance(choice, dict) else choice
    if isinstance(form, dict):
        told["text"] = {"format": {**_inner(form, "json_schema"), "type": form.get("type")}}
    return told


def reply_of(chat: Json) -> Json:
    """What a reply said: the items of its first choice, or the error as it is."""
    choices = _dicts(chat.get("choices"))
    if not choices:
        return chat
    told: Json = {"model": chat.get("model"), "output": _items(_inner(choices[0], "message"))}
    if choices[0].get("finish_reason") == "length":
        told |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    return told


def _items(message: Json) -> list[Json]:
    role, said = message.get("role"), message.get("content") or message.get("refusal")
    if role == "tool":
        return [{"type": "function_call_output", "call_id": message.get("tool_call_id"), "output": said}]
    calls = _dicts(message.get("tool_calls"))
    items: list[Json] = [{"type": "message", "role": role, "content": said}] if said or not calls else []
    return items + [
        {"type": "function_call", "call_id": call.get("id"), **_inner(call, "function")} for call in calls
    ]


def _inner(outer: Json, key: str) -> Json:
    inner = outer.get(key)
    return inner if isinstance(inner, dict) else {}


def _dicts(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


__all__ = ["reply_of", "request_of"]
