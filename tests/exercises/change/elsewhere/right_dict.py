# outcome: PASSED
"""The watch's agent, with a tool that another process offers."""

import sys
from datetime import timedelta
from pathlib import Path

from agents import Agent, Runner
from agents.mcp import MCPServerStdio
from my.change.served import NAME, SERVER, environment
from my.change.watch import INSTRUCTIONS
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import temporal_mcp_server
from temporalio.workflow import ActivityConfig

TIMEOUT = timedelta(seconds=20)


def make_server() -> MCPServerStdio:
    return MCPServerStdio(
        {"command": sys.executable, "args": [str(Path(SERVER).resolve())], "env": environment()},
        name=NAME,
        cache_tools_list=True,
        client_session_timeout_seconds=30,
    )


def make_agent() -> Agent:
    return Agent(
        name="Elsewhere",
        instructions=INSTRUCTIONS,
        mcp_servers=[
            temporal_mcp_server(
                NAME,
                activity_config={
                    "start_to_close_timeout": TIMEOUT,
                    "retry_policy": RetryPolicy(maximum_attempts=3),
                },
            )
        ],
    )


@workflow.defn
class Elsewhere:
    @workflow.run
    async def run(self, question: str) -> str:
        return str((await Runner.run(make_agent(), question)).final_output)
