"""A codec that seals payloads: what it makes is read by its key alone, and what was never sealed is left as it is."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import Any

from workshop.checks.agent_plugin import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

_ENCODE, _DECODE = "the body of `encode`", "the body of `decode`"


@exercise(
    proves="What your codec seals is read with its key alone; the question of an agent with it is not in the history.",
    hints=(
        "What of a payload has to be sealed, so that all of it comes back: its data alone, or its metadata, too?",
        f"`payload.SerializeToString()`, `Payload.FromString(...)`: {TEMPORAL}/converters-and-encryption",
        'return [\n    Payload(metadata={"encoding": ENCODING}, data=...)\n    for payload in payloads\n]',
    ),
    timeout=60,
    not_replayed="the history is sealed, and the check has no key at its end",
)
async def sealed(bench: Bench) -> str:
    """Seal and open payloads, then run an agent with the codec."""
    with project(bench):
        return str(await bench.run(_probe_sealed, bench.scope, bench.fresh.text()))


async def _probe_sealed(module: ModuleType, workflow_id: str, secret: str) -> str:
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode()
    make = need(module, "Sealed", type, "a class")
    await _judge_codec(make(key), Fernet(key), secret)
    return await _judge_run(module, key, workflow_id)


async def _judge_codec(codec: Any, fernet: Any, secret: str) -> None:
    from temporalio.api.common.v1 import Payload

    plain = [
        Payload(metadata={"encoding": b"json/plain", "kind": b"text"}, data=secret.encode()),
        Payload(metadata={"encoding": b"binary/null"}),
    ]
    closed = await codec.encode(plain)
    if not isinstance(closed, list) or len(closed) != len(plain):
        raise NotYet("a payload for each payload, in a list", describe(closed), _ENCODE)
    for one, before in zip(closed, plain, strict=True):
        if not isinstance(one, Payload) or one.metadata.get("encoding") != b"binary/encrypted":
            raise NotYet("payloads with `ENCODING` as their encoding", describe(one), _ENCODE)
        if secret.encode() in one.SerializeToString():
            raise NotYet("a payload that does not hold its text", "it is there, in clear text", _ENCODE)
        try:
            held = Payload.FromString(fernet.decrypt(one.data))
        except Exception:
            raise NotYet(
                "the whole payload, encrypted, as data", "the key opens something else", _ENCODE
            ) from None
        if held != before:
            raise NotYet("the whole payload, its metadata too, as data", "a part of it", _ENCODE)
    if (opened := await codec.decode(closed)) != plain:
        raise NotYet("`decode` to turn back what `encode` made", describe(opened), _DECODE)
    if (opened := await codec.decode(plain)) != plain:
        raise NotYet("payloads that were never sealed, as they are", describe(opened), _DECODE)


async def _judge_run(module: ModuleType, key: str, workflow_id: str) -> str:
    import os

    from temporalio.client import Client

    watch = importlib.import_module("my.change.watch").Watch
    tool = importlib.import_module("my.change.activities").get_weather_alerts
    client = await Client.connect(
        os.environ["TEMPORAL_ADDRESS"], plugins=[plugin()], data_converter=module.converter(key)
    )
    async with running_worker(client=client, workflows=[watch], activities=[tool]):
        handle = await client.start_workflow("Watch", ["California"], id=workflow_id, task_queue=task_queue())
        log = await asyncio.wait_for(result_of(handle, _ENCODE), 40)
    events = [event.SerializeToString() for event in (await handle.fetch_history()).events]
    for text in ("California", "Use your tool"):
        if any(text.encode() in event for event in events):
            raise NotYet("a history that does not hold the question", f"{text!r} is in it", _ENCODE)
    return str(log[0]).splitlines()[0]
