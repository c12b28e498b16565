"""Home Assistant: WebSocket connection, conversation agent, import of homes, watch of runs, export of rewrites."""

from uptake.platforms.home_assistant.agent import Done, HomeAssistant
from uptake.platforms.home_assistant.matcher import Matcher
from uptake.platforms.home_assistant.socket import Socket

__all__ = ["Done", "HomeAssistant", "Matcher", "Socket"]
