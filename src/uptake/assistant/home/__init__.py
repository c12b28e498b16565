"""Model of a home (`model`), and a virtual home that needs no hardware (`virtual`)."""

from uptake.assistant.home.model import Area, Device, Floor, Home, State
from uptake.assistant.home.plain import plain
from uptake.assistant.home.virtual import VirtualHome

__all__ = ["Area", "Device", "Floor", "Home", "State", "VirtualHome", "plain"]
