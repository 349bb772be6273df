"""What is taken of each of the learner's folders, and how the project's worker, starter and tests meet it."""

from __future__ import annotations

from dataclasses import dataclass

Replacement = tuple[str, str, str]
"""A file of the project, a text in it, and what takes its place."""

_WORKER, _STARTER, _TESTS, _README = (
    "src/takehome_agent/worker.py",
    "src/takehome_agent/starter.py",
    "tests/project.py",
    "README.md",
)


@dataclass(frozen=True)
class Recipe:
    """How one folder becomes a project.

    Attributes:
        takes: The learner's files to begin with, without ``.py``; what they import comes along.
        leaves: Files of the template that have no place beside them.
        replaces: What is different in the template's files.
    """

    takes: tuple[str, ...]
    leaves: tuple[str, ...] = ()
    replaces: tuple[Replacement, ...] = ()


_NO_PLUGIN = '''"""How this application reaches Temporal: a profile of temporal.toml or the environment."""

from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def connect() -> Client:
    """Connect as the profile TEMPORAL_PROFILE says; without one, to localhost:7233."""
    return await Client.connect(**ClientConfig.load_client_connect_config())
'''

_PEOPLE = '''async def drive(handle: WorkflowHandle[Any, Any]) -> None:
    """What people do while a run goes on: they approve each call."""
    while True:
        with contextlib.suppress(RPCError, WorkflowUpdateFailedError, WorkflowQueryFailedError):
            for call in await handle.query(Workflow.pending, rpc_timeout=timedelta(seconds=5)):
                await handle.execute_update(Workflow.decide, args=[call.call_id, True])
        await asyncio.sleep(0.2)
'''

_NOBODY = '''async def drive(handle: WorkflowHandle[Any, Any]) -> None:
    """What people do while a run goes on: nothing."""
'''

_AGENT_ROW = "| `src/takehome_agent/agent.py` | what the agent is told, and its tools |\n"
_ACTIVITIES_ROW = "| `src/takehome_agent/activities.py` | the tools, as activities |\n"
_LOOP_ROW = "| `src/takehome_agent/workflow.py` | the agent's loop; runs"
_ITS_MODEL = '`Agent(model="NAME", ...)` in `src/takehome_agent/agent.py`'
_TO_ADD = """\
1. In `src/takehome_agent/activities.py`, write an `async` function with types and a docstring, which the model
   reads. Put `@activity.defn` above it, and add it to `TOOLS`: the agent and the worker take their tools from there.
"""

_NATIVE_TO_ADD = """\
1. In `src/takehome_agent/weather_tools.py`, write a Pydantic model of its arguments with a docstring, which the model
   reads, and an `async` method `run`. Add it to `TOOLS`: the activity `use_tool` runs it under its own name.
"""

_PEOPLE_TO_ADD = """\
1. In `src/takehome_agent/activities.py`, write an `async` function with types and a docstring, which the model
   reads. Put `@activity.defn` above it, give it to the agent in `src/takehome_agent/sdk.py`, and add it to the worker's
   `activities`.
"""

_PEOPLE_DECIDE = """
The agent waits until somebody approves a payment. In another terminal, with the id that the starter prints:

```
.venv/bin/temporal workflow query --workflow-id ID --name pending
.venv/bin/temporal workflow update execute --workflow-id ID --name decide --input '"CALL_ID"' --input true
```
"""

RECIPES: dict[str, Recipe] = {
    "sdk_agent": Recipe(
        takes=("workflow", "activities", "connection"),
        leaves=("agent.py",),
        replaces=(
            (_README, _AGENT_ROW, ""),
            (_README, _ITS_MODEL, _ITS_MODEL.replace("agent.py", "workflow.py")),
        ),
    ),
    "native_agent": Recipe(
        takes=("workflow", "model", "tool_activity", "shared"),
        leaves=("agent.py", "activities.py"),
        replaces=(
            (
                _WORKER,
                "from takehome_agent.activities import TOOLS\n"
                "from takehome_agent.connection import TASK_QUEUE, connect\n"
                "from takehome_agent.workflow import WeatherAgent\n",
                "from takehome_agent.connection import connect\n"
                "from takehome_agent.model import call_model\n"
                "from takehome_agent.shared import TASK_QUEUE\n"
                "from takehome_agent.tool_activity import use_tool\n"
                "from takehome_agent.workflow import AgentWorkflow\n",
            ),
            (_WORKER, "workflows=[WeatherAgent]", "workflows=[AgentWorkflow]"),
            (_WORKER, "activities=TOOLS", "activities=[call_model, use_tool]"),
            (
                _STARTER,
                "from takehome_agent.connection import TASK_QUEUE, connect\n"
                "from takehome_agent.workflow import WeatherAgent\n",
                "from takehome_agent.connection import connect\n"
                "from takehome_agent.shared import TASK_QUEUE, Question\n"
                "from takehome_agent.workflow import AgentWorkflow\n",
            ),
            (_STARTER, "WeatherAgent.run, question,", "AgentWorkflow.run, Question(question),"),
            (_TESTS, "import WeatherAgent as Workflow", "import AgentWorkflow as Workflow"),
            (
                _TESTS,
                "from takehome_agent.workflow",
                "from takehome_agent.shared import Question\nfrom takehome_agent.workflow",
            ),
            (_TESTS, "from temporalio.openai_agents import OpenAIAgentsPlugin\n", ""),
            (_TESTS, "PLUGINS = [OpenAIAgentsPlugin()]", "PLUGINS: list[Any] = []"),
            (
                _TESTS,
                'return f"Question {n}: are there any weather alerts where I am?"',
                'return Question(f"Question {n}: are there any weather alerts where I am?")',
            ),
            ("src/takehome_agent/connection.py", "", _NO_PLUGIN),
            (
                _README,
                _AGENT_ROW,
                "| `src/takehome_agent/model.py` | one call of the model, as an activity |\n",
            ),
            (
                _README,
                _ACTIVITIES_ROW,
                "| `src/takehome_agent/weather_tools.py` | the tools |\n"
                "| `src/takehome_agent/tool_activity.py` | one call of a tool, as an activity |\n",
            ),
            (
                _README,
                "how Temporal is reached, and how long a model call may take",
                "how Temporal is reached",
            ),
            (_README, _ITS_MODEL, "`MODEL` in `src/takehome_agent/model.py`"),
            (_README, _TO_ADD, _NATIVE_TO_ADD),
        ),
    ),
    "people": Recipe(
        takes=("sdk", "activities", "connection"),
        leaves=("agent.py", "workflow.py"),
        replaces=(
            (_WORKER, "import TOOLS", "import pay_relief"),
            (_WORKER, "activities=TOOLS", "activities=[pay_relief]"),
            (_WORKER, "workflow import WeatherAgent", "sdk import SdkReliefAgent"),
            (_WORKER, "[WeatherAgent]", "[SdkReliefAgent]"),
            (_STARTER, "workflow import WeatherAgent", "sdk import SdkReliefAgent"),
            (_STARTER, "WeatherAgent.run", "SdkReliefAgent.run"),
            (_TESTS, "workflow import WeatherAgent as", "sdk import SdkReliefAgent as"),
            (
                _TESTS,
                "from typing import Any",
                "import asyncio\nimport contextlib\nfrom datetime import timedelta\nfrom typing import Any",
            ),
            (
                _TESTS,
                "from temporalio.client import WorkflowHandle\n",
                "from temporalio.client import WorkflowHandle, WorkflowQueryFailedError, WorkflowUpdateFailedError\n",
            ),
            (
                _TESTS,
                "import OpenAIAgentsPlugin\n",
                "import OpenAIAgentsPlugin\nfrom temporalio.service import RPCError\n",
            ),
            (_TESTS, '["get_weather_alerts", "get_location_info", "get_ip_address"]', '["pay_relief"]'),
            (_TESTS, "are there any weather alerts where I am?", "pay 20 to Ana."),
            (_TESTS, _NOBODY, _PEOPLE),
            (_README, _LOOP_ROW, _LOOP_ROW.replace("workflow.py", "sdk.py")),
            (_README, _AGENT_ROW, ""),
            (_README, _ITS_MODEL, _ITS_MODEL.replace("agent.py", "sdk.py")),
            (_README, _TO_ADD, _PEOPLE_TO_ADD),
            (_README, "Are there any weather alerts in California?", "Please pay 20 to Ana."),
            (_README, "\nOr, with a server that keeps", f"{_PEOPLE_DECIDE}\nOr, with a server that keeps"),
        ),
    ),
}
"""By the name of the folder below ``my/``."""

__all__ = ["RECIPES", "Recipe", "Replacement"]
