"""Decide how sure a reading must be to be acted on unasked: the more a wrong one costs, the surer.

A question that was misread costs a sentence, a light a second request, a list or an alarm what stood in it. Acting pays
where `p * gain > (1 - p) * cost`, so the least confidence is `cost / (cost + gain)`; the gain is not being asked.
What is critical (locks, the garage, the oven) is asked about by its skill, whatever the confidence.
"""

from __future__ import annotations

import re

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis

__all__ = ["ACT_AT", "act_at", "acts_unasked", "changes"]

ACT_AT = 0.5
"""Least confidence of acting unasked on what is easily put right, in [0, 1]."""

_ASKS = re.compile(r"Get|Status|Convert|Calculate|Respond|SmallTalk|TellJoke|Identify|ShowCamera")
_LASTS = re.compile(r"Delete|Clear|CancelAll|Broadcast|Remove")
_CHEAPER, _DEARER = 0.8, 1.4
"""Factors of the least confidence."""


def act_at(intent: str, *, base: float = ACT_AT) -> float:
    """Return the least confidence, in [0, 1], of acting on an intent without asking.

    >>> act_at("HassGetWeather") < act_at("HassTurnOn") < act_at("DeleteList")
    True

    Args:
        intent: What would be done.
        base: The same for what is easily put right.
    """
    factor = _CHEAPER if _ASKS.search(intent) else _DEARER if _LASTS.search(intent) else 1.0
    return min(base * factor, 1.0)


def changes(intent: str) -> bool:
    """Whether an intent does something, rather than answer a question."""
    return intent != OUT_OF_SCOPE and not _ASKS.search(intent)


def acts_unasked(hypothesis: Hypothesis, *, base: float = ACT_AT) -> bool:
    """Whether a reading is sure enough to be acted on without asking."""
    intent = hypothesis.interpretation.intent
    return intent != OUT_OF_SCOPE and hypothesis.confidence >= act_at(intent, base=base)
