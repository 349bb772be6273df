# outcome: PASSED
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
        tool = handler(**json.loads(text))
    except KeyError:
        raise ApplicationError(f"Sorry, no {name} here.", non_retryable=True)
    except ValueError as error:
        raise ApplicationError(str(error), non_retryable=True)
    return await tool.run()
