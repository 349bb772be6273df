# outcome: NOT YET · wrong failure
# says: tool_activity.py: tool = get_handler(name)
"""Any tool, as one activity that goes by the tool's own name."""

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

    tool = get_handler(name).model_validate_json(text)
    return await tool.run()
