"""Find the request behind what was told before it, and what its "it" or "them" stands for.

"the little ones are in bed so you can turn the corner lamp off" asks for "turn the corner lamp off": a request begins
where somebody is addressed, where a question begins, or with a verb after a comma. In "the garage lights have been on
all day, knock them off", "them" are the garage lights.

Limit: English; the last thing named before is meant, and nothing of an earlier request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from uptake.assistant.readers.courtesy import VERBS, is_courtesy_alone
from uptake.assistant.readers.masking import named_at
from uptake.assistant.readers.vocabulary import KINDS, Vocabulary
from uptake.text.patterns import regex
from uptake.text.tokens import words

__all__ = ["asked_at_last", "names_thing", "with_antecedent"]

_NOT_OURS = (
    "get|see|have|go|play|tell|read|call|bring|find|hold|say|move|keep|leave|ask|come|light|fire|run|make|give|let"
)
_DOES = "|".join(sorted(VERBS - set(_NOT_OURS.split("|")), key=len, reverse=True))
_ASKING = (
    r"what(?:'s| is| are| time| day| date)\b|how(?:'s| is| are| long| much| many| warm| cold| hot)\b|when(?:'s| is)\b"
    r"|where(?:'s| is)\b|which [a-z]+ (?:are|is)\b|is (?:the|my|it|there)\b|are (?:the|my|there)\b"
)
_STARTS = regex(
    r"(?:^|(?<![,;.!?])[,;.!?]+\s*|\s)(?P<start>"
    r"(?:please |just |kindly )*(?:can|could|would|will|won't) you\b"
    r"|(?:may|might|can|could) (?:i|we) (?:please |just )*(?:ask|have|get|know)\b"
    rf"|please (?:{_DOES}|play|get|tell|give|make|let|bring|leave|keep)\b"
    rf"|(?:(?<=so )|(?<=, ))you can (?:now |please |just )*(?:{_DOES})\b"
    r")|(?:(?<![,;.!?])[,;.!?]+\s+(?:so |and |but |then |now |um )*)(?P<begin>"
    rf"(?:please |just |kindly )*(?:{_DOES}|play|make|give|tell)\b|{_ASKING})",
    re.IGNORECASE,
)
_SINCE = regex(r"[\s,;.!?]+(?:so|and|but|then|now|um|uh|anyway)?[\s,]*$", re.IGNORECASE)
_POINTING = regex(r"\b(?:it|them|those|that)\b", re.IGNORECASE)
_PHRASE = 4  # words
_SET_FORMS = regex(
    r"\b(?:what|how|when|is|was|does|did|make|has)(?:'s)? (?:it|that)\b|\b(?:is|isn't|was) it\b|\bthat(?:'s| is| the)\b"
    r"|\bit(?:'s| is)\b|\bmake it (?:\d|a |so|warm|cool|bright|dark)",
    re.IGNORECASE,
)


def asked_at_last(text: str) -> tuple[str, str] | None:
    """Return (what was told, the request that follows it); None where no request begins after something else.

    >>> asked_at_last("this is silly but i've lost track, what's the date today")
    ("this is silly but i've lost track", "what's the date today")
    """
    found = None
    for mark in _STARTS.finditer(text):
        at = mark.start("start") if mark["start"] is not None else mark.start("begin")
        before = _SINCE.sub("", text[:at])
        if before.strip() and not is_courtesy_alone(before):
            found = before, text[at:]
            break
    return found


def names_thing(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text names a thing, a place or a kind of thing of the home."""
    return bool(_things([word.text for word in words(text)], vocabulary))


def with_antecedent(request: str, told: str, vocabulary: Vocabulary) -> str | None:
    """Return a request with the thing that was told of in the place of its pronoun; None where that is not clear."""
    if _SET_FORMS.search(request) or names_thing(request, vocabulary):
        return None
    pronouns = list(_POINTING.finditer(request))
    said = [word.text for word in words(told)]
    things = _things(said, vocabulary)
    if len(pronouns) != 1 or len(things) != 1:
        return None
    start, end = things[0]
    thing = " ".join(said[start:end]).replace(" 's", "'s")
    return f"{request[: pronouns[0].start()]}the {thing}{request[pronouns[0].end() :]}"


def _things(said: Sequence[str], vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Return (start, end) of what names a thing: a name, a place and a kind ("garage lights"), or a kind."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(said):
        size, _ = named_at(said, at, vocabulary)
        end = at + size
        while end < len(said) and said[end] in KINDS and end - at < _PHRASE:
            end += 1
        if end > at:
            found.append((at, end))
        at = max(end, at + 1)
    return found
