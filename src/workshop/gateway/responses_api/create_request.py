"""What a request to ``POST /v1/responses`` says, checked, in the words the real API uses for what is wrong.

Fields come from the API reference (https://platform.openai.com/docs/api-reference/responses/create) and from
what ``openai.types.responses.ResponseCreateParams`` sends. Decisions that are ours:

- Hosted tools (``web_search``, ``file_search``, ``mcp`` and so on) are accepted and echoed, but the practice
  model never calls them; a reply names them in the header ``x-workshop-ignored-tools``. None can be forced.
- Pictures, files and recordings from a user are refused: the practice model reads text.
- Fields this module does not know are ignored, so that a newer client still works.
- ``prompt`` refers to a text that is written on OpenAI's pages, and is refused with what to use instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from workshop.gateway.errors import bad_request
from workshop.gateway.responses_api import request_items, request_tools, schemas
from workshop.gateway.responses_api.checking import need_string, not_one_of, wrong_type
from workshop.practice.json_bodies import Json

SMALLEST_OUTPUT = 16  # tokens; the real API refuses less
MOST_METADATA, LONGEST_KEY, LONGEST_VALUE = 16, 64, 512  # as the real API
MOST_PROPERTIES_IN_ALL = 3_000  # in all schemas of one request; `schemas` limits each
# What gpt-5 can read: 400,000 tokens less the 128,000 that it may write (https://platform.openai.com/docs/models).
CONTEXT_WINDOW = 272_000
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "model": (str, "a string"),
    "instructions": (str, "a string"),
    "input": ((str, list), "a string or an array of input items"),
    "tools": (list, "an array of tools"),
    "tool_choice": ((str, dict), "a string or an object"),
    "text": (dict, "an object"),
    "reasoning": (dict, "an object"),
    "metadata": (dict, "an object"),
    "include": (list, "an array of strings"),
    "previous_response_id": (str, "a string"),
    "conversation": ((str, dict), "a string or an object"),
    "stream": (bool, "a boolean"),
    "store": (bool, "a boolean"),
    "parallel_tool_calls": (bool, "a boolean"),
    "max_output_tokens": (int, "an integer"),
    "temperature": ((int, float), "a number"),
    "top_p": ((int, float), "a number"),
    "truncation": (str, "a string"),
    "service_tier": (str, "a string"),
    "user": (str, "a string"),
    "max_tool_calls": (int, "an integer"),
    "top_logprobs": (int, "an integer"),
}
_VALUES: dict[str, tuple[str, ...]] = {
    "truncation": ("auto", "disabled"),
    "service_tier": ("auto", "default", "flex", "scale", "priority", "fast", "ultrafast"),
    "reasoning.effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "reasoning.summary": ("auto", "concise", "detailed"),
    "text.verbosity": ("low", "medium", "high"),
}
_WHOLE = (
    ("max_tool_calls", 1, 1_000_000),
    ("top_logprobs", 0, 20),
)  # the first has no upper limit that is known
_INCLUDED = (
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
)


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A checked request.

    Attributes:
        body: The request as it was sent.
        items: The items of ``input``; a plain string has become one user message.
        tools: The function tools that may be called now (``allowed_tools`` narrows them).
        ignored_tools: Types of the hosted tools among ``tools``, which practice mode does not call.
        tool_choice: ``auto``, ``none``, ``required``, or ``{"type": "function", "name": ...}``.
        text_format: ``text.format`` if it asks for JSON, else None.
        max_output_tokens: The limit on the reply, in tokens.
        properties: How many properties the schemas of the tools and of the output format have, together.
    """

    body: Json
    items: list[Json]
    tools: list[Json]
    ignored_tools: list[str]
    tool_choice: str | Json
    text_format: Json | None
    max_output_tokens: int | None
    properties: int = 0

    @property
    def stream(self) -> bool:
        """Whether the reply is to come as a stream of events."""
        return bool(self.body.get("stream"))

    @property
    def store(self) -> bool:
        """Whether a later request may refer to the reply."""
        return self.body.get("store") is not False

    @property
    def parallel_tool_calls(self) -> bool:
        """Whether one reply may hold more than one call."""
        return self.body.get("parallel_tool_calls") is not False

    @property
    def previous_response_id(self) -> str | None:
        """The response this request goes on from."""
        return self.body.get("previous_response_id")

    @property
    def conversation(self) -> str | None:
        """The stored conversation to which this request belongs."""
        given = self.body.get("conversation")
        return given["id"] if isinstance(given, dict) else given


def parse(body: Json) -> CreateRequest:
    """Check a request.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    for name, (kind, words) in _TYPES.items():
        value = body.get(name)
        # bool is a subclass of int, and true is no number of tokens.
        wrong = value is not None and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        )
        if wrong:
            raise wrong_type(name, words, value)
    _check_references(body)
    if not body.get("model"):
        raise bad_request("Missing required parameter: 'model'.", "model", "missing_required_parameter")
    if all(body.get(name) is None for name in ("input", "previous_response_id", "conversation")):
        raise bad_request("Missing required parameter: 'input'.", "input", "missing_required_parameter")
    _check_numbers(body)
    _check_values(body)
    read_metadata(body.get("metadata"))
    given = body.get("input")
    items = (
        [{"role": "user", "content": given}]
        if isinstance(given, str)
        else request_items.read_items(given or [])
    )
    functions, ignored = request_tools.read_tools(body.get("tools") or [])
    tools, choice = request_tools.read_choice(body.get("tool_choice"), functions, ignored)
    text_format = _text_format((body.get("text") or {}).get("format"))
    properties = _count_properties(functions, text_format)
    return CreateRequest(
        body=body,
        items=items,
        tools=tools,
        ignored_tools=ignored,
        tool_choice=choice,
        text_format=text_format,
        max_output_tokens=body.get("max_output_tokens"),
        properties=properties,
    )


def read_metadata(given: object) -> Json:
    """Metadata, checked; none is none.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise wrong_type("metadata", "an object", given)
    if len(given) > MOST_METADATA:
        message = (
            f"Invalid 'metadata': too many properties. Expected an object with at most {MOST_METADATA} "
            f"properties, but got an object with {len(given)} properties instead."
        )
        raise bad_request(message, "metadata", "object_above_max_properties")
    for key, value in given.items():
        if not isinstance(value, str):
            raise wrong_type(f"metadata.{key}", "a string", value)
        for part, text, most in (("key", key, LONGEST_KEY), ("value", value, LONGEST_VALUE)):
            if len(text) > most:
                message = (
                    f"Invalid 'metadata.{key[:LONGEST_KEY]}': {part} too long. At most {most} characters."
                )
                raise bad_request(message, "metadata", "string_above_max_length")
    return given


def check_length(tokens: int) -> None:
    """A conversation of so many tokens can be read.

    Raises:
        ApiError: 400, as the real API answers one that is too long.
    """
    if tokens > CONTEXT_WINDOW:
        message = (
            "Your input exceeds the context window of this model. Please adjust your input and try again. "
            f"(Practice mode reads {CONTEXT_WINDOW:,} tokens; this is an estimated {tokens:,}.)"
        )
        raise bad_request(message, "input", "context_length_exceeded")


def _check_references(body: Json) -> None:
    if body.get("prompt") is not None:
        message = "Unsupported parameter: 'prompt' is not available in practice mode. Use 'instructions' and 'input'."
        raise bad_request(message, "prompt", "unsupported_parameter")
    conversation = body.get("conversation")
    if isinstance(conversation, dict):
        need_string(conversation, "id", "conversation")
    if conversation is not None and body.get("previous_response_id") is not None:
        message = (
            "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. "
            "Ensure you are only providing one of: 'previous_response_id' or 'conversation'."
        )
        raise bad_request(message, "previous_response_id", "mutually_exclusive_parameters")


def _check_numbers(body: Json) -> None:
    limit = body.get("max_output_tokens")
    if limit is not None and limit < SMALLEST_OUTPUT:
        message = (
            "Invalid 'max_output_tokens': integer below minimum value. "
            f"Expected a value >= {SMALLEST_OUTPUT}, but got {limit} instead."
        )
        raise bad_request(message, "max_output_tokens", "integer_below_min_value")
    for name, most in (("temperature", 2), ("top_p", 1)):
        value = body.get(name)
        if value is not None and not 0 <= value <= most:
            message = f"Invalid '{name}': expected a value from 0 to {most}, but got {value} instead."
            raise bad_request(
                message, name, "decimal_above_max_value" if value > most else "decimal_below_min_value"
            )
    for name, least, most in _WHOLE:
        value = body.get(name)
        if value is not None and not least <= value <= most:
            message = f"Invalid '{name}': expected a value from {least} to {most}, but got {value} instead."
            word = "below_min" if value < least else "above_max"
            raise bad_request(message, name, f"integer_{word}_value")


def _check_values(body: Json) -> None:
    for path, options in _VALUES.items():
        outer, _, inner = path.partition(".")
        value = (body.get(outer) or {}).get(inner) if inner else body.get(path)
        if value is not None and value not in options:
            raise not_one_of(path, value, options)
    for number, value in enumerate(body.get("include") or ()):
        if value not in _INCLUDED:
            raise not_one_of(f"include[{number}]", value, _INCLUDED)


def _text_format(given: object) -> Json | None:
    where = "text.format"
    if given is None:
        return None
    if not isinstance(given, dict):
        raise wrong_type(where, "an object", given)
    kind = given.get("type")
    if kind == "text":
        return None
    if kind == "json_object":
        return given
    if kind != "json_schema":
        raise not_one_of(f"{where}.type", kind, ("text", "json_schema", "json_object"))
    need_string(given, "name", where)
    if not request_tools.NAME.fullmatch(given["name"]):
        message = f"Invalid '{where}.name': string does not match pattern '^[a-zA-Z0-9_-]{{1,64}}$'."
        raise bad_request(message, f"{where}.name", "invalid_value")
    if "schema" not in given:
        raise bad_request(
            f"Missing required parameter: '{where}.schema'.", f"{where}.schema", "missing_required_parameter"
        )
    try:
        schemas.check(given["schema"], strict=given.get("strict") is True)
    except schemas.SchemaError as error:
        message = f"Invalid schema for response_format '{given['name']}': {error}"
        raise bad_request(message, f"{where}.schema", "invalid_json_schema") from None
    return given


def _count_properties(functions: list[Json], text_format: Json | None) -> int:
    given = [*(tool.get("parameters") for tool in functions), (text_format or {}).get("schema")]
    count = sum(schemas.properties_in(schema) for schema in given)
    if count > MOST_PROPERTIES_IN_ALL:
        message = (
            f"Practice mode takes at most {MOST_PROPERTIES_IN_ALL:,} properties in all tools and the output "
            f"format together, but got {count:,}. Send fewer tools."
        )
        raise bad_request(message, "tools", "invalid_value")
    return count


__all__ = ["CreateRequest", "check_length", "parse", "read_metadata"]
