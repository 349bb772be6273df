"""Two providers of models in one run, each asked with its own address and key."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL
from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.change.project import project
from workshop.exercises.documentation import AGENTS_SDK

_MODELS = ["", "other/other-model", ""]
_QUESTION = "Are there any weather alerts in California?"


@exercise(
    proves="One run asked two providers in turn, each under its own address; an error was left to Temporal's retries.",
    hints=(
        "Which part decides where a call goes: the client, the provider, or the map of providers?",
        f"`MultiProviderMap`, `MultiProvider`, `OpenAIProvider`: {AGENTS_SDK}/models/",
        "other = AsyncOpenAI(base_url=..., api_key=..., max_retries=0)\nproviders = MultiProviderMap()\n"
        'providers.add_provider("other", OpenAIProvider(openai_client=other, use_responses=False))\n'
        "return MultiProvider(provider_map=..., openai_client=AsyncOpenAI(max_retries=0))",
    ),
    timeout=60,
)
async def providers(bench: Bench) -> str:
    """The same question for three models; each provider answers its first call with an error."""
    with (
        project(bench),
        bench.fault("other", "server_error", calls=1),
        bench.fault("model", "server_error", calls=1),
    ):
        answers = await bench.run(_probe_providers, bench.scope)
    calls = [
        one for one in bench.transcript() if one.route in ("model", "other") and one.status == "completed"
    ]
    asked = [str(one.route) for one in calls]
    if asked != ["model"] * 2 + ["other"] * 2 + ["model"] * 2:
        raise NotYet(
            "the second of three questions to go to the other provider, the rest to the usual one",
            f"they went to {', '.join(asked)}",
            "`MultiProvider(provider_map=..., openai_client=...)`",
        )
    runs = [run for run in await activity_runs(await handle_of(bench)) if run.name == MODEL_CALL]
    if sum(run.attempts - 1 for run in runs) != 2:
        raise NotYet(
            "an error of a provider to be left to Temporal's retries",
            "a client has tried again by itself",
            "`max_retries=0`",
        )
    return str(answers[1]).splitlines()[0]


async def _probe_providers(module: ModuleType, workflow_id: str) -> list[Any]:
    from agents import ModelProvider
    from temporalio.common import RetryPolicy
    from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

    make = need_function(module, "make_provider", is_async=False)
    provider = make()
    if not isinstance(provider, ModelProvider):
        raise NotYet("a MultiProvider from `make_provider`", describe(provider), place_of(module, make))
    from datetime import timedelta

    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(seconds=20),
        retry_policy=RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_attempts=4),
    )
    plugin = OpenAIAgentsPlugin(model_params=times, model_provider=provider)
    workflow = importlib.import_module("my.change.two_models").TwoModels
    tool = importlib.import_module("my.change.activities").get_weather_alerts
    async with running_worker(plugins=[plugin], workflows=[workflow], activities=[tool]) as client:
        handle = await client.start_workflow(
            "TwoModels", args=[_QUESTION, _MODELS], id=workflow_id, task_queue=task_queue()
        )
        return list(await asyncio.wait_for(result_of(handle, "`make_provider`"), 40))
