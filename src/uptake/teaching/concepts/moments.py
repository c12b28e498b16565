"""Decide when to offer to learn a whole request: it failed, and is repeated or complained about.

A request that names nothing of the home has no gap; the first time it is answered as not understood. If it is repeated
in the same words, or followed by "that's not what I meant", the assistant asks for its meaning. The budget of offers
and earlier refusals count as for every gap.

Limit: English; only the previous request counts.
"""

from __future__ import annotations

import re

from uptake.teaching.concepts.artifact import Concept, key_of
from uptake.teaching.concepts.deeds import Place, place_of
from uptake.teaching.concepts.events import event
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.saying import described
from uptake.text.normalize import normalize

__all__ = ["asked_to_mend", "objects", "said_in_vain"]

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


_OBJECTED = re.compile(
    r"(?:(?:no|oh|but|wait|hey|sorry|ugh|hmm|nope|actually)[, ]+)*(?:(?:that|it|this)(?:'s| is| was|'s all| was all)"
    r"(?: all| "
    r"completely| just| really| quite)* (?:wrong|not right|not it|incorrect|nonsense|not (?:what|how) (?:i|we) "
    r"(?:meant|wanted|"
    r"asked for|said|mean|want|like it|taught you)|a mistake)|that (?:isn't|wasn't) (?:right|it|what i (?:meant|"
    r"wanted)|"
    r"(?P<it>.+))|that's not (?P<what>.+)|(?:all )?wrong|not like that|not that(?: way)?|you got (?:it|that) wrong|i "
    r"didn't mean "
    r"that|undo that,? that's wrong)"
)


def objects(text: str) -> bool:
    """Tell whether somebody says that what was done is wrong."""
    return _OBJECTED.fullmatch(normalize(text)) is not None


def asked_to_mend(text: str, own: Concept) -> Taught | None:
    """Ask what a word means that was just used, where its speaker objects; None where they do not.

    Args:
        text: What was said after its use.
        own: What the word means so far.
    """
    match = _OBJECTED.fullmatch(normalize(text))
    denied = (match["it"] or match["what"]) if match is not None else None
    if match is None or (denied is not None and key_of(denied) != own.key):
        return None
    place = Place()
    for deed in own.deeds:
        place = place.joined(place_of(deed))
    lesson = Lesson(stage="ask", phrase=own.phrase, slot_type=own.slot_type, scope=own.scope, wanted=True).at(place)
    speech = f"{own.phrase} is {described(own.deeds)} so far. What should it be?"
    asked = event("TeachDefinition", own.phrase, trouble="refused")
    return Taught(speech=speech, event=asked, lesson=lesson)


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
