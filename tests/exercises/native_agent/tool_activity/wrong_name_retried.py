# outcome: NOT YET · wrong failure
# says: tool_activity.py: handler = get_handler(name)
# the KeyError of a name that no tool has goes through
"""One activity for all tools. In the history, it has the name of the tool."""

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
    handler = get_handler(name)
    try:
        tool = handler.model_validate_json(text)
    except ValidationError as error:
        problems = "; ".join(f"{e['loc']}: {e['msg']}" for e in error.errors())
        raise ApplicationError(f"Wrong arguments for {name}: {problems}", non_retryable=True) from None
    return await tool.run()
