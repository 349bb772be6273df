"""The proof of the agents: both of them, all questions, every boundary and every fault; or an even sample of them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from workshop.lab.forking import warm
from workshop.settings import Settings

from . import agent_faults, agent_kills, rows
from .agents import AGENTS, QUESTIONS, Agent, Lab, Whole

FAULTS_AT_ONCE = 5
"""Runs with a fault at the same time, of each agent: most of them wait for a retry."""


@dataclass
class Proven:
    """What came of one agent: a row for each run."""

    agent: Agent
    undisturbed: list[rows.Row] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    kills: list[agent_kills.Row] = field(default_factory=list)
    faults: list[agent_faults.Row] = field(default_factory=list)

    @property
    def rows(self) -> list[rows.Row]:
        """All of them."""
        return [*self.undisturbed, *self.kills, *self.faults]


async def prove_agents(
    settings: Settings, every_kill: int = 1, every_fault: int = 1, agents: Sequence[Agent] = AGENTS
) -> list[Proven]:
    """Run everything for these agents.

    Args:
        settings: Where the gateway and the Temporal server are; both must run.
        every_kill: 1 for each boundary, 2 for every second one, and so on.
        every_fault: The same for the faults.
        agents: Which agents.
    """
    warm()
    slots = agent_kills.Slots()
    async with Lab(settings) as lab:
        return list(
            await asyncio.gather(*[_prove(lab, agent, every_kill, every_fault, slots) for agent in agents])
        )


async def _prove(
    lab: Lab, agent: Agent, every_kill: int, every_fault: int, slots: agent_kills.Slots
) -> Proven:
    proven = Proven(agent)
    queue = f"prove-{secrets.token_hex(6)}"
    async with lab.worker(agent, {queue: None}):
        found = [await lab.undisturbed(agent, question, queue) for question in QUESTIONS]
        proven.undisturbed = [row for row, _ in found]
        proven.wholes = wholes = [whole for _, whole in found if whole is not None]
        if len(wholes) < len(QUESTIONS):
            return proven
        kills = [kill for whole in wholes for kill in agent_kills.kills(whole)]
        troubles = agent_faults.troubles(agent, wholes)
        # The agents' samples differ, so that together they leave out less.
        number = AGENTS.index(agent)
        proven.kills, proven.faults = await asyncio.gather(
            agent_kills.kill_all(lab, agent, kills[number * every_kill // 2 :: every_kill], slots),
            agent_faults.break_all(
                lab,
                agent,
                queue,
                troubles[number * every_fault // 2 :: every_fault],
                asyncio.Semaphore(FAULTS_AT_ONCE),
            ),
        )
    return proven


__all__ = ["Proven", "prove_agents"]
