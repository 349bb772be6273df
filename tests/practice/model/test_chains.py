"""Which tool yields an argument that is missing: address, location, state, one step a turn."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import (
    COURSE,
    NUMBER,
    OTHERWISE_HAIKU,
    PLACE,
    WEATHER,
    WHERE,
    Row,
    called,
    says,
    silent,
    tool,
    user,
)

# The same three in a stranger's words.
OTHER = [
    tool("fetchPublicIp", "Returns the public IP of this computer"),
    tool("geolocate_ip", "Look up where an IP address is", ip="The address to look up"),
    tool(
        "active_alerts_by_state",
        "Lists active National Weather Service alerts",
        area="State, as its two-letter code",
    ),
]

ROWS = [
    Row("where I am, step 1", WHERE, [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row(
        "where I am, step 2",
        [user(WHERE), *PLACE],
        [("get_location_info", {"ipaddress": "203.0.113.7"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row("other words, step 1", "Any storm warnings near me?", [("fetchPublicIp", {})], OTHER),
    Row(
        "other words, step 2",
        [user("Any storm warnings near me?"), *called("fetchPublicIp", {}, "198.51.100.4\n")],
        [("geolocate_ip", {"ip": "198.51.100.4"})],
        OTHER,
    ),
    Row(
        "other words, step 3",
        [
            user("Any storm warnings near me?"),
            *called("fetchPublicIp", {}, "198.51.100.4\n"),
            *called("geolocate_ip", {"ip": "198.51.100.4"}, "Austin, Texas, US"),
        ],
        [("active_alerts_by_state", {"area": "TX"})],
        OTHER,
    ),
    Row("where am I", "where am I?", [("get_ip_address", {})], COURSE, OTHERWISE_HAIKU),
    Row(
        "a chain by name",
        "What is the balance of customer bob@example.com?",
        [("find_customer_by_email", {"email": "bob@example.com"})],
        [
            tool("get_balance", "Get the account balance of a customer", customer_id=""),
            tool("find_customer_by_email", "Find a customer by e-mail; returns the customer id", email=""),
        ],
    ),
    Row(
        "coordinates from a place",
        "What is the forecast for Oslo?",
        [("geocode", {"place": "Oslo"})],
        [
            tool("get_forecast", "Weather forecast for coordinates", latitude=NUMBER, longitude=NUMBER),
            tool("geocode", "Coordinates of a place: latitude and longitude", place=""),
        ],
    ),
    Row(
        "a tool that changes things is not called to find something out",
        "What is the balance of my account?",
        says("account", rule="missing_argument"),
        [
            tool("get_balance", "Get the balance", account_id=""),
            tool("create_account", "Create an account; returns the account id"),
        ],
    ),
    Row(
        "a failing chain stops",
        [user(WHERE), *called("get_ip_address", {}, "Error: network unreachable")],
        says("failed", "network unreachable"),
        COURSE,
    ),
    Row(
        "a chain whose link says nothing stops",
        [user(WHERE), *PLACE, *called("get_location_info", {"ipaddress": "203.0.113.7"}, "unknown")],
        silent,
        COURSE,
    ),
    Row(
        "an address is no city",
        [user("What's the weather where I am?"), *called("my_ip", {}, "198.51.100.9")],
        [("ip_to_city", {"ip": "198.51.100.9"})],
        [
            WEATHER,
            tool("my_ip", "Public IP address of this machine"),
            tool("ip_to_city", "City of an IP address", ip=""),
        ],
    ),
    Row(
        "an address that is given is not asked for",
        "My IP is 1.2.3.4, where am I?",
        [("get_location_info", {"ipaddress": "1.2.3.4"})],
        COURSE,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
