"""The arguments of a call: each parameter filled, in pairs and ranges too, or asked for."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import ALERTS, INTEGER, MAIL, NUMBER, SUMS, Row, says, tool

RATE = [tool("fx_rate", "Rate between two.", base="", quote="")]

ROWS = [
    Row(
        "a missing state is asked for",
        "Are there any weather alerts?",
        says("state", rule="missing_argument"),
        [ALERTS],
    ),
    Row(
        "a range",
        "Can you generate a random number between 0 and 100?",
        [("random_number_tool", {"max": 100})],
        [tool("random_number_tool", "Return a random integer between 0 and the given maximum.", max=INTEGER)],
    ),
    Row(
        "both ends of a range",
        "Pick a random number between 5 and 10",
        [("random_int", {"min": 5, "max": 10})],
        [tool("random_int", "Random integer in a range", min=INTEGER, max=INTEGER)],
    ),
    Row(
        "two numbers",
        "Add 2 and 3",
        [("add", {"a": 2, "b": 3})],
        [
            tool("add", "Add two numbers", a=NUMBER, b=NUMBER),
            tool("multiply", "Multiply two numbers", a=NUMBER, b=NUMBER),
        ],
    ),
    Row(
        "an expression",
        "Please calculate 12 * (3 + 4)",
        [("calculator", {"expression": "12 * (3 + 4)"})],
        [tool("calculator", "Evaluate a math expression", expression="")],
    ),
    Row(
        "from and to",
        "Book a flight from Paris to Berlin on 2026-06-01",
        [("book_flight", {"origin": "Paris", "destination": "Berlin", "date": "2026-06-01"})],
        [tool("book_flight", "Book a flight", origin="", destination="", date="")],
    ),
    Row(
        "to and from",
        "I need a flight to Berlin from Paris on 2026-06-01",
        [("search_flights", {"origin": "Paris", "destination": "Berlin", "date": "2026-06-01"})],
        [tool("search_flights", "Search flights", origin="", destination="", date="")],
    ),
    Row(
        "dice",
        "Roll two six-sided dice",
        [("roll_dice", {"sides": 6, "count": 2})],
        [tool("roll_dice", "Roll dice", sides=INTEGER, count=INTEGER)],
    ),
    Row(
        "a d20", "roll a d20", [("roll_dice", {"sides": 20})], [tool("roll_dice", "Roll dice", sides=INTEGER)]
    ),
    Row(
        "accounts by from and to",
        "Transfer $50 from checking to savings",
        [("transfer_money", {"from_account": "checking", "to_account": "savings", "amount": 50})],
        [
            tool(
                "transfer_money",
                "Transfer money between accounts",
                from_account="",
                to_account="",
                amount=NUMBER,
            )
        ],
    ),
    Row(
        "units from and to",
        "Convert 10 miles to kilometers",
        [("convert_units", {"value": 10, "from_unit": "miles", "to_unit": "kilometers"})],
        [tool("convert_units", "Convert a quantity between units", value=NUMBER, from_unit="", to_unit="")],
    ),
    Row(
        "one message, not two",
        "Send a mail to a@b.co and c@d.co saying 'hi there'",
        [("send_mail", {"to": "a@b.co, c@d.co", "body": "hi there"})],
        MAIL,
    ),
    Row("a directed pair", "EUR to JPY rate", [("fx_rate", {"base": "EUR", "quote": "JPY"})], RATE),
    Row(
        "a pair in words",
        "fx rate for dollars in euros",
        [("fx_rate", {"base": "USD", "quote": "EUR"})],
        RATE,
    ),
    Row(
        "one of a pair is not both",
        "What is the fx rate of EUR?",
        says("quote", rule="missing_argument"),
        RATE,
    ),
    Row("taken from", "Subtract 6 from 20", [("subtract", {"a": 20, "b": 6})], SUMS),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
