"""Uptake: a self-learning conversational agent for ambient computing.

It hears a request in a home, does it, and learns from how people react, without annotation.
Read `uptake.protocols` first: every other module implements one of its shapes.

What a program embeds is found here, and loaded when it is asked for: `import uptake` stays light, and what needs a
library that is not installed says which extra brings it.
"""

from importlib import import_module
from typing import Any

from uptake.errors import UptakeError
from uptake.types import Context, Decision, Interpretation, Request, Turn

__version__ = "0.1.0"
__all__ = [
    "Agent",
    "Context",
    "Decision",
    "Interpretation",
    "Pipeline",
    "Request",
    "State",
    "Turn",
    "TurnLog",
    "UptakeError",
    "__version__",
    "learn",
]

_LATER = {
    "Agent": "uptake.assistant.loop:Agent",
    "Pipeline": "uptake.rewriting.pipeline:Pipeline",
    "State": "uptake.release.state:State",
    "TurnLog": "uptake.log.store:TurnLog",
    "learn": "uptake.release.night:release",
}
"""Public name -> where it is, as "module:name"; `__init__.pyi` tells editors and type checkers the same."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'uptake' has no attribute {name!r}")
    return import_module("uptake.capability").loaded(_LATER[name], f"uptake.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
