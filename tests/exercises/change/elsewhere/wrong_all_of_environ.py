# outcome: NOT YET · error text
# says: OPENAI_API_KEY
"""The watch's agent, with a tool that another process offers."""

import os
import sys
from datetime import timedelta

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
    params = {"command": sys.executable, "args": [SERVER], "env": dict(os.environ)}
    return MCPServerStdio(name=NAME, params=params, client_session_timeout_seconds=30)


def make_agent() -> Agent:
    config = ActivityConfig(start_to_close_timeout=TIMEOUT, retry_policy=RetryPolicy(maximum_attempts=3))
    server = temporal_mcp_server(NAME, activity_config=config)
    return Agent(name="Weather watch", instructions=INSTRUCTIONS, mcp_servers=[server])


@workflow.defn
class Elsewhere:
    @workflow.run
    async def run(self, question: str) -> str:
        return str((await Runner.run(make_agent(), question)).final_output)
