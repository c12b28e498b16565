"""Pieces of a request that names things and how they are to be, and what they are to each other.

Limit: English; colours from a closed list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from uptake.assistant.clauses.mentions import Mention, find_mentions
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["COLOUR", "ENDS", "Piece", "all_understood", "domains_meant", "stand_apart", "unvague"]

COLOUR = (
    r"(?:soft |deep |light |dark )?(?:(?:warm|cool|cold|neutral|soft) white|daylight|red|green|blue|yellow|orange"
    r"|purple|pink|white|violet|turquoise|amber|cyan|magenta)"
)
_COMPLETE = regex(
    rf"\b(?:on|off|up|down|open|closed|shut|percent|%|\d+|half|full|(?:bright|dimm|warm|cool|loud|quiet)er|{COLOUR})\b",
    re.IGNORECASE,
)
_WHOLE = regex(r"(?:close|open|shut|lock|unlock|start|stop|pause|mute|unmute|play|resume)\b", re.IGNORECASE)
_SHARES_VERB = regex(r"(?:turn|switch|put) .+ (?:on|off)$", re.IGNORECASE)
ENDS = regex(
    r"(?:play (?:some |a bit of )?[\w']+|(?:(?:add|put|pop|stick) )?.+ (?:on|to) (?:the|my|our) (?:[\w-]+ )?list"
    r"|(?:(?:set|start) )?(?:an? )?(?:timer for [\w ]+|[\w-]+[ -](?:minute|hour|second|min) timer))(?: please"
    r"| thanks| now)*$",
    re.IGNORECASE,
)
"""Anybody's words that end before the next clause begins."""
_VAGUE = regex(r"set .+ to low$|make .+ brighter$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a request, and the commands that it stands for."""

    text: str
    """Its words."""
    joint: str
    """What joins it to the piece before."""
    named: str = ""
    """The one thing that it names, as it is to be said again; "" where it names none, or several."""
    commands: tuple[str, ...] = ()
    """What it means, where it is a fragment."""
    is_bare: bool = False
    """Whether it names a thing and says nothing of it."""
    valued: bool = False
    """Whether it says more than a state."""


def stand_apart(pieces: list[Piece]) -> bool:
    """Tell whether states are said of things that share no verb: "close the curtains, then bedside lamp on"."""
    if len(pieces) > 2 or not is_command(pieces[0].text):
        return len(pieces) > 1
    shares = pieces[-1].joint == " and " and _SHARES_VERB.match(without_courtesy(pieces[0].text))
    return len(pieces) == 2 and bool(pieces[1].commands) and not shares and _is_whole(pieces[0], valued=False)


def unvague(pieces: list[Piece]) -> list[Piece]:
    """Leave out "quite dim" where "say twenty percent" follows."""
    told = {each.named for each in pieces if any(" percent" in command for command in each.commands)}
    return [
        each for each in pieces if each.named not in told or not each.commands or not _VAGUE.match(each.commands[0])
    ]


def all_understood(pieces: list[Piece], household: Household) -> bool:
    """Tell whether every piece is a command, a fragment or nothing of the home, and no command lacks its value."""
    for at, each in enumerate(pieces):
        if each.commands:
            before = pieces[at - 1] if at else None
            if (
                before is not None
                and not before.commands
                and is_command(before.text)
                and not _is_whole(before, valued=each.valued and not _of_another_kind(before, each, household))
            ):
                return False
        elif each.named and not is_command(each.text):
            return False
    return True


def _is_whole(command: Piece, *, valued: bool) -> bool:
    """Tell whether a command says what is to be done: in "set the lamp and the fan to 40" the first does not."""
    rest = without_courtesy(command.text).replace(command.named, " ") if command.named else command.text
    if ENDS.match(without_courtesy(command.text)):
        return True
    return _COMPLETE.search(in_digits(rest)) is not None or (not valued and _WHOLE.match(rest.strip()) is not None)


def _of_another_kind(command: Piece, fragment: Piece, household: Household) -> bool:
    """Tell whether a value cannot be a command's: "shut the curtains, bedside lamp to 20 percent"."""
    kinds = [
        frozenset().union(*(domains_meant(each, household) for each in find_mentions(one.named, household)))
        for one in (command, fragment)
        if one.named
    ]
    return len(kinds) == 2 and all(kinds) and kinds[0].isdisjoint(kinds[1])


def domains_meant(mention: Mention, household: Household) -> frozenset[str]:
    """Return the domains of what a mention names."""
    if mention.named:
        found = household.match_devices(mention.text, household.devices, exact_only=True)
        return frozenset(household.by_id[each.key].domain for each in found)
    kind = kind_of(mention.kind) if mention.kind else None
    return frozenset() if kind is None else kind.domains
