# outcome: NOT YET · hard-coded
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
        tool = get_handler("get_weather_alerts").model_validate_json(text)
    except KeyError:
        raise ApplicationError(f"There is no tool called {name}.", non_retryable=True) from None
    except ValidationError as error:
        raise ApplicationError(f"The arguments do not fit: {error}", non_retryable=True) from None
    return await tool.run()
