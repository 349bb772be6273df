"""Estimates of tokens, by the number of characters: practice mode has no tokenizer.

OpenAI's own rule of thumb for English text; all figures made with it are estimates:
https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
"""

from __future__ import annotations

from typing import Any

from workshop.gateway.responses_api.create_request import CreateRequest
from workshop.practice.json_bodies import Json, compact

CHARACTERS_PER_TOKEN = 4

_NOT_READ_AS_TEXT = {"image_url", "file_data", "encrypted_content"}


def estimate(value: object) -> int:
    """The tokens in a text, or in the JSON of anything else."""
    text = value if isinstance(value, str) else compact(value)
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def estimate_text(request: CreateRequest, conversation: list[Json]) -> int:
    """The tokens in what the model reads as text; pictures and files are left out."""
    read = [request.body.get("instructions"), request.body.get("tools")]
    read += [item.get(name) for item in conversation for name in ("content", "output", "arguments")]
    return -(-_characters(read) // CHARACTERS_PER_TOKEN)


def _characters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(_characters(each) for each in value)
    if isinstance(value, dict):
        return sum(
            len(name) + _characters(each) for name, each in value.items() if name not in _NOT_READ_AS_TEXT
        )
    return 1


__all__ = ["CHARACTERS_PER_TOKEN", "estimate", "estimate_text"]
