"""Rows of what is wanted in the place of something else, or of neither of two things, and its full wording.

Limit: English; two things at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.wording.fragments import made

__all__ = ["CHOICES"]

_OFF_TO_BE = {"on": "off", "running": "off", "off": "on", "open": "closed", "closed": "open", "shut": "open"}


def _neither(match: re.Match[str]) -> str:
    """Return the command for two things that are both not to be in a state."""
    return made(f"{match['one']} and {match['other']}", _OFF_TO_BE[match["state"].lower()])


def _rather(match: re.Match[str]) -> str:
    """Return the command for how a thing is to be rather than another, or rather than as it is."""
    state = match["state"].lower()
    other = f" and {made(match['other'], _OFF_TO_BE[state])}" if match["other"] else ""
    return f"{made(match['what'], match['state'])}{other}"


CHOICES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        r"(?:i|we)(?:'d| would) (?:much )?(?:rather|sooner|prefer to) have (?P<what>(?:the|my"
        r"|our) [\w' ]+?) (?P<state>on|off"
        r"|open|closed)(?: (?:than|and not|instead of) (?P<other>(?:the|my|our) [\w' ]+?))?(?: on| off)?",
        _rather,
    ),
    (
        r"(?:no,? )?(?:i|we) (?:don't|do not|didn't) want (?P<what>(?:the|my|our) [\w' ]+?) (?:on|off|open"
        r"|closed|shut),?"
        r" (?:but )?(?:(?:i|we) want (?:it|them) )?(?P<state>on|off|open|closed|shut)(?P<other>)",
        _rather,
    ),
    (
        r"(?P<play>play .+?) (?:(?:at|with) (?:a |the )?(?P<low>low|soft|quiet) volume|quietly|softly"
        r"|in the background)",
        r"\g<play> and set the volume to 20 percent",
    ),
    (
        r"neither (?P<one>(?:the|my|our) [\w' ]+?) nor (?P<other>(?:the|my|our) [\w' ]+?) (?:should|needs?|has"
        r"|have|must|ought)"
        r"(?: to)?(?: be)?(?: left)? (?P<state>on|open|running|off|closed|shut)(?: (?:any ?more|now|tonight|please))*",
        _neither,
    ),
)
"""Pattern of a whole request, courtesy aside, and what it means in the words of the templates."""
