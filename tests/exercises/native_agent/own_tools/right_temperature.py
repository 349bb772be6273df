# outcome: PASSED
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

class ConvertTemperature(BaseModel):
    """Convert a temperature from degrees Fahrenheit to degrees Celsius."""

    fahrenheit: float = Field(description="The temperature in degrees Fahrenheit.")

    async def run(self) -> str:
        return f"{(self.fahrenheit - 32) * 5 / 9:.1f} degrees Celsius"


TOOLS = {"convert_temperature": ConvertTemperature}
QUESTION = "Convert a temperature of 86 degrees Fahrenheit to Celsius."
