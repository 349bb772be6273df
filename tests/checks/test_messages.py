"""What is said names the true cause: of mistakes whose own message names something else, or that only take long."""

# ruff: noqa: ASYNC240 - nothing else runs in these tests' event loops

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks import sample_checks
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import NotYet, Outcome

pytestmark = pytest.mark.usefixtures("services")

EXERCISES = sample_checks.flow


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty my/sample/ in the working directory."""
    (tmp_path / "my" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)


async def judged(exercise_id: str, name: str, text: str) -> Outcome:
    Path(f"my/sample/{name}.py").write_text(text, encoding="utf-8")
    return await evaluate(exercise_id)


ACTIVITIES = """
import os, platform
from temporalio import activity

@activity.defn
async def outside() -> str:
    return platform.system()

@activity.defn
async def inside() -> str:
    return activity.info().activity_id
"""


@pytest.mark.parametrize("name", ["outside", "inside"])
async def test_an_activity_that_is_called_directly_is_told_with_the_line_that_calls_it(name: str) -> None:
    Path("my/sample/activities.py").write_text(ACTIVITIES, encoding="utf-8")
    block = (
        await judged(
            "92.1",
            "flow",
            "from temporalio import workflow\nfrom my.sample.activities import inside, outside\n\n"
            f"@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> str:\n"
            f"        return await {name}()\n",
        )
    ).block()
    assert (
        f"`{name}` is called directly inside the workflow; with `workflow.execute_activity({name}, ...)`"
        in block
    )
    assert "pass through" not in block
    assert f"look at: my/sample/flow.py: return await {name}()" in block


async def test_what_cannot_be_awaited_does_not_lack_an_await() -> None:
    outcome = await judged(
        "92.1",
        "flow",
        "import asyncio\nfrom temporalio import workflow\n\nasync def told() -> str:\n    return 'told'\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> None:\n"
        "        await asyncio.gather(await told())\n",
    )
    assert "or an `await` is one too many" in outcome.block(), outcome.block()
    assert "an `await` is missing" not in outcome.block()


async def test_an_agent_that_runs_in_its_own_guardrail_calls_itself() -> None:
    outcome = await judged(
        "91.3",
        "ask",
        "from agents import Agent, GuardrailFunctionOutput, Runner, input_guardrail\n\n"
        "@input_guardrail(run_in_parallel=False)\nasync def guard(context, agent, given):\n"
        "    await Runner.run(agent, given)\n    return GuardrailFunctionOutput(None, False)\n\n"
        "agent = Agent('Poet', input_guardrails=[guard])\n",
    )
    assert "it calls itself again and again" in outcome.block(), outcome.block()
    assert "await Runner.run(agent, given)" in outcome.block()


TRIED = """
import asyncio
from agents import Agent, Runner
agent = Agent('Poet')
"""


async def test_a_last_line_that_tries_the_agent_is_accepted_or_named() -> None:
    """Its connections do not outlive its event loop; its calls count, which the message says."""
    for line in ("Runner.run_sync(agent, 'Hello.')", "asyncio.run(Runner.run(agent, 'Hello.'))"):
        outcome = await judged("91.3", "ask", f"{TRIED}print({line})\n")
        assert "Event loop is closed" not in outcome.block()
        assert f"`print({line})`, which runs whenever the file is imported" in outcome.block(), (
            outcome.block()
        )
        assert (await judged("91.3", "ask", f"{TRIED}if __name__ == '__main__':\n    print({line})\n")).passed
    outcome = await judged("91.3", "ask", f"{TRIED}print(Runner.run_sync('agent', 'Hello.'))\n")
    assert "this line runs whenever the file is imported" in outcome.block(), outcome.block()


def test_what_looks_the_same_is_said_to_look_the_same() -> None:
    verdict = NotYet("'5'", " '5' ")
    assert verdict.got.endswith("compare their types, their spaces and line breaks")
