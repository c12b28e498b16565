"""Put what is told beside a command where the command needs it: "the tv and the lamp, switch both on".

A list of things in front of a command stands for its pronoun; a length of time in a remark is the one that the command
for a timer lacks.

Limit: English; one list, or one length, before or behind one command.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.wording.pieces import COLOUR
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.durations import DURATION
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["length_last", "with_length", "with_things", "with_value"]

_THINGS_FIRST = regex(r"(?P<things>[^.!?]{3,80})(?<!\s)\s*(?:[,:;]| -+|\.\.+|\u2026)\s*(?P<deed>\S.*)", re.IGNORECASE)
_THEY = regex(
    r"\b(?:both of (?:them|those|these)|them both|them all|both|all of (?:them|those)|the (?:two|both) of them|the lot"
    r"|them|those|these|it|that)\b",
    re.IGNORECASE,
)
_LISTED = regex(
    r"(?:(?:can|could|will|would) (?:you|we) |please |just )*(?:pop|stick|put|add|write|get|whack|chuck|bung|jot)"
    r" (?:both of them|all of (?:them|those|that)|them both|them all|those|these|them|that|both|it|all that)"
    r"(?: down)? (?:on|to|onto|in) (?P<where>(?:the |my |our )?(?:[\w-]+ )?list)"
    r"(?:,? (?:please|for me|will you|would you|before (?:it|i|we|they) .*))*\W*",
    re.IGNORECASE,
)
"""Adding to a list what was said before."""
_EXCLAIMS = regex(
    r"^(?:(?:oh|ah|um+|er+|right|ok|okay|so|and|hey|we need|i need|we want|we're out of|we are out of"
    r"|we've run out of|get|also)\b[\s,]*)+",
    re.IGNORECASE,
)
_TOLD_OF = regex(
    r"\b(?:not|no|never|but|if|when|is|are|was|were|has|have|had|need|needs)\b|n't\b|'(?:s|re|ve|ll|m)\b|\?",
    re.IGNORECASE,
)
_BETWEEN = regex(r"(?:[\s,]|\b(?:and|plus|also|both|the|my|our|all|please|so|ok|okay|right|now|hey)\b)*", re.IGNORECASE)
_TIMER = regex(
    r"(?:(?:set|start|put|make|give|begin|run|get|pop|do|have|need)(?:ting|ing)? (?:on )?(?:me |us |him |her |them )?)?"
    r"(?:(?:a|the|another|one) )?timer"
    r"(?: on| going| running)?(?: for (?:that|it|this|them|(?:the |my |our )?(?P<name>[a-z]+)))?(?: please| now"
    r"| then)*",
    re.IGNORECASE,
)
_PIECES = regex(
    r"\s*[,;.!?]+\s+(?:(?:and|so|then) )*|\s+-+\s+|\s+(?:so|and|then)\s+(?=(?:set|start|put|can|could|make|give)\b)",
    re.IGNORECASE,
)
_LENGTH = regex(rf"\b{DURATION}", re.IGNORECASE)
_LENGTH_FIRST = regex(rf"for (?:the next |about )*(?P<length>{DURATION}),? (?P<deed>[a-z].+)", re.IGNORECASE)
_VALUE = regex(
    rf"(?:(?:so|well|ok|okay|right|fine|then|make it|let's have|let's say|go|go for) )*(?P<value>{COLOUR}"
    rf"|[\w-]+ (?:percent|%))"
    r"(?:,? (?:please|then|it is|thanks|thank you|for me))*",
    re.IGNORECASE,
)
_LEAD = regex(r"(?:so|well|ok|okay|right|fine|then|and|anyway)", re.IGNORECASE)
_NO_REMARK = regex(r"\b(?:not|no|never|but|except|if|when|was|were|used to|instead)\b|n't\b|\?", re.IGNORECASE)
_NO_MORE = regex(r",? and not (?:a|one) (?:second|minute|moment) (?:more|longer|later)\b", re.IGNORECASE)
_NOT_NOW = regex(
    r"\b(?:ago|took|lasted|was|were|had|did|late|early|away|already|since|not|never|every|before|until|till|last|old"
    r"|instead|if|when)\b|n't\b",
    re.IGNORECASE,
)
"""What makes a length another than the one that is asked for."""


def with_things(text: str, household: Household) -> str:
    """Return a command with the things that stand before it in the place of its pronoun; the text where there are none.

    Args:
        text: The request.
        household: Names of the home.
    """
    match = _THINGS_FIRST.fullmatch(text.strip())
    listed = _LISTED.fullmatch(match["deed"]) if match is not None else None
    things = _EXCLAIMS.sub("", match["things"]).strip() if match is not None else ""
    if listed is not None and things and not (_TOLD_OF.search(things) or is_command(text)):
        return f"add {things} to {listed['where']}"
    points = _THEY.search(match["deed"]) if match is not None else None
    if match is None or points is None or not is_command(match["deed"]) or find_mentions(match["deed"], household):
        return text
    named = find_mentions(match["things"], household)
    rest = match["things"]
    for each in reversed(named):
        rest = f"{rest[: each.start]} {rest[each.end :]}"
    several = len(named) > 1 or "s" in named[0].text[-1:] if named else False
    if not named or not _BETWEEN.fullmatch(rest) or (points[0].lower() not in ("it", "that") and not several):
        return text
    things = match["things"].strip()
    return f"{match['deed'][: points.start()]}{things}{match['deed'][points.end() :]}"


def length_last(text: str) -> str:
    """Put a length of time that stands in front behind: "for the next half hour keep the lamp on".

    >>> length_last("for the next half hour keep the lamp on")
    'keep the lamp on for half hour'
    """
    match = _LENGTH_FIRST.fullmatch(in_digits(text)) if text[:4].lower() == "for " else None
    return text if match is None or not is_command(match["deed"]) else f"{match['deed']} for {match['length']}"


def with_length(text: str) -> str:
    """Return the request for a timer with the length that is told beside it; the text as it is where there is none.

    >>> with_length("the rice takes twelve minutes, can you start a timer"), with_length("start a timer, it's late")
    ('set a timer for 12 minutes', "start a timer, it's late")
    """
    if "timer" not in text.lower():
        return text
    text = _NO_MORE.sub("", text)
    pieces = [each for each in _PIECES.split(text.strip(" .!?")) if each]
    asks = [at for at, each in enumerate(pieces) if _TIMER.fullmatch(without_courtesy(each))]
    others = [each for at, each in enumerate(pieces) if at not in asks]
    said = [_length(each) for each in others]
    lengths = [each for each in said if each is not None]
    if len(asks) != 1 or len(lengths) != 1 or any(_NOT_NOW.search(each) for each in others):
        return text
    bare = _TIMER.fullmatch(without_courtesy(pieces[asks[0]]))
    name = bare["name"] if bare is not None else None
    return f"set a timer for {lengths[0]}{f' called {name}' if name else ''}"


def with_value(text: str, household: Household) -> str:
    """Return the command for a value that is given alone, of the one thing that a remark beside it is about.

    "She'd like the floor lamp pink, so pink please" makes the floor lamp pink.

    Args:
        text: The request.
        household: Names of the home.
    """
    pieces = [each.strip() for each in _PIECES.split(text.strip(" .!?")) if each.strip()]
    values = [match for each in pieces if (match := _VALUE.fullmatch(each)) is not None]
    others = [each for each in pieces if _VALUE.fullmatch(each) is None and not _LEAD.fullmatch(each)]
    named = [mention for each in others for mention in find_mentions(each, household)]
    if len(values) != 1 or len(named) != 1 or not (named[0].named or named[0].kind) or _NO_REMARK.search(text):
        return text
    if any(is_command(each) or clause_kind(each) not in ("remark", "words", "courtesy") for each in others):
        return text
    return f"make {named[0].text} {values[0]['value']}"


def _length(piece: str) -> str | None:
    """Return the length of time that a piece tells, with its number in digits; None where it tells none."""
    found = _LENGTH.search(in_digits(piece))
    return None if found is None else found[0]
