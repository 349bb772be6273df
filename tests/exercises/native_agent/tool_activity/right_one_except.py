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
        tool = get_handler(name).model_validate_json(text)
    except (KeyError, ValidationError) as error:
        what = str(error) if isinstance(error, ValidationError) else f"no tool is called {name}"
        raise ApplicationError(what, non_retryable=True) from error
    else:
        return await tool.run()
