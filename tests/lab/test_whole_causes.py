"""A message names the activity and tells the innermost text, from the history where that knows more than a log."""

from __future__ import annotations

import pytest

from tests.lab.clerks import hire
from tests.lab.refused import refused
from tests.transfer_bank import WORKFLOW, Bank
from workshop.lab.results import WorkflowFailed, result

_BEATS = (
    WORKFLOW.replace(
        """            deposit, amount, start_to_close_timeout=timedelta(seconds=1), retry_policy=RETRY,
            summary="pay it in")
""",
        """            deposit, amount, start_to_close_timeout=timedelta(seconds=9),
            heartbeat_timeout=timedelta(seconds=1), retry_policy=RetryPolicy(maximum_attempts=1))
""",
    )
    .replace(
        "        given = await",
        "        try:\n          given = await",
    )
    .replace(
        '        if how == "again"',
        "        except Exception as error:\n"
        '          raise ApplicationError("the run failed", type="AgentsWorkflowError") from error\n'
        '        if how == "again"',
    )
)

_NO_ARGUMENT = WORKFLOW.replace(
    "    from my.bank", "    from pydantic import create_model\n    from my.bank"
).replace(
    "        taken = await",
    """        create_model("get_weather_alerts_args", state=(str, ...)).model_validate({})
        taken = await""",
)


async def test_a_heartbeat_that_did_not_come_names_activity_and_limit(hired: Bank) -> None:
    hired.write("workflow.py", _BEATS)
    hired.set("slow")
    hire(hired)
    with pytest.raises(WorkflowFailed) as caught:
        await result(await hired.start(100))
    assert str(caught.value).splitlines()[0] == (
        "MoneyTransfer failed: activity deposit failed: no heartbeat within 1 s (heartbeat_timeout)"
    )


async def test_an_error_of_several_lines_is_told_to_its_end(hired: Bank) -> None:
    hired.write("workflow.py", _NO_ARGUMENT)
    hire(hired)
    for _ in range(2):  # known from the history, then from the log as well
        error, _ = await refused(await hired.start(100))
        assert "1 validation error for get_weather_alerts_args state Field required" in str(error)
        assert "https://" not in str(error)
