"""Take away what is told beside one request: "I can't hear it over the tap, bit louder" asks for "bit louder".

What stands in front must be a statement that is about nothing the request needs: no thing of the home that a pronoun
points to, no time, no number, no condition and nothing forbidden.

Limit: English; one request, at the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.wording.pieces import COLOUR
from uptake.assistant.clauses.wording.short_forms import in_full
from uptake.assistant.clauses.words import CONDITION, PROHIBITION, is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.lexicon import is_courtesy, is_no, is_termination
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["is_aside", "tells_nothing", "value_alone", "without_reason"]

_JOINT = regex(
    r"\s*[,;.!]+\s+(?:so |and |but |then )*(?=\w)|\s+(?:-+|\u2013|\u2014)\s+|\s+so\s+(?=\w)|\s+but\s+(?=(?:could"
    r"|can|would)\b)",
    re.IGNORECASE,
)
_STATES = regex(
    r"\b\w+'(?:s|re|m|ve|ll|d)\b|\b(?:is|are|was|were|am|can't|cannot|couldn't|won't|isn't|aren't|wasn't|doesn't"
    r"|don't|didn't"
    r"|hasn't|haven't|has|have|had|hate|feels?|looks?|smells?|sounds?|seems?|keeps?|need|needs|wants?|hear|see"
    r"|getting|going|coming"
    r"|came|got|went|fell|ran|think|know|could|should)\b|^(?:way |far |much |a bit |still |just )*too \w+$",
    re.IGNORECASE,
)
_FILLER = regex(
    r"(?:right|so|well|um+|uh+|er+|erm|ok|okay|yeah|yes|i think|i guess|i suppose|you know|like|let me think"
    r"|let me see|hm+|alright"
    r"|all right|now|oh|hey|hi|hello|actually|anyway|basically|look|listen|sorry|excuse me|say|i say"
    r"|tell you what|guess what|yo|oi|hiya"
    r"|(?:(?:can|could|would) you )?(?:please )?(?:keep it (?:down|quiet)|hush|be quiet|shush))(?: (?:then|so|yeah))*",
    re.IGNORECASE,
)
_PREFACE = regex(
    r"(?:(?:i |we )?hate to (?:be|bother|ask|trouble)|(?:i'm |i am )?sorry to|(?:i )?don't (?:mean|want"
    r"|like) to (?:be|bother|ask|trouble"
    r"|nag|interrupt)|not to be|if (?:it's|it is) (?:ok|okay|all right|no trouble)|i know (?:it's|this is|that's"
    r"|i'm)|this (?:is|might"
    r" be|may be) (?:silly|a silly|an odd|a bit|odd|cheeky))\b.*",
    re.IGNORECASE,
)
_SOON = regex(r"\bin (?:a|one|1) (?:minute|moment|second|sec|bit|mo|tick)\b", re.IGNORECASE)
_MUSES = regex(
    r"(?:(?:just |only )?(?:off|on (?:my|our) way|heading|popping|nipping|back) (?:to|out|from|off|down)"
    r"|thinking|talking|speaking|looking|seeing|considering|judging|given|going by)\b.*",
    re.IGNORECASE,
)
_VALUE = regex(
    rf"(?:(?:let's|we'll|i'll) (?:say|go for|have) |(?:make|call) (?:it|that) |say |just )*(?P<value>{COLOUR}"
    r"|[\w.]+(?: (?:and a (?:half|quarter)|point \w+))?(?: ?%| percent| degrees?)?)"
    r"(?P<fits>,? please| (?:is|will be|would be|'ll be|might be) (?:plenty|enough|fine|better|good|ok|okay|perfect"
    r"|lovely|nicer)| (?:will|would|should|'ll) do)+",
    re.IGNORECASE,
)
"""A value alone, of what was done last: "nineteen is plenty"."""
_COLOURED = regex(COLOUR, re.IGNORECASE)
_DEGREE = regex(
    r"(?:(?:can|could) (?:you|we|i) (?:make|have|turn|get) it )?(?:just )?(?:(?:a )?(?:(?:tiny |little "
    r"|wee )?(?:bit|little|touch|tad"
    r"|smidge|notch|lot)|much|way|slightly|somewhat) )?(?:louder|quieter|softer|brighter|dimmer|darker|warmer"
    r"|cooler|hotter|colder"
    r"|faster|slower|higher|lower|more|less)(?: please| now| then)*",
    re.IGNORECASE,
)
_DOES = regex(
    r"(?:turn|switch|put|open|close|shut|lock|dim|brighten|play|pause|stop|start|run|raise|lower|mute|unmute|crank"
    r"|bring|pull|draw"
    r"|send|hoover|vacuum|kill|boil|pop|stick|get|make|have|heat|warm|cool|skip|nudge|knock|push)(?:\w?ing)?\b"
    r"|(?:closing|raising|muting|making|having|pausing|vacuuming)\b",
    re.IGNORECASE,
)
_POINTS = regex(
    r"\b(?:it|that|them|those|one|ones|there|its|their|his|her|then|before|after|again|also|too|later)\b", re.IGNORECASE
)
_LISTED = regex(r"\b(?:list|timer|alarm|reminder|remind|wake|minutes?|hours?|seconds?)\b", re.IGNORECASE)
_MATTERS = regex(
    r"\d|\b(?:if|when|unless|until|till|while|once|before|after|except|but not|instead|by|tomorrow|tonight|today"
    r"|o'?clock|half past"
    r"|quarter|noon|midnight|minutes?|hours?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|call|called|means?"
    r"|remember|no|not that"
    r"|wrong|meant|said|whenever|say|says|not to|told|asked|likes?|love|loves|prefers?|favou?rite|allerg\w+"
    r"|dislikes?)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty)\b",
    re.IGNORECASE,
)
_NAMES = regex(
    r"(?:the|my|our|a|an|this|these|those|all|both|some|more|no|not|in|on|at|to|for|with|of)\b", re.IGNORECASE
)
_EXCLAIMED = 3  # most spaces of an exclamation
_MOST, _LONGEST = 4, 200  # pieces; characters


def without_reason(text: str, household: Household) -> str:
    """Return the request at the end of a text without what is told before it; the text as it is where that may matter.

    Args:
        text: The request.
        household: Names of the home.
    """
    if len(text) > _LONGEST or text.rstrip().endswith("?"):
        return text
    pieces = [piece.strip() for piece in _JOINT.split(text.strip(" .!"))]
    *told, last = pieces
    aside = [each for each in told if _FILLER.fullmatch(each) is None]
    if not told or len(aside) >= _MOST or not all(pieces):
        return text
    plain = in_full(last, household)
    last = plain if not is_command(last) and is_command(plain) else last
    deed = without_courtesy(last).removeprefix("mind ")
    is_degree = _DEGREE.fullmatch(last) is not None or value_alone(last) != last
    if not is_degree and not (is_command(deed) and _DOES.match(deed)):
        return text
    is_whole = is_degree or bool(find_mentions(deed, household))
    if _matters(deed, told, household) or not all(is_aside(each, household, is_whole=is_whole) for each in told):
        return text
    return last if aside else deed


def value_alone(text: str) -> str:
    """Return a value without the words that it fits: "nineteen is plenty"; the text as it is where it is none.

    >>> value_alone("nineteen is plenty"), value_alone("eighteen and a half will do"), value_alone("that is fine")
    ('nineteen', 'eighteen and a half', 'that is fine')
    """
    match = _VALUE.fullmatch(text.strip(" .!"))
    value = match["value"] if match is not None else ""
    is_value = bool(value) and (in_digits(value)[0].isdigit() or _COLOURED.fullmatch(value) is not None)
    return value if is_value else text


def _matters(deed: str, told: Sequence[str], household: Household) -> bool:
    """Tell whether a request may need what was told before it: a pronoun, a time, a condition."""
    if _LISTED.search(deed) or PROHIBITION.match(deed) or CONDITION.search(deed):
        return True
    return _POINTS.search(deed) is not None and any(find_mentions(each, household) for each in told)


def is_aside(words: str, household: Household, *, is_whole: bool) -> bool:
    """Tell whether a piece only tells something, so that the request stands without it.

    Args:
        words: The piece.
        household: Names of the home.
        is_whole: Whether the request names what it is of, so that the piece may name something as well.
    """
    if _FILLER.fullmatch(words) or _PREFACE.fullmatch(words):
        return True
    if _MUSES.fullmatch(words):
        return not (_MATTERS.search(words) or any(each.named or each.kind for each in find_mentions(words, household)))
    if (
        _MATTERS.search(_SOON.sub("", words))
        or is_command(words)
        or clause_kind(words) not in ("words", "remark", "courtesy")
    ):
        return False
    if any(each.named or each.kind for each in find_mentions(words, household)) and not is_whole:
        return False
    return _STATES.search(words) is not None


def tells_nothing(words: str, household: Household) -> bool:
    """Tell whether a piece in front of a request is of no consequence: a remark, or a short exclamation ("me again").

    Args:
        words: The piece.
        household: Names of the home.
    """
    said = normalize(words)
    if is_aside(words, household, is_whole=False) or is_termination(said) or is_no(said) or is_courtesy(said):
        return True
    if said.count(" ") > _EXCLAIMED or _MATTERS.search(words) or _NAMES.match(words) or is_command(words):
        return False
    return clause_kind(words) in ("words", "courtesy") and not find_mentions(words, household)
