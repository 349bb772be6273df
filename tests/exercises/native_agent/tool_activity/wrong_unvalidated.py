# outcome: NOT YET · wrong failure
"""Any tool, as one activity that goes by the tool's own name."""

import json
from collections.abc import Sequence

from my.native_agent.toolset import get_handler
from pydantic import ValidationError
from temporalio import activity
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError


@activity.defn(dynamic=True)
async def use_tool(arguments: Sequence[RawValue]) -> str:
    name = activity.info().activity_type
    text = activity.payload_converter().from_payload(arguments[0].payload, str)
    try:
        handler = get_handler(name)
    except KeyError:
        raise ApplicationError(f"There is no tool called {name}.", non_retryable=True) from None
    try:
        tool = handler.model_construct(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise ApplicationError(f"The arguments do not fit: {error}", non_retryable=True) from None
    return await tool.run()
