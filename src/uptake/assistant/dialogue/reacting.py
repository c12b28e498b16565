"""Detect requests that begin like an answer, a correction or a follow-up; a time alone counts, too.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.dialogue.correcting import insists
from uptake.assistant.dialogue.cues import NONE_OF, is_recap, is_undo, times_undone
from uptake.assistant.dialogue.halting import halts
from uptake.text.lexicon import is_no
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["may_begin", "reacts_first", "without_joint"]

_JOINED = regex(r"^(?:(?:and|then|also|so)\b,? )+(?=\w)", re.IGNORECASE)
_REACTS = regex(
    r"(?:yes|yeah|yep|no|nope|nah|wrong|not|sorry|oops|whoops|wait|actually|i meant?|i said|undo|and|also|what about"
    r"|(?:who|what) (?:just )?(?:turned|switched|put)|how about|now|then|except(?:ing)?|apart from|other than|leave"
    r" out|all but)\b"
    r"|(?:(?:at|by) (?:about |around )?[\w:]+(?: [\w:]+){0,2}|(?:today|tomorrow|tonight|(?:on |this |next )?(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)day)(?: morning| afternoon| evening| night)?)\W*$",
    re.IGNORECASE,
)


def reacts_first(text: str) -> bool:
    """Tell whether a text begins as answers, corrections and follow-ups do, or takes back what was done.

    >>> reacts_first("no, the kitchen"), reacts_first("never unlock the door"), reacts_first("no lights on please")
    (True, False, False)
    """
    said = normalize(text)
    takes_back = is_undo(said) or times_undone(said) > 0 or halts(said)
    begins = _REACTS.match(text.strip()) is not None and NONE_OF.match(text.strip()) is None
    return begins or takes_back or insists(text)


def may_begin(text: str) -> bool:
    """Tell whether a request can be about a conversation that has not begun: "no", "undo that", "what did you do".

    >>> may_begin("what did you just do"), may_begin("make it blue")
    (True, False)
    """
    said = normalize(text)
    return is_no(text) or is_undo(text) or is_recap(said)


def without_joint(text: str) -> str:
    """Remove what joins a request to the turn before it: "then open it".

    >>> without_joint("and then open it"), without_joint("then")
    ('open it', 'then')
    """
    return _JOINED.sub("", text) or text
