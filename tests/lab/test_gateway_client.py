"""The client of the gateway, where there is none, and what it reads."""

from __future__ import annotations

import pytest

from tests.conftest import Place
from workshop.lab.gateway_client import GatewayClient, GatewayError, Span, Trace


def test_no_gateway_is_told(place: Place) -> None:
    client = GatewayClient.for_scope(settings=place.settings)
    with client, pytest.raises(GatewayError, match="python -m workshop up"):
        client.health()


def test_a_trace_is_whole_once_no_parent_is_missing() -> None:
    assert not Trace(trace_id="t").whole
    root, child = Span(span_id="a", type="agent"), Span(span_id="b", type="turn", parent_id="a")
    assert not Trace(trace_id="t", spans=[child]).whole
    assert Trace(trace_id="t", spans=[root.model_copy(update={"children": [child]})]).whole
