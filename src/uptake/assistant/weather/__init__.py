"""Weather providers (`provider`), and an almanac that needs no network (`almanac`)."""

from uptake.assistant.weather.almanac import Almanac
from uptake.assistant.weather.provider import Outlook, WeatherProvider

__all__ = ["Almanac", "Outlook", "WeatherProvider"]
