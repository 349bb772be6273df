"""The loop around model and tools: one reply a turn, its tool calls at once, a limit on the turns."""

from __future__ import annotations

from workshop.checks.bench import Bench, NotYet, describe
from workshop.checks.registry import exercise
from workshop.exercises.native_agent.asked import (
    MODEL,
    TALKATIVE,
    Asked,
    ask,
    items_sent,
)
from workshop.exercises.native_agent.judged import (
    judge_answer,
    judge_conversation,
    judge_ended,
    judge_replays,
    judge_tools_answered,
)
from workshop.exercises.native_agent.project import id_of_part, project
from workshop.exercises.questions import CALIFORNIA, HAIKU, REFUSED, SIX_THINGS, WHERE_I_AM

_TEMPORAL = "https://docs.temporal.io"

_LOOP = "the loop in `run`"
_ALERTS, _LOCATION, _ADDRESS = "get_weather_alerts", "get_location_info", "get_ip_address"

# Question, turn limit, activities; a tuple among them: at the same time, in any order.
_ASKED: tuple[tuple[str, int, tuple[str | tuple[str, ...], ...]], ...] = (
    (HAIKU, 10, (MODEL,)),
    (CALIFORNIA, 10, (MODEL, _ALERTS, MODEL)),
    ("Are there any weather alerts in California and in Texas?", 10, (MODEL, (_ALERTS, _ALERTS), MODEL)),
    # As many turns as it needs: the limit itself is allowed.
    (WHERE_I_AM, 4, (MODEL, _ADDRESS, MODEL, _LOCATION, MODEL, _ALERTS, MODEL)),
)


@exercise(
    proves="The model decided each step, the loop kept the conversation, and the caller learns of the turn limit.",
    hints=(
        "Describe one turn in words: ask, then ... until ... At which two points does the loop end?",
        "`for _ in range(question.max_turns):` with `await ask(conversation)`; "
        "`await asyncio.gather(*[answer(call) for call in calls])` works in a workflow: "
        f"{_TEMPORAL}/develop/python/workflows/basics",
        "for _ in range(question.max_turns):\n    reply = await ask(conversation)\n"
        '    calls = [item for item in reply.items if item["type"] == "function_call"]\n'
        "    if not calls:\n        return ...\n    conversation += reply.items\n"
        "    conversation += await asyncio.gather(...)\n"
        'raise ApplicationError("...", type="TurnLimit")',
    ),
    timeout=90,
)
async def workflow(bench: Bench) -> str:
    """Questions of one, two and four turns, one that runs out of turns, and a model that talks more or fails."""
    with project(bench):
        *all_asked, stopped = await ask(
            bench, [*((text, turns) for text, turns, _ in _ASKED), (WHERE_I_AM, 2)], _LOOP
        )
        # Two turns are enough for six calls in one reply.
        talkative, many, refused = await ask(
            bench, [(CALIFORNIA, 2), (SIX_THINGS, 2), (REFUSED, 2)], _LOOP, model=TALKATIVE
        )
    for asked, (_, limit, steps) in zip(all_asked, _ASKED, strict=True):
        _judge_run(asked, limit, steps)
    _judge_stopped(stopped)
    _judge_talkative(talkative)
    _judge_many(many)
    if refused.ended != "failed":
        raise NotYet(
            "the run to fail when the model call has failed for good: then no answer can come",
            f"it returned {describe(refused.answer)}",
            f"{_LOOP}: what it catches",
        )
    for asked in (*all_asked, stopped, talkative, many):
        judge_replays(asked, "`run`: with the same history, it must take the same path")
    return f"The four turns of the last question: {all_asked[-1].steps}"


def _judge_run(asked: Asked, limit: int, steps: tuple[str | tuple[str, ...], ...]) -> None:
    judge_conversation(asked, f"{_LOOP}: what is added to `conversation`")
    if asked.kind == "TurnLimit":
        raise NotYet(
            f'"{asked.question}" to be answered within {limit} turns',
            f"{asked.why}, after {_count(asked)}",
            f"{_LOOP}: how many turns `max_turns` allows, and what ends it",
        )
    judge_tools_answered(
        asked, f"the tools of exercises {id_of_part('weather_tools')} and {id_of_part('tool_activity')}"
    )
    judge_ended(asked, _LOOP)
    at = 0
    for step in steps:
        names = (step,) if isinstance(step, str) else step
        now = asked.activities[at : at + len(names)]
        at += len(names)
        if sorted(one.name for one in now) != sorted(names):
            raise _not_the_steps(asked, steps)
        if len({one.asked_by for one in now}) > 1:
            raise NotYet(
                f"the calls of one reply to run at the same time: {', '.join(names)}",
                "one after the other: the second was scheduled only after the first had completed",
                f"{_LOOP}: `asyncio.gather`",
            )
    if at != len(asked.activities):
        raise _not_the_steps(asked, steps)
    judge_answer(asked, _LOOP)


def _judge_talkative(asked: Asked) -> None:
    """The first reply holds a thought and a text beside its call, as real models' replies often do."""
    if [one.name for one in asked.activities] != [MODEL, _ALERTS, MODEL]:
        raise NotYet(
            "a reply whose items are reasoning, message and function_call to lead to one tool call",
            f"{asked.steps}; {asked.why or 'it returned ' + describe(asked.answer)}",
            f'{_LOOP}: the tool calls are the items whose "type" is "function_call";'
            " only a reply without any ends the run",
        )
    judge_conversation(asked, f"{_LOOP}: what is added to `conversation`")
    judge_answer(asked, _LOOP)


def _judge_many(asked: Asked) -> None:
    """Six calls in one reply, answered together, each with what its own tool said."""
    look = f"{_LOOP}: the tool calls of one reply are one turn"
    if asked.kind == "TurnLimit":
        raise NotYet(
            "six calls in one reply, then an answer: two turns, which max_turns=2 allows", asked.why, look
        )
    judge_ended(asked, _LOOP)
    judge_conversation(asked, f"{_LOOP}: what is added to `conversation`")
    for item in items_sent(asked.model_calls[-1]):
        if item.get("type") == "function_call_output":
            number = str(item["call_id"]).rpartition("_")[2]
            if f'"{number}"' not in item["output"]:
                raise NotYet(
                    f"the answer to {item['call_id']} to be what its own tool said",
                    f"the output {item['output']}",
                    f"{_LOOP}: which answer goes with which call",
                )
    judge_answer(asked, _LOOP)


def _not_the_steps(asked: Asked, steps: tuple[str | tuple[str, ...], ...]) -> NotYet:
    told = ", ".join(step if isinstance(step, str) else " and ".join(step) for step in steps)
    return NotYet(f'for "{asked.question}" the activities {told}', asked.steps, _LOOP)


def _judge_stopped(asked: Asked) -> None:
    """Two turns for a question that needs four."""
    look = f"{_LOOP}: what happens after `question.max_turns` turns"
    if len(asked.model_calls) != 2:
        raise NotYet("two model calls where max_turns is 2", f"{_count(asked)}", look)
    if asked.ended == "completed":
        raise NotYet(
            "the run to fail with an ApplicationError of type TurnLimit, so that the caller sees it",
            f"it completed: {describe(asked.answer)}",
            look,
        )
    if asked.kind != "TurnLimit":
        raise NotYet(
            "an ApplicationError of type TurnLimit",
            asked.why + (f", of type {asked.kind}" if asked.kind else ", without a type"),
            look,
        )


def _count(asked: Asked) -> str:
    number = len(asked.model_calls)
    return f"{number} model call{'' if number == 1 else 's'}"
