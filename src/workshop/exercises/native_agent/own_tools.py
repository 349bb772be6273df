"""A tool of the learner's own, and a question that needs it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.registry import exercise
from workshop.exercises.native_agent.asked import ask
from workshop.exercises.native_agent.judged import judge_answer, judge_tools_answered, tool_used
from workshop.exercises.native_agent.project import files_from, id_of_part, project
from workshop.exercises.native_agent.tools import judge_schema, need_run, schemas

_OPENAI = "https://platform.openai.com/docs"


@exercise(
    proves="An agent with a tool of your own: only its file is new.",
    hints=(
        "What would you look up or compute for somebody who asks? What do you need to know from them?",
        "The practice model chooses a tool by the words that the question shares with its name, description "
        f"and fields, and takes the arguments from the question: {_OPENAI}/guides/function-calling",
        'QUESTION = "How many letters are in the word durable?"\n\n\nclass CountLetters(BaseModel):\n'
        '    """Count the letters in a word."""\n\n    word: str = Field(description="The word to count.")\n\n'
        "    async def run(self) -> str:\n        return ...\n\n\n"
        'TOOLS = {"count_letters": CountLetters}',
    ),
    timeout=90,
)
async def own_tools(bench: Bench) -> str:
    """The learner's question, asked of an agent that has the learner's tool only."""
    with project(bench, tools="own_tools"):
        told = await bench.run(_probe_own)
        for schema in told["schemas"].values():
            judge_schema(schema, f"the class of {schema['name']}")
            if not schema["parameters"].get("properties"):
                raise NotYet(f"{schema['name']} to have at least one argument", "none", "the class's fields")
        (asked,) = await ask(bench, [(told["question"], 6)], "the tool's `run`, and what it returns")
    used = tool_used(
        asked,
        list(told["schemas"]),
        "QUESTION: does it use words of the tool's name and description, and give a value for each argument?",
    )
    judge_tools_answered(asked, "the tool's `run`")
    judge_answer(asked, files_from("tool_activity", "workflow"))
    if not asked.model_was_told(used.output):
        raise NotYet(
            f"the model to be sent what the tool returned: {used.output!r}",
            "it was not",
            f"exercises {id_of_part('tool_calls')} and {id_of_part('workflow')}",
        )
    return (
        f"The model called {used.name} with {', '.join(map(str, used.input))}, and was told what it returned."
    )


def _probe_own(module: ModuleType) -> dict[str, Any]:
    question = need(module, "QUESTION", str, "a text")
    tools = need(module, "TOOLS", dict, "a dict with your tool")
    if not question.strip():
        raise NotYet("`QUESTION`, a question that needs your tool", "an empty text", place_of(module))
    if len(tools) != 1:
        got = f"{len(tools)}: {', '.join(map(str, tools))}" if tools else "an empty dict"
        raise NotYet("`TOOLS` with one tool", got, f"{place_of(module)}: TOOLS")
    for tool in tools.values():
        need_run(module, tool)
    return {"question": question, "schemas": schemas()}
