"""One trace over two processes' work: the caller's, the workflow's and the activities', by OTLP."""

from __future__ import annotations

import asyncio
import importlib
import os
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
_ARRIVE = 10.0


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
    """One question, asked through a client and answered by a worker with the learner's plugin."""
    service = bench.fresh.word()
    question = bench.fresh.alerts_question(bench.fresh.stormy_state())
    with project(bench):
        await bench.run(_probe_tracing, bench.scope, service, question)
    spans = await _arrived(bench)
    names = [span.name for span in spans]
    for name, what in _WANTED.items():
        if name not in names:
            got = f"none among {len(names)}" if names else "no span has arrived"
            raise NotYet(f"a span of {what}: {name}", got, _LOOK)
    if len(traces := {span.trace_id for span in spans}) != 1:
        raise NotYet("one trace for one question", f"{len(traces)}", _LOOK)
    services = {span.service for span in spans}
    if services != {service}:
        raise NotYet(
            f"the spans of a service that is named as asked: {service!r}",
            ", ".join(repr(one) for one in sorted(services)),
            "`service.name`",
        )
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

    make = need_function(module, "trace_to", is_async=False)
    tracer = make(service)
    if not hasattr(tracer, "configure_client"):
        raise NotYet("a plugin from `trace_to`", describe(tracer), place_of(module, make))
    address = os.environ["TEMPORAL_ADDRESS"]
    client = await Client.connect(address, plugins=[plugin(), tracer])
    desk = importlib.import_module("my.fleet.desk")
    tool = importlib.import_module("my.fleet.activities").get_weather_alerts
    async with running_worker(client=client, workflows=[desk.Desk], activities=[tool]):
        handle = await client.start_workflow("Desk", question, id=run, task_queue=task_queue())
        await result_of(handle, _LOOK)
    provider = trace.get_tracer_provider()
    if flush := getattr(provider, "force_flush", None):
        # As when a process ends in good order.
        flush(5000)
