"""The weather of the practice world: alerts made up for this course, in the National Weather Service's words.

Times are fixed: nothing here depends on the clock. Places are real, the weather is not.
"""

from __future__ import annotations

from dataclasses import dataclass

MADE_UP = "This alert is made up for the Durable Agents course; it is not a real warning."


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        event: The kind of alert, one of the service's own event names.
        office: The forecast office, as in "Los Angeles/Oxnard CA".
        zones: Zone code (UGC) and name of each place it is for.
        severity: Extreme, Severe, Moderate, Minor or Unknown.
        certainty: Observed, Likely, Possible, Unlikely or Unknown.
        urgency: Immediate, Expected, Future, Past or Unknown.
        response: What to do, in one of the protocol's words: Shelter, Prepare, Execute, Avoid, Monitor ...
        what: What is expected.
        impacts: What it may do.
        instruction: What people should do.
        sent: Local time at which it was issued, ISO 8601 with offset.
        onset: When it begins, likewise.
        ends: When it ends, likewise.
        until: The end in the words of the headline.
        issued: The issue time in the words of the headline.
    """

    event: str
    office: str
    zones: tuple[tuple[str, str], ...]
    severity: str
    certainty: str
    urgency: str
    response: str
    what: str
    impacts: str
    instruction: str
    sent: str
    onset: str
    ends: str
    issued: str
    until: str


_FOG = "If driving, slow down, use your headlights, and leave plenty of distance ahead of you."
_SURF = "Inexperienced swimmers should remain out of the water due to dangerous surf conditions."
_WIND = (
    "Use extra caution when driving, especially if operating a high profile vehicle. Secure outdoor objects."
)
_COLD = "Dress in layers, cover exposed skin, and keep pets indoors as much as possible."
_FLOOD = "Turn around, don't drown when encountering flooded roads. Most flood deaths occur in vehicles."
_FIRE = "Avoid any activity that may start a fire. Be ready to leave at short notice."
_SNOW = "Travel only in an emergency. If you must travel, keep a flashlight, food and water in your vehicle."

_CALIFORNIA = (
    Alert(
        event="Dense Fog Advisory",
        office="Hanford CA",
        zones=(
            ("CAZ179", "Merced - Madera - Mendota"),
            ("CAZ180", "Fresno - Clovis"),
            ("CAZ181", "Visalia - Porterville"),
        ),
        severity="Minor",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Visibility one quarter mile or less in dense fog.",
        impacts="Low visibility could make driving conditions hazardous.",
        instruction=_FOG,
        sent="2026-01-01T02:14:00-08:00",
        onset="2026-01-01T02:14:00-08:00",
        ends="2026-01-01T11:00:00-08:00",
        issued="January 1 at 2:14AM PST",
        until="January 1 at 11:00AM PST",
    ),
    Alert(
        event="High Wind Warning",
        office="Los Angeles/Oxnard CA",
        zones=(("CAZ369", "Ventura County Mountains"), ("CAZ376", "San Gabriel Mountains")),
        severity="Severe",
        certainty="Likely",
        urgency="Expected",
        response="Prepare",
        what="Northeast winds 35 to 45 mph with gusts up to 70 mph expected.",
        impacts=(
            "Damaging winds could blow down trees and power lines. Widespread power outages are possible."
        ),
        instruction=_WIND,
        sent="2025-12-31T20:40:00-08:00",
        onset="2026-01-01T03:00:00-08:00",
        ends="2026-01-02T13:00:00-08:00",
        issued="December 31 at 8:40PM PST",
        until="January 2 at 1:00PM PST",
    ),
    Alert(
        event="Wind Advisory",
        office="San Diego CA",
        zones=(("CAZ050", "San Diego County Inland Valleys"), ("CAZ058", "San Diego County Mountains")),
        severity="Moderate",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Northeast winds 20 to 30 mph with gusts up to 50 mph expected.",
        impacts="Gusty winds will blow around unsecured objects. Tree limbs could be blown down.",
        instruction=_WIND,
        sent="2025-12-31T21:05:00-08:00",
        onset="2026-01-01T04:00:00-08:00",
        ends="2026-01-01T16:00:00-08:00",
        issued="December 31 at 9:05PM PST",
        until="January 1 at 4:00PM PST",
    ),
    Alert(
        event="High Surf Advisory",
        office="San Francisco CA",
        zones=(
            ("CAZ006", "San Francisco"),
            ("CAZ505", "Coastal North Bay"),
            ("CAZ509", "San Francisco Peninsula Coast"),
        ),
        severity="Minor",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Large breaking waves of 15 to 20 feet expected at west facing beaches.",
        impacts="Dangerous swimming and surfing conditions and localized beach erosion.",
        instruction=_SURF,
        sent="2025-12-31T18:30:00-08:00",
        onset="2026-01-01T00:00:00-08:00",
        ends="2026-01-03T03:00:00-08:00",
        issued="December 31 at 6:30PM PST",
        until="January 3 at 3:00AM PST",
    ),
    Alert(
        event="Beach Hazards Statement",
        office="Eureka CA",
        zones=(
            ("CAZ101", "Coastal Del Norte"),
            ("CAZ103", "Northern Humboldt Coast"),
            ("CAZ109", "Mendocino Coast"),
        ),
        severity="Moderate",
        certainty="Likely",
        urgency="Expected",
        response="Avoid",
        what="A long period northwest swell creates an enhanced threat of sneaker waves.",
        impacts="Waves can unexpectedly run up the beach and sweep people into the cold ocean.",
        instruction="Never turn your back on the ocean. Stay off of coastal jetties, rocks and outcroppings.",
        sent="2025-12-31T19:12:00-08:00",
        onset="2026-01-01T06:00:00-08:00",
        ends="2026-01-02T18:00:00-08:00",
        issued="December 31 at 7:12PM PST",
        until="January 2 at 6:00PM PST",
    ),
)

_COLORADO = (
    Alert(
        event="Red Flag Warning",
        office="Denver CO",
        zones=(("COZ239", "Larimer and Boulder Counties below 6000 feet"), ("COZ240", "Denver Metro Area")),
        severity="Severe",
        certainty="Likely",
        urgency="Expected",
        response="Prepare",
        what="West winds 25 to 35 mph with gusts up to 55 mph, and relative humidity as low as 11 percent.",
        impacts="Any fires that develop will likely spread rapidly.",
        instruction=_FIRE,
        sent="2025-12-31T22:20:00-07:00",
        onset="2026-01-01T09:00:00-07:00",
        ends="2026-01-01T19:00:00-07:00",
        issued="December 31 at 10:20PM MST",
        until="January 1 at 7:00PM MST",
    ),
    Alert(
        event="High Wind Watch",
        office="Denver CO",
        zones=(
            ("COZ035", "Larimer and Boulder Counties between 6000 and 9000 feet"),
            ("COZ036", "Jefferson and West Douglas"),
        ),
        severity="Severe",
        certainty="Possible",
        urgency="Future",
        response="Prepare",
        what="West winds 40 to 50 mph with gusts up to 85 mph possible.",
        impacts="Damaging winds could blow down trees and power lines. Travel could be difficult.",
        instruction="Monitor the latest forecasts and warnings for updates on this situation.",
        sent="2025-12-31T22:31:00-07:00",
        onset="2026-01-02T05:00:00-07:00",
        ends="2026-01-02T17:00:00-07:00",
        issued="December 31 at 10:31PM MST",
        until="January 2 at 5:00PM MST",
    ),
)

_TEXAS = (
    Alert(
        event="Flood Watch",
        office="Houston/Galveston TX",
        zones=(("TXZ213", "Inland Harris"), ("TXZ313", "Coastal Harris"), ("TXZ237", "Inland Brazoria")),
        severity="Severe",
        certainty="Possible",
        urgency="Future",
        response="Monitor",
        what="Flooding caused by excessive rainfall is possible.",
        impacts="Excessive runoff may result in flooding of rivers, creeks, streams and low-lying areas.",
        instruction="Monitor later forecasts and be prepared to take action should flooding develop.",
        sent="2026-01-01T03:02:00-06:00",
        onset="2026-01-01T18:00:00-06:00",
        ends="2026-01-02T12:00:00-06:00",
        issued="January 1 at 3:02AM CST",
        until="January 2 at 12:00PM CST",
    ),
    Alert(
        event="Wind Advisory",
        office="Midland/Odessa TX",
        zones=(("TXZ270", "Guadalupe Mountains of Culberson County"), ("TXZ061", "Midland")),
        severity="Moderate",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Southwest winds 25 to 35 mph with gusts up to 50 mph expected.",
        impacts="Gusty winds will blow around unsecured objects. Patchy blowing dust may reduce visibility.",
        instruction=_WIND,
        sent="2026-01-01T01:48:00-06:00",
        onset="2026-01-01T10:00:00-06:00",
        ends="2026-01-01T20:00:00-06:00",
        issued="January 1 at 1:48AM CST",
        until="January 1 at 8:00PM CST",
    ),
    Alert(
        event="Dense Fog Advisory",
        office="Corpus Christi TX",
        zones=(("TXZ242", "Inland Kleberg"), ("TXZ343", "Coastal Nueces")),
        severity="Minor",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Visibility one quarter mile or less in dense fog.",
        impacts="Low visibility could make driving conditions hazardous.",
        instruction=_FOG,
        sent="2026-01-01T00:57:00-06:00",
        onset="2026-01-01T00:57:00-06:00",
        ends="2026-01-01T09:00:00-06:00",
        issued="January 1 at 12:57AM CST",
        until="January 1 at 9:00AM CST",
    ),
)

_FLORIDA = (
    Alert(
        event="Rip Current Statement",
        office="Miami FL",
        zones=(("FLZ168", "Coastal Palm Beach County"), ("FLZ173", "Coastal Miami Dade County")),
        severity="Moderate",
        certainty="Likely",
        urgency="Expected",
        response="Avoid",
        what="Dangerous rip currents.",
        impacts="Rip currents can sweep even the best swimmers away from shore into deeper water.",
        instruction="Swim near a lifeguard. If caught in a rip current, relax and float.",
        sent="2026-01-01T02:30:00-05:00",
        onset="2026-01-01T02:30:00-05:00",
        ends="2026-01-03T19:00:00-05:00",
        issued="January 1 at 2:30AM EST",
        until="January 3 at 7:00PM EST",
    ),
    Alert(
        event="Frost Advisory",
        office="Tallahassee FL",
        zones=(("FLZ017", "Leon"), ("FLZ018", "Inland Jefferson")),
        severity="Minor",
        certainty="Likely",
        urgency="Expected",
        response="Execute",
        what="Temperatures as low as 33 will result in frost formation.",
        impacts="Frost could harm sensitive outdoor vegetation.",
        instruction="Take steps now to protect tender plants from the cold.",
        sent="2025-12-31T14:10:00-05:00",
        onset="2026-01-01T02:00:00-05:00",
        ends="2026-01-01T09:00:00-05:00",
        issued="December 31 at 2:10PM EST",
        until="January 1 at 9:00AM EST",
    ),
)

_WASHINGTON = (
    Alert(
        event="Flood Warning",
        office="Seattle WA",
        zones=(("WAC033", "King"), ("WAC061", "Snohomish")),
        severity="Severe",
        certainty="Observed",
        urgency="Immediate",
        response="Avoid",
        what="Minor flooding is occurring and moderate flooding is forecast on the Snoqualmie River.",
        impacts="Roads near the river will be covered by water in many places.",
        instruction=_FLOOD,
        sent="2026-01-01T04:25:00-08:00",
        onset="2026-01-01T04:25:00-08:00",
        ends="2026-01-02T22:00:00-08:00",
        issued="January 1 at 4:25AM PST",
        until="January 2 at 10:00PM PST",
    ),
)

_HAWAII = (
    Alert(
        event="High Surf Warning",
        office="Honolulu HI",
        zones=(("HIZ101", "Niihau"), ("HIZ108", "Oahu North Shore"), ("HIZ125", "Maui Windward West")),
        severity="Severe",
        certainty="Likely",
        urgency="Expected",
        response="Avoid",
        what="Large breaking waves of 30 to 40 feet along north facing shores.",
        impacts=(
            "Surf will make exposed shorelines extremely dangerous. "
            "Overwash may affect low-lying coastal roads."
        ),
        instruction=_SURF,
        sent="2025-12-31T15:20:00-10:00",
        onset="2025-12-31T18:00:00-10:00",
        ends="2026-01-02T06:00:00-10:00",
        issued="December 31 at 3:20PM HST",
        until="January 2 at 6:00AM HST",
    ),
)

# One alert a county, as in a state-wide blizzard: what a tool must cut down before a model reads it.
_MINNESOTA_COUNTIES = """
Aitkin, Anoka, Becker, Beltrami, Benton, Big Stone, Blue Earth, Brown, Carlton, Carver, Cass,
Chippewa, Chisago, Clay, Clearwater, Cook, Cottonwood, Crow Wing, Dakota, Dodge, Douglas,
Faribault, Fillmore, Freeborn, Goodhue, Grant, Hennepin, Houston, Hubbard, Isanti, Itasca,
Jackson, Kanabec, Kandiyohi, Kittson, Koochiching, Lac qui Parle, Lake, Lake of the Woods, Le
Sueur, Lincoln, Lyon, McLeod, Mahnomen, Marshall, Martin, Meeker, Mille Lacs, Morrison, Mower,
Murray, Nicollet, Nobles, Norman, Olmsted, Otter Tail, Pennington, Pine, Pipestone, Polk, Pope,
Ramsey, Red Lake, Redwood, Renville, Rice, Rock, Roseau
"""
_WINTER = (
    (
        "Blizzard Warning",
        "Severe",
        "Prepare",
        "Blizzard conditions expected. Snow accumulations of 8 to 14 inches. Winds gusting to 55 mph.",
        "Travel could be very difficult to impossible.",
        _SNOW,
    ),
    (
        "Winter Storm Warning",
        "Severe",
        "Prepare",
        "Heavy snow expected. Total snow accumulations between 6 and 11 inches. Winds gusting to 40 mph.",
        "Patchy blowing snow could significantly reduce visibility.",
        _SNOW,
    ),
    (
        "Cold Weather Advisory",
        "Moderate",
        "Execute",
        "Very cold wind chills as low as 35 below expected.",
        "Wind chills this low could cause frostbite on exposed skin in as little as 10 minutes.",
        _COLD,
    ),
)


def _minnesota() -> tuple[Alert, ...]:
    alerts = []
    for number, county in enumerate(" ".join(_MINNESOTA_COUNTIES.split()).split(", ")):
        event, severity, response, what, impacts, instruction = _WINTER[number % len(_WINTER)]
        alerts.append(
            Alert(
                event=event,
                office="Twin Cities/Chanhassen MN",
                zones=((f"MNC{2 * number + 1:03d}", county),),
                severity=severity,
                certainty="Likely",
                urgency="Expected",
                response=response,
                what=what,
                impacts=impacts,
                instruction=instruction,
                sent=f"2025-12-31T{number // 6:02d}:{number % 6 * 10:02d}:00-06:00",
                onset="2026-01-01T00:00:00-06:00",
                ends="2026-01-02T09:00:00-06:00",
                issued="December 31",
                until="January 2 at 9:00AM CST",
            )
        )
    return tuple(alerts)


ALERTS: dict[str, tuple[Alert, ...]] = {
    "CA": _CALIFORNIA,
    "CO": _COLORADO,
    "TX": _TEXAS,
    "FL": _FLORIDA,
    "WA": _WASHINGTON,
    "HI": _HAWAII,
    "MN": _minnesota(),
}

# Every area the service knows: states and territories, then marine areas (its own OpenAPI description).
AREAS: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AS": "American Samoa",
    "AR": "Arkansas",
    "AZ": "Arizona",
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
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
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
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VI": "U.S. Virgin Islands",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "MP": "Northern Mariana Islands",
    "PW": "Palau",
    "FM": "Federated States of Micronesia",
    "MH": "Marshall Islands",
    "AM": "Western North Atlantic Ocean",
    "AN": "Western North Atlantic Ocean, North",
    "GM": "Gulf of Mexico",
    "LC": "Lake St. Clair",
    "LE": "Lake Erie",
    "LH": "Lake Huron",
    "LM": "Lake Michigan",
    "LO": "Lake Ontario",
    "LS": "Lake Superior",
    "PH": "Central Pacific Ocean",
    "PK": "North Pacific Ocean near Alaska",
    "PM": "Western Pacific Ocean",
    "PS": "South Central Pacific Ocean",
    "PZ": "Eastern North Pacific Ocean",
    "SL": "St. Lawrence River",
}

__all__ = ["ALERTS", "AREAS", "MADE_UP", "Alert"]
