"""Spans sent by OTLP, OpenTelemetry's protocol, as the gateway has received them."""

from __future__ import annotations

from workshop.lab.gateway_client import GatewayClient, OtlpSpan


def spans() -> list[OtlpSpan]:
    """The spans that this notebook and its processes have exported by OTLP, in order of arrival.

    ``OTLPSpanExporter()`` of ``opentelemetry.exporter.otlp.proto.http.trace_exporter`` sends them to the gateway:
    the environment says where it is.
    """
    with GatewayClient.for_scope() as client:
        return client.spans()
