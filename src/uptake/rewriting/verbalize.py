"""Express interpretations in words: for the log, for the guard, and for questions to people.

Limit: names of intents are taken for English words in CamelCase or snake_case, as here and in Home Assistant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from uptake.rewriting.identity import meaning_id
from uptake.rewriting.proposal import Candidate
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request

__all__ = ["decision_for", "means_the_same", "wording"]

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PREFIX = "Hass"  # Home Assistant's own intents begin with it
_ALTERNATIVES = 5

Read = Callable[[str], Sequence[Interpretation]]


def wording(reading: Interpretation) -> str:
    """Write a reading in words: the intent, then the values.

    >>> wording(Interpretation(intent="HassTurnOff", slots=(("name", "Kitchen Light"),)))
    'turn off kitchen light'
    """
    deed = " ".join(_WORDS.findall(reading.intent.removeprefix(_PREFIX)))
    return normalize(" ".join([deed, *(value for _, value in sorted(reading.slots))]))


def means_the_same(left: Interpretation, right: Interpretation) -> bool:
    """Tell whether two readings ask for the same, whichever skill would do it: intent and slots, in any order."""
    return left.intent == right.intent and sorted(left.slots) == sorted(right.slots)


def decision_for(
    candidate: Candidate,
    request: Request,
    *,
    step: str,
    version: str | None,
    reason: str,
    read: Read,
) -> Decision | None:
    """Return the decision to act on a candidate's reading; None where it has none.

    Its text is the first of the recogniser's others that the assistant reads so, else the reading in words.

    Args:
        candidate: What is proposed.
        request: As heard.
        step: Who proposes it.
        version: Version of the artifact, for the log.
        reason: One sentence without anybody's words.
        read: The assistant's own understanding.
    """
    reading = candidate.interpretation
    if reading is None or not reading.intent:
        return None
    listed = [one.text for one in request.alternatives[1:_ALTERNATIVES]]
    heard = (text for text in listed if (found := read(text)) and means_the_same(found[0], reading))
    text = normalize(next(heard, "")) or wording(reading)
    return Decision(
        step=step,
        acted_on=text,
        rewrite_id=meaning_id(request.text, text),
        artifact_version=version,
        layer="global",
        reason=reason,
        domain=reading.domain,
        interpretation=reading,
    )
