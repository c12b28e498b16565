"""Account for every part of a request: what it says and its reading does not hold forbids acting unasked.

Things of the home that are named and not meant, numbers that went nowhere, and a "not" count; a question never becomes
a command.

Limit: English; only what is named as the home names it is missed.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import QUESTION, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core, singular
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.home.model import Device
from uptake.assistant.reply import NOT_UNDERSTOOD
from uptake.assistant.skills.skill import Effect
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["is_chore", "is_question", "is_strange", "is_unread", "missed", "not_here"]

_NUMBER = regex(r"(?<![\w.:])-?\d+(?:[.:]\d+)?(?![\w:])")
_NOT = regex(r"\b(?:not|never|except|unless)\b|n't\b", re.IGNORECASE)
_POLITE_NOT = regex(
    r"\b(?:why don't|why do not|(?:why|can|could|would|will|do|did)(?: not|n't))\b|\bwon't you\b|n't mind|not mind"
    r"|if not\b",
    re.IGNORECASE,
)
_SWITCHES_IT = regex(
    r"(?:please |can you |could you |now |and |just )*(?:turn|switch|put) (?:(?:it|that|this) (?:on|off)|(?:on|off)"
    r" (?:it|that"
    r"|this))(?: again| please| now| then)*",
    re.IGNORECASE,
)
_NO_SWITCHES = frozenset({"cover", "lock", "valve"})
"""Kinds of things that nobody switches on or off without a name."""
_BOTH = regex(r"^(?:both|all|every)(?: of)?(?: the| my| our)? ", re.IGNORECASE)
_SWITCHES = regex(
    r"(?:turn|switch|put|get|fire up|power up|start|warm up|heat up)(?: on| off)? (?:the|my|our) (?P<what>[a-z]+(?:"
    r" [a-z]+)?)"
    r"(?= (?:on|off|going|started|running|warmed up|heated up|warm|hot|up|down)\b|\W*$|[,;.])",
    re.IGNORECASE,
)
_ASKS = regex(
    r"(?:(?:and|so|hey|ok|um|er),? )*(?:is|are|was|were) (?:the|my|our) (?P<what>[a-z]+(?: [a-z]+)?)"
    r" (?:(?:still|already|even|currently|switched|turned|left) )*(?:on|off|running)(?: or (?:on|off))?"
    r"(?: (?:now|yet|again|at the moment|right now|by the way|please))*\W*$",
    re.IGNORECASE,
)
"""A question whether something runs."""
_STATE_OF = regex(r"what is the state of (?:the|my|our) (?P<what>[a-z]+(?: [a-z]+)?)\W*$", re.IGNORECASE)
_ELSE = regex(
    r"\b(?:anything|something|everything|music|radio|song|sound|volume|heat|heating|temperature|water|power|alarm|timer|news|film|movie|cleaning|wash"
    r"|house|home|place|list|rest|others?|one|ones|lot|brightness|colou?r|scene|routine|cold|cool|bath|shower|door"
    r"|window)\b",
    re.IGNORECASE,
)
"""What is no single thing of a home, or is called otherwise in each."""
_AND_MORE = regex(
    r"\band (?:also )?(?:in |on )?(?:the|my|our) (?P<what>[a-z]+(?: [a-z]+)?)(?: too| as well| please)*\W*$",
    re.IGNORECASE,
)
"""One thing more at the end of a request: "and the landing"."""
_ALIKE = 0.7  # the same of a question, which need not be understood at any price
_LIKE = 0.6  # least score of a name that may have been misheard
_ADVICE = regex(r"(?:shall|should)\b", re.IGNORECASE)


_OF_YOU = regex(
    r"(?:(?:hey|hi|please|ok|and|so|oh),? )*(?:can|could|will|would|won't|can't) (?:you|u) (?:please |maybe |quickly )*"
    r"(?!.*\b(?:remind|reminder|remember|forget|note|tell|nudge|ping|alert|warn|notify|let me know|make sure)\b)",
    re.IGNORECASE,
)


_CHORE = regex(
    r"(?:please )?(?:water|feed|walk|wash|iron|mop|dust|fold|cook|bake|peel|fix|repair|paint|sew) (?:the|my"
    r"|our|some) \w+",
    re.IGNORECASE,
)


_BY_HAND = regex(
    r"(?:be an? \w+ and )?(?:water|feed|walk|iron|mop|fold|peel|mend|fix|repair|paint|sew|weed)"
    r" (?:the|my|our|some) [\w']+(?: [\w']+)?"
    r"(?: please| now| for me)*",
    re.IGNORECASE,
)
"""Chores that no lamp does, nor anything else that is switched or closed: "water the garden" is of no patio light."""
_NO_HELP = frozenset({"light", "fan", "media_player", "climate", "cover", "lock"})


def is_chore(text: str, resolution: Resolution) -> bool:
    """Tell whether the assistant itself is asked to do what it could only remind of: "can you feed the cat"."""
    if resolution.interpretation.intent != "SetReminder":
        by_hand = _BY_HAND.fullmatch(without_courtesy(text).strip(" .!?")) is not None
        return by_hand and {each.domain for each in resolution.targets} <= _NO_HELP
    return _OF_YOU.match(text) is not None or _CHORE.match(text) is not None


def is_question(text: str) -> bool:
    """Tell whether a request asks about something, and does not ask politely for it to be done.

    >>> is_question("did you turn off the light"), is_question("could you turn off the light")
    (True, False)
    """
    bare = without_courtesy(text)
    return QUESTION.match(bare) is not None and _ADVICE.match(bare) is None


def is_unread(text: str, resolution: Resolution, household: Household, *, counted: bool = False) -> bool:
    """Tell whether a request says something that its reading, which changes things of the home, does not hold.

    Args:
        text: The request.
        resolution: Its reading, and the devices that are meant.
        household: Names of the home.
        counted: Whether its reader has accounted for every number already: "seventy percent closed" is 30.
    """
    if not resolution.targets:
        return False
    if _ADVICE.match(without_courtesy(text)) or _NOT.search(_POLITE_NOT.sub("", text)):
        return True
    if _SWITCHES_IT.fullmatch(text.strip(" .!?")) and {each.domain for each in resolution.targets} & _NO_SWITCHES:
        return True
    values = " ".join(value for _, value in resolution.interpretation.slots)
    more = None if counted else _AND_MORE.search(text)
    if more is not None and not find_mentions(more["what"], household) and not _words(more["what"]) <= _words(values):
        return True
    return (not counted and _leaves_number(text, resolution, household)) or (
        missed(text, resolution, household) is not None
    )


def _leaves_number(text: str, resolution: Resolution, household: Household) -> bool:
    """Tell whether a reading leaves a number of its request out."""
    values = " ".join(value for _, value in resolution.interpretation.slots)
    return not _numbers(text, household) <= _said_numbers(values, resolution)


def _numbers(text: str, household: Household) -> set[float]:
    """Return the numbers of a request, but for those in names and the "1" of "the kitchen one"."""
    spans = find_mentions(text, household)
    for each in reversed(spans):
        text = f"{text[: each.start]} {text[each.end :]}"
    if "fahrenheit" in text.lower():
        return set()  # its value is converted
    found = {float(each.replace(":", ".")) for each in _NUMBER.findall(normalize(text))}
    return {number for number in found if number not in (0.0, 1.0, 2.0)}


def _said_numbers(values: str, resolution: Resolution) -> set[float]:
    names = " ".join(device.name for device in resolution.targets)
    found = {float(each.replace(":", ".")) for each in _NUMBER.findall(normalize(f"{values} {names}"))}
    return found | {abs(each) for each in found}  # "down by ten" is a step of -10


def missed(text: str, resolution: Resolution, household: Household) -> str | None:
    """Return the first thing that a request names and its reading does not mean; None where there is none."""
    said = _words(" ".join(value for _, value in resolution.interpretation.slots))
    for each in find_mentions(text, household):
        if _words(each.place or each.kind or core(each.text)) <= said:
            continue
        if each.named and not any(
            _is_called(device, _BOTH.sub("", each.text), household) for device in resolution.targets
        ):
            return each.text
        if each.place and not each.named and not _stands_in(each.place, resolution.targets, household):
            return each.text
        kind = kind_of(each.kind) if each.kind else None
        if kind is not None and not any(
            _fits(device, each.kind or "", kind.holds(device)) for device in resolution.targets
        ):
            return each.text
    return None


def not_here(text: str, resolution: Resolution | None, household: Household) -> Effect | None:
    """Return the answer to a doubtful request that names what is not here, or not meant; None where it names neither.

    Args:
        text: The request.
        resolution: Its reading, and the devices that are meant; None where nothing was understood.
        household: Names of the home.
    """
    unknown = _unknown_thing(text, household)
    if unknown is not None:
        return Effect(speech=f"I know no {unknown} in this home. I have done nothing.", status="unsupported")
    if resolution is not None and resolution.targets and _leaves_number(text, resolution, household):
        return NOT_UNDERSTOOD
    strange = missed(text, resolution, household) if resolution is not None and resolution.targets else None
    return None if strange is None else Effect(speech=f"I cannot do that with {strange}.", status="failed")


def is_strange(text: str, resolution: Resolution, household: Household, *, doubted: bool) -> Effect | None:
    """Return the answer to a request of what is not here: a doubtful one, or a question whether it is on.

    Args:
        text: The request.
        resolution: Its reading, and the devices that are meant.
        household: Names of the home.
        doubted: Whether the reading is not sure.
    """
    strange = not_here(text, resolution, household) if doubted else None
    return strange or _asked_of_nothing(text, resolution, household)


def _asked_of_nothing(text: str, resolution: Resolution, household: Household) -> Effect | None:
    """Return the answer to a question whether something is on that this home has not; None where it asks no such."""
    asks = resolution.interpretation.intent == "HassGetState"
    match = _ASKS.match(text) or _STATE_OF.match(text) if asks else None
    unknown = _unknown(match, household, _ALIKE)
    return None if unknown is None else Effect(speech=f"I know no {unknown} in this home.", status="unsupported")


def _unknown_thing(text: str, household: Household) -> str | None:
    """Return what a request is to switch that this home has not: "the hot tub"; None where it names nothing such."""
    return _unknown(_SWITCHES.match(without_courtesy(text)), household)


def _unknown(match: re.Match[str] | None, household: Household, least: float = _LIKE) -> str | None:
    """Return the thing that was named, where this home has none that is called so."""
    if match is None or find_mentions(match["what"], household) or _ELSE.search(match["what"]):
        return None
    found = household.match_devices(match["what"], household.devices)
    return None if found and found[0].score >= least else match["what"]


def _words(text: str) -> set[str]:
    return {singular(word) for word in core(text).split()}


def _fits(device: Device, word: str, is_of_kind: bool) -> bool:
    return is_of_kind or bool(_words(word) & _words(device.name)) or device.domain in ("scene", "script")


def _is_called(device: Device, words: str, household: Household) -> bool:
    return bool(household.match_devices(words, [device], exact_only=True))


def _stands_in(words: str, targets: tuple[Device, ...], household: Household) -> bool:
    places = household.match_places(words)[:1]
    return not places or any(
        device.area_id in household.place(places[0]).areas or _words(words) <= _words(device.name) for device in targets
    )
