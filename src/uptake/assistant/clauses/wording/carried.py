"""Give values that stand alone, and "in there", the thing or the room of the last turn: "half brightness", "20 in there".

Limit: English; what was spoken of last, as long as it is of one kind.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.wording.fragments import valued
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the
from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["carried"]

_THERE = regex(r"\b(?:(?:in|over|out|up|down) there|in that room)\b", re.IGNORECASE)
_FRONT = regex(
    r"(?:(?:and|now|ok|okay|then|so|actually|no|just|please|maybe|or|oh|make|set|put|turn|have|try|say|go for|let's say"
    r"|it|that|them|those|to|at|with|on|in)\b,? *)+",
    re.IGNORECASE,
)
_OF_STATE = regex(r"(?:on|off|out|up|down|open|closed|shut|locked|muted)\b")
_SHARE = regex(
    r"\b(?:half|halfway|half way|quarters?|thirds?|full|max|maximum|crack|brightness|%|percent|white|daylight|amber"
    r"|dim|dimmed|low)\b",
    re.IGNORECASE,
)
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
    if not devices or find_mentions(text, household):
        return text
    rooms = {household.area_name(device) for device in devices}
    if len(rooms) == 1 and None not in rooms and _THERE.search(text):
        return _THERE.sub(f"in the {rooms.pop()}", text, count=1)
    return _valued(text, devices, household) or text


def _valued(text: str, devices: list[Device], household: Household) -> str | None:
    """Return the command that gives the last things a share of their range, or a tone; None for anything else."""
    bare = text.strip(" .!?")
    words = bare[match.end() :] if (match := _FRONT.match(bare)) else bare
    domains = frozenset(device.domain for device in devices)
    if not _SHARE.search(words) or _OF_STATE.search(words) or len(domains) != 1 or len(devices) > _MOST:
        return None
    things = say_list([the(household.label(device)) for device in devices])
    commands = valued(things, strip_fillers(normalize(words)), domains)
    return commands[0] if len(commands) == 1 else None
