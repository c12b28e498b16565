"""The weather: who tells it (`provider`), and an almanac that needs no network (`almanac`)."""

from uptake.agent.weather.almanac import Almanac
from uptake.agent.weather.provider import Outlook, WeatherProvider

__all__ = ["Almanac", "Outlook", "WeatherProvider"]
