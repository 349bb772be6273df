# outcome: PASSED
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
    try:
        handler = get_handler(name)
    except KeyError as error:
        raise ApplicationError(f"unknown tool {name!r}", type="UnknownTool", non_retryable=True) from error
    try:
        tool = handler.model_validate_json(text)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ApplicationError(
            f"bad arguments for {name}: {problems}", type="BadArguments", non_retryable=True
        ) from error
    output: str = await tool.run()
    return output
