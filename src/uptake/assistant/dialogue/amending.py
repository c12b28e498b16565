"""Apply a correction to earlier words: "not white, brown bread" makes white bread brown bread.

The old and the new words must share a head ("bread"), or the old words must be said, too; otherwise it is not
recognised as a correction.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.entities.matching import singular
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["amended", "is_of_another"]

_FRONT = r"(?:(?:no|nope|nah|oh|ah|sorry|actually|wait|oops|whoops|hm+|hang on|hold on|but|well|um|er)\b[,.!]* *)*"
_SAID = (
    r"(?:i (?:really |actually |just )?(?:mean|meant|said|want|wanted)|i was after|it should be|it's|make (?:it|that))"
)
_SORRY = r"(?:,? (?:i (?:mean|meant|said)|actually|sorry|instead|rather|please|though|not that|my mistake))+"
_CONTRASTS = (
    regex(
        rf"{_FRONT}(?:{_SAID} )?not (?:the |my |any )?(?P<old>[\w' -]+?)(?:[,.;:-]+ (?:but )?| but )(?:{_SAID} )?"
        rf"(?:the |some )?(?P<new>[\w' -]+?)(?:{_SORRY})?",
        re.IGNORECASE,
    ),
    regex(
        rf"{_FRONT}(?:{_SAID} )?(?:the |some )?(?P<new>(?!not\b)[\w' -]+?),?(?: {_SAID},?)? (?:and )?not (?:the "
        rf"|my |any )?"
        rf"(?P<old>[\w' -]+?)(?:{_SORRY})?",
        re.IGNORECASE,
    ),
)
_VERSIONS = (
    regex(rf"{_FRONT}{_SAID} (?:the |some )?(?P<new>[\w' -]+?)(?:{_SORRY})?", re.IGNORECASE),
    regex(rf"{_FRONT}(?:the |some )?(?P<new>[\w' -]+?){_SORRY}", re.IGNORECASE),
    regex(
        r"(?:(?:no|nope|nah|sorry|actually|wait|oops|hm+)\b[,.!]* *)+(?:the |some )?(?P<new>[\w' -]+)", re.IGNORECASE
    ),
)
_KIND = regex(
    r"(?:the |some )?(?P<new>(?!(?:this|that|which|what|another|other|one|next|last|first|same|no"
    r"|any)\b)[\w' -]+ ones?)",
    re.IGNORECASE,
)
"""A kind of what was just said, and nothing else: "the long ones"."""
_COMMAND = regex(r"(?:add|put|remove|take|turn|switch|set|play|what|is|are|do|i need|we need|get)\b", re.IGNORECASE)
_ONE = regex(r"\bones?$", re.IGNORECASE)
_NUMBER = regex(r"(?:\d+(?:\.\d+)?|an?)\b")
_LONGEST = 6  # words that take the place of others


def amended(text: str, phrase: str, *, loosely: bool = False) -> str | None:
    """Return a phrase that was said with the correction that a text is of it; None where it corrects nothing of it.

    >>> amended("not white, brown bread", "white bread"), amended("cherry tomatoes, I mean", "tomatoes")
    ('brown bread', 'cherry tomatoes')
    >>> amended("make that a dozen eggs", "six eggs"), amended("rice", "bread")
    ('a dozen eggs', None)

    Args:
        text: The request, with its marks.
        phrase: What was said before, such as an item of a list.
        loosely: Whether a kind alone ("the long ones") may correct it.
    """
    said = text.strip(" .!?")
    for shape in _CONTRASTS:
        match = shape.fullmatch(said)
        if match is not None:
            return _replaced(match["old"], match["new"], phrase)
    for shape in (*_VERSIONS, *((_KIND,) if loosely else ())):
        match = shape.fullmatch(said)
        new = _version(match["new"], phrase) if match is not None else None
        if new is not None:
            return new
    return None


def _replaced(old: str, new: str, phrase: str) -> str | None:
    """Put new words in the place of old ones that the phrase holds; a head that both have is said once."""
    words, gone, come = phrase.split(), old.split(), new.split()
    if len(come) > _LONGEST or _COMMAND.match(new):
        return None
    at = next((at for at in range(len(words)) if _same(words[at : at + len(gone)], gone)), None)
    if at is None or not gone:
        return None
    if _ONE.search(new) and len(come) > 1:
        come = [*come[:-1]]
    rest = words[at + len(gone) :]
    shared = next((size for size in range(len(rest), 0, -1) if _same(come[-size:], rest[:size])), 0)
    return " ".join([*words[:at], *come, *rest[shared:]])


def _version(new: str, phrase: str) -> str | None:
    """Return the phrase as a fuller version says it: with the same head, or another number of it."""
    words, come = phrase.split(), new.split()
    if not words or len(come) > _LONGEST or _COMMAND.match(new) or new.lower() == phrase.lower():
        return None
    if _ONE.search(new) and len(come) > 1:
        return " ".join([*come[:-1], words[-1]])
    if _NUMBER.fullmatch(in_digits(new)) and _NUMBER.match(in_digits(phrase)) and len(words) > 1:
        return " ".join([*come, *in_digits(phrase).split()[1:]])
    return new if _same(come[-1:], words[-1:]) and len(come) > 1 else None


def _same(some: list[str], others: list[str]) -> bool:
    return [singular(word.lower()) for word in some] == [singular(word.lower()) for word in others]


def is_of_another(changed: Interpretation, last: Interpretation) -> bool:
    """Tell whether the opposite is to be done to another thing: the oven was turned on, "turn the kettle off"."""
    there, here = ({slot: value for slot, value in one.slots if slot in HOME_SLOTS} for one in (changed, last))
    return {changed.intent, last.intent} == {"HassTurnOn", "HassTurnOff"} and there.get("name") != here.get("name")
