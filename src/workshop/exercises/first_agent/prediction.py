"""What a crash costs: the program around the agent is killed in its fourth model call, and run again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workshop.checks.bench import Bench, CourseProblem, NotYet
from workshop.checks.fault import BUSY
from workshop.checks.idleness import is_busy
from workshop.checks.registry import exercise
from workshop.checks.workflows import probe_numbers
from workshop.errors import LabTimeout
from workshop.exercises.first_agent.program import AGENT_PROGRAM, need_program
from workshop.exercises.questions import WHERE_I_AM

if TYPE_CHECKING:
    from workshop.lab.faults import Fault
    from workshop.lab.processes import Process

_SDK = "https://openai.github.io/openai-agents-python"

_PATIENCE = 60.0
"""Seconds for a program to import the SDK and make its calls, on a machine that does much else."""


@exercise(
    proves="A real process was killed and run again: the later the crash, the more is paid for twice.",
    hints=(
        "How many model calls are complete when the fourth has just been sent?",
        "The second run remembers nothing. How many calls does a whole run take? "
        f"`show.meter()` counted them above; what a turn is: {_SDK}/running_agents/#the-agent-loop",
        "first_run = ...  (completed calls before the kill)\nsecond_run = 4\n"
        "paid_calls = first_run + second_run\nrepeated_calls = first_run",
    ),
    timeout=90,
    note="starts a real process, kills it and runs it again: half a minute at most",
    temporal=False,
)
async def prediction(bench: Bench) -> str:
    """Kill the program in its fourth model call, run it again, compare the meter with the prediction."""
    predicted = await bench.run(probe_numbers, ["paid_calls", "repeated_calls"])
    need_program(bench)
    with bench.fault("model", "delay", after=3, delay=60) as held:
        program = await bench.process(AGENT_PROGRAM, WHERE_I_AM)
        await _reach(held, program)
        program.kill()
    bench.grant(_PATIENCE)
    program = await bench.process(AGENT_PROGRAM, WHERE_I_AM)
    if await program.wait(_PATIENCE) != 0:
        raise _not_the_program(program.output())
    meter = bench.meter().model
    for name, right in (("paid_calls", meter.completed), ("repeated_calls", meter.repeats)):
        if predicted[name] != right:
            # Not the right number itself: it is one thought away.
            more = "more" if predicted[name] < right else "fewer"
            raise NotYet(
                f"{name} as the meter counts it", f"{predicted[name]}; the meter says {more}", f"`{name}`"
            )
    return f"The meter: {meter.completed} calls paid, {meter.repeats} of them for the second time."


async def _reach(held: Fault, program: Process) -> None:
    """Wait until the program's fourth model call is held.

    Raises:
        NotYet: the program makes no such call.
        CourseProblem: it has not come so far in time, since it gets none of the processor's.
    """
    reached = asyncio.ensure_future(held.hit(timeout=_PATIENCE))
    ended = asyncio.ensure_future(program.wait(_PATIENCE))
    try:
        await asyncio.wait([reached, ended], return_when=asyncio.FIRST_COMPLETED)
        if not program.running:
            raise _not_the_program(program.output())
        try:
            # Whichever came first: a call that was not held in time says so.
            (reached if reached.done() else ended).result()
        except LabTimeout:
            if await is_busy(program):
                raise CourseProblem(
                    "The machine is so busy that the program gets no time to run.", BUSY
                ) from None
            raise _not_the_program(program.output()) from None
    finally:
        reached.cancel()
        ended.cancel()


def _not_the_program(printed: str) -> NotYet:
    return NotYet(
        f"{AGENT_PROGRAM} as the lesson wrote it: four model calls, then the answer",
        f"it ended differently: {printed.strip()[-300:] or 'no output'}",
        f"{AGENT_PROGRAM}: run the cell that writes it again",
    )
