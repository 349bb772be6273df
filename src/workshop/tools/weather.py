"""Weather alerts from the United States National Weather Service."""

from __future__ import annotations

import difflib

from pydantic import BaseModel, ValidationError

from workshop.tools.fetch import ServiceError, decode, fetch

SHOWN = 10
"""How many alerts are listed; on a stormy day a state has a hundred, and each costs tokens."""

AREAS: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AS": "American Samoa",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "GU": "Guam",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MH": "Marshall Islands",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "FM": "Micronesia",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "MP": "Northern Mariana Islands",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PW": "Palau",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VI": "Virgin Islands",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AM": "Atlantic waters, North Carolina to Florida",
    "AN": "Atlantic waters, Maine to Virginia",
    "GM": "Gulf waters",
    "LC": "Lake St. Clair",
    "LE": "Lake Erie",
    "LH": "Lake Huron",
    "LM": "Lake Michigan",
    "LO": "Lake Ontario",
    "LS": "Lake Superior",
    "PH": "Hawaiian waters",
    "PK": "Alaskan waters",
    "PM": "Mariana waters",
    "PS": "Samoan waters",
    "PZ": "Pacific waters, Washington to California",
    "SL": "St. Lawrence River",
}
"""The area codes that the service knows, and their names.

Source: ``StateTerritoryCode`` and ``MarineAreaCode`` in the service's OpenAPI document,
https://api.weather.gov/openapi.json; the names of the marine areas are shortened.
"""

_SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")


class _Alert(BaseModel):
    event: str | None = None
    areaDesc: str | None = None
    severity: str | None = None
    status: str | None = None
    messageType: str | None = None


class _Feature(BaseModel):
    properties: _Alert


class _Alerts(BaseModel):
    features: list[_Feature]


async def get_weather_alerts(state: str) -> str:
    """Get the active weather alerts (warnings, watches, advisories) of one US state.

    Args:
        state: Two-letter code of a US state or territory, for example CA or NY.

    Returns:
        How many alerts are active, then one line for each: event, severity and area, the most severe
        first. Long lists are cut, and say how many more there are. Tests and cancellations are none.

    Raises:
        ValueError: the code is unknown; the message says what would be right.
        ServiceError: the weather service is out of reach or answered with an error.
    """
    code = _area_code(state)
    response = await fetch("weather", f"/alerts/active/area/{code}", accept="application/geo+json")
    try:
        features = _Alerts.model_validate(decode("weather", response)).features
    except ValidationError:
        raise ServiceError(
            "weather", "sent an answer that cannot be read.", status=response.status_code
        ) from None
    # The practice world's alerts are exercises, as all of it is made up.
    status = "Exercise" if "x-workshop-world" in response.headers else "Actual"
    alerts = [feature.properties for feature in features]
    return _text(
        code, [alert for alert in alerts if alert.status in (status, None) and alert.messageType != "Cancel"]
    )


def _area_code(state: str) -> str:
    wanted = " ".join(state.split())
    if wanted.upper() in AREAS:
        return wanted.upper()
    names = {name.lower(): code for code, name in AREAS.items()}
    close = difflib.get_close_matches(wanted.lower(), names, n=1, cutoff=0.8)
    if close:
        code = names[close[0]]
        raise ValueError(f'state must be a two-letter code: for {AREAS[code]}, call again with "{code}".')
    raise ValueError(
        f'"{wanted[:40]}" is not a code that the National Weather Service knows. '
        'state must be the two-letter code of a US state or territory, such as "CA" for California.'
    )


def _text(code: str, alerts: list[_Alert]) -> str:
    place = f"{code} ({AREAS[code]})"
    if not alerts:
        return f"No active weather alerts in {place}."
    lines = [f"{len(alerts)} active weather alert{'s' if len(alerts) > 1 else ''} in {place}:"]
    for number, alert in enumerate(sorted(alerts, key=_rank)[:SHOWN], start=1):
        lines.append(
            f"{number}. {_cut(alert.event or 'Alert of a kind that is not said')} "
            f"({_cut(alert.severity or 'Unknown')}): {_cut(alert.areaDesc or place)}"
        )
    if len(alerts) > SHOWN:
        lines.append(f"... and {len(alerts) - SHOWN} more, none more severe than these.")
    return "\n".join(lines)


def _rank(alert: _Alert) -> int:
    return _SEVERITIES.index(alert.severity) if alert.severity in _SEVERITIES else len(_SEVERITIES)


def _cut(text: str, limit: int = 160) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 4].rstrip() + " ..."
