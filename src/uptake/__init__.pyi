from uptake.assistant.loop import Agent as Agent
from uptake.errors import UptakeError as UptakeError
from uptake.log.store import TurnLog as TurnLog
from uptake.release.night import release as learn
from uptake.release.state import State as State
from uptake.rewriting.pipeline import Pipeline as Pipeline
from uptake.types import Context as Context
from uptake.types import Decision as Decision
from uptake.types import Interpretation as Interpretation
from uptake.types import Request as Request
from uptake.types import Turn as Turn

__version__: str
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
