"""The final response is read out of a passing stream, however it is cut up."""

from __future__ import annotations

import json

import pytest

from workshop.gateway.responses_api.final_response import FinalResponse


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_final_response_is_found_however_the_stream_is_cut_up(line_end: str, size: int) -> None:
    final = {"type": "response.incomplete", "response": {"id": "é"}}
    text = line_end.join(
        (
            "event: x",
            "data: not json",
            "",
            ": comment",
            "",
            f"data: {json.dumps(final, ensure_ascii=False)}",
            "",
            "",
        )
    ).encode()
    reader = FinalResponse()
    found = [reader.feed(text[start : start + size]) for start in range(0, len(text), size)]
    assert [response for response in found if response] == [{"id": "é"}]
