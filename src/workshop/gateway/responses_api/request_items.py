"""The items of a request: what the model is to read, checked."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.gateway.errors import bad_request
from workshop.gateway.responses_api.checking import need_string, not_one_of, wrong_type
from workshop.practice.json_bodies import Json

_NO_TEXT = {"input_image": "a picture", "input_file": "a file", "input_audio": "a recording"}
_ROLES = ("user", "assistant", "system", "developer")
_PARTS = (
    "input_text",
    "input_image",
    "input_file",
    "input_audio",
    "output_text",
    "refusal",
    "summary_text",
    "computer_screenshot",
)


def read_items(given: object, where: str = "input") -> list[Json]:
    """The items of an array, checked.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    if not isinstance(given, list):
        raise wrong_type(where, "an array of items", given)
    return [_item(item, f"{where}[{number}]") for number, item in enumerate(given)]


def check_pairs(items: Sequence[Json]) -> None:
    """Every call in the conversation has its output, and every output follows its call.

    Raises:
        ApiError: 400, as the real API answers a conversation with a hole in it.
    """
    called: dict[str, bool] = {}
    for item in items:
        kind = item.get("type")
        if kind == "function_call":
            called.setdefault(str(item["call_id"]), False)
        elif kind == "function_call_output":
            call_id = str(item["call_id"])
            if call_id not in called:
                raise bad_request(
                    f"No tool call found for function call output with call_id {call_id}.", "input"
                )
            called[call_id] = True
    for call_id, answered in called.items():
        if not answered:
            raise bad_request(f"No tool output found for function call {call_id}.", "input")


def _item(item: object, where: str) -> Json:
    if not isinstance(item, dict):
        raise wrong_type(where, "an object", item)
    kind = item.get("type") or ("message" if "role" in item else None)
    if kind is None:
        raise bad_request(
            f"Missing required parameter: '{where}.type'.", f"{where}.type", "missing_required_parameter"
        )
    if not isinstance(kind, str):
        raise wrong_type(f"{where}.type", "a string", kind)
    if item.get("id") is not None:
        need_string(item, "id", where)
    if kind == "message":
        if item.get("role") not in _ROLES:
            raise not_one_of(f"{where}.role", item.get("role"), _ROLES)
        _check_content(item.get("content"), f"{where}.content")
        _refuse_what_is_no_text(item["content"], f"{where}.content")
    elif kind == "function_call":
        for name in ("call_id", "name", "arguments"):
            need_string(item, name, where)
    elif kind == "function_call_output":
        need_string(item, "call_id", where)
        _check_content(item.get("output"), f"{where}.output")
    elif kind == "item_reference":
        need_string(item, "id", where)
    return item


def _check_content(content: object, where: str) -> None:
    if content is None:
        raise bad_request(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise wrong_type(where, "a string or an array of content parts", content)
    for number, part in enumerate(content):
        here = f"{where}[{number}]"
        if not isinstance(part, dict):
            raise wrong_type(here, "an object", part)
        need_string(part, "type", here)
        if part["type"] not in _PARTS:
            raise not_one_of(f"{here}.type", part["type"], _PARTS)
        if part["type"] in ("input_text", "output_text"):
            need_string(part, "text", here)


def _refuse_what_is_no_text(content: str | list[Json], where: str) -> None:
    # What a tool returned is another matter: there the practice model says that it cannot look at it.
    for number, part in enumerate(content):
        if isinstance(part, dict) and part["type"] in _NO_TEXT:
            message = (
                f"Practice mode reads text only: it has no way to look at {_NO_TEXT[part['type']]} "
                f"('{part['type']}')."
            )
            raise bad_request(message, f"{where}[{number}]", "unsupported_content_type")


__all__ = ["check_pairs", "read_items"]
