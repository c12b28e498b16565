"""Answer wishes to be forgotten, and to delete everything: neither is guessed at, and neither is done by voice.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import without_courtesy
from uptake.text.patterns import regex

__all__ = ["refusal_to_delete"]

_VERB = r"(?:forget|delete|erase|remove|wipe|clear|purge)"
_CUE = regex(rf"\b{_VERB}\b", re.IGNORECASE)
_PERSON = regex(
    rf"{_VERB} (?:about )?(?:me|(?:all|everything|anything|whatever|what)\b.*"
    r"\b(?:about me|on me|of me|you (?:have )?(?:know|learned|learnt)|i (?:have |'ve )?ever (?:said|told you))"
    r"|(?:all )?(?:of )?my (?:personal |own )?(?:data|information|profile|history))",
    re.IGNORECASE,
)
_EVERYTHING = regex(rf"(?!forget){_VERB} (?:absolutely )?(?:everything|it all|all)", re.IGNORECASE)
_HOW = (
    "I cannot tell who speaks, so I do not delete a person by voice. "
    "Whoever runs me can do it for good, with uptake forget and your name."
)
_OF_WHAT = "All of what: a list, the timers, the alarms, the reminders?"


def refusal_to_delete(text: str) -> str | None:
    """Return the answer to a wish to be forgotten, or to delete everything; None where a request is neither.

    >>> refusal_to_delete("please clear everything")
    'All of what: a list, the timers, the alarms, the reminders?'
    >>> refusal_to_delete("clear the shopping list") is None
    True
    """
    if _CUE.search(text) is None:
        return None
    bare = without_courtesy(text).strip(" .!?")
    if _PERSON.fullmatch(bare):
        return _HOW
    return _OF_WHAT if _EVERYTHING.fullmatch(bare) else None
