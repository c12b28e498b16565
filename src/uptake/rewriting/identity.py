"""Identify a learned rewrite by its meaning: the thing heard, the thing meant, and the user; not by the exact wording.

    can you turn on the cooker  ->  can you turn on the oven       "cooker" means "oven"
    turn off the cooker please  ->  turn off the oven please       the same

The words that two wordings share are context; the exchanged words are the meaning, without the words of the action
("turn on", "start") and of politeness. So a complaint about one wording, or a block of it, applies to every wording
that leads to the same thing. If no thing is exchanged, and if opposites or numbers are, the meaning is the pair of
whole requests: a wrong "turn it off" -> "turn off the fan" says nothing of another "it". A decision with an
interpretation instead of a text is identified by that interpretation in words, as it is logged.

Limit: the words of actions are English, and the last word of a name is taken for its head ("oven light" is a light).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import xxhash

from uptake.text.lexicon import COURTESY, FILLERS, STOP_WORDS, numbers, opposites
from uptake.text.normalize import normalize

__all__ = ["UNSAID", "Meaning", "meaning_id", "meaning_of"]

UNSAID = COURTESY | FILLERS | frozenset("the a an my our your can could would will you".split())
"""Words that a request means the same without."""

_DEEDS = STOP_WORDS | frozenset(
    "turn switch put set make start begin stop end run play open close shut pause resume off up down dim brighten "
    "increase decrease raise lower activate deactivate enable disable show tell hide go now here".split()
)
"""Words that name no thing."""
_BEFORE_A_PLACE = frozenset("in inside at for of from with by to about".split())


class Meaning(NamedTuple):
    """Difference between what is heard and what is meant."""

    heard: str
    """Words that are heard, in order."""
    meant: str
    """Words that are meant by them, in order."""

    def covers(self, other: Meaning) -> bool:
        """Tell whether two are the same exchange, one perhaps said with more words.

        Of what is heard, the words of one are among those of the other; what is meant is moreover the same sort of
        thing: "kitchen oven" and "oven" are, "oven" and "oven light" are not. Whole requests cover only themselves.

        >>> Meaning("cooker", "oven").covers(Meaning("old cooker", "kitchen oven"))
        True
        >>> Meaning("cooker", "oven").covers(Meaning("cooker", "oven light"))
        False
        """
        if self == other:
            return True
        heard, meant, heard_too, meant_too = (set(text.split()) for text in (*self, *other))
        if not _DEEDS.isdisjoint(heard | meant | heard_too | meant_too):
            return (heard, meant) == (heard_too, meant_too)
        alike = (heard <= meant, meant <= heard) == (heard_too <= meant_too, meant_too <= heard_too)
        same_head = self.meant.split()[-1:] == other.meant.split()[-1:]
        return alike and same_head and _within(heard, heard_too) and _within(meant, meant_too)


@lru_cache(maxsize=1_024)
def meaning_of(request: str, acted_on: str) -> Meaning:
    """Return the meaning of acting on one text in the place of another.

    >>> meaning_of("can you turn on the cooker", "turn on the oven please")
    Meaning(heard='cooker', meant='oven')
    >>> meaning_of("lights", "lights off")
    Meaning(heard='lights', meant='lights off')
    """
    heard, meant = _said(request), _said(acted_on)
    named, known = _things(heard), _things(meant)
    whole = Meaning(" ".join(heard), " ".join(meant))
    if not named or not known or set(named) == set(known) or opposites(*whole) or numbers(request) != numbers(acted_on):
        return whole
    lost, gained = [word for word in named if word not in known], [word for word in known if word not in named]
    return Meaning(" ".join(lost), " ".join(gained)) if lost and gained else Meaning(" ".join(named), " ".join(known))


def meaning_id(request: str, acted_on: str, user_id: str | None = None) -> str:
    """Return 16 hexadecimal digits: the same for one person (None for everybody) and meaning, in every layer.

    >>> meaning_id("start the cooker", "turn on the oven") == meaning_id("cooker off", "oven off")
    True
    """
    key = "\0".join([user_id or "", *meaning_of(request, acted_on)])
    return xxhash.xxh64_hexdigest(key.encode("utf-8", "surrogatepass"))


def _said(text: str) -> list[str]:
    words = normalize(text).split()
    return [word for word in words if word not in UNSAID] or words


def _things(words: list[str]) -> list[str]:
    """Return the words that name things, in order; words after "in" or "of" go first: the kitchen's oven."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _BEFORE_A_PLACE:
            parts.append([])
        elif word not in _DEEDS:
            parts[-1].append(word)
    return [word for part in (*parts[1:], parts[0]) for word in part]


def _within(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)
