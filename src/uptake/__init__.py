"""Uptake: a self-learning conversational agent for ambient computing.

It hears a request in a home, does it, and learns from how people react, without annotation.
Read `uptake.protocols` first: every other module implements one of its shapes.
"""

from uptake.errors import UptakeError
from uptake.types import Context, Decision, Interpretation, Request, Turn

__version__ = "0.1.0"
__all__ = ["Context", "Decision", "Interpretation", "Request", "Turn", "UptakeError", "__version__"]
