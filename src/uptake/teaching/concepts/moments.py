"""Offer to be taught where it is worth it: a request came to nothing, and is said again or complained about.

A request that names nothing of the home has no gap; the first time it is answered as one that is not understood. Said a
second time in the same words, or followed by "that's not what I meant", it is worth a question. The budget of offers
and what was declined before hold as for every gap.

Limit: English; only the request right before counts.
"""

from __future__ import annotations

import re

from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.events import event
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.phrases.words import label
from uptake.text.normalize import normalize

__all__ = ["said_in_vain"]

_MOST_WORDS = 5
_COURTESY = re.compile(r"^(?:(?:please|hey|ok|okay|can you|could you|just) )+|(?: (?:please|now|again|thanks))+$")
_DISSATISFIED = re.compile(
    r"(?:no |oh |but )*(?:that's (?:not (?:what i (?:meant|said|wanted|asked(?: for)?)|it|right|helpful)|wrong|"
    r"useless)|"
    r"you (?:got (?:it|that) wrong|don't (?:get|understand) (?:it|me|that)|didn't (?:get|understand) (?:it|me|that))|"
    r"i (?:already )?told you|you should know that|why don't you (?:get|understand|know) (?:it|me|that))"
)
_CANNOT_BE_TAUGHT = frozenset("bmqtnow")
"""Labels of words that ask for something else than a signal: other verbs, media, questions, moments, values, times."""


def said_in_vain(text: str, scene: Scene) -> Taught | None:
    """Offer to be taught the request before, which was not understood; None where this is no moment for it.

    Args:
        text: The request.
        scene: Who says it, where, and what came of the request before.
    """
    said, before = normalize(text), normalize(scene.failed)
    if not before or scene.user_id is None or not (said == before or _DISSATISFIED.fullmatch(said)):
        return None
    phrase = _COURTESY.sub("", before)
    words = label(phrase, scene.house)
    if not 0 < len(words.words) <= _MOST_WORDS or "x" not in words.labels or _CANNOT_BE_TAUGHT & set(words.labels):
        return None
    if words.mentions or scene.understands(phrase) or not scene.may_offer(key_of(phrase)):
        return None
    speech = f"I do not understand that yet. What should I do when you say {phrase}? You can teach me."
    lesson = Lesson(stage="ask", phrase=phrase, slot_type="action", wanted=True, request=phrase)
    return Taught(speech=speech, event=event("TeachOffer", phrase, type="action"), lesson=lesson)
