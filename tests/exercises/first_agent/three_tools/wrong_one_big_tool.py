# outcome: NOT YET · missing
# says: three tools
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

import json

@function_tool
async def alerts_where_i_am() -> str:
    "Get the weather alerts where the user is."
    place = json.loads(await get_location_info(await get_ip_address()))
    return await get_weather_alerts(place["region_code"] if "region_code" in place else place["region"])

agent = Agent(name="W", instructions="Use tools.", tools=[alerts_where_i_am])
