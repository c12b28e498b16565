"""Say what a request is about where it is said beside: "the tv is too loud, turn it down", "the front and back doors".

Limit: English; one thing of the home, or what plays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import Clause, segment
from uptake.assistant.clauses.words import without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.matching import core
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.phrases.declaring import declared_in
from uptake.teaching.concepts.statements import statements
from uptake.text.patterns import regex

__all__ = [
    "PRONOUN",
    "with_each_name",
    "with_own_subject",
    "with_place_in_full",
    "with_subject",
    "without_heading",
]

PRONOUN = regex(r"\b(?:it|them|that one|those)\b(?! (?:is|are|was|were)\b)", re.IGNORECASE)
"""What stands for a thing that was named before."""
_ITS = regex(r"\b(?:its|their|his|her) (?P<what>lights?|lamps?|fan|blinds?|curtains?|speakers?)\b", re.IGNORECASE)
_HEADED = regex(
    r"(?P<head>(?!remind|note|add|put|remember|tell|say|call|announce|play|teach|when|if)[\w', -]{2,50}?)(?::| -+) +"
    r"(?P<rest>[^\d:][^:]*)",
    re.IGNORECASE,
)
_PAIR = regex(
    r"\b(?P<both>both )?(?:the )?(?P<one>[a-z]+) and (?:the )?(?P<two>[a-z]+) (?P<noun>[a-z]+?)s?\b", re.IGNORECASE
)
_IN_THERE = regex(r"\bin there\b", re.IGNORECASE)
_LIKE = regex(r"\blike (?:an?|the) [\w']+(?: [\w']+)??(?= (?:in|up|down|here|out|on)\b|$)", re.IGNORECASE)
"""What a thing is compared to, and no thing that is spoken of: "it's like an oven in here"."""
_WARMS = regex(r"(?:cool|warm|heat|chill) (?:it|that)\b", re.IGNORECASE)
_MUSIC = regex(r"\bthe (?:music|radio|sound|volume|song)(?: (?:in|on) the [a-z]+(?: room)?)?(?= |$)", re.IGNORECASE)
_BOTH = regex(r" both\b", re.IGNORECASE)


def with_each_name(text: str, household: Household) -> str:
    """Name both of "the front and back doors"; a place is no name: "the heating off in the hall and the lamp on"."""
    match = _PAIR.search(text)
    if match is not None and text[: match.start()].endswith(" in "):
        return text
    names = [f"{match[one]} {match['noun']}" for one in ("one", "two")] if match is not None else []
    if match is None or not all(
        len(household.match_devices(each, household.devices, exact_only=True)) == 1 for each in names
    ):
        return text
    return f"{text[: match.start()]}the {names[0]} and the {names[1]}{_BOTH.sub('', text[match.end() :], count=1)}"


def with_place_in_full(text: str, household: Household) -> str:
    """Name the room that "in there" stands for: the one of the things told before in the same request."""
    match = _IN_THERE.search(text)
    if match is None:
        return text
    areas: set[str] = set()
    for each in find_mentions(text[: match.start()], household):
        named = household.match_devices(each.text, household.devices, exact_only=True) if each.named else ()
        areas.update(household.by_id[one.key].area_id or "" for one in named)
        if each.place and not each.named:
            areas.update(area.area_id for area in household.areas if area.name.lower() == each.place.lower())
    name = next((area.name for area in household.areas if {area.area_id} == areas), None)
    return text if name is None else f"{text[: match.start()]}in the {name.lower()}{text[match.end() :]}"


def with_own_subject(text: str, household: Household) -> str:
    """Say in each clause what "it" is, where a remark before it is about one thing: "the tv is loud, turn it down"."""
    clauses = segment(text)
    if len(clauses) < 2 or not (PRONOUN.search(text) or _ITS.search(text)):
        return text
    said = ""
    for at, each in enumerate(clauses):
        about = clauses[:at] if each.kind != "question" else ()
        remarks = [one for one in about if one.kind in ("remark", "report", "courtesy", "question")]
        alone = bool(about) and len(remarks) == len(about)
        said += f"{each.joint}{with_subject(each.text, remarks, household) if alone else each.text}"
    return said


def without_heading(text: str, household: Household) -> str:
    """Take away what announces a list of things to do: "let's call it a night: telly off and the lamp out".

    What says that a word means the list is left for who learns it: "bin day has a meaning: the hall light on".
    """
    match = _HEADED.fullmatch(text)
    if match is None or find_mentions(match["head"], household) or not find_mentions(match["rest"], household):
        return text
    teaches = any(told.kind in ("declare", "say") for told in statements(text, House(), ()))
    return text if teaches or next(declared_in(text), None) is not None else match["rest"]


def with_subject(text: str, before: Sequence[Clause], household: Household) -> str:
    """Put into a clause the one thing that the remarks before it are about."""
    its = _ITS.search(text)
    about = [mention for each in before for mention in find_mentions(each.text, household)] if its is not None else []
    if its is not None and len(about) == 1 and (about[0].named or about[0].place):
        whole = about[0].text if about[0].named else f"the {its['what']} in {about[0].text}"
        return f"{text[: its.start()]}{whole}{text[its.end() :]}"
    if not PRONOUN.search(text) or find_mentions(text, household):
        return text
    said = [_LIKE.sub("", each.text) for each in before]
    named = [mention for each in said for mention in find_mentions(each, household)]
    rooms = {each.place or "" for each in named if not each.named and not each.kind}
    if _WARMS.match(without_courtesy(text)) and len(rooms) == 1 and len(named) == 1 and "" not in rooms:
        return PRONOUN.sub(f"the {core(rooms.pop())}", text, count=1)
    sound = next((match for each in before if (match := _MUSIC.search(each.text))), None)
    if sound is not None and not any(each.named or each.kind for each in named):
        return PRONOUN.sub(sound[0], text, count=1)
    things = {each.text for each in named if each.named or each.kind}
    return PRONOUN.sub(things.pop().replace("\\", ""), text, count=1) if len(things) == 1 else text
