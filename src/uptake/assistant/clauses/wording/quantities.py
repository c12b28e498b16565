"""Recognise that a request is of some of several things, and does not say which: "most of the lights can go off".

Limit: English; kinds of devices by their words.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import QUESTION, without_courtesy
from uptake.assistant.entities.kinds import kind_of
from uptake.text.patterns import regex

__all__ = ["is_some_of"]

_SOME_OF = regex(
    r"\b(?:(?:almost |nearly )?(?:most|some|many|several|a few|a couple|a handful|half|a lot|loads|a number)(?: of)?"
    r"(?: the| my| our| those| these)+|(?:a couple|a few|several)(?: of)?)"
    r" (?P<what>(?:[a-z]+ )??[a-z]+s)\b(?! (?:list|music|songs?))",
    re.IGNORECASE,
)
_DOES = regex(
    r"\b(?:turn|switch|put|open|close|shut|lock|unlock|dim|brighten|kill|can|could|should|may|off|on)\b", re.IGNORECASE
)


def is_some_of(text: str) -> bool:
    """Tell whether a request is of some things of a kind, and not of which.

    >>> is_some_of("turn off most of the lights"), is_some_of("turn off the lights"), is_some_of("are some lights on")
    (True, False, False)
    """
    match = _SOME_OF.search(text)
    if match is None or _DOES.search(text) is None or QUESTION.match(without_courtesy(text)):
        return False
    kind = kind_of(match["what"])
    return kind is not None and kind.is_plural
