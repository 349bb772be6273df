"""A driver for external storage: payloads in files that are named by what is in them."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.watch.project import activities, project

_CHECKS = 4
_THRESHOLD = 2_000
_MANY = 300
"""Payloads of which some share a name, if names are two hexadecimal digits or less."""

_ELSEWHERE = """
import asyncio, json, pathlib, sys
from my.watch.store import Files
from temporalio.api.common.v1 import Payload
payload = Payload.FromString(bytes.fromhex(sys.argv[2]))
claims = asyncio.run(Files(pathlib.Path(sys.argv[1])).store(None, [payload]))
print(json.dumps(dict(claims[0].claim_data)))
"""


_KEY = "`store`: `key` comes from the content"


@exercise(
    proves="A run left its large payloads in files, a replay wrote the same ones again, and each came back as it was.",
    hints=(
        "Two payloads are equal. How many files are there afterwards? And after a replay, which stores them again?",
        "`payload.SerializeToString()`, `hashlib.sha256(data).hexdigest()`, and `Payload.FromString(data)`: "
        "https://docs.temporal.io/external-storage",
        "claims = []\nfor payload in payloads:\n    data = payload.SerializeToString()\n    key = ...\n"
        '    write_whole(self.folder / key, data)\n    claims.append(StorageDriverClaim({"key": key}))\nreturn claims',
    ),
    timeout=40,
    not_replayed="only a replay with the learner's store can read what it has stored; the check makes one",
)
async def store(bench: Bench) -> str:
    """The driver alone, then in a run and its replay."""
    with project(bench), tempfile.TemporaryDirectory(prefix="workshop-store-") as folder:
        return str(await bench.run(_probe_store, bench.scope, folder))


async def _probe_store(module: ModuleType, workflow_id: str, folder: str) -> str:
    defined = need(module, "Files", type, "a class")
    look = place_of(module)
    alone, used = Path(folder, "alone"), Path(folder, "used")
    for place in (alone, used):
        place.mkdir()
    try:
        await _judge_alone(defined, alone)
    except TypeError as error:
        if traceback.extract_tb(error.__traceback__)[-1].filename == module.__file__:
            raise
        raise NotYet("`Files`, a driver with `store` and `retrieve`", f"TypeError: {error}", look) from None
    from temporalio.client import Client
    from temporalio.converter import DataConverter
    from temporalio.worker import Replayer

    previews = importlib.import_module("my.watch.previews")
    watch = importlib.import_module("my.watch.watch").Watch
    storage = previews.ExternalStorage(drivers=[defined(used)], payload_size_threshold=_THRESHOLD)
    converter = dataclasses.replace(DataConverter.default, external_storage=storage)
    own = plugin()
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=[own], data_converter=converter)
    async with running_worker(client=client, workflows=[watch], activities=activities()):
        handle = await client.start_workflow("Watch", _CHECKS, id=workflow_id, task_queue=task_queue())
        await result_of(handle, look, what="a watch with this store")
    files = _names(used)
    if not files:
        raise NotYet("large payloads of the run in files", "the folder is empty", "`store`")
    # Another object, as in another process: it knows only the folder.
    storage = previews.ExternalStorage(drivers=[defined(used)], payload_size_threshold=_THRESHOLD)
    converter = dataclasses.replace(DataConverter.default, external_storage=storage)
    replayer = Replayer(workflows=[watch], plugins=[own], data_converter=converter)
    history = await handle.fetch_history()
    if failure := (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure:
        raise NotYet("a run that replays", str(failure), look)
    if _names(used) != files:
        more = len(_names(used)) - len(files)
        raise NotYet(
            f"{len(files)} files, also after a replay",
            f"{more} more: the same payloads again",
            "`store`: `key`",
        )
    return f"{len(files)} files, and no more after a replay."


async def _judge_alone(defined: Any, folder: Path) -> None:
    """Store payloads of the check's own, twice, and get them back.

    Raises:
        NotYet: they do not come back as they were, or there are more files than payloads.
    """
    from temporalio.api.common.v1 import Payload

    claim = importlib.import_module("my.watch.previews").StorageDriverClaim
    one = Payload(metadata={"encoding": b"json/plain"}, data=b'"rain"' * 500)
    two = Payload(metadata={"encoding": b"binary/plain"}, data=b'"rain"' * 500)
    three = Payload(metadata={"encoding": b"json/plain"}, data=b'"snow"' * 500)
    given = [one, two, three, one]
    claims = await defined(folder).store(None, given)
    if not isinstance(claims, list) or not all(isinstance(each, claim) for each in claims):
        raise NotYet("a list of claims from `store`", describe(claims), "`store`")
    if len(claims) != len(given):
        raise NotYet(f"a claim for each of {len(given)} payloads", f"{len(claims)}", "`store`")
    written = _names(folder)
    try:
        _judge_back(await defined(folder).retrieve(None, claims), given)
        _judge_back(await defined(folder).retrieve(None, claims[::-1]), given[::-1])
    except FileNotFoundError:
        if _names(folder) == written:
            raise
        got = "a file is gone, once it was read"
        raise NotYet("payloads that can be read again: a replay does", got, "`retrieve`") from None
    again = await defined(folder).store(None, given)
    if again != claims or len(_names(folder)) != 3:
        raise NotYet(
            "three files for three payloads, however often each is stored",
            f"{len(_names(folder))} files",
            _KEY,
        )
    _judge_in_another_process(folder, one, claims[0])
    many = [Payload(data=f"{number} mm of rain".encode()) for number in range(_MANY)]
    claims += await defined(folder).store(None, many)
    moved = folder.with_name("moved")
    shutil.move(folder, moved)
    try:
        back = await defined(moved).retrieve(None, claims)
    except FileNotFoundError:
        got = "it looks for them in the old one"
        raise NotYet("`retrieve` to find the files in a folder that was moved", got, _KEY) from None
    _judge_back(back, [*given, *many])


def _judge_in_another_process(folder: Path, payload: Any, claim: Any) -> None:
    """Another process must give the same name: Python's ``hash`` does not."""
    data = payload.SerializeToString()
    if hashlib.sha256(data).hexdigest()[:16] in str(claim.claim_data.get("key")):
        return
    command = [sys.executable, "-c", _ELSEWHERE, str(folder), data.hex()]
    asked = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "1"}, capture_output=True, text=True, check=False
    )
    if asked.returncode == 0 and json.loads(asked.stdout) != dict(claim.claim_data):
        raise NotYet(
            "the same key for the same payload, in each process", "another process gives it another one", _KEY
        )


def _judge_back(back: Any, given: Sequence[Any]) -> None:
    look = "`retrieve`, and what `store` has written"
    if not isinstance(back, list) or len(back) != len(given):
        raise NotYet(f"{len(given)} payloads from `retrieve`", describe(back), look)
    for got, payload in zip(back, given, strict=True):
        if got != payload:
            same = getattr(got, "data", None) == payload.data
            told = "its data, but not its metadata" if same else describe(got)
            if not same and any(got == other for other in given):
                raise NotYet(
                    "each payload as it was", "another one in its place: two of them share a name", _KEY
                )
            raise NotYet("each payload as it was", told, look)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
