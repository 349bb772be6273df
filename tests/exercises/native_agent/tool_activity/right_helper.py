# outcome: PASSED
"""Any tool, as one activity that goes by the tool's own name."""

from collections.abc import Sequence

from my.native_agent.toolset import get_handler
from pydantic import ValidationError
from temporalio import activity
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError


def refuse(message: str) -> ApplicationError:
    return ApplicationError(message, non_retryable=True)


@activity.defn(dynamic=True)
async def use_tool(arguments: Sequence[RawValue]) -> str:
    name = activity.info().activity_type
    text = activity.payload_converter().from_payload(arguments[0].payload, str)
    try:
        model = get_handler(name)
        tool = model.model_validate_json(text)
    except KeyError:
        raise refuse(f"You have no tool named {name}; use one of those you were given.") from None
    except ValidationError as error:
        raise refuse(f"{name} cannot use {text}: {error}") from None
    return await tool.run()
