"""Cut a definition into segments, without remarks: reasons, people, and when somebody wants it.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uptake.teaching.concepts.values import decimals
from uptake.text.normalize import normalize

__all__ = ["NOT_HERE", "OATHS", "segments", "without_asides"]

NOT_HERE = re.compile(
    r"(?:(?:turn|switch) )?(?:(?:on|off) )?(?:the|my|our) (?!(?:rest|others?|lot|whole|same|power|"
    r"main|music|sound|one|ones|1|1s|"
    r"things?|house|home|place|flat|room|volume)\b)[a-z]+(?: [a-z]+)?(?: (?:on|off))"
    r"|(?:turn|switch) (?:on|off) (?:the|my|our) (?!(?:rest|others?|lot|whole|same|power|main|music|sound)\b)[a-z]+"
)
"""A device that the home does not have: "the jacuzzi on"."""
_CUT = re.compile(
    r"\s*(?:[;,:!?]|\.(?!\d)|\s-+\s|\n)\s*|\s+(?:and then|and also|and(?! a (?:half|quarter)\b)|"
    r"then|but|plus|with|while|also|as well as)\s+"
    r"|\s+(?=(?:except|apart from|besides)\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\byou know (?:(?:that|the) (?:feeling|moment|time|kind of \w+) )?(?:when|how|where|if)\b[^,;.!?]*(?:[,;.!?]|$)|"
    r"\b(?:it's|it is|that's|kind of|sort of|bit) like,? (?:when|how|where|if)\b[^,;.!?]*(?:[,;.!?]|$)|"
    r"(?:^|(?<=[,;.!?]))\s*(?:(?:and|so|because|well|oh|right|ok|okay|like|um+|uh+|you see|you "
    r"know) )*(?:if|when|whenever|once|since|because) "
    r"(?:i|we|i'm|we're|my|our|you|people|friends|guests|visitors|(?:the |my |our )?(?:boys|girls|"
    r"kids|children|guests|friends|lads|family|visitors|grandchildren|grandkids|in-laws|parents|"
    r"neighbours|team|band|mum|mom|dad|gran\w*))\b[^,;.!?]*(?:[,;.!?]|$)|\b(?:if|when|(?<!\w )as) (?:you "
    r"(?:can|could|"
    r"like|please|don't mind|would)|possible)\b",
    re.IGNORECASE,
)
"""Why or when somebody wants it, in a clause of its own, and courtesies: no part of what is to be done."""
_PURPOSE = re.compile(
    r"\b(?:so(?: that)?(?: (?!please\b|you\b)[\w']+){1,3} (?:can|could|can't|cannot|couldn't|don't|doesn't|won't|"
    r"wouldn't|"
    r"may|might)\b(?! be)|because|in case|due to|(?:just )?to (?:keep|let|stop|avoid|save)\b|"
    r"(?<!not )(?:just |barely )?enough (?:to|for (?:me|us|you|him|her|them|people|the \w+) to|that (?:i|we|you))\b)"
    r"(?:(?! and (?:turn|switch|set|put|make|the)\b)[^,;.!?])*",
    re.IGNORECASE,
)
"""What it is good for, said in passing: "open a bit so the cat can see out"."""


_WAITS = re.compile(r"\b(?:hang|hold|come) on\b(?! (?:the|my|our) )|\bgo on\b", re.IGNORECASE)
"""Words by which somebody stops to think, in which nothing is on."""
_BUT = re.compile(
    r"\b(all|every|everything|each|both|any)\b([^,;.!?]{0,40}?),? but (?=(?:not )?(?:the|my|our)\b[^,;.!?]*$)",
    re.IGNORECASE,
)
"""An exception: "all the lights off but the lamp"."""
OATHS = re.compile(
    r"\b(?:bloody|fucking|fuckin|freaking|frigging|flipping|damn(?:ed)?|goddamn|sodding|blasted|ruddy|blooming) ",
    re.IGNORECASE,
)
_LIGHTS = re.compile(r"(?:^|(?<=and )|(?<=then )|(?<=, ))light (?:up )?(?=the |my |our )", re.IGNORECASE)
"""The verb: "light the lamp"."""


def without_asides(text: str) -> str:
    """Return a definition without reasons and courtesies.

    >>> without_asides("fifteen percent open so the cat can see out")
    'fifteen percent open'
    """
    text = _BUT.sub(r"\1\2 except ", _WAITS.sub("wait", text))
    return _LIGHTS.sub("turn on ", _PURPOSE.sub(" , ", _ASIDE.sub(" , ", text)).strip(" ,"))


def segments(text: str) -> Iterator[list[str]]:
    """Yield the normalised words of each segment."""
    for part in _CUT.split(text):
        words = decimals(normalize(part)).split()
        if words:
            yield _spelled(words)


def _spelled(words: list[str]) -> list[str]:
    """Return a segment that spells a number, digit by digit, as that number: "one four"."""
    digits = len(words) > 1 and all(len(word) == 1 and word.isdigit() for word in words)
    return ["".join(words)] if digits else words
