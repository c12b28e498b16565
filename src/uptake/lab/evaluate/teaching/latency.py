"""Measure the delay that teaching adds to the next request, in CPU time of this process."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uptake.assistant.build import open_agent
from uptake.assistant.loop import Agent
from uptake.lab.evaluate.teaching.rows import MEMBER, home_of
from uptake.log.store import TurnLog
from uptake.types import Request

__all__ = ["next_request"]

_HOME: Mapping[str, Any] = {
    "areas": ["Den", "Kitchen"],
    "entities": [
        {"name": "Den Light", "area": "Den", "domain": "light"},
        {"name": "Floor Lamp", "area": "Den", "domain": "light"},
        {"name": "Kitchen Light", "area": "Kitchen", "domain": "light"},
    ],
}
_WORDS = "hush glow ember candle twilight orchid lagoon walnut comet harvest pebble velvet".split()
_PLAIN = ("turn on the den light", "turn off the den light")
_WARM_UP = 6


def next_request() -> dict[str, float]:
    """Compute how much slower a plain request is right after something was taught, as a median over concepts."""
    with tempfile.TemporaryDirectory() as directory:
        agent = open_agent(Path(directory), home=home_of(_HOME), log=TurnLog(Path(directory) / "log"))
        before = [_cost(agent, _PLAIN[at % 2]) for at in range(_WARM_UP + 2 * len(_WORDS))][_WARM_UP:]
        after = []
        for at, word in enumerate(_WORDS):
            _cost(agent, f"when I say {word}, set the floor lamp to {10 + at} percent")
            _cost(agent, "yes")
            after.append(_cost(agent, _PLAIN[at % 2]))
    plain, taught = statistics.median(before), statistics.median(after)
    return {"teach.request_ms": plain, "teach.next_request_slower_ms": taught - plain}


def _cost(agent: Agent, text: str) -> float:
    began = time.process_time()
    agent.answer(Request(text=text, user_id=MEMBER))
    return (time.process_time() - began) * 1000.0
