"""Read what people say of timers and alarms from its parts, whatever their order."""

from uptake.assistant.clauses.clocks.reading import read_clocks

__all__ = ["read_clocks"]
