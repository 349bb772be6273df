"""Whose request it is: by topic, there and back."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import ALERTS, Row, called, handoff, said, says, silent, tool, user

TRIAGE = handoff(
    "Triage Agent", "A triage agent that can delegate a customer's request to the appropriate agent."
)
FAQ = handoff("FAQ Agent", "A helpful agent that can answer questions about the airline.")
SEATS = handoff("Seat Booking Agent", "A helpful agent that can update a seat on a flight.")
UPDATE_SEAT = tool(
    "update_seat",
    "Update the seat for a given confirmation number.",
    confirmation_number="The confirmation number for the flight.",
    new_seat="The new seat to update to.",
)
SEAT_INSTRUCTIONS = (
    "You are a seat booking agent.\n1. Ask for their confirmation number.\n2. Ask what "
    "their desired seat number is.\n"
    "3. Use the update seat tool.\nIf the customer asks a question that is not related "
    "to the routine, transfer back "
    "to the triage agent."
)
TUTORS = [
    handoff("History Tutor", "Specialist agent for historical questions"),
    handoff("Math Tutor", "Specialist agent for math questions"),
]

ROWS = [
    Row(
        "math",
        "Can you help me solve 2x + 5 = 11?",
        [("transfer_to_math_tutor", {})],
        TUTORS,
        "You determine which agent to use based on the user's homework question",
    ),
    Row(
        "neither",
        "what is life",
        silent,
        TUTORS,
        "You determine which agent to use based on the user's homework question",
    ),
    Row(
        "to the FAQ",
        "I have a question about the airline.",
        [("transfer_to_faq_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to "
        "other appropriate agents.",
    ),
    Row(
        "to the seats",
        "I want to change my seat",
        [("transfer_to_seat_booking_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to "
        "other appropriate agents.",
    ),
    Row(
        "weather, not local info",
        "Is there a storm coming in Texas?",
        [("transfer_to_weather_agent", {})],
        [
            handoff("Weather agent", "Answers questions about weather alerts."),
            handoff("Local agent", "Finds out the user's IP address and location."),
        ],
        "Route each question to the right agent.",
    ),
    Row(
        "continue after the handoff",
        [
            user("Is there a storm coming in Texas?"),
            *called("transfer_to_weather_agent", {}, '{"assistant": "Weather agent"}'),
        ],
        [("get_weather_alerts", {"state": "TX"})],
        [ALERTS, handoff("Triage agent")],
        "You answer weather questions.",
    ),
    Row(
        "the FAQ tool after the handoff",
        [
            user("Is there wifi on the plane?"),
            *called("transfer_to_faq_agent", {}, '{"assistant": "FAQ Agent"}'),
        ],
        [("faq_lookup_tool", {"question": "Is there wifi on the plane?"})],
        [tool("faq_lookup_tool", "Lookup frequently asked questions.", question=""), TRIAGE],
        "You are an FAQ agent. Use the faq lookup tool. If you cannot answer, transfer back "
        "to the triage agent.",
    ),
    Row(
        "arguments are asked for",
        [
            user("I want to change my seat"),
            *called("transfer_to_seat_booking_agent", {}, '{"assistant": "Seat Booking Agent"}'),
        ],
        says("confirmation number", "new seat"),
        [UPDATE_SEAT, TRIAGE],
        SEAT_INSTRUCTIONS,
    ),
    Row(
        "and given bit by bit",
        [
            user("I want to change my seat"),
            said("To use update_seat I need: confirmation number and new seat. Please tell me."),
            user("My confirmation number is ABC123"),
            said("To use update_seat I need: new seat. Please tell me."),
            user("12A"),
        ],
        [("update_seat", {"confirmation_number": "ABC123", "new_seat": "12A"})],
        [UPDATE_SEAT, TRIAGE],
        SEAT_INSTRUCTIONS,
    ),
    Row(
        "not to the agent that has just handed back",
        [
            user("I want to change my seat"),
            *called("transfer_to_seat_booking_agent", {}, '{"assistant": "Seat Booking Agent"}'),
            said("Updated seat to 12A for confirmation number ABC123"),
            user("Thanks! How many seats are on the plane?"),
            *called("transfer_to_triage_agent", {}, '{"assistant": "Triage Agent"}'),
        ],
        [("transfer_to_faq_agent", {})],
        [FAQ, SEATS],
        "You are a helpful triaging agent. You can use your tools to delegate questions to other agents.",
    ),
    Row(
        "a desk that passes on is no specialist: by what it says it does",
        "Which agent handles a customer's request about seats?",
        silent,
        [handoff("Helper", "Can delegate a customer's request about seats to the appropriate agent.")],
        "You answer questions.",
    ),
    Row(
        "or by its name",
        "How do I reach the front office about seats?",
        [("transfer_to_seat_booking_agent", {})],
        [handoff("Front office", "Seats, flights and the office."), SEATS],
        "You answer questions.",
    ),
    Row(
        "and nobody is sent there by topic",
        "Which seats does the coordinator have?",
        silent,
        [handoff("Seat coordinator", "Questions about seats.")],
        "You answer questions.",
    ),
    Row(
        "nor back to it by an order once it has handed over",
        [
            user("I have a request about seats"),
            *called("transfer_to_seat_booking_agent", {}, '{"assistant": "Seat Booking Agent"}'),
        ],
        silent,
        [handoff("Main desk", "A customer's request about seats.")],
        "You are a seat booking agent.",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
