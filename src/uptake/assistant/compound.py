"""Split two requests in one breath: "add milk to the list and set a timer for five minutes".

Only where the whole is not surely understood and both parts are, each by itself and as something else; "fish and chips"
and "the kitchen and the hall" stay whole.
"""

from __future__ import annotations

import re

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers import Understanding
from uptake.types import Situation

__all__ = ["split"]

_JOINT = re.compile(r",? and (?:then )?|, then | then ", re.IGNORECASE)
_SURE = 0.85
_FREE = "free words"  # what the grammar says of a reading that took words it does not know


def split(text: str, understanding: Understanding, situation: Situation) -> tuple[str, str] | None:
    """Split a request that holds two; None where it is one.

    Args:
        text: The whole request.
        understanding: Reads it, and its parts.
        situation: Where and when.
    """
    if _JOINT.search(text) is None:
        return None
    best = next(iter(understanding.read(text, situation)), None)
    if best is not None and best.confidence >= _SURE and _FREE not in (best.reason or ""):
        return None
    for joint in _JOINT.finditer(text):
        first, second = text[: joint.start()].strip(), text[joint.end() :].strip()
        if len(first.split()) < 2 or len(second.split()) < 2:
            continue
        if _is_whole(first, understanding, situation) and _is_whole(second, understanding, situation):
            return first, second
    return None


def _is_whole(text: str, understanding: Understanding, situation: Situation) -> bool:
    hypotheses = understanding.read(text, situation)
    if not hypotheses or hypotheses[0].interpretation.intent == OUT_OF_SCOPE:
        return False
    return hypotheses[0].confidence >= _SURE and hypotheses[0].reader == "grammar"
