"""Where this computer is: its public IP address, and the place that belongs to one."""

from __future__ import annotations

import json
from ipaddress import ip_address

from workshop.tools.fetch import ServiceError, decode, fetch


async def get_ip_address() -> str:
    """Get the public IP address of the user's computer.

    Returns:
        The address, for example 203.0.113.7.

    Raises:
        ServiceError: the IP address service is out of reach or answered with an error.
    """
    response = await fetch("ip", "/", accept="text/plain")
    try:
        return str(ip_address(response.text.strip()))
    except ValueError:
        raise ServiceError("ip", "sent an answer that is not an IP address.") from None


async def get_location_info(ipaddress: str) -> str:
    """Get the place that belongs to an IP address: city, region (for a US address: the state) and country.

    Args:
        ipaddress: A public IP address, for example 203.0.113.7.

    Returns:
        JSON with city, region, region_code (for a US address: the two-letter state code), country
        and country_code.

    Raises:
        ValueError: this is not an IP address, or none that belongs to a place; the message says
            what would be right.
        ServiceError: the location service is out of reach or answered with an error.
    """
    wanted = ipaddress.strip()
    try:
        address = ip_address(wanted)
    except ValueError:
        raise ValueError(
            f'"{wanted[:60]}" is not an IP address. ipaddress must look like 203.0.113.7 or 2001:db8::7; '
            "to locate the user, pass the user's public IP address."
        ) from None
    response = await fetch("geo", f"/json/{address}", accept="application/json")
    place = decode("geo", response)
    # The service answers 200 also when it cannot help: https://ip-api.com/docs/api:json
    if place.get("status") == "fail":
        reason = place.get("message") or "no reason given"
        raise ValueError(f"The address {address} cannot be located ({reason}). Pass a public IP address.")
    if place.get("status") != "success":
        raise ServiceError("geo", "sent an answer that cannot be read.", status=response.status_code)
    return json.dumps(
        {
            "city": place.get("city"),
            "region": place.get("regionName"),
            "region_code": place.get("region"),
            "country": place.get("country"),
            "country_code": place.get("countryCode"),
        },
        ensure_ascii=False,
    )
