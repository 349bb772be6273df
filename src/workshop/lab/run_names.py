"""Names, in each model call of an activity, the workflow that it is made for: what is paid twice, is so within a run.

Two runs that ask the same question pay twice as well, and nothing is wrong with that.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any
from urllib.parse import quote

import wrapt

from workshop.settings import LOOPBACK, RUN_HEADER

_hooked = False


def name_run_in_model_calls() -> None:
    """Have this process's OpenAI clients send the workflow's id to the gateway, once ``openai`` is imported.

    Calling it again changes nothing.
    """
    global _hooked
    if not _hooked:
        _hooked = True
        wrapt.when_imported("openai")(_install)


def _install(openai: ModuleType) -> None:
    for client in ("OpenAI", "AsyncOpenAI"):
        # The SDK's own hook for headers that differ from call to call.
        wrapt.wrap_function_wrapper(openai, f"{client}._prepare_request", _prepare)


def _prepare(wrapped: Any, _: object, args: Any, kwargs: Any) -> Any:
    request = args[0] if args else kwargs["request"]
    # An activity that runs has this module imported already.
    activity = sys.modules.get("temporalio.activity")
    if activity is not None and activity.in_activity() and request.url.host == LOOPBACK:
        request.headers[RUN_HEADER] = quote(activity.info().workflow_id or "", safe="")
    return wrapped(*args, **kwargs)


__all__ = ["name_run_in_model_calls"]
