"""Give what stands alone the thing or the room of the last turn: "half brightness", "20 in there", "off again".

Limit: English; what was spoken of last, as long as it is of one kind.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.wording.fragments import valued
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import core, singular
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the
from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["carried"]

_THERE = regex(r"\b(?:(?:in|over|out|up|down) there|in that room)\b", re.IGNORECASE)
_FRONT = regex(
    r"(?:(?:and|now|ok|okay|then|so|actually|no|just|please|maybe|or|oh|make|set|put|turn|have|try|say|go for|let's say"
    r"|it|that|them|those|to|at|with|on|in|(?:back )?(?:up|down)(?= to\b))\b,? *)+",
    re.IGNORECASE,
)
_OF_STATE = regex(r"(?:on|off|out|up|down|open|closed|shut|locked|muted)\b")
_SHARE = regex(
    r"\b(?:half|halfway|half way|quarters?|thirds?|full|max|maximum|crack|brightness|%|percent|white|daylight|amber"
    r"|dim|dimmed|low)\b",
    re.IGNORECASE,
)
_HOW_IT_IS = regex(
    r"(?:(?:and|so|ok) )*(?:what(?:'s| is) (?:it|that) (?:at|set to|set at|on|up to)(?: now)?"
    r"|what(?:'s| is) (?:its|the) (?:colou?r|temperature|speed|level|volume|brightness|position)(?: now| set to| at)*"
    r"|what (?:colou?r|temperature|speed|level|volume|brightness|setting"
    r"|position) is it(?: at| on| set to)?(?: now)?|how (?:bright|warm|hot|loud|fast|open|far open|dim) is it(?: now)?"
    r"|is (?:it|that) (?:(?:really|nice and|getting) )*(?:hot|warm|cool|cold|ready|bright|up to temperature"
    r"|preheated|heated up|warmed up)"
    r"(?: enough)?(?: yet| now)?"
    r"|where(?:'s| is) (?:it|he|she)(?: now| got to)?)",
    re.IGNORECASE,
)
_OUTSIDE = regex(
    r"(?:(?:and|what about|how about) )+(?:it )?(?:outside|outdoors|out there|in the garden)(?: now)?", re.IGNORECASE
)
_THEIRS = regex(r"\b(?:his|her|their|its) (?P<what>(?:bedside |ceiling |main )?[a-z]+)\b", re.IGNORECASE)
_SPEED = regex(
    r"(?:(?:and|now|ok|then|no|actually|make it|put it|set it|turn it|it|on|to|at|up|down)\b,? *)*(?P<level>low|medium"
    r"|high"
    r"|max|maximum|full)(?: speed| please| now| then)*",
    re.IGNORECASE,
)
_WILL_DO = regex(
    r"(?:'s| is| will be| would be|'ll be) (?:fine|enough|plenty|good|ok|okay)$|(?: will|'ll) do$", re.IGNORECASE
)
_NOT_WHOLLY = regex(
    r"(?:(?:no|but|oh|actually|sorry)\b,? *)*not (?:completely|all the way|fully|entirely|quite so far|so far|that far"
    r"|totally)(?: (?:closed|open|shut|up|down|though|please))*",
    re.IGNORECASE,
)
_ONE_THERE = regex(
    r"\bthe (?P<one>ones?)(?= (?:in|on|at|by|over|above|next to|beside|near|out|upstairs|downstairs)\b)", re.IGNORECASE
)
_TONE = regex(r"\b(?P<tone>warm|cool|cold)er white\b", re.IGNORECASE)
_AN = regex(r"^(?:a|an|some|more of a) ", re.IGNORECASE)
_NUMBER = regex(r"\d{1,3}(?:\.\d)?(?: ?(?:degrees?|percent|%))?")
_ON_OFF = regex(
    r"(?:(?:and|now|ok|then|right|so) )*(?P<way>on|off)(?: again| now| please| then)*(?P<when> (?:in|at|for"
    r"|until|after) .+)?",
    re.IGNORECASE,
)
_MOVED = regex(
    r"(?:(?:and|now|ok|then|right|so|no|actually|please|put|move|bring|them|it|all|the way|back)\b,? *)*"
    r"(?P<way>up|down|open|closed|shut)(?: again| now| please| then| all the way| fully| completely)*",
    re.IGNORECASE,
)
_SWITCHES = frozenset({"light", "switch", "fan", "media_player", "climate"})
_MOST = 4


def carried(text: str, conversation: Conversation, household: Household) -> str:
    """Return a request with the thing or the room of the last turn that it leaves out; as it is where there is none.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
    """
    keys = conversation.last.targets if conversation.last is not None else ()
    devices = [household.by_id[key] for key in keys if key in household.by_id]
    rooms = {household.area_name(device) for device in devices}
    room = rooms.pop() if len(rooms) == 1 else None
    if room is not None:
        text = _THEIRS.sub(lambda match: _in_room(match, room), text, count=1)
    text = _ONE_THERE.sub(lambda match: _of_kind(match, devices), text, count=1) if devices else text
    outside = _outside(text, conversation)
    if outside is not None or not devices or find_mentions(text, household):
        return outside or text
    asked = _asked(text, devices, household) or _switched(text, devices, household)
    if asked is not None:
        return asked
    if room is not None and _THERE.search(text):
        return _THERE.sub(f"in the {room}", text, count=1)
    speed = _SPEED.fullmatch(text.strip(" .!?"))
    if speed is not None and {device.domain for device in devices} == {"fan"} and len(devices) == 1:
        level = {"low": 33, "medium": 66}.get(speed["level"].lower(), 100)
        return f"set {the(household.label(devices[0]))} speed to {level} percent"
    return _ajar(text, devices, conversation, household) or _valued(text, devices, household) or text


def _in_room(match: re.Match[str], room: str) -> str:
    """Return a kind of device in the room that was spoken of, for "their light"; the words where it is no such kind."""
    return f"the {match['what']} in the {room}" if kind_of(match["what"].lower()) is not None else match[0]


def _of_kind(match: re.Match[str], devices: list[Device]) -> str:
    """Return "the light" for "the one (in the garage)" after a lamp; the words where the things are of no one kind."""
    nouns = {"light" if each.domain == "light" else _noun(each) for each in devices}
    noun = nouns.pop() if len(nouns) == 1 else ""
    return f"the {noun}{'s' if noun and match['one'].lower() == 'ones' else ''}" if noun else match[0]


def _noun(device: Device) -> str:
    """Return the word for its kind in which the name of a thing ends; "" where it ends in none."""
    words = core(device.name).split()
    ends = (" ".join(words[-size:]) for size in (2, 1))
    return next((singular(each) for each in ends if kind_of(each) is not None), "")


def _asked(text: str, devices: list[Device], household: Household) -> str | None:
    """Return the question after the state of the one thing that was spoken of last: "what's it set to"."""
    if len(devices) != 1 or _HOW_IT_IS.fullmatch(text.strip(" .!?")) is None:
        return None
    what = the(household.label(devices[0]))
    return f"what is {what} doing" if devices[0].domain in ("vacuum", "lawn_mower") else f"what is the state of {what}"


def _switched(text: str, devices: list[Device], household: Household) -> str | None:
    """Return the command that switches the last things on or off: "off again"."""
    moved = _MOVED.fullmatch(text.strip(" .!?"))
    if moved is not None and {device.domain for device in devices} == {"cover"} and len(devices) <= _MOST:
        verb = "open" if moved["way"].lower() in ("up", "open") else "close"
        return f"{verb} {say_list([the(household.label(device)) for device in devices])}"
    match = _ON_OFF.fullmatch(text.strip(" .!?"))
    if match is None or len(devices) > _MOST or not all(device.domain in _SWITCHES for device in devices):
        return None
    things = say_list([the(household.label(device)) for device in devices])
    return f"turn {match['way']} {things}{match['when'] or ''}"


def _outside(text: str, conversation: Conversation) -> str | None:
    """Return the question after the temperature outside that follows one after a room's: "and outside?"."""
    last = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    if last is None or last.intent != "HassClimateGetTemperature" or not _OUTSIDE.fullmatch(text.strip(" .!?")):
        return None
    return "what's the outside temperature"


def _ajar(text: str, devices: list[Device], conversation: Conversation, household: Household) -> str | None:
    """Return the command to leave covers ajar that were just opened or closed: "not all the way"."""
    done = conversation.done.interpretation.intent if conversation.done is not None else ""
    if not _NOT_WHOLLY.fullmatch(text.strip(" .!?")) or {device.domain for device in devices} != {"cover"}:
        return None
    ajar = {"HassTurnOff": 25, "HassTurnOn": 75}.get(done)
    things = say_list([the(household.label(device)) for device in devices[:_MOST]])
    return f"set {things} to {ajar} percent" if ajar is not None else None


def _valued(text: str, devices: list[Device], household: Household) -> str | None:
    """Return the command that gives the last things a share of their range, or a tone; None for anything else."""
    bare = _WILL_DO.sub("", text.strip(" .!?"))
    words = bare[match.end() :] if (match := _FRONT.match(bare)) else bare
    domains = frozenset(device.domain for device in devices)
    if (
        not (_SHARE.search(words) or _is_level(words, domains))
        or _OF_STATE.search(words)
        or len(domains) != 1
        or len(devices) > _MOST
    ):
        return None
    things = say_list([the(household.label(device)) for device in devices])
    tone = _TONE.sub(r"\g<tone> white", _AN.sub("", words))
    commands = valued(things, strip_fillers(normalize(tone)), domains)
    return commands[0] if len(commands) == 1 else None


def _is_level(words: str, domains: frozenset[str]) -> bool:
    """Tell whether a number alone is how warm, how bright or how loud the last thing is to be."""
    return _NUMBER.fullmatch(in_digits(words)) is not None and domains <= {"climate", "switch", "light", "fan"}
