"""Translates a sentence, with another provider's model and a key of its own."""

import os

from openai import AsyncOpenAI
from temporalio import activity, workflow

from my.game_day.times import TIMES


@activity.defn
async def translate(sentence: str) -> str:
    other = AsyncOpenAI(
        base_url=os.environ["OTHER_BASE_URL"], api_key=os.environ["OTHER_API_KEY"], max_retries=0
    )
    asked = [{"role": "user", "content": sentence}]
    reply = await other.chat.completions.create(model="other-model", messages=asked)
    return str(reply.choices[0].message.content)


@workflow.defn
class Translation:
    @workflow.run
    async def run(self, sentence: str) -> str:
        return await workflow.execute_activity(translate, sentence, **TIMES)


WORKFLOWS = [Translation]
ACTIVITIES = [translate]
