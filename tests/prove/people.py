"""Workers of the research and of the approvals that die, and what becomes of research, money and messages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.lab.forking import warm
from workshop.lab.gateway_client import FaultSpec
from workshop.settings import Settings

from .at_boundaries import AtBoundaries
from .in_full_swing import InFullSwing
from .stories import CHAT, NATIVE_YES, SDK_YES, STORIES, WAIT, Row, Story, judge_answers, judge_money
from .two_workers import Proof, Proven, Way

AT_ONCE = 8
"""Runs at the same time: most of them wait for a timeout."""


@dataclass(frozen=True)
class Sample:
    """Which stories are told in one way, and at how many places: 1 for each, 2 for every second one, and so on."""

    every: int
    stories: Sequence[Story] = STORIES


async def prove_pressed_again(proof: Proof, story: Story) -> Row:
    """The button is pressed; both workers die with the money moved and not reported; it is pressed again."""
    row = Row(f"{story.name}: pressed, both workers killed, pressed again", story.name)
    with row.noting_errors():
        async with proof.run(story) as run:
            if story.person is None:
                raise ValueError(f"nobody presses anything in {story.name}")
            # The deposit is the bank's second call.
            held = run.gateway.add_fault(
                FaultSpec(route="bank", kind="delay", after=1, calls=1, when="after")
            )
            await asyncio.gather(run.add_worker(), run.add_worker())
            await run.start(story.question)
            arguments = await run.asked(story.person)
            first = await run.answer(story.person, arguments)
            await run.gateway.wait_for_hits(held.id, timeout=WAIT)
            for worker in run.workers:
                await asyncio.to_thread(worker.kill)
            died = time.monotonic()
            row.killed_at = [(await run.moment()).where]
            again = asyncio.create_task(run.answer(story.person, arguments))
            await run.add_worker()
            answers = [first, await again]
            await run.result()
            row.seconds = time.monotonic() - died
            row.paid_calls = run.gateway.meter().model.completed
            row.need(first, "the first press did not count")
            await judge_money(row, run, story)
            judge_answers(row, story, answers, await run.moment())
    return row


MESSAGES = [f"Are there any weather alerts in {state}?" for state in ("Texas", "California", "Colorado")]


async def prove_chat(proof: Proof) -> Row:
    """Three messages to a chat whose worker is dead are answered after the restart, in order, once."""
    row = Row("chat: three messages while nobody works", CHAT.name)
    with row.noting_errors():
        async with proof.run(CHAT) as run:
            worker = await run.add_worker()
            await run.start()
            before = await run.handle.execute_update("say", "What does the river dream of?")
            await asyncio.to_thread(worker.kill)
            died = time.monotonic()
            row.killed_at = [(await run.moment()).where]
            sent = []
            for message in MESSAGES:
                sent.append(asyncio.create_task(run.handle.execute_update("say", message)))
                await asyncio.sleep(
                    0.2
                )  # nothing tells that the server has a message which no worker has seen
            row.need(not any(task.done() for task in sent), "a message was answered by nobody")
            await run.add_worker()
            answers = await asyncio.wait_for(asyncio.gather(*sent), WAIT)
            row.seconds = time.monotonic() - died
            said = ["What does the river dream of?", before]
            for message, answer in zip(MESSAGES, answers, strict=True):
                said += [message, answer]
            history = await run.handle.query("history")
            row.need(history == said, f"the chat's history is {history}")
            end, meter = await run.moment(), run.gateway.meter()
            accepted = end.names.count("WorkflowExecutionUpdateAccepted")
            row.need(accepted == 1 + len(MESSAGES), f"{accepted} messages were taken")
            row.paid_calls, row.repeated = meter.model.completed, meter.model.repeats
            row.need(row.repeated == 0, f"{row.repeated} model calls were made again")
            row.need(set(end.attempts) == {1}, f"the attempts were {end.attempts}")
    return row


async def prove_people(
    settings: Settings,
    at_boundaries: Sample,
    in_full_swing: Sample,
    at_once: int = AT_ONCE,
    dead_workers: bool = True,
) -> list[Proven]:
    """Run everything.

    Args:
        settings: Where the gateway and the Temporal server are; both must run.
        at_boundaries: What is told of the first way.
        in_full_swing: And of the second.
        at_once: How many runs at the same time.
        dead_workers: Also what is sent while nobody works.
    """
    warm()
    async with Proof(settings, at_once).open() as proof:
        extra = [await _prove_dead_workers(proof)] if dead_workers else []
        ways: list[tuple[Way, Sample]] = [
            (AtBoundaries(proof.gates), at_boundaries),
            (InFullSwing(), in_full_swing),
        ]
        told = [proof.prove(story, way, some.every) for way, some in ways for story in some.stories]
        return [*extra, *await asyncio.gather(*told)]


async def _prove_dead_workers(proof: Proof) -> Proven:
    sent = prove_chat(proof), prove_pressed_again(proof, NATIVE_YES), prove_pressed_again(proof, SDK_YES)
    return Proven("dead workers", "", rows=list(await asyncio.gather(*sent)))


__all__ = ["Sample", "prove_people"]
