"""A receiver of OpenTelemetry's traces: OTLP over HTTP, in protobuf, as a collector takes them at ``/v1/traces``.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp. Spans stay in memory, each told as plain JSON; they have
no token, since exporters send none.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from workshop.gateway.bodies import LARGEST_BODY
from workshop.gateway.byte_budget import ByteBudget, Holding
from workshop.gateway.errors import ApiError, bad_request
from workshop.practice.json_bodies import Json, dump

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

CONTENT_TYPE = "application/x-protobuf"
MOST_PER_SCOPE = 5_000


class Spans:
    """The spans that one scope's processes have exported, in order of arrival."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._found: OrderedDict[tuple[bytes, bytes], Holding] = OrderedDict()

    def ingest(self, body: bytes, content_type: str, encoding: str) -> bytes:
        """Take an export; the reply's body. A span that comes again takes the place of the first.

        Raises:
            ApiError: 415, it is not protobuf; 400, it cannot be read.
        """
        # Importing these takes a tenth of a second, and most scopes never need them.
        from google.protobuf.message import DecodeError
        from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

        if content_type.partition(";")[0].strip() != CONTENT_TYPE:
            raise ApiError(415, f"Spans are taken as {CONTENT_TYPE} (OTLP over HTTP in protobuf).")
        try:
            told = trace_service_pb2.ExportTraceServiceRequest.FromString(_unpacked(body, encoding))
        except (DecodeError, zlib.error):
            raise bad_request("The body is no ExportTraceServiceRequest.") from None
        for group in told.resource_spans:
            service = _service(group.resource)
            for scoped in group.scope_spans:
                for span in scoped.spans:
                    self._add(span, service, scoped.scope.name)
        while len(self._found) > MOST_PER_SCOPE:
            self._found.popitem(last=False)[1].drop()
        reply: bytes = trace_service_pb2.ExportTraceServiceResponse().SerializeToString()
        return reply

    def tell(self) -> Json:
        """Every span that is still held."""
        held = (found.data[0] for found in self._found.values() if found.data)
        return {"spans": [json.loads(told or b"{}") for told in held]}

    def clear(self) -> None:
        """Forget all."""
        for held in self._found.values():
            held.drop()
        self._found.clear()

    def _add(self, span: Span, service: str, library: str) -> None:
        key = (span.trace_id, span.span_id)
        if key in self._found:
            self._found.pop(key).drop()
        self._found[key] = self._budget.hold(dump(_told(span) | {"service": service, "library": library}))


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding.lower() not in ("gzip", "deflate"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either of the two
    unpacked = unpacker.decompress(body, LARGEST_BODY)
    if not unpacker.eof:
        raise zlib.error("cut short, or larger than the gateway takes")
    return unpacked


def _told(span: Span) -> Json:
    return {
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "parent_id": span.parent_span_id.hex() or None,
        "name": span.name,
        # Nanoseconds since 1970.
        "started": span.start_time_unix_nano,
        "ended": span.end_time_unix_nano,
        "error": (span.status.message or "error") if span.status.code == 2 else None,
        "attributes": _attributes(span.attributes),
        "events": [
            {"name": event.name, "at": event.time_unix_nano, "attributes": _attributes(event.attributes)}
            for event in span.events
        ],
    }


def _service(resource: Resource) -> str:
    return str(_attributes(resource.attributes).get("service.name", ""))


def _attributes(pairs: Iterable[KeyValue]) -> Json:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    if kind == "kvlist_value":
        return _attributes(value.kvlist_value.values)
    return value.bytes_value.hex() if kind == "bytes_value" else getattr(value, kind)


__all__ = ["CONTENT_TYPE", "Spans"]
