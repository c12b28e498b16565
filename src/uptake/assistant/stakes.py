"""Decide the confidence needed to act unasked, from the cost of a wrong action.

Acting pays if `p * gain > (1 - p) * cost`, so the smallest confidence is `cost / (cost + gain)`; the gain is a question
saved. A wrong answer and a wrong light cost a second request, about one and a half times a question; a list or an alarm
costs its content. Critical actions (locks, the garage, the oven) are asked about by their skill at any confidence.
"""

from __future__ import annotations

import re

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis

__all__ = ["ACT_AT", "act_at", "acts_unasked", "changes"]

ACT_AT = 0.6
"""Least confidence of acting unasked on what is easily put right, in [0, 1]."""

_ASKS = re.compile(r"Get|Status|Convert|Calculate|Respond|SmallTalk|TellJoke|Identify|ShowCamera")
_LASTS = re.compile(r"Delete|Clear|CancelAll|Broadcast|Remove")
_DEARER = 1.2
"""Factor of the least confidence of what cannot be said again to put it right."""


def act_at(intent: str, *, base: float = ACT_AT) -> float:
    """Return the least confidence, in [0, 1], of acting on an intent without asking.

    >>> act_at("HassGetWeather") == act_at("HassTurnOn") < act_at("DeleteList")
    True

    Args:
        intent: What would be done.
        base: The same for what is easily put right.
    """
    return min(base * _DEARER, 1.0) if _LASTS.search(intent) else base


def changes(intent: str) -> bool:
    """Tell whether an intent does something, rather than answer a question."""
    return intent != OUT_OF_SCOPE and not _ASKS.search(intent)


def acts_unasked(hypothesis: Hypothesis, *, base: float = ACT_AT) -> bool:
    """Tell whether a reading is sure enough to be acted on without asking."""
    intent = hypothesis.interpretation.intent
    return intent != OUT_OF_SCOPE and hypothesis.confidence >= act_at(intent, base=base)
