"""The key is taken out of what comes back: whole, escaped, with stars in it, and cut into two pieces."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from workshop.gateway.redact import HIDDEN, Redactor

KEY = "the-real-key-of-the-account"
OPEN = 'key/of the+account"2'


@pytest.mark.parametrize(
    ("quoted", "passed"),
    [
        (KEY, "(key)"),
        (f"error={KEY}", "error=(key)"),
        ("the-real****************account", "(key)"),
        ("the-************************ount", "(key)"),
        ("*******************account", "(key)"),
        ("another-key********count-x", "another-key********count-x"),
        ("********", "********"),
        ("the-real-key", "the-real-key"),
    ],
)
def test_a_key_is_hidden_also_with_stars_in_it(quoted: str, passed: str) -> None:
    text = "Incorrect API key provided: %s. You can find it in your account."
    assert Redactor(KEY).hide((text % quoted).encode()) == (text % passed).encode()
    assert Redactor(KEY).hide_in_header(text % quoted) == text % passed


def test_a_key_is_hidden_as_json_and_as_an_address_write_it() -> None:
    redactor = Redactor(OPEN)
    assert redactor.hide(json.dumps({"a": OPEN}).encode()) == b'{"a": "(key)"}'
    assert redactor.hide(b"?key=key%2Fof%20the%2Baccount%222&x") == b"?key=(key)&x"


def test_what_is_too_short_for_a_key_is_an_ordinary_word() -> None:
    assert Redactor("ollama").hide(b"ollama is a word") == b"ollama is a word"


@pytest.mark.parametrize("size", [1, 7, 20, 10_000])
async def test_a_key_in_a_stream_is_hidden_however_it_is_cut_up(size: int) -> None:
    text = f"begun {KEY[:6]}, then {KEY} and {KEY[:9]}".encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(text), size):
            yield text[start : start + size]

    passed = [piece async for piece in Redactor(KEY).pass_on(pieces())]
    assert b"".join(passed) == text.replace(KEY.encode(), HIDDEN)
