"""JSON bodies: what is read, what is refused and in which words, and what is written."""

from __future__ import annotations

import pytest

from workshop.practice import json_bodies
from workshop.practice.json_bodies import BodyError


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"model": NaN}', b"[" * 100_000, b"nul", b'{"input": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut", "not utf-8", "NaN", "deep", "word", "huge number"],
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(BodyError, match="not valid JSON") as caught:
        json_bodies.read(body)
    assert caught.value.code is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[]", "an array"),
        ('"text"', "a string"),
        ("1", "an integer"),
        ("1.5", "a decimal"),
        ("null", "null"),
        ("true", "a boolean"),
    ],
)
def test_what_is_no_object(body: str, kind: str) -> None:
    with pytest.raises(BodyError, match=f"expected an object, but got {kind} instead") as caught:
        json_bodies.read(body)
    assert caught.value.code == "invalid_type"


def test_what_is_written_is_read_again() -> None:
    value = {"é": [1, 2.5, None, True], "x": {}}
    assert json_bodies.dump(value) == '{"é":[1,2.5,null,true],"x":{}}'.encode()
    assert json_bodies.read(json_bodies.dump(value)) == json_bodies.read(json_bodies.compact(value)) == value
    assert json_bodies.dump({"a": "\ud800"}) == b'{"a":"?"}'
