"""Give a request the place that is told beside it: "I'm in the kitchen, put the light on" means the kitchen's light.

A place counts where the person says to be there or to go there, that nobody is there, or how it is there; not where
somebody else is ("the baby's asleep in the bedroom"). What is switched on may be for where one goes to, what is
switched off for where one comes from.

Limit: English; one place, told in a piece of its own before or behind the request.
"""

from __future__ import annotations

import re

from uptake.assistant.readers.courtesy import VERBS, stripped
from uptake.assistant.readers.cues import wonders
from uptake.assistant.readers.masking import named_at
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.text.patterns import regex
from uptake.text.tokens import words

__all__ = ["with_place_told"]

_VERBS = "|".join(sorted(VERBS, key=len, reverse=True))
_JOINT = regex(
    r"\s*[,;.!]+\s+(?:so |and )?"
    rf"|\s+so (?=(?:please|can|could|would|let's|{_VERBS})\b)",
    re.IGNORECASE,
)
_PLACE = "\N{WHITE SQUARE}"
_I = r"(?:i|we)(?:'m|'re|'ll|'ve| am| are| will| have| was going to| were going to)?\b"
_IN = rf"(?:(?:in|on|at)\b(?: \w+)? )?{_PLACE}"
_THERE = regex(
    rf"(?:{_I}(?! (?:was|were|wish|think|hope|heard|remember|told|asked|said)\b)(?: [\w']+){{0,4}} {_IN}"
    rf"|(?:there(?:'s| is| isn't| are)|nobody(?:'s| is| in)?|no[ -]?one(?:'s| is| in)?|none of us(?: is| are)?"
    rf"|everybody(?:'s| is| has) (?:gone|left|out)|everyone(?:'s| is| has) (?:gone|left|out))\b(?: [\w']+){{0,5}} {_IN}"
    rf"|it(?:'s| is| was| feels| gets| got)\b(?: [\w']+){{1,5}} {_IN}"
    rf"|(?:i'm |we're |i am |we are )?(?:all )?(?:done|finished|through)\b"
    rf"(?: [\w']+){{0,2}} (?:with|in|on) (?:the )?{_PLACE}"
    rf"|(?:in |right,? |ok,? )*(?:the |my |our )?{_PLACE}$"
    rf"|(?:the |my |our )?{_PLACE}(?:'s| is| are| feels| looks| seems| smells| stinks| has| needs| could)\b)",
    re.IGNORECASE,
)
_GOING = regex(
    rf"{_I}(?: [\w']+){{0,4}} (?P<way>(?:in|up |down |out )?to|for|from|out of|leave|leaving|left)\b(?: \w+)? {_PLACE}",
    re.I,
)
_FROM = frozenset({"from", "out of", "leave", "leaving", "left"})
_OFF = regex(r"\b(?:off|out|close|closed|shut|stop|lock)\b", re.IGNORECASE)
_OF_A_PLACE = regex(
    r"\b(?:lights?|lamps?|fans?|blinds?|curtains?|shutters?|shades?|windows?|heating|radiators?|heat|music|radio|speakers?"
    r"|tv|telly|television)\b",
    re.IGNORECASE,
)
"""Kinds of things that a place has its own of."""
_HERE = regex(r"\s*\b(?:in|over|through|up|down) (?:there|here)\b", re.IGNORECASE)
_ELSEWHERE = regex(
    r"\b(?:all|every\w*|both|whole|here|upstairs|downstairs|room|rooms|house|home|outside|if|when|until|till|before|after"
    r"|unless|except)\b",
    re.IGNORECASE,
)
_HEAD = regex(r"^(?:(?:oh|ok|okay|right|so|well|hey|um|ah|now)[,!]? )+", re.IGNORECASE)
_FRONT = regex(rf"in (?P<place>(?:the |my |our )?[\w']+(?: [\w']+)?) (?P<request>(?:{_VERBS})\b.+)$", re.IGNORECASE)
"""A place in front of a command, without a comma: "in the garage turn the lights on"."""
_TAIL = regex(r",? (?:would you|will you|please|thanks|cheers|for me|for us)[.!?]*$", re.IGNORECASE)
_BARE = frozenset({"upstairs", "downstairs", "outside"})


def with_place_told(text: str, vocabulary: Vocabulary) -> str:
    """Return a request with the place that is told beside it; the text as it is where there is none.

    Args:
        text: The request.
        vocabulary: Names of the home.
    """
    bare = _HEAD.sub("", _TAIL.sub("", text))
    front = _FRONT.match(bare)
    if front is not None and _place(front["place"], vocabulary) and _takes_place(front["request"], vocabulary):
        return f"{front['request']} in {front['place']}"
    joints = list(_JOINT.finditer(bare))
    if len(joints) != 1:
        return text
    pieces = bare[: joints[0].start()].strip(), bare[joints[0].end() :].strip(" .!?")
    for told, request in (pieces, pieces[::-1]):
        place = _told(told, _OFF.search(request) is not None, vocabulary)
        if place is not None and _takes_place(request, vocabulary):
            return f"{_HERE.sub('', stripped(request))} {place}"
    return text


def _told(told: str, off: bool, vocabulary: Vocabulary) -> str | None:
    """Return the place that a remark says the request is for, with its preposition; None where it says none."""
    spoken = words(told)
    plain = [word.text for word in spoken]
    found: list[tuple[int, int, Name]] = []
    at = 0
    while at < len(plain):
        size, name = named_at(plain, at, vocabulary)
        if name is not None:
            found.append((at, size, name))
        at += max(size, 1)
    if len(found) != 1:
        return None
    first, size, name = found[0]
    name = _place(" ".join(plain[first : first + size]), vocabulary) or name  # "garage" may be its door as well
    if name.kind not in ("area", "floor"):
        return None
    start, end = spoken[first].start, spoken[first + size - 1].end
    masked = f"{told[:start]}{_PLACE}{told[end:]}"
    bare = stripped(masked)
    going = _GOING.match(bare)
    if going is not None:
        fits = off == (" ".join(going["way"].casefold().split()) in _FROM)
    else:
        fits = _THERE.match(bare) is not None
    said = told[start:end]
    if not fits:
        return None
    return said if said.casefold() in _BARE else f"{'on' if name.kind == 'floor' else 'in'} the {said}"


def _place(said: str, vocabulary: Vocabulary) -> Name | None:
    """Return the place that is called so, whatever else is."""
    bare = [word.text for word in words(said) if word.text not in ("the", "my", "our")]
    places = (name for name in vocabulary.names if name.kind in ("area", "floor"))
    return next((name for name in places if [word.text for word in words(name.said)] == bare), None)


def _takes_place(request: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a piece asks for something that a place has its own of, and names no place and no thing."""
    bare = _HERE.sub("", stripped(request))
    said = [word.text for word in words(bare)]
    if not said or _OF_A_PLACE.search(bare) is None or _ELSEWHERE.search(bare):
        return False
    if any(named_at(said, at, vocabulary)[1] is not None for at in range(len(said))):
        return False
    return said[0] in VERBS or wonders(said) or _OFF.search(bare) is not None or said[-1] == "on"
