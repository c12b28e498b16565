"""Recognise that something planned is called off: "cancel the heater", "don't turn off the heater at 8".

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import PROHIBITION, without_courtesy
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.skills.time.scheduled import is_planned
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["called_off"]

_CANCELS = regex(
    r"(?:no,? )?(?:cancel|forget|drop|delete|skip|abort|call off|scrap)(?: about)? (?P<rest>(?!all\b|every|it\b"
    r"|that\b|this\b)\S.*?)[ .!]*$",
    re.IGNORECASE,
)


def called_off(text: str, turn: Incoming, memory: Memory) -> Interpretation | None:
    """Return the reading that cancels what is planned and named; None where nothing planned is called so."""
    bare = without_courtesy(text)
    match = PROHIBITION.match(bare) or _CANCELS.match(bare)
    words = match.groupdict().get("rest") if match is not None else None
    if not words or not is_planned(memory, turn.request.user_id, words, turn.now):
        return None
    return Interpretation(intent="CancelSchedule", slots=(("text", words),))
