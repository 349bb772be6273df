"""One trace over two processes' work: the caller's, the workflow's and the activities', by OTLP."""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import project

_LOOK = "the body of `trace_to`"
_WANTED = {
    "StartWorkflow:Desk": "the start of the workflow",
    "RunWorkflow:Desk": "the workflow",
    "StartActivity:invoke_model_activity": "the call of the model, as the workflow asks for it",
    "RunActivity:invoke_model_activity": "the call of the model, as the worker makes it",
    "RunActivity:get_weather_alerts": "the tool, as the worker runs it",
}
_ARRIVE = 5.0
_RARELY = 60_000
"""Milliseconds: longer than the check lasts."""
_AT_LEAST = 1.0
"""Seconds from the first span to the look whether any has been sent: some intervals of the default."""
_ASKED = "the question"
_PROCESSOR = "the span processor: `schedule_delay_millis=every`"


@exercise(
    proves="A question left one trace, over its caller, its workflow, the model and the tool, at a receiver of OTLP.",
    hints=(
        "Who makes spans, who keeps them until there are some, who sends them, and who is asked for the next one?",
        "`create_tracer_provider(resource=...)`, `BatchSpanProcessor`, `OTLPSpanExporter`, `OpenTelemetryPlugin`: "
        f"{TEMPORAL}/observability#tracing",
        'provider = create_tracer_provider(resource=Resource.create({"service.name": service}))\n'
        "provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=every))\n"
        "trace.set_tracer_provider(provider)\nreturn OpenTelemetryPlugin(add_temporal_spans=True)",
    ),
    timeout=60,
)
async def tracing(bench: Bench) -> str:
    """One question to a worker with the learner's plugin, which sends rarely; and one span that is sent soon."""
    service = bench.fresh.word()
    question = bench.fresh.alerts_question(bench.fresh.stormy_state())
    with project(bench):
        await bench.run(_probe_tracing, bench.scope, service, question)
    arrived = await _arrived(bench)
    spans = [span for span in arrived if span.name != _ASKED]
    names = [span.name for span in spans]
    for name, what in _WANTED.items():
        if name not in names:
            got, look = f"none among {len(names)}" if names else "no span has arrived", _LOOK
            if arrived and not names:
                got = "a span that the check has made has arrived, and none of Temporal's"
                look = "`OpenTelemetryPlugin(...)`"
            raise NotYet(f"a span of {what}: {name}", got, look)
    if len(traces := {span.trace_id for span in spans}) != 1:
        raise NotYet("one trace for one question", f"{len(traces)}", _LOOK)
    services = {span.service for span in spans}
    if services != {service}:
        raise NotYet(
            f"the spans of a service that is named as asked: {service!r}",
            ", ".join(repr(one) for one in sorted(services)),
            "`service.name`",
        )
    # Whoever leaves the delay out gets what the environment says, which is as rarely.
    await bench.run(_probe_delay, bench.scope, service, env={"OTEL_BSP_SCHEDULE_DELAY": str(_RARELY)})
    return f"{len(spans)} spans, one trace."


async def _arrived(bench: Bench) -> list[Any]:
    """What the gateway has, once all that is looked for is there, or the time for it is up."""

    async def all_there() -> list[Any]:
        while True:
            spans = bench.gateway.spans()
            if set(_WANTED) <= {span.name for span in spans}:
                return spans
            await asyncio.sleep(0.2)

    try:
        return await asyncio.wait_for(all_there(), _ARRIVE)
    except TimeoutError:
        return bench.gateway.spans()


async def _probe_tracing(module: ModuleType, run: str, service: str, question: str) -> None:
    from opentelemetry import trace
    from temporalio.client import Client

    tracer = _plugin_of(module, service, every=_RARELY)
    address = os.environ["TEMPORAL_ADDRESS"]
    client = await Client.connect(address, plugins=[plugin(), tracer])
    desk = importlib.import_module("my.fleet.desk")
    tool = importlib.import_module("my.fleet.activities").get_weather_alerts
    async with running_worker(client=client, workflows=[desk.Desk], activities=[tool]):
        began = time.monotonic()
        with trace.get_tracer("check").start_as_current_span(_ASKED):
            handle = await client.start_workflow("Desk", question, id=run, task_queue=task_queue())
        # A processor that does not wait has sent by now. Such a one is slow in the workflow, so do not wait for that.
        await _need_none_sent(run, "asked")
        await result_of(handle, _LOOK)
        await asyncio.sleep(_AT_LEAST - (time.monotonic() - began))
        await _need_none_sent(run, "answered")
    if flush := getattr(trace.get_tracer_provider(), "force_flush", None):
        # As when a process ends in good order.
        flush(5000)


async def _probe_delay(module: ModuleType, scope: str, service: str) -> None:
    from opentelemetry import trace

    _plugin_of(module, service)
    trace.get_tracer("check").start_span("soon").end()
    for _ in range(int(_ARRIVE / 0.1)):
        if "soon" in await _sent(scope):
            return
        await asyncio.sleep(0.1)
    raise NotYet(
        "`trace_to(service)` to send a span by itself, within 300 ms",
        f"none within {_ARRIVE:g} s",
        _PROCESSOR,
    )


def _plugin_of(module: ModuleType, service: str, **more: int) -> Any:
    """What the learner's function returns, once its provider is the one of this process.

    Raises:
        NotYet: it returns no plugin, or there is no provider that Temporal's plugin can use.
    """
    from opentelemetry import trace
    from temporalio.contrib.opentelemetry import ReplaySafeTracerProvider

    make = need_function(module, "trace_to", is_async=False)
    tracer = make(service, **more)
    if not hasattr(tracer, "configure_client"):
        raise NotYet("a plugin from `trace_to`", describe(tracer), place_of(module, make))
    provider = trace.get_tracer_provider()
    if not isinstance(provider, ReplaySafeTracerProvider):
        kind = type(provider).__name__
        raise NotYet(
            "a provider from `create_tracer_provider` as the one of the whole process",
            "none has been set"
            if kind.startswith("Proxy")
            else f"it is a {kind}, which is not safe for replay",
            "`trace.set_tracer_provider(...)`",
        )
    return tracer


async def _need_none_sent(scope: str, when: str) -> None:
    if sent := await _sent(scope):
        raise NotYet(
            f"`trace_to(service, every={_RARELY:_})` to keep its spans for a minute, and then send them together",
            f"when the question was {when}, {len(sent)} had been sent",
            _PROCESSOR,
        )


async def _sent(scope: str) -> list[str]:
    """In the child: the names of the spans that the gateway has."""
    from workshop.lab.gateway_client import GatewayClient

    with GatewayClient.for_scope(scope) as gateway:
        return [span.name for span in await asyncio.to_thread(gateway.spans)]
