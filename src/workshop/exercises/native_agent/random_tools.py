"""Another set of tools for the same agent: one with two arguments, and a range that cannot be."""

from __future__ import annotations

import random
import re
import traceback
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.exercises.native_agent.asked import ask
from workshop.exercises.native_agent.judged import judge_answer, judge_tools_answered, tool_used
from workshop.exercises.native_agent.project import files_from, id_of_part, project
from workshop.exercises.native_agent.tools import judge_schema, need_run, schemas

_OPENAI = "https://platform.openai.com/docs"


@exercise(
    proves="The same loop and the same activity served another set of tools, and each number is in the history.",
    hints=(
        "Which of the three weather tools is most like this one, except that it has one argument?",
        "Two fields with `Field(description=...)`, and in `run`: `random.randint(low, high)`, a text as the result: "
        f"{_OPENAI}/guides/function-calling",
        'class RandomNumber(BaseModel):\n    """Get a random whole number ..."""\n\n'
        '    low: int = Field(description="...")\n    high: int = Field(description="...")\n\n'
        "    async def run(self) -> str:\n        if self.low > self.high:\n            raise ValueError(...)\n"
        "        return str(random.randint(...))",
    ),
    timeout=90,
)
async def random_tools(bench: Bench) -> str:
    """The tool alone, then as the only tool of the agent: twice with a range, once with none."""
    look = "class RandomNumber"
    questions = [
        ("Give me a random number between 17 and 19.", 5),
        ("Give me a random number between 300 and 900.", 5),
        ("Give me a random number between 9 and 4.", 5),
    ]
    with project(bench, tools="random_tools"):
        first, second = [await bench.run(_probe_random), await bench.run(_probe_draws)]
        if first == second:
            raise NotYet(
                "different numbers each time the worker starts",
                f"the same in two processes: {', '.join(first[:3])} and so on",
                f"{look}: what is random about it, and its seed",
            )
        *ranges, nothing = await ask(bench, questions, look)
    for asked, (low, high) in zip(ranges, ((17, 19), (300, 900)), strict=True):
        judge_tools_answered(asked, look)
        judge_answer(asked, files_from("tool_activity", "workflow"))
        output = tool_used(asked, ["random_number"], f"{look}: docstring and fields").output
        if not output.strip().isdecimal() or not low <= int(output) <= high:
            raise NotYet(f"a whole number from {low} to {high}", repr(output), f"{look}, `run`")
    failed = tool_used(nothing, ["random_number"], f"{look}: docstring and fields")
    # A class of one's own that is a ValueError is tried three times: ATTEMPTS goes by the name.
    if failed.ended != "failed" or (failed.attempts != 1 and failed.kind == "ValueError"):
        raise NotYet(
            "one attempt, and a failure, if low is greater than high",
            f"{failed.attempts} attempts; {failed.problem or describe(failed.output)}",
            f"{look}, `run`",
        )
    if not nothing.model_was_told(failed.message):
        raise NotYet(
            "the model to be told what was wrong",
            f"it was not sent {failed.message!r}",
            f"exercise {id_of_part('tool_calls')}, `answer`",
        )
    return f"Between 9 and 4 it said: {failed.message}"


_SAYS_SO = re.compile(
    r"low|high|\b[94]\b|\bmin|\bmax|great|larg|small|less|more|exceed|upper|bound|range|order|swap|first|second",
    re.IGNORECASE,
)
"""In a message about the range from 9 to 4: a bound, by name or number, or what is wrong between the two."""


async def _probe_random(module: ModuleType) -> list[str]:
    """Numbers as :func:`_probe_draws` draws them first, which say whether another process draws the same."""
    tool = need(module, "RandomNumber", type, "a class")
    need_run(module, tool)
    schema = schemas().get("random_number")
    if schema is None:
        raise NotYet(
            "the tool random_number",
            f"TOOLS has {', '.join(schemas()) or 'none'}",
            f"{place_of(module)}: TOOLS",
        )
    judge_schema(schema, "class RandomNumber", {"low": "integer", "high": "integer"})
    place = place_of(module, tool.run)
    first = await _probe_draws(module)
    drawn: dict[tuple[int, int], set[str]] = {}
    for low, high in [(1, 1000)] * 30 + [(3, 4)] * 40 + [(-9, -5)] * 5 + [(17, 17)]:
        number = await _drawn(tool, low, high, place)
        if not isinstance(number, str):
            raise NotYet("a string from `run`, as its `-> str` says", describe(number), place)
        try:
            fits = low <= int(number) <= high
        except ValueError:
            fits = False
        if not fits:
            raise NotYet(f"a whole number from {low} to {high}", repr(number), place)
        drawn.setdefault((low, high), set()).add(number.strip())
    if len(drawn[1, 1000]) == 1:
        raise NotYet("a random number", f"{drawn[1, 1000].pop()} thirty times, between 1 and 1000", place)
    if missing := {"3", "4"} - drawn[3, 4]:
        raise NotYet(
            "each whole number from the lowest to the highest, these included",
            f"between 3 and 4, {missing.pop()} did not come up once in forty draws",
            place,
        )
    await _judge_impossible(tool, place)
    return first


async def _drawn(tool: Any, low: int, high: int, place: str) -> Any:
    try:
        return await tool(low=low, high=high).run()
    except Exception as error:
        told = " ".join(str(error).split())
        raise NotYet(
            f"a whole number from {low} to {high}", f"{type(error).__name__}: {shorten(told, 200)}", place
        ) from None


async def _probe_draws(module: ModuleType) -> list[str]:
    place = place_of(module, module.RandomNumber.run)
    return [str(await _drawn(module.RandomNumber, 1, 10**6, place)) for _ in range(5)]


async def _judge_impossible(tool: Any, place: str) -> None:
    """From 9 to 4 there is nothing: a ValueError of the learner's own says so."""
    try:
        number = await tool(low=9, high=4).run()
    except ValueError as error:
        said = str(error)
        if not said.strip():
            raise NotYet("a ValueError that says what was wrong", "one without a message", place) from None
        if traceback.extract_tb(error.__traceback__)[-1].filename == random.__file__:
            raise NotYet(
                "a ValueError of yours, which says that low is greater than high",
                f"Python's own error from `random`, which names other numbers: {error}",
                place,
            ) from None
        if not _SAYS_SO.search(said):
            raise NotYet(
                "a ValueError that tells the model that low is greater than high", repr(said), place
            ) from None
        return
    except Exception as error:
        raise NotYet(
            "a ValueError if low is greater than high", f"{type(error).__name__}: {error}", place
        ) from None
    raise NotYet("a ValueError if low is greater than high", describe(number), place)
