# outcome: PASSED
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION: str = "Convert the temperature of 20 degrees Celsius to Fahrenheit."


class CelsiusToFahrenheit(BaseModel):
    """Convert a temperature from Celsius to Fahrenheit."""

    celsius: float = Field(description="Temperature in degrees Celsius")

    async def run(self) -> str:
        return f"{self.celsius * 9 / 5 + 32:.1f} F"


TOOLS: dict[str, type[BaseModel]] = {"celsius_to_fahrenheit": CelsiusToFahrenheit}
