"""The home: what it is (`model`), and a virtual one that needs no hardware (`virtual`)."""

from uptake.agent.home.model import Area, Device, Floor, Home, State
from uptake.agent.home.plain import plain
from uptake.agent.home.virtual import VirtualHome

__all__ = ["Area", "Device", "Floor", "Home", "State", "VirtualHome", "plain"]
