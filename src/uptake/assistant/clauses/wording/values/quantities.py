"""Find which things a request of some of several is of: "both lamps"; or that it does not say: "most of the lights".

Limit: English; kinds of devices by their words.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import QUESTION, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core, singular
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["both_named", "is_some_of"]

_SOME_OF = regex(
    r"\b(?:(?:almost |nearly )?(?:most|some|many|several|a few|a couple|a handful|half|a lot|loads|a number)(?: of)?"
    r"(?: the| my| our| those| these)+|(?:a couple|a few|several)(?: of)?)"
    r" (?P<what>(?:[a-z]+ )??[a-z]+s)\b(?! (?:list|music|songs?))",
    re.IGNORECASE,
)
_BOTH = regex(r"\bboth (?:of )?(?:the |my |our |those )?(?P<kind>[a-z]+s)\b", re.IGNORECASE)
_DOES = regex(
    r"\b(?:turn|switch|put|open|close|shut|lock|unlock|dim|brighten|kill|can|could|should|may|off|on)\b", re.IGNORECASE
)


def both_named(text: str, household: Household, room: str | None) -> str | None:
    """Return a command with the names of the two things that "both lamps" means; None where it says no such thing.

    They are the two of the kind where it is said, else the two in the home that are called so; "" where there are not
    two.

    Args:
        text: The request.
        household: Names of the home.
        room: Where it is said, where that is known.
    """
    match = _BOTH.search(text)
    kind = kind_of(match["kind"]) if match is not None else None
    if match is None or kind is None or not kind.is_plural or QUESTION.match(without_courtesy(text)):
        return None
    if any(each.named or each.place for each in find_mentions(text, household)) or "door" in match["kind"].lower():
        return None
    place = household.match_places(room)[:1] if room else ()
    areas = household.place(place[0]).areas if place else ()
    of_kind = [device for device in household.devices if kind.holds(device)]
    noun = singular(match["kind"].lower())
    tries = (
        [device for device in of_kind if device.area_id in areas],
        [device for device in of_kind if noun in core(device.name).split() or f"{noun}s" in core(device.name).split()],
        of_kind,
    )
    found = next((each for each in tries if len(each) == 2), None)
    if found is None:
        return ""
    names = " and ".join(the(household.label(device)) for device in found)
    return f"{text[: match.start()]}{names}{text[match.end() :]}"


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
