"""The program around the agent, which the lesson writes and the learner only runs."""

from __future__ import annotations

from workshop.checks.bench import Bench, NotYetAttempted

AGENT_PROGRAM = "my/first_agent/agent.py"


def need_program(bench: Bench) -> None:
    """Make sure that the program is there.

    Raises:
        NotYetAttempted: it is not.
    """
    if not bench.path(AGENT_PROGRAM).is_file():
        raise NotYetAttempted(f'{AGENT_PROGRAM} is not there yet: run the cell under "Watch it decide"')
