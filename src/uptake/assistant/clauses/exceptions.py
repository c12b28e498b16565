"""Read what a request is not to touch: "all but the hall", "leave the bedroom".

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import EXCEPTION, KEEPS
from uptake.text.patterns import regex

__all__ = ["as_deed", "cut_exception", "excepted", "names_of"]

_STATED = regex(
    r"(?P<what>(?:(?:all|every\w*|everything|the|my|our|lights?|lamps?|blinds?|curtains?)\b)[\w' ]*?)(?: back)?"
    r" (?P<way>on|off|out|open|closed|shut|locked)(?P<where>(?: again| now| please)*"
    r"(?: (?:upstairs|downstairs|in here|in the [\w']+(?: room)?|everywhere))?)",
    re.IGNORECASE,
)
_COURTESY = regex(r"(?:,? (?:for (?:me|us)|thanks|thank you|please|cheers|will you|would you|now))+$", re.IGNORECASE)
_PLURAL = frozenset("lights lamps blinds curtains".split())
_VERBS = {"open": "open", "closed": "close", "shut": "close", "locked": "lock", "out": "turn off"}


def as_deed(body: str) -> str:
    """Return the command for things and their state, of which something is excepted: "everything off downstairs".

    >>> as_deed("everything off downstairs"), as_deed("all the lights on"), as_deed("turn off the light")
    ('turn off everything downstairs', 'turn on all the lights', 'turn off the light')
    """
    match = _STATED.fullmatch(body.strip(" ,.!"))
    if match is None:
        return body
    what = "everything" if match["what"].lower() == "all" else match["what"]
    what = f"all the {what}" if " " not in what and what.lower() in _PLURAL and not match["where"] else what
    verb = _VERBS.get(match["way"].lower(), f"turn {match['way'].lower()}")
    return f"{verb} {what}{match['where'] or ''}"


def cut_exception(body: str) -> tuple[str, list[str]]:
    """Return an action without its exception, and what that names."""
    match = EXCEPTION.search(body)
    if match is None or match.start() == 0:
        return body, []
    if match["but"]:
        return f"{body[: match.start()]}{match['all']}{match['of']}".strip(" ,"), [match["but"]]
    return body[: match.start()].strip(" ,"), [match["rest"]]


def excepted(text: str) -> str | None:
    """Return what a clause of its own excepts; None where it excepts nothing."""
    keeps = KEEPS.fullmatch(text)
    if keeps is not None:
        return keeps["rest"] or keeps["bare"]
    match = EXCEPTION.match(text)
    return None if match is None else match["rest"] or match["but"]


def names_of(words: str) -> list[str]:
    """Split the names of what is excepted: "the kitchen and the hall"."""
    words = re.sub(r"^(?:(?:in|on|for|at|those|the ones|ones|that) )+", "", words.strip(" .,!?"), flags=re.IGNORECASE)
    words = _COURTESY.sub("", words)
    pieces = re.split(r"\s*,\s*(?:and |or )?|\s+(?:and|or|nor)\s+", words)
    return [re.sub(r"^(?:in|on|at|for) ", "", piece.strip()) for piece in pieces if piece.strip()]
