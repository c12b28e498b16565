"""Leave out of a request what is said beside it and asks for nothing: "film's about to start, lights off".

`uptake.assistant.remarks` tells how likely a piece is a remark; here the pieces are found, and kept wherever they may
matter: conditions, exceptions, prohibitions and answers, and what a pronoun of the request may point to.

Limit: English; what stands between commas or full stops, or behind "so" and "because".
"""

from __future__ import annotations

import re
from itertools import pairwise

from uptake.assistant.clauses.emergency import advice
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.words import is_command
from uptake.assistant.entities.household import Household
from uptake.assistant.remarks import least_alone, least_chance, remark_chance
from uptake.text.lexicon import is_control, is_no, is_termination, is_yes
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["asked_after_a_remark", "is_remark", "is_remark_alone", "without_remarks"]

_JOINT = regex(
    r"\s*[,;.!?]+\s+|\s+(?:-+|\u2013|\u2014)\s+|\s+(?=(?:because|cos|cause|since)\b)|\s+so\s+(?=(?:please|can you"
    r"|could you|would you|just|let's|turn|switch|set|put|open|close|shut|lock|unlock|start|stop|pause|cancel|add|make"
    r"|dim|play|mute|bring|send|get|stick|pop|whack|bung|knock)\b)",
    re.IGNORECASE,
)
_REASON = regex(r"(?:because|cos|cause|since) ", re.IGNORECASE)
_JOINED = regex(r"(?:and|but|or|then|also|plus|except|not|oh and)\b|(?:oops|whoops|oopsie)$", re.IGNORECASE)
_POINTS = regex(r"\b(?:it|them|that|those|these|one|ones)\b", re.IGNORECASE)
_TEACHES = regex(
    r"\w: |\b(?:learn|teach|means|(?<!i )mean|meaning|call(?:ed)?|says?|said|remember|allergic|favou?rite|prefer)\b",
    re.IGNORECASE,
)
_REMARK_FIRST = regex(
    r"(?P<why>(?:(?:the|my|our|her|his|their|it|she|he|they|i|we|[\w]+'s)\b)[^,.;:!?]*\b(?:is|are|am|was|were"
    r"|feels?|looks?|'s|'re|'m)"
    r" [^,.;:!?]+)[,.;!]+ (?:so |and )?(?P<deed>[^:]+)",
    re.IGNORECASE,
)
_DEPENDS = regex(r"\b(?:if|when|whenever|unless|until|till|once|while|except|only|not|never)\b|n't\b", re.IGNORECASE)
"""Words of a condition or a prohibition, which no remark in front holds."""
_NEVER, _REQUESTS = frozenset({"prohibition", "exception", "condition"}), frozenset({"question", "command"})
_SURELY = 0.8
"""Least probability of a remark that begins as requests do: "I need to get the bikes out"."""
_PROBABLY = 0.6
"""Least probability of a remark that holds a number or a time, which the request may need."""
_COUNTS = regex(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
    r"|half|quarter|tonight|tomorrow|noon|midnight|minutes?|hours?)\b",
    re.IGNORECASE,
)
_TIMED = regex(r"\b(?:timers?|alarms?|wake|remind\w*)\b", re.IGNORECASE)
"""What needs a length or a time, which may be told beside it: "start a timer, she's allowed a quarter of an hour"."""
_MOST, _LONGEST = 6, 300  # pieces; characters


def without_remarks(text: str, household: Household) -> str:
    """Return a request without the remarks beside it; the text as it is where none is surely one.

    Args:
        text: The request.
        household: Names of the home.
    """
    after = asked_after_a_remark(text, household)
    if after is not None:
        return after
    joints = list(_JOINT.finditer(text)) if len(text) <= _LONGEST else []
    if not 0 < len(joints) < _MOST or _TEACHES.search(text):
        return text
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(text)]
    pieces = [text[start:end].strip(" .!") for start, end in zip(starts, ends, strict=True)]
    told = [is_remark(piece) for piece in pieces]
    asks = [not is_told and _asks(piece, household) for piece, is_told in zip(pieces, told, strict=True)]
    whole = any(ask and not _reacts(piece) for piece, ask in zip(pieces, asks, strict=True))
    if not any(told) or not whole or advice(text) is not None:
        return text
    first = asks.index(True)
    if any(ask and _TIMED.search(piece) and not _COUNTS.search(piece) for piece, ask in zip(pieces, asks, strict=True)):
        told = [is_told and not _COUNTS.search(piece) for piece, is_told in zip(pieces, told, strict=True)]
    needs = _POINTS.search(" ".join(piece for piece, ask in zip(pieces, asks, strict=True) if ask)) is not None
    left = [
        at
        for at, (piece, is_told) in enumerate(zip(pieces, told, strict=True))
        if piece and not (is_told and (at > first or not needs))
    ]
    if len(left) == len(pieces) or not left:
        return text
    kept = pieces[left[0]]
    for before, at in pairwise(left):
        kept += (joints[at - 1][0] if at == before + 1 else ", ") + pieces[at]
    return kept + ("?" if text.rstrip().endswith("?") and left[-1] == len(pieces) - 1 else "")


def asked_after_a_remark(text: str, household: Household) -> str | None:
    """Return what is asked for behind a remark that names nothing of the home; None where a request is no such thing.

    "Her feet are like ice, set the bedroom radiator to 20" teaches no name for feet.
    """
    match = _REMARK_FIRST.fullmatch(text)
    if match is None or _TEACHES.search(text) or _COUNTS.search(match["why"]):
        return None
    if find_mentions(match["why"], household) or _DEPENDS.search(match["why"]):
        return None
    return match["deed"] if is_command(match["deed"]) and find_mentions(match["deed"], household) else None


def is_remark(piece: str) -> bool:
    """Tell whether a piece of what was said asks for nothing.

    >>> is_remark("the baby's finally down"), is_remark("turn on the lamp"), is_remark("at half past six")
    (True, False, False)
    """
    bare = _REASON.sub("", piece)
    if not bare or _JOINED.match(bare) or _reacts(bare):
        return False
    kind = clause_kind(bare)
    least = max(_SURELY * (kind in _REQUESTS), _PROBABLY * (_COUNTS.search(bare) is not None), least_chance())
    return kind not in _NEVER and remark_chance(bare) >= least


def is_remark_alone(text: str, household: Household) -> bool:
    """Tell whether all that was said is a remark: it names nothing of the home, and no piece of it asks for anything.

    Args:
        text: The request.
        household: Names of the home.
    """
    if len(text) > _LONGEST or remark_chance(text) < least_alone() or advice(text) is not None or _TEACHES.search(text):
        return False
    pieces = [piece for piece in _JOINT.split(text) if piece.strip(" .!")]
    return all(is_remark(piece.strip(" .!")) for piece in pieces) and not find_mentions(text, household)


def _asks(piece: str, household: Household) -> bool:
    """Tell whether a piece that is no remark may be a request."""
    return (
        bool(find_mentions(piece, household)) or is_command(piece) or clause_kind(piece) in (*_REQUESTS, "prohibition")
    )


def _reacts(piece: str) -> bool:
    said = normalize(piece)
    return is_no(said) or is_yes(said) or is_termination(said) or is_control(said)
