"""One bounded request, with errors that a model can act on."""

from __future__ import annotations

import pytest

from tests.tools.stand_in import StandIn
from workshop.tools import ServiceError, fetch, get_ip_address, get_location_info, get_weather_alerts


async def test_errors_of_a_service_are_short_and_clear(stand_in: StandIn) -> None:
    stand_in.says({"title": "Unavailable", "detail": "Back soon."}, 503, retry_after="7")
    with pytest.raises(ServiceError) as caught:
        await get_weather_alerts("CA")
    error = caught.value
    assert str(error) == (
        "The weather service answered 503 (Service Unavailable): Back soon. Try again in 7 seconds."
    )
    assert (error.service, error.status, error.retry_after) == ("weather", 503, 7.0)
    stand_in.says("<html>Bad gateway</html>", 502)
    with pytest.raises(ServiceError, match=r"^The location service answered 502 \(Bad Gateway\)\.$"):
        await get_location_info("203.0.113.7")


@pytest.mark.parametrize(
    "body", ["<html>", "[]", "{}", '{"features": [{"properties": 5}]}', '{"features": 3}']
)
async def test_garbage_is_called_unreadable(stand_in: StandIn, body: str) -> None:
    stand_in.says(body)
    with pytest.raises(ServiceError, match="weather service sent an answer that cannot be read"):
        await get_weather_alerts("CA")
    with pytest.raises(ServiceError, match="location service sent an answer that cannot be read"):
        await get_location_info("203.0.113.7")


async def test_no_server_and_a_slow_one(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", 0.05)
    stand_in.delay_seconds = 0.2
    with pytest.raises(ServiceError, match=r"did not answer within 0\.05 seconds"):
        await get_ip_address()
    monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", 5.0)
    monkeypatch.setenv("WORKSHOP_IP_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(ServiceError, match="cannot be reached"):
        await get_ip_address()
