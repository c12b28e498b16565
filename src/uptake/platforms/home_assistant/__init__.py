"""Home Assistant: its WebSocket interface, its agent that does what was said, its home, its runs, its own files."""

from uptake.platforms.home_assistant.agent import Done, HomeAssistant
from uptake.platforms.home_assistant.matcher import Matcher
from uptake.platforms.home_assistant.socket import Socket

__all__ = ["Done", "HomeAssistant", "Matcher", "Socket"]
