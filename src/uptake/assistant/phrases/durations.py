"""Parse lengths of time: "an hour and a half", "90 seconds", "2 minutes 30"."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["DURATION", "duration"]

_SECONDS = {
    "second": 1, "sec": 1, "s": 1,
    "minute": 60, "min": 60,
    "hour": 3_600, "hr": 3_600, "h": 3_600,
    "day": 86_400,
    "week": 604_800,
    "fortnight": 1_209_600,
}  # fmt: skip
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?)"
_AMOUNT = (
    r"(?:\d+(?:\.\d+)?|an?|half an?|half|(?:a )?quarter of an?|(?:a )?quarter(?= hour)|0\.75 of an?"
    r"|an? couple of|a few|1 and a half)"
)
_PIECE = rf"(?:{_AMOUNT}[ -]?{_UNIT}\b(?: and a (?:half|quarter)\b)?|\d+(?:\.\d+)?(?:s|h)\b)"
DURATION = rf"{_PIECE}(?:,? (?:and )?{_PIECE})*"
"""Pattern of a length of time in a text whose numbers are in digits."""

_PIECES = regex(rf"({_AMOUNT})[ -]?({_UNIT})\b(?: and a (half|quarter)\b)?|(\d+(?:\.\d+)?)(s|h)\b", re.IGNORECASE)
_WHOLE = regex(DURATION)
_SHORT = regex(rf"({DURATION})(?:,? and)? (\d+)")
_LONGEST = timedelta(days=36_500)


def duration(text: str) -> timedelta | None:
    """Read a whole text as a length of time; None where it is none.

    >>> duration("an hour and a half"), duration("two and a half minutes")
    (datetime.timedelta(seconds=5400), datetime.timedelta(seconds=150))
    >>> duration("90 seconds"), duration("seven thirty")
    (datetime.timedelta(seconds=90), None)
    """
    said = in_digits(text).removeprefix("for ").removeprefix("about ").strip(" .")
    if len(said) > 200:
        return None
    short = _SHORT.fullmatch(said)  # "2 minutes 30", "an hour and 20"
    if short is not None:
        said = f"{short.group(1)} {short.group(2)} {'seconds' if 'minute' in short.group(1) else 'minutes'}"
    if _WHOLE.fullmatch(said) is None:
        return None
    total = Fraction(0)
    for amount, unit, more, bare, bare_unit in _PIECES.findall(said):
        seconds = _SECONDS[(unit or bare_unit).rstrip("s") or "s"]
        total += seconds * (Fraction(bare) if bare else _amount(amount))
        total += seconds * {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "": Fraction(0)}[more]
    if total > _LONGEST.total_seconds():
        return _LONGEST
    return timedelta(seconds=float(total))


def _amount(said: str) -> Fraction:
    words = {"a": 1, "an": 1, "a couple of": 2, "an couple of": 2, "a few": 3}
    if said in words:
        return Fraction(words[said])
    if said.startswith("half"):
        return Fraction(1, 2)
    if "quarter" in said:
        return Fraction(1, 4)
    if " of " in said:
        return Fraction(said.partition(" ")[0])
    if said == "1 and a half":
        return Fraction(3, 2)
    return Fraction(said)
