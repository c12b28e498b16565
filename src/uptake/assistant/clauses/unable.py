"""Say plainly what the assistant cannot do, where a request for it would be taken for something else.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import without_courtesy
from uptake.text.patterns import regex

__all__ = ["is_of_itself", "unable"]

_ITSELF = regex(r"(?:turn|switch|shut|power) (?:yourself (?:off|down)|(?:off|down) yourself)\b", re.IGNORECASE)
_CANNOT = (
    (
        "phone or send messages",
        regex(
            r"(?:call|phone|text|message|email|e-mail|dial|facetime|whatsapp) (?!it\b|that\b|me\b|off\b)(?:my |the "
            r"|our )?\w+|send (?:a|an|my \w+|him|her|them|\w+ a) (?:text|message|email|e-mail|mail)\b"
            r"|(?:ring|give) (?:mum|mom|dad|my \w+|him|her|them)\b(?: a (?:call|ring))?",
            re.IGNORECASE,
        ),
    ),
    (
        "change channels",
        regex(
            r"(?:(?:set|turn|switch|put|change|flip|tune)(?: over)? (?:the |my )?(?:tv|telly|television|box|it)?"
            r" ?(?:over )?(?:to|on|on to|onto) |put (?:on )?)?channel"
            r" (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b"
            r"|(?:change|switch) (?:the )?channels?\b|(?:next|previous|other) channel\b",
            re.IGNORECASE,
        ),
    ),
    (
        "order anything",
        regex(r"order (?:me |us |in )?(?:an?|some|the|more|two|three|four|five|\d+|my usual|another)\b", re.IGNORECASE),
    ),
    (
        "look up buses, trains or traffic",
        regex(
            r"(?:is|are|when(?:'s| is| does)|what time(?:'s| is| does)|how(?:'s| is)) (?:the|my|our) (?:\w+ ){0,4}?"
            r"(?:bus|train|tram|flight|ferry|tube)\b(?=.*\b(?:on time|late|delayed|due|cancelled|leave|leaves"
            r"|arrive|arrives"
            r"|to|from|running (?:late|on)|coming)\b)|how(?:'s| is) the traffic\b",
            re.IGNORECASE,
        ),
    ),
    ("switch myself off", _ITSELF),
)


def unable(text: str) -> str | None:
    """Return what a request asks for that no skill can do, as a verb; None for any other request.

    >>> unable("call mum"), unable("set the tv to channel 4"), unable("turn off the tv")
    ('phone or send messages', 'change channels', None)
    """
    bare = without_courtesy(text)
    return next((what for what, shape in _CANNOT if shape.match(bare)), None)


def is_of_itself(text: str) -> bool:
    """Tell whether the assistant itself is to be switched off: "yourself" is no name that may be taught."""
    return _ITSELF.match(without_courtesy(text)) is not None
