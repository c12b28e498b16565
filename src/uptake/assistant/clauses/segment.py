"""Segment a request into clauses, each with what it is: a command, a question, a condition, an exception, a remark.

One pass from left to right, linear in the length of the request. What begins like nothing known belongs to the clause
before it: "fish and chips" stays whole.

Limit: English; a clause is told by the words that it begins with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from uptake.assistant.clauses.words import (
    CONDITION,
    EXCEPTION,
    KEEPS,
    PROHIBITION,
    QUESTION,
    REPORT,
    STATEMENT,
    TO_OTHERS,
    WISH,
    is_command,
    without_courtesy,
)
from uptake.text.lexicon import is_courtesy
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["JOINT", "Clause", "ClauseKind", "begins_with_time", "clause_kind", "segment"]

ClauseKind = Literal[
    "command", "question", "condition", "exception", "prohibition", "report", "remark", "courtesy", "words"
]

_VERBS = (
    "turn|switch|set|put|open|close|shut|lock|unlock|start|stop|pause|cancel|delete|remove|scrap|drop|skip|add|take|make"
    "|dim|play|mute|bring|send|move|leave|keep|get|clear|bin"
)
JOINT = regex(
    r"\s*[,;:]+\s+(?:(?:and|but|or|then|also|plus)\s+)*|\s*[.!?]+\s+(?:(?:and|but|then|also|plus)\s+)*"
    r"|\s+(?=(?:because|cos|cause|since|so that|as (?:i|we|it|he|she|they))\b)|\s+so\s+(?=(?:please|can you"
    rf"|could you|would you|just|let's|{_VERBS})\b(?! far\b))"
    r"|\s+(?:and then|and also|and|then|but|plus|after that|afterwards|&)\s+(?:(?:then|also)\s+)*"
    rf"|\s+(?:as well as|also)\s+(?=(?:the |my |our )?(?:(?:(?:can|could) you )?(?:{_VERBS})\b"
    rf"|[\w' ]{{2,28}} (?:on|off|up|down|open|shut|closed"
    r"|red|green|blue|yellow|orange|purple|pink|white|(?:to|at) [\w ]+)(?: (?:now|please|thanks))*(?:\W*$|, )))",
    re.IGNORECASE,
)
"""What joins two clauses."""
_THANKS = regex(
    r"(?:(?:many |very |so )*thanks?(?: you)?\b.*|cheers\b.*|please|ta|fine|brilliant|super|lovely|love|darling"
    r"|dear|honey|mate|buddy"
    r"|that would be (?:great|nice|lovely|good|perfect)"
    r"|much appreciated|oops(?:ie)?|whoops|oh dear|ah|you're (?:the best|great|a star)|sorry to bother you|for me"
    r"|will you|would you|hey \w+"
    r"|excuse me)\W*",
    re.IGNORECASE,
)
_FORGETS = regex(r"(?:don't|do not|never) (?:forget|let me forget)\b", re.IGNORECASE)
_FREE_TEXT = regex(
    r"(?:remind|remember|note|announce|broadcast|add|put (?!on\b)(?:.+ )?on (?:the|my|our) \w+ list|write|text"
    r"|message|email)\b",
    re.IGNORECASE,
)
_LISTED_TO = regex(r"\b(?:to|on|onto|from|off) (?:the |my |our )?(?:[\w-]+ ){0,3}list\b", re.IGNORECASE)
_TIMED = regex(
    r"(?:in|at|after|by|around|tomorrow|tonight|every|on|from) (?:[\w:.']+ ){1,6}?(?:please )?(?:turn|switch|set|put"
    r"|open|close|shut|lock|start|stop|dim|run|pause|mute) (?:it|them|that|the|my|our|on|off|all|everything)\b",
    re.IGNORECASE,
)
_SET = regex(r"\b(?:on|off|up|down|open|closed|shut|\d+(?:\s?%| percent| degrees)?)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Part of a request."""

    text: str
    """Its words."""
    kind: ClauseKind
    """The kind of clause; "words" begin like nothing known."""
    joint: str = ""
    """The words and marks that join it to the clause before."""


def segment(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a request, in order.

    >>> [(each.kind, each.text) for each in segment("it is dark in here, turn on the light and close the blinds")]
    [('remark', 'it is dark in here'), ('command', 'turn on the light'), ('command', 'close the blinds')]
    >>> [each.text for each in segment("add fish and chips to the list and play some jazz")]
    ['add fish and chips to the list', 'play some jazz']
    """
    parts: list[Clause] = []
    start, joint = 0, ""
    for match in JOINT.finditer(text):
        _take(parts, text[start : match.start()], joint)
        start, joint = match.end(), match[0]
    _take(parts, text[start:], joint)
    return tuple(parts)


def begins_with_time(text: str) -> bool:
    """Tell whether a clause is a command with its time in front: "in ten minutes turn it off".

    >>> begins_with_time("then in ten minutes turn it off"), begins_with_time("in the kitchen")
    (True, False)
    """
    return _TIMED.match(without_courtesy(text)) is not None


def clause_kind(words: str) -> ClauseKind:
    """Return what a clause is that stands on its own."""
    return _kind(words, None)


def _take(parts: list[Clause], words: str, joint: str) -> None:
    words = words.strip()
    if not words:
        return
    kind = _kind(words, parts[-1] if parts else None)
    if parts and (kind == "words" or _belongs(parts[-1], words, kind)):
        last = parts[-1]
        if last.kind == "courtesy":
            parts[-1] = Clause(text=words, kind=kind, joint=last.joint)
        else:
            parts[-1] = replace(last, text=f"{last.text}{joint}{words}")
    else:
        parts.append(Clause(text=words, kind=kind, joint=joint if parts else ""))


def _kind(words: str, before: Clause | None) -> ClauseKind:
    bare = without_courtesy(words)
    condition = CONDITION.match(bare)
    told: tuple[tuple[ClauseKind, bool], ...] = (
        ("courtesy", not bare or _THANKS.fullmatch(words) is not None or is_courtesy(normalize(bare))),
        ("prohibition", PROHIBITION.match(bare) is not None and _FORGETS.match(bare) is None),
        ("exception", _keeps(words, before) or _excepts(words)),
        ("condition", condition is not None and condition.start("word") == 0),
        ("report", TO_OTHERS.match(bare) is not None or REPORT.match(bare) is not None),
        ("question", QUESTION.match(bare) is not None),
        ("command", is_command(words) or begins_with_time(words)),
        ("remark", STATEMENT.match(bare) is not None and WISH.match(bare) is None),
    )
    return next((kind for kind, holds in told if holds), "words")


def _keeps(words: str, before: Clause | None) -> bool:
    match = KEEPS.fullmatch(words)
    return match is not None and (before is not None or match["bare"] is not None)


def _excepts(words: str) -> bool:
    match = EXCEPTION.match(words)
    return match is not None and match.start() == 0


def _belongs(last: Clause, words: str, kind: ClauseKind) -> bool:
    """Tell whether a clause that looks like one of its own is a part of what went before: the text of a reminder."""
    if kind in ("exception", "courtesy"):
        return False
    bare = without_courtesy(last.text)
    if last.kind == "condition" and kind in ("remark", "report"):
        return True
    if kind in ("command", "question") and re.match(
        r"(?:remind|remember|note|announce|broadcast)\b", bare, re.IGNORECASE
    ):
        return True
    if last.kind != "command" or kind != "command" or not _FREE_TEXT.match(bare):
        return False
    return _LISTED_TO.search(bare) is None and _LISTED_TO.search(words) is not None
