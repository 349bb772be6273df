"""What a crash costs: the program around the agent is killed in its fourth model call, and run again."""

from __future__ import annotations

import asyncio

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.checks.workflows import probe_numbers
from workshop.exercises.first_agent.program import AGENT_PROGRAM, need_program
from workshop.exercises.questions import WHERE_I_AM

_SDK = "https://openai.github.io/openai-agents-python"


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
        reached = asyncio.ensure_future(held.hit())
        ended = asyncio.ensure_future(program.wait())
        await asyncio.wait([reached, ended], return_when=asyncio.FIRST_COMPLETED)
        for waiting in (reached, ended):
            waiting.cancel()
        if not program.running:
            raise _not_the_program(program.output())
        program.kill()
    program = await bench.process(AGENT_PROGRAM, WHERE_I_AM)
    if await program.wait() != 0:
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


def _not_the_program(printed: str) -> NotYet:
    return NotYet(
        f"{AGENT_PROGRAM} as the lesson wrote it: four model calls, then the answer",
        f"it ended differently: {printed.strip()[-300:] or 'no output'}",
        f"{AGENT_PROGRAM}: run the cell that writes it again",
    )
