"""The times that lessons 3 and 4 give a tool's activity, as its history tells them."""

from __future__ import annotations

from workshop.checks.bench import NotYet
from workshop.checks.histories import ActivityRun, need_times

_ONE_ATTEMPT = 15.0
_ALL_ATTEMPTS = 3 * _ONE_ATTEMPT


def judge_times(tool: ActivityRun, look: str) -> None:
    """See that a tool has ``TIMEOUT`` for each attempt, ``ATTEMPTS`` as its policy, and no heartbeat to send.

    Args:
        tool: Its activity.
        look: Where to look if it has not.

    Raises:
        NotYet: it has not.
    """
    # First: where it is the only limit, the server takes it for one attempt, too.
    if 0 < tool.schedule_to_close <= _ALL_ATTEMPTS:
        raise NotYet(
            f"each attempt of {tool.name} to have {_ONE_ATTEMPT:g} s: `start_to_close_timeout=TIMEOUT`",
            f"all attempts together have {tool.schedule_to_close:g} s: `schedule_to_close_timeout`",
            look,
        )
    if tool.heartbeat:
        raise NotYet(
            f"no `heartbeat_timeout` for {tool.name}: a tool sends no heartbeats",
            f"{tool.heartbeat:g} s, after which a working tool is taken for dead",
            look,
        )
    need_times(tool, look, start_to_close=_ONE_ATTEMPT, maximum_attempts=3, not_retried=("ValueError",))
