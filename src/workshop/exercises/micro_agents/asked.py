"""The checks of lesson 5, "Micro-agents".

A probe runs the learner's workflow on a worker in the child process. The event history then tells who was called when,
with what, and what came of it: which steps stood side by side, and which agent was given whose words.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import itertools
import os
import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .agent_runs import (
    MODEL_CALL,
    asked_in,
    calls_asked_for,
    instructions_of,
    items_of,
    judge_result,
    judge_steps,
    need_files,
    run_ids,
    said_in,
    start_all,
    text_of,
    told_steps,
)
from .bench import Bench, NotYet, describe, need, need_function, place_of
from .endings import beside, ending_of, result_of
from .histories import ActivityRun, activity_runs, child_runs
from .outcomes import shorten
from .questions import CALIFORNIA, HAIKU
from .registry import exercise
from .workflows import course_files, handle_of, misfit, running_worker, task_queue

if TYPE_CHECKING:
    from agents import Agent
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.faults import Fault

_SDK_DOCS = "https://openai.github.io/openai-agents-python"
_DOCS = "https://docs.temporal.io/develop/python"

FOLDER = "my/micro_agents"
TEAM = tuple(f"{FOLDER}/{name}.py" for name in ("activities", "shared", "tools", "team"))
RESEARCH = (*TEAM, f"{FOLDER}/papers.py", f"{FOLDER}/research_team.py")
LOOK_UP = f"{FOLDER}/look_up.py"

STATES = ("California", "Texas", "Hawaii")
WEATHER = ["model", "get_weather_alerts", "model"]
TEXAS = """There are 3 weather alerts for Texas (TX):
- Flood Watch (Severe): Inland Harris; Coastal Harris; Inland Brazoria
- Wind Advisory (Moderate): Guadalupe Mountains of Culberson County; Midland
- Dense Fog Advisory (Minor): Inland Kleberg; Coastal Nueces"""
BRIEF = "There is 1 weather alert for Texas (TX): Flood Watch, in Inland and Coastal Harris."
MOST_CALLS = 6
"""Model calls that a run of exercise 5.3 may make: a draft and a verdict, three times."""
NOWHERE = (
    "There are two weather alerts for a place that nobody has told us the name of: Flood Watch, Dense Fog."
)


# --- 5.1 ---------------------------------------------------------------------------------------------


@exercise(
    "5.1",
    file=f"{FOLDER}/notice.py",
    proves="The weather agent answered, the editor was given that answer, and its notice is the result.",
    hints=(
        "What does the second agent need before it can begin? Whose words are the result?",
        f"`await Runner.run(agent, text)` twice, and `final_output` of each: {_SDK_DOCS}/results/",
        "alerts = await Runner.run(weather_agent(), question)\n"
        "notice = await Runner.run(editor(), str(alerts.final_output))\nreturn str(...)",
    ),
    timeout=60,
)
async def sequence(bench: Bench) -> str:
    """Two questions; the last model call is the editor's, and was given what the weather agent said."""
    need_files(bench, *TEAM)
    questions = {"california": CALIFORNIA, "texas": "Are there any weather alerts in Texas?"}
    results = await bench.run(_probe_answers, "Notice", run_ids(bench, questions))
    for name, question in questions.items():
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        judge_steps(
            runs, [*WEATHER, "model"], question, "the body of `run`: the weather agent, then the editor"
        )
        answer, given = said_in(runs[2]), [text_of(item) for item in items_of(runs[3])]
        if instructions_of(runs[3]) == instructions_of(runs[2]):
            raise NotYet("the editor to speak last", "the weather agent spoke again", "the second Runner.run")
        if not any(answer.strip() in one for one in given):
            raise NotYet(
                "the editor to be given the weather agent's answer",
                f"it was given {shorten(given[-1], 120)!r}",
                "the second argument of the second Runner.run: `final_output`",
            )
        judge_result(results[name], runs)
    return f"The notice: {results['california']}"


async def _probe_answers(module: ModuleType, name: str, questions: dict[str, list[str]]) -> dict[str, Any]:
    """In the child: ask a workflow several questions at once; its results by the questions' names."""
    from .lesson4_workflows import plugin

    defined = need(module, name, type, "a class")
    look = f"the body of `{name}.run`"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=_activities()) as client:
        handles = await start_all(client, name, questions)
        results = await asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
    last = list(handles.values())[-1]
    if problem := await misfit(last, workflows=[defined], plugins=[plugin()]):
        raise NotYet("a run that replays", problem, look)
    return dict(zip(handles, results, strict=True))


# --- 5.2 ---------------------------------------------------------------------------------------------


@exercise(
    "5.2",
    file=f"{FOLDER}/bulletin.py",
    proves="Three agents began in the same step, and the editor was given what each of them said, in order.",
    hints=(
        "Does the answer for Texas need the answer for California? What must have ended before the editor begins?",
        "`asyncio.gather(*[...])` takes coroutines that have not been awaited: "
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather",
        "results = await asyncio.gather(*[Runner.run(weather_agent(), question) for question in questions])\n"
        'answers = "\\n\\n".join(str(result.final_output) for result in results)\n'
        "bulletin = await Runner.run(editor(), ...)\nreturn ...",
    ),
    timeout=60,
)
async def parallel(bench: Bench) -> str:
    """Three states: their first model calls were asked for by the same workflow task."""
    need_files(bench, *TEAM)
    result = await bench.run(_probe_one, "Bulletin", list(STATES), bench.scope)
    runs = await activity_runs(await handle_of(bench))
    calls = [run for run in runs if run.name == MODEL_CALL]
    questions = [f"Are there any weather alerts in {state}?" for state in STATES]
    firsts = [next((one for one in calls if asked_in(one) == question), None) for question in questions]
    found = [one for one in firsts if one is not None]
    if len(found) < len(questions):
        missing = questions[firsts.index(None)]
        raise NotYet(f"a weather agent that is asked {missing!r}", told_steps(runs), "`questions`, in gather")
    if len({one.asked_by for one in found}) > 1:
        raise NotYet(
            "the three agents to begin at the same time",
            "one began after another had ended",
            "`asyncio.gather(*[Runner.run(...) for ...])`, without an `await` before Runner.run",
        )
    answers = {text_of(items_of(one)[0]): said_in(one).strip() for one in calls if said_in(one)}
    given = asked_in(calls[-1])
    if len(calls) != 7 or calls[-1] in found or instructions_of(calls[-1]) == instructions_of(calls[0]):
        raise NotYet(
            "seven model calls: two for each state, and one for the editor at the end",
            f"{len(calls)} model calls",
            "the editor's Runner.run, after gather",
        )
    _judge_joined(given, [answers[question] for question in questions])
    judge_result(result, runs)
    return f"The bulletin:\n{result}"


def _judge_joined(given: str, answers: Sequence[str]) -> None:
    pattern = r"\n\s*\n".join(re.escape(one) for one in answers)
    if re.search(pattern, given):
        return
    look = "the text that the editor is given: '\"\\n\\n\".join(...)'"
    for one in answers:
        if one not in given:
            raise NotYet(
                "the editor to be given each state's answer",
                f"this one is missing: {shorten(one, 80)!r}",
                look,
            )
    raise NotYet(
        "the answers in the order of the states, with an empty line between two of them",
        f"{shorten(given, 160)!r}",
        look,
    )


async def _probe_one(module: ModuleType, name: str, argument: Any, workflow_id: str) -> Any:
    return (await _probe_answers(module, name, {"": [argument, workflow_id]}))[""]


# --- 5.3 ---------------------------------------------------------------------------------------------


@exercise(
    "5.3",
    file=f"{FOLDER}/judged.py",
    proves="A good draft passed at once, a long one at the second try, and one that cannot pass ended after three.",
    hints=(
        "When does the loop end? There are two reasons, and the caller wants to know which it was.",
        f"`for number in range(1, ROUNDS + 1)`, `break`, and `final_output_as(Verdict)`: {_SDK_DOCS}/results/",
        "task = alerts\nfor number in range(1, ROUNDS + 1):\n"
        "    draft = str((await Runner.run(writer(), task)).final_output)\n"
        "    verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)\n"
        "    if verdict.passed:\n        break\n    task = again(...)\nreturn Judged(...)",
    ),
    timeout=60,
)
async def judged(bench: Bench) -> str:
    """Three texts: a draft of one passes at once, of another after feedback, of the third never."""
    need_files(bench, *TEAM, f"{FOLDER}/judging.py")
    texts = {"brief": BRIEF, "long": TEXAS, "never": NOWHERE}
    results = await bench.run(_probe_judged, run_ids(bench, texts))
    rounds_of = {"brief": 1, "long": 2, "never": 3}
    runs_of = {name: await activity_runs(await handle_of(bench, f"{bench.scope}-{name}")) for name in texts}
    for name, runs in runs_of.items():
        _judge_rounds(runs, rounds_of[name], texts[name])
    for name, runs in runs_of.items():
        wanted = {"rounds": rounds_of[name], "passed": name != "never", "text": said_in(runs[-2])}
        result = results.get(name)
        if result != wanted:
            got = _told_judged(result) if isinstance(result, dict) else describe(result)
            raise NotYet(
                _told_judged(wanted),
                got,
                "the `return` of `run`: the last draft, the number of rounds, and whether it passed",
            )
    return f"After two rounds: {results['long']['text']}"


def _told_judged(result: Mapping[str, Any]) -> str:
    names = ("rounds", "passed", "text")
    return f"Judged({', '.join(f'{name}={shorten(repr(result.get(name)), 60)}' for name in names)})"


def _judge_rounds(runs: Sequence[ActivityRun], rounds: int, alerts: str) -> None:
    """What each was given comes first: a loop of a wrong length mostly comes of that."""
    look = "the loop in `run`"
    for n, (draft, verdict) in enumerate(itertools.pairwise(runs)):
        if n % 2:
            continue
        if asked_in(verdict).strip() != said_in(draft).strip():
            raise NotYet(
                "the judge to be given the draft alone",
                f"it was given {shorten(asked_in(verdict), 120)!r}",
                f"{look}: the judge's Runner.run",
            )
        task = asked_in(draft)
        if alerts not in task:
            raise NotYet(
                "the writer to be given the alerts each time",
                f"it was given {shorten(task, 120)!r}",
                f"{look}: `again(alerts, draft, feedback)`",
            )
        if n and not (said_in(runs[n - 2]) in task and _feedback(runs[n - 1]) in task):
            raise NotYet(
                f"the writer to be given its draft and the feedback {_feedback(runs[n - 1])!r}",
                f"it was given {shorten(task, 160)!r}",
                f"{look}: `again(alerts, draft, verdict.feedback)`",
            )
        if n and task.count(_feedback(runs[n - 1])) > 1:
            raise NotYet(
                "the writer to be given the alerts, its last draft alone, and the feedback on that",
                f"in round {n // 2 + 1} it was given that of an earlier round as well",
                f"{look}: `again(alerts, draft, verdict.feedback)`, with the alerts as they came",
            )
    if len(runs) != 2 * rounds or any(run.name != MODEL_CALL for run in runs):
        more = " and more to come" if len(runs) > MOST_CALLS else ""
        raise NotYet(
            f"{2 * rounds} model calls, a draft and a verdict in each round, for {shorten(alerts, 60)!r}",
            f"{len(runs)} model calls{more}",
            f"{look}: `verdict.passed`, and ROUNDS",
        )


async def _probe_judged(module: ModuleType, texts: dict[str, list[str]]) -> dict[str, Any]:
    """In the child: the results; none as soon as one of the runs has made more model calls than it may."""
    from temporalio.client import Client
    from temporalio.service import RPCError

    answers = asyncio.ensure_future(_probe_answers(module, "JudgedNotice", texts))
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    while not answers.done():
        await asyncio.wait({answers}, timeout=0.3)
        for _, workflow_id in texts.values():
            with contextlib.suppress(RPCError):
                if len(await activity_runs(client.get_workflow_handle(workflow_id))) > MOST_CALLS:
                    return {}
    return await answers


def _feedback(call: ActivityRun) -> str:
    found = re.search(r'"feedback":\s*"((?:[^"\\]|\\.)*)"', said_in(call))
    return found[1] if found else ""


# --- 5.4 ---------------------------------------------------------------------------------------------


@exercise(
    "5.4",
    file=f"{FOLDER}/desk.py",
    proves="One loop, three personas: the model handed two questions over, and kept the third.",
    hints=(
        "Which three things does this agent need? It needs no tools of its own.",
        f"`Agent(name=..., instructions=..., handoffs=[...])`: {_SDK_DOCS}/handoffs/",
        'return Agent(\n    name="Triage agent",\n    instructions=INSTRUCTIONS,\n'
        "    handoffs=[weather_agent(), ...],\n)",
    ),
    timeout=60,
)
async def desk(bench: Bench) -> str:
    """Three questions: one for each agent of the team, and one for nobody."""
    need_files(bench, *TEAM)
    questions = {"haiku": HAIKU, "california": CALIFORNIA, "where": "Where am I?"}
    instructions = await bench.run(_probe_desk)
    results = await bench.run(_probe_answers, "Desk", run_ids(bench, questions))
    where = ["model", "model", "get_ip_address", "model", "get_location_info", "model"]
    for name, speaker, steps in (
        ("haiku", "Triage agent", ["model"]),
        ("california", "Weather agent", ["model", *WEATHER]),
        ("where", "Local info agent", where),
    ):
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        asked = calls_asked_for(runs[0])
        if asked and not asked[0].startswith("transfer_to_"):
            raise NotYet(
                "the triage agent to hand the question over",
                f"it asked for {', '.join(asked)}, and will answer itself",
                "`triage_agent`: `handoffs=`, not `tools=`",
            )
        if instructions not in instructions_of(runs[0]):
            raise NotYet(
                f"the triage agent to be told {instructions!r}",
                f"it was told {shorten(instructions_of(runs[0]), 120)!r}",
                "`instructions=` of triage_agent",
            )
        judge_steps(runs, steps, questions[name], "`handoffs=` of triage_agent: both agents of the team")
        said = str(results[name]).partition(":")[0]
        if said != speaker:
            raise NotYet(
                f"{speaker!r} to answer {questions[name]!r}",
                f"{said!r} did",
                "`triage_agent`: its name, its handoffs",
            )
    return f"{results['where'].splitlines()[0]}"


def _probe_desk(module: ModuleType) -> str:
    """In the child: look at the agent before it runs, and tell INSTRUCTIONS."""
    from agents import Agent, Handoff

    agent = _made(module, "triage_agent")
    if misplaced := [tool.name for tool in agent.tools if isinstance(tool, Agent)]:
        raise NotYet(
            "agents in `handoffs=`",
            f"the agent {misplaced[0]!r} in `tools=`, which takes no agents",
            place_of(module, module.triage_agent),
        )
    for one in agent.handoffs:
        if not isinstance(one, (Agent, Handoff)):
            raise NotYet(
                "agents in `handoffs=`",
                f"{describe(one)}: call it, and it makes an agent"
                if inspect.isfunction(one)
                else describe(one),
                place_of(module, module.triage_agent),
            )
    return str(need(module, "INSTRUCTIONS", str, "a text"))


def _made(module: ModuleType, name: str) -> Agent[Any]:
    """In the child: the agent that the learner's function makes.

    Raises:
        NotYet: it makes none.
    """
    from agents import Agent

    function = need_function(module, name)
    agent = function()
    if not isinstance(agent, Agent):
        raise NotYet(
            f"an Agent from `{name}()`", describe(agent), f"{place_of(module, function)}: its `return`"
        )
    return agent


# --- 5.5 ---------------------------------------------------------------------------------------------


@exercise(
    "5.5",
    file=f"{FOLDER}/concierge.py",
    proves="The concierge asked two agents at once, each in a loop of its own, and answered itself.",
    hints=(
        "In the last exercise the other agent answered the user. Who shall now?",
        f"`agent.as_tool(tool_name=..., tool_description=...)` gives a tool: {_SDK_DOCS}/tools/",
        'alerts = weather_agent().as_tool(\n    tool_name="weather_alerts", tool_description="..."\n)\n'
        "location = ...\nreturn Agent(name=..., instructions=..., tools=[alerts, location])",
    ),
    timeout=60,
)
async def concierge(bench: Bench) -> str:
    """A question that needs both agents."""
    need_files(bench, *TEAM)
    question = "Where am I? And are there any weather alerts in Texas?"
    await bench.run(_probe_concierge)
    result = await bench.run(_probe_one, "Concierge", question, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    look = "`tools=` of concierge: two, each made with as_tool"
    asked = calls_asked_for(runs[0])
    if any(name.startswith("transfer_to_") for name in asked):
        raise NotYet("the other agents as tools", "a handoff: the concierge is not asked again", look)
    if sorted(asked) != ["user_location", "weather_alerts"]:
        got = f"it asked for {', '.join(asked)}" if asked else "it asked for none"
        raise NotYet(f"the model to ask for weather_alerts and user_location for {question!r}", got, look)
    used = {run.name for run in runs} - {MODEL_CALL}
    if used != {"get_ip_address", "get_location_info", "get_weather_alerts"}:
        raise NotYet("each agent to use its own tools", told_steps(runs), "which agent is which tool")
    if not str(result).startswith("Concierge:"):
        raise NotYet("the agent 'Concierge' to answer", describe(result), "`name=` of concierge")
    if instructions_of(runs[0]) != "Use your tools.":
        raise NotYet(
            'the instructions "Use your tools."',
            repr(instructions_of(runs[0])),
            "`instructions=` of concierge",
        )
    return f"{len([run for run in runs if run.name == MODEL_CALL])} model calls in three loops, one workflow."


def _probe_concierge(module: ModuleType) -> None:
    """In the child: look at the agent before it runs."""
    from agents import Agent

    for one in _made(module, "concierge").tools:
        if isinstance(one, Agent) or inspect.isroutine(one):
            got = f"the agent {one.name!r} itself" if isinstance(one, Agent) else describe(one)
            raise NotYet(
                "tools in `tools=`",
                f"{got}: `as_tool(...)` of an agent makes a tool of it",
                place_of(module, module.concierge),
            )


# --- 5.6 ---------------------------------------------------------------------------------------------


@exercise(
    "5.6",
    file=f"{FOLDER}/office.py",
    proves="Three children began at the same time on a queue of their own, and the parent joined what they said.",
    hints=(
        "A child workflow is awaited like an agent's run. How did three of those run side by side?",
        f"`workflow.execute_child_workflow(Forecast.run, state, id=..., task_queue=...)`: {_DOCS}/child-workflows",
        "own = workflow.info().workflow_id\nchildren = [\n    workflow.execute_child_workflow(\n"
        '        Forecast.run, state, id=f"{own}-{state}", task_queue=FORECASTS\n    )\n    for state in states\n]\n'
        'return "\\n\\n".join(await asyncio.gather(...))',
    ),
    timeout=60,
)
async def office(bench: Bench) -> str:
    """The parent's worker does not know the child: only the forecasts' own worker can run it."""
    need_files(bench, *TEAM, f"{FOLDER}/forecast.py")
    seen = await bench.run(_probe_office, list(STATES), bench.scope)
    children = await child_runs(await handle_of(bench))
    look = "`workflow.execute_child_workflow(...)`"
    if sorted(one.input for one in children) != sorted((state,) for state in STATES):
        got = ", ".join(f"{one.name}({', '.join(map(str, one.input))})" for one in children) or "none"
        raise NotYet(f"a child for each of {', '.join(STATES)}", got, look)
    if any(one.queue != seen["queue"] for one in children):
        raise NotYet(
            "children on the queue FORECASTS", "a child on the parent's own queue", f"{look}: `task_queue=`"
        )
    if not seen["together"]:
        raise NotYet(
            "the three children to run at the same time",
            "while one was waiting for its weather alerts, the others had not begun",
            "`asyncio.gather`: without an `await` before each child",
        )
    wanted = "\n\n".join(seen["answers"])
    if seen["result"] != wanted:
        raise NotYet(
            "the children's answers with an empty line between two of them",
            describe(seen["result"]),
            "the `return` of `run`",
        )
    return ""


async def _probe_office(module: ModuleType, states: list[str], workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    from .lesson4_workflows import plugin

    defined = need(module, "Office", type, "a class")
    forecast = importlib.import_module("my.micro_agents.forecast").Forecast
    queue = importlib.import_module("my.micro_agents.shared").FORECASTS
    look = "the body of `Office.run`"
    # A child that were sent to the parent's queue would find a worker that does not know it; it is judged all the same.
    async with (
        running_worker(plugins=[plugin()], workflows=[defined, forecast], activities=_activities()) as client,
        running_worker(client=client, queue=queue, workflows=[forecast], activities=_activities()),
    ):
        with fault("weather", "delay", delay=20) as held:
            handle = await client.start_workflow("Office", states, id=workflow_id, task_queue=task_queue())
            together = await _all_begun(handle, held, len(states))
            if together:
                await _need_own_ids(client, handle, states[:1])
        result = await result_of(handle, look)
        children = {one.input: client.get_workflow_handle(one.id) for one in await child_runs(handle)}
        answers = [await result_of(children[(state,)], look, what="the child") for state in states]
    return {"result": result, "answers": answers, "queue": queue, "together": together}


async def _all_begun(handle: WorkflowHandle[Any, Any], held: Fault, number: int) -> bool:
    """Whether a run asks for so many children although the weather service keeps the first ones waiting.

    Raises:
        NotYet: the parent has failed before that.
    """

    async def begun() -> bool:
        idle = 0
        while len(children := await child_runs(handle)) < number:
            # A child waits, and the parent has nothing to do: it waits for that child. Seen more than once, for
            # the parent hears of a child's start a little later than the child.
            described = (await handle.describe()).raw_description
            waits = held.hits > 0 and not described.HasField("pending_workflow_task")
            idle = idle + 1 if waits else 0
            if idle == 4:
                return False
            await asyncio.sleep(0.3)
        if len({one.id for one in children}) < number:
            raise NotYet(
                "three children, each with an id of its own",
                f"two were to have the id {children[-1].id!r}",
                "`id=` of workflow.execute_child_workflow: the state in it",
            )
        return True

    look = "the body of `Office.run`"
    return await beside(handle, begun(), look, expected="three children at work", timeout=20)


async def _need_own_ids(client: Client, handle: WorkflowHandle[Any, Any], states: list[str]) -> None:
    """Start a second parent for some of the states while the first one's children are at work.

    Raises:
        NotYet: a child of the second needs the id of one of the first.
    """
    other = await client.start_workflow("Office", states, id=f"{handle.id}-2", task_queue=task_queue())

    async def asked_for() -> set[str]:
        while not (children := await child_runs(other)):  # noqa: ASYNC110 - it only looks
            await asyncio.sleep(0.1)
        return {one.id for one in children}

    look = "the body of `Office.run`"
    ids = await beside(other, asked_for(), look, expected="a second office to begin", timeout=20)
    if ids & {one.id for one in await child_runs(handle)}:
        raise NotYet(
            "children of two offices that work at the same time, each with an id of its own",
            f"both wanted the id {min(ids)!r}",
            "`id=` of workflow.execute_child_workflow: the parent's id in it",
        )


# --- 5.7 ---------------------------------------------------------------------------------------------


@exercise(
    "5.7",
    file=LOOK_UP,
    proves="Two of three searches went through, the third said why it had not, and a cancelled run stayed cancelled.",
    hints=(
        "Where can you still know which of the searches it was that failed?",
        "`except AgentsWorkflowError as error`; what the activity raised is `error.__cause__.__cause__`: "
        f"{_DOCS}/failure-detection",
        'try:\n    result = await Runner.run(searcher(), f"Search for: {search.query}")\n'
        "    return str(result.final_output)\nexcept AgentsWorkflowError as error:\n"
        '    return f"The search failed: ..."',
    ),
    timeout=60,
)
async def look_up(bench: Bench) -> str:
    """Three searches side by side, of which one fails for good; and a run that is cancelled while it searches."""
    from .lesson5_workflows import CLOSED

    need_files(bench, *RESEARCH)
    seen = await bench.run(_probe_look_up, bench.scope)
    look = "the body of `look_up`"
    runs = await activity_runs(await handle_of(bench))
    answers = {asked_in(run): said_in(run).strip() for run in runs if run.name == MODEL_CALL and said_in(run)}
    for query, note in zip(seen["queries"], seen["notes"], strict=True):
        if not isinstance(note, str):
            raise NotYet(f"a note for {query!r}, as a text", describe(note), f"{look}: what it returns")
        if query == seen["shut"]:
            if not note.startswith("The search failed"):
                raise NotYet('"The search failed" at the beginning of the note', describe(note), look)
            if CLOSED not in note:
                raise NotYet(
                    f"the reason in the note: {CLOSED!r}",
                    describe(note),
                    f"{look}: `error.__cause__.__cause__`",
                )
            continue
        if f"Search for: {query}" not in answers:
            raise NotYet(
                f"the searcher to be asked 'Search for: {query}'", f"it was asked {_all(answers)}", look
            )
        if note.strip() != answers[f"Search for: {query}"]:
            raise NotYet("what the searcher says as the note", describe(note), f"{look}: `final_output`")
    if seen["ended"] != "cancelled":
        raise NotYet(
            "a run that is cancelled while it searches to end as cancelled",
            f"it {seen['ended']}",
            f"{look}: `except AgentsWorkflowError`, and nothing wider",
        )
    if seen["hidden"]:
        raise NotYet(
            "an error that is no failed search to pass",
            f"given something that is no Search, it returned {shorten(seen['hidden'], 120)!r}",
            f"{look}: `except AgentsWorkflowError`, and nothing wider",
        )
    return next(str(note) for note in seen["notes"] if note.startswith("The search failed"))


def _all(texts: Mapping[str, str]) -> str:
    return ", ".join(repr(shorten(one, 60)) for one in texts) or "nothing"


async def _probe_look_up(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from .lesson4_workflows import plugin
    from .lesson5_workflows import CLOSED, GOOD, SHUT, SLOW, LookUps, search, searching

    own = need_function(module, "look_up", is_async=True)
    queries = [GOOD, SHUT, "why rivers bend"]
    what = "the three searches"
    hidden = ""
    with contextlib.suppress(Exception):
        hidden = str(await own(None))
    async with running_worker(plugins=[plugin()], workflows=[LookUps], activities=[search]) as client:
        handle = await _start(client, queries, workflow_id)
        try:
            notes = await result_of(handle, "the body of `look_up`", what=what)
        except NotYet as error:
            if CLOSED not in error.got:
                raise
            raise NotYet(
                "a note in place of the search that failed for good",
                f"its error went on, and ended the other two searches as well: {CLOSED!r}",
                "the body of `look_up`: `except AgentsWorkflowError`",
            ) from None
        slow = await _start(client, [SLOW], f"{workflow_id}-slow")
        await beside(slow, searching.wait(), "the body of `look_up`", expected="the searcher to search")
        await slow.cancel()
        ended = await ending_of(
            slow, "the body of `look_up`", what="a run that is cancelled while it searches", timeout=10
        )
    return {"queries": queries, "shut": SHUT, "notes": notes, "ended": ended, "hidden": hidden}


async def _start(client: Client, queries: list[str], workflow_id: str) -> WorkflowHandle[Any, Any]:
    return await client.start_workflow("LookUps", queries, id=workflow_id, task_queue=task_queue())


# --- 5.8 ---------------------------------------------------------------------------------------------


@exercise(
    "5.8",
    file=f"{FOLDER}/research.py",
    proves="The run asked back and waited; three answers were refused without a trace, one was taken and used.",
    hints=(
        "Which answers must not be taken? At what moments can they come?",
        "`@workflow.update` above a method, `@clarify.validator` above another with the same argument: "
        f"{_DOCS}/message-passing",
        "@workflow.update\ndef clarify(self, answer: str) -> None:\n    self.answer = ...\n\n"
        "@clarify.validator\ndef can_be_taken(self, answer: str) -> None:\n"
        "    if not self.asked or ...:\n        raise ValueError(...)",
    ),
    timeout=60,
)
async def clarify(bench: Bench) -> str:
    """A vague question that is answered, and a clear one for which nothing is asked."""
    need_files(bench, *RESEARCH, f"{FOLDER}/report.py")
    answer = "How rivers flood, and what dams do"
    with course_files(bench, LOOK_UP):
        seen = await bench.run(_probe_clarify, answer, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    plans = [run for run in runs if run.name == MODEL_CALL and "Plan" in instructions_of(run)]
    if not plans or answer not in asked_in(plans[0]):
        got = f"it was given {shorten(asked_in(plans[0]), 120)!r}" if plans else told_steps(runs)
        raise NotYet(
            f"the planner to be given the answer {answer!r}", got, "`clarify`: `self.answer = answer`"
        )
    if not isinstance(seen["report"], dict) or "markdown" not in seen["report"]:
        raise NotYet("a Report", describe(seen["report"]), "`run`")
    return f"It asked: {seen['asked']}"


async def _probe_clarify(module: ModuleType, answer: str, workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    from .lesson4_workflows import plugin

    defined = need(module, "Research", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None or "clarify" not in definition.updates:
        raise NotYet("the update `clarify`", "the workflow has none of that name", place_of(module))
    look = "`clarify` and its validator"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=_activities()) as client:
        with fault("model", "delay", delay=20) as held:
            clear = await client.start_workflow(
                "Research",
                "How do lighthouses and tides help ships?",
                id=f"{workflow_id}-clear",
                task_queue=task_queue(),
            )
            await beside(clear, held.hit(timeout=10), look, expected="the triage agent to be asked")
            await _need_refused(clear, answer, "while nothing is asked")
        await result_of(clear, look, what="a run with a clear question")
        vague = await client.start_workflow(
            "Research", "Write about water", id=workflow_id, task_queue=task_queue()
        )
        asked = await _asked_back(vague, look)
        await _need_refused(vague, "", "that is empty")
        await _need_refused(vague, "  ", "that is only blanks")
        with fault("model", "delay", delay=20) as held:
            if await _refused(vague, answer):
                raise NotYet(f"the answer {answer!r} to be taken", "it was refused", look)
            await _gone_on(vague, held)
            await _need_refused(vague, "Something else", "a second time")
        report = await result_of(vague, look, what="the run after the answer")
    return {"asked": asked, "report": report}


async def _gone_on(handle: WorkflowHandle[Any, Any], held: Fault) -> None:
    """Wait until a run that has its answer asks the model again.

    Raises:
        NotYet: it does not.
    """
    from workshop.lab.errors import LabTimeout

    expected = "the run to go on after the answer"
    try:
        await beside(handle, held.hit(timeout=6), "`clarify`", expected=expected)
    except LabTimeout:
        raise NotYet(expected, "it still waits for `self.answer`", "`clarify`: what it keeps") from None


async def _need_refused(handle: WorkflowHandle[Any, Any], answer: str, when: str) -> None:
    if not await _refused(handle, answer):
        raise NotYet(f"an answer to be refused {when}", "it was taken", "the validator of `clarify`")


async def _asked_back(handle: WorkflowHandle[Any, Any], look: str) -> str:
    """What the run asks back, as soon as it does."""

    async def asked() -> str:
        while not (question := await handle.query("open_question")):  # noqa: ASYNC110 - a query only looks
            await asyncio.sleep(0.05)
        return str(question)

    return str(await beside(handle, asked(), look, expected="the run to ask back", timeout=10))


async def _refused(handle: WorkflowHandle[Any, Any], answer: str) -> bool:
    """Whether the update was refused; a fault in the handler itself is told as that."""
    from temporalio.client import WorkflowUpdateFailedError
    from temporalio.exceptions import ApplicationError

    sent = handle.execute_update("clarify", answer)
    try:
        await beside(handle, sent, "`clarify`", expected="an answer to the update `clarify`", timeout=10)
    except WorkflowUpdateFailedError as error:
        kind = error.cause.type if isinstance(error.cause, ApplicationError) else None
        if kind not in ("ValueError", "ApplicationError", None):
            look = "the validator of `clarify`"
            raise NotYet(
                "the validator to say no with a ValueError", f"{kind}: {error.cause}", look
            ) from None
        return True
    except NotYet as error:
        if "ValueError" not in error.got:
            raise
        got = f"{error.got} (an error of `clarify` itself is taken for a bug, and its task is tried again)"
        raise NotYet("an answer refused by the validator, before it counts", got, error.look) from None
    return False


# --- shared by the checks above ----------------------------------------------------------------------


def _activities() -> list[Any]:
    """In the child: the activities of the learner's ``activities.py``."""
    return list(need(importlib.import_module("my.micro_agents.activities"), "ACTIVITIES", (list, tuple)))
