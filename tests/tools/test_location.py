"""Where this machine is."""

from __future__ import annotations

import json

import pytest

from tests.tools.stand_in import StandIn
from workshop.tools import ServiceError, get_ip_address, get_location_info


async def test_ip_address(stand_in: StandIn) -> None:
    stand_in.says("203.0.113.7\n")
    assert await get_ip_address() == "203.0.113.7"
    assert stand_in.requests[0].url.path == "/ip/"
    stand_in.says("<html>")
    with pytest.raises(ServiceError, match="not an IP address"):
        await get_ip_address()


async def test_location_is_json_that_carries_the_state_code(stand_in: StandIn) -> None:
    stand_in.says(
        {
            "status": "success",
            "country": "United States",
            "countryCode": "US",
            "region": "CA",
            "regionName": "California",
            "city": "San José",
            "lat": 37.3,
            "query": "203.0.113.7",
        }
    )
    text = await get_location_info(" 203.0.113.7 ")
    assert stand_in.requests[0].url.path == "/geo/json/203.0.113.7"
    assert json.loads(text) == {
        "city": "San José",
        "region": "California",
        "region_code": "CA",
        "country": "United States",
        "country_code": "US",
    }
    assert "José" in text


@pytest.mark.parametrize("address", ["", "here", "300.1.1.1", "203.0.113.7/json", "my computer"])
async def test_a_wrong_address_is_told_what_would_be_right(address: str) -> None:
    with pytest.raises(ValueError, match=r"must look like 203\.0\.113\.7"):
        await get_location_info(address)


async def test_an_address_without_a_place_is_said(stand_in: StandIn) -> None:
    stand_in.says({"status": "fail", "message": "private range", "query": "10.0.0.1"})
    with pytest.raises(ValueError, match=r"10\.0\.0\.1 cannot be located \(private range\)"):
        await get_location_info("10.0.0.1")
