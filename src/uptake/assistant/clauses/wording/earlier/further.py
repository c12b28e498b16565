"""Say in full what goes on from the last deed: "a bit lower" after the blinds, "and again" after "up two degrees".

The other one of two lights is the one beside the light that was set last; what was playing is named where it is to
play somewhere else.

Limit: English; one move back, three where something is to be played on.
"""

from __future__ import annotations

import re

from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["gone_on"]

_LEAD = r"(?:(?:and|ok|okay|now|no|even|still|just|maybe|actually|then|right|please)\b,? *)*"
_FURTHER = regex(
    rf"{_LEAD}(?P<degree>(?:a (?:little bit|bit|little|tad|touch|fraction|smidge)|slightly|bit|some)? ?)"
    r"(?P<way>lower|higher|(?:further|more) (?:down|up))(?: still| yet| again| please| then| now)*",
    re.IGNORECASE,
)
_AGAIN = regex(
    rf"{_LEAD}(?:again|once more|1 more time|one more time|same again|the same again|do (?:that|it) again)(?: please)?",
    re.IGNORECASE,
)
_STEPS = regex(
    r"\b(?:up|down|higher|lower|warmer|cooler|hotter|colder|brighter|dimmer|louder|quieter|more|less|raise|lower|increase"
    r"|decrease)\b(?!.*\bto \d)",
    re.IGNORECASE,
)
_STEPPED = frozenset({"HassClimateSetTemperature", "HassSetVolumeRelative", "HassLightSet", "HassFanSetSpeed"})
_OTHER = regex(
    rf"{_LEAD}(?:(?P<verb>make|set|turn|put|have) )?(?:the )?other (?:one|light|lamp)(?: to)?"
    r" (?P<value>(?!(?:is|was|one|in|on|off|too|as|up|down)\b)\S.*)",
    re.IGNORECASE,
)
_BY = regex(
    rf"{_LEAD}(?P<way>up|down) (?:by )?(?P<by>\d+|a|an|one|two|three|four|five|ten|twenty)"
    r"(?P<unit> degrees?| percent| %)?",
    re.IGNORECASE,
)
_PLAY_IT = regex(
    rf"{_LEAD}play (?:it|that|this|them) (?P<where>(?:in|on) (?:the |my )?[\w' ]+?)(?: instead| then)*", re.I
)
_PLAYED = frozenset({"search_query", "artist", "album", "track", "genre", "playlist", "station", "title"})
_TURNS = 3


def gone_on(text: str, conversation: Conversation, household: Household) -> str | None:
    """Return in full a request that goes on from what was done last; None where a request is no such thing.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
    """
    said = text.strip(" .!")
    if conversation.done is None or not conversation.exchanges:
        return None
    return (
        _further(said, conversation, household)
        or _by(said, conversation)
        or _once_more(said, conversation)
        or _other_one(said, conversation, household)
        or _played_there(said, conversation)
    )


def _further(said: str, conversation: Conversation, household: Household) -> str | None:
    """Move covers a bit more where covers were moved last."""
    match = _FURTHER.fullmatch(said)
    done = conversation.done
    if match is None or done is None:
        return None
    devices = [household.by_id[key] for key in done.targets if key in household.by_id]
    if not devices or any(one.domain != "cover" for one in devices):
        return None
    verb = "lower" if match["way"].lower().endswith(("lower", "down")) else "raise"
    return f"{verb} them {match['degree'].strip() or 'a bit'}"


def _by(said: str, conversation: Conversation) -> str | None:
    """Move what was set last by a number up or down: "and down two"."""
    match, done = _BY.fullmatch(said), conversation.done
    if match is None or done is None or done.interpretation.intent not in _STEPPED:
        return None
    unit = match["unit"] or (" degrees" if "Temperature" in done.interpretation.intent else "")
    return f"turn it {match['way']} by {match['by']}{unit}"


def _once_more(said: str, conversation: Conversation) -> str | None:
    """Say the last request again where it went up or down by a step."""
    last, done = conversation.exchanges[-1], conversation.done
    if done is None or _AGAIN.fullmatch(said) is None or done.interpretation.intent not in _STEPPED:
        return None
    return last.request if last.action and _STEPS.search(last.request) else None


def _other_one(said: str, conversation: Conversation, household: Household) -> str | None:
    """Name the only other light of the room of the one that was set last."""
    match = _OTHER.fullmatch(said)
    targets = conversation.done.targets if conversation.done is not None else ()
    last = household.by_id.get(targets[0]) if match is not None and len(targets) == 1 else None
    if match is None or last is None or last.domain != "light":
        return None
    beside = [one for one in household.devices if one.domain == "light" and one.area_id == last.area_id]
    others = [one for one in beside if one.entity_id != last.entity_id]
    return f"{match['verb'] or 'make'} {the(others[0].name)} {match['value']}" if len(others) == 1 else None


def _played_there(said: str, conversation: Conversation) -> str | None:
    """Name what was playing before it was paused."""
    match = _PLAY_IT.fullmatch(said)
    if match is None or conversation.exchanges[-1].interpretation is None:
        return None
    if "Pause" not in conversation.exchanges[-1].interpretation.intent:
        return None
    for each in reversed(conversation.exchanges[-_TURNS:-1]):
        slots = each.interpretation.slots if each.interpretation is not None else ()
        played = next((value for slot, value in slots if slot in _PLAYED), None)
        if played is not None:
            return f"play {played} {match['where']}"
    return None
