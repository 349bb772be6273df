"""Spans by OTLP, sent by OpenTelemetry's own exporter."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

from tests.gateway.gateway_servers import RunningGateway, error_of
from workshop.lab.gateway_client import GatewayClient

PROTOBUF = "application/x-protobuf"


@pytest.fixture
def reader(gateway: RunningGateway, scope: str) -> Iterator[GatewayClient]:
    with GatewayClient(gateway.url, gateway.token, scope) as client:
        yield client


def export(gateway: RunningGateway, scope: str, compression: Compression = Compression.NoCompression) -> None:
    """Two spans, one in the other, the inner one with all that a span can hold."""
    endpoint = gateway.settings.client_environment(scope)["OTEL_EXPORTER_OTLP_ENDPOINT"]
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", compression=compression)
    provider = TracerProvider(resource=Resource.create({"service.name": "worker"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("the.library")
    with tracer.start_as_current_span("outer"), tracer.start_as_current_span("inner") as inner:
        inner.set_attributes({"tokens": 12, "share": 0.5, "paid": True, "names": ["a", "b"]})
        inner.add_event("tripped", {"by": "a stone"})
        inner.set_status(Status(StatusCode.ERROR, "it fell"))
    provider.shutdown()


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip, Compression.Deflate])
def test_what_is_exported_can_be_read(
    gateway: RunningGateway, scope: str, reader: GatewayClient, compression: Compression
) -> None:
    export(gateway, scope, compression)
    inner, outer = reader.spans()
    assert (outer.name, outer.parent_id, outer.error) == ("outer", None, None)
    assert (inner.name, inner.parent_id, inner.error) == ("inner", outer.span_id, "it fell")
    assert inner.trace_id == outer.trace_id
    assert outer.started <= inner.started <= inner.ended <= outer.ended
    assert inner.attributes == {"tokens": 12, "share": 0.5, "paid": True, "names": ["a", "b"]}
    assert [(event["name"], event["attributes"]) for event in inner.events] == [
        ("tripped", {"by": "a stone"})
    ]
    assert (inner.service, inner.library) == ("worker", "the.library")
    reader.clear_spans()
    assert reader.spans() == []


def test_a_span_that_comes_again_is_one_span(
    gateway: RunningGateway, scope: str, reader: GatewayClient
) -> None:
    told = trace_service_pb2.ExportTraceServiceRequest()
    span = told.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = b"t" * 16, b"s" * 8, "again"
    for _ in range(2):
        assert send(gateway, scope, told.SerializeToString()).headers["content-type"] == PROTOBUF
    assert [span.name for span in reader.spans()] == ["again"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xff", {}, 400),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (gzip.compress(b"", mtime=0)[:-4], {"content-encoding": "gzip"}, 400),
        (gzip.compress(bytes(9 * 1024 * 1024), mtime=0), {"content-encoding": "gzip"}, 400),
        (b"{}", {"content-type": "application/json"}, 415),
    ],
)
def test_what_is_no_export(
    gateway: RunningGateway, scope: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    reply = send(gateway, scope, body, **headers)
    assert reply.status_code == status
    assert error_of(reply)["type"] == "invalid_request_error"


def send(gateway: RunningGateway, scope: str, body: bytes, **headers: str) -> Any:
    sent = {"content-type": PROTOBUF, **headers}
    return gateway.http.post(f"{gateway.base(scope)}/traces", content=body, headers=sent)
