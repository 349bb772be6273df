"""What each worker and each check would work out for itself: the fork server imports this, so its children have it.

OpenAI's client puts off some imports, and Pydantic the schemas of its types, until the first reply is read: four tenths
of a second of a processor. A worker that is given no build id takes a hash of all loaded code for one: two tenths.
(Here it is that of the libraries. Where a build id matters, a lesson gives one.)
"""

from __future__ import annotations

import contextlib
import importlib

_PUT_OFF = ("anyio._backends._asyncio", "openai.resources.responses", "openai.lib.streaming.responses")


def build() -> None:
    """Do it now. What a later version of a library no longer has is built when it is needed, as before."""
    from agents import ModelResponse
    from openai import BaseModel
    from openai.types.responses import Response
    from pydantic import TypeAdapter

    for name in _PUT_OFF:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    models: list[type[BaseModel]] = [Response, *BaseModel.__subclasses__()]
    for model in models:
        if model.__module__.startswith("openai.types.responses"):
            model.model_rebuild()
    TypeAdapter(ModelResponse)
    with contextlib.suppress(ImportError):
        from temporalio.worker._worker import load_default_build_id

        load_default_build_id()


build()
