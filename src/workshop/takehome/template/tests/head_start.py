"""What each worker would do for itself when it starts: the process that they are forked from has done it once.

The clients of HTTP and of OpenAI put off some imports, and Pydantic the schemas of its types, until the first reply is
read. A worker that is given no build id makes one of all loaded code. Together, half of what a short life costs.
"""

import importlib

import agents
import httpx2
import temporalio.openai_agents
from openai import BaseModel
from openai.types.responses import Response
from pydantic import TypeAdapter
from temporalio.worker._worker import load_default_build_id

for name in ("anyio._backends._asyncio", "openai.resources.responses"):
    importlib.import_module(name)
httpx2.AsyncClient()
for model in (Response, *BaseModel.__subclasses__()):
    if model.__module__.startswith("openai.types.responses"):
        model.model_rebuild()
TypeAdapter(agents.ModelResponse)
load_default_build_id()

__all__ = ["agents", "temporalio"]
