# outcome: NOT YET · times
# says: `maximum_attempts` of echo to be 3
"""From a tool call of the model to what the model is told about it."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

TIMEOUT = timedelta(seconds=15)
# Bad arguments (ValueError) stay bad. A service that is down gets two more chances; then the model is told.
ATTEMPTS = RetryPolicy(maximum_attempts=3, non_retryable_error_types=["ValueError"])


async def answer(call: dict[str, Any]) -> dict[str, Any]:
    """Use the tool that the model asked for; never raises because of the tool."""
    try:
        output = await workflow.execute_activity(
            call["name"],
            call["arguments"],
            result_type=str,
            start_to_close_timeout=TIMEOUT,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        output = f"The tool failed: {error.cause}"
    return {"type": "function_call_output", "call_id": call["call_id"], "output": output}
