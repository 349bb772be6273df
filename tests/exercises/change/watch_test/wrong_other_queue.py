# outcome: NOT YET · wiring
import pytest
from my.change.doubles import asks, says
from my.change.stage import activities, stage
from my.change.watch import Watch


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_two_days() -> None:
    replies = [asks("CA"), says("A flood watch."), asks("TX"), says("Nothing.")]
    async with stage(*replies) as client:
        handle = await client.start_workflow(
            Watch.run, ["California", "Texas"], id="test", task_queue="tests"
        )
        assert await handle.result() == ["A flood watch.", "Nothing."]
        found = activities(await handle.fetch_history())
    assert found == ["invoke_model_activity", "get_weather_alerts", "invoke_model_activity"] * 2
