"""Find that what was just done is taken back, whatever is told beside it: "oh wait, I'm still in here, undo that".

A command that brings things back to how they were takes back what was done to them: "open them up the way they were".

Limit: English; one step back.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT, clause_kind
from uptake.assistant.clauses.wording.reasons import tells_nothing
from uptake.assistant.clauses.words import is_command, repairs
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.dialogue.cues import is_undo, times_undone
from uptake.assistant.entities.household import Household
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["taken_back"]

_AS_BEFORE = regex(
    r"[\s,]+(?:back )?(?:again )?(?:to )?(?:just |exactly |right )?(?:the way|how|as|like|what|where)"
    r" (?:it|they|that|things|everything|we|i) (?:was|were|had (?:been|it|them|that))(?: before| originally| earlier"
    r"| just now| a minute ago| to begin with| at first)*(?:,? please| then| again)*[\s.!]*$",
    re.IGNORECASE,
)
_POINTS = regex(r"\b(?:it|that|them|those|these|everything|all)\b", re.IGNORECASE)
_FORGETS = regex(
    r"(?:(?:oh|mm+|hm+|um|actually|no|wait|well|ok|okay|right|ah|on second thoughts?)\b[\s,]*)*(?:forget|never ?mind"
    r"|skip|scrap|cancel|scratch)(?: about)? (?P<what>(?:the|my|our) [\w' ]+?)(?: then| after all| actually"
    r"| please| for now)*",
    re.IGNORECASE,
)
_NORMAL = regex(
    r"(?:(?:and|ok|okay|now|right|then|please|go|(?:put|set|turn|make|change|have) (?:it|them|that))\b[\s,]*)*"
    r"(?:back to (?:the )?normal(?: colou?rs?| light| white| again| please| now)*"
    r"|normal (?:colou?rs?|again)(?: please)?)",
    re.IGNORECASE,
)
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "climate"})
_TURNS = 2
_MOST, _LONGEST = 4, 160  # pieces; characters


def taken_back(text: str, conversation: Conversation, household: Household) -> str | None:
    """Return "undo that" where a request takes back what was done last, as it says it where it takes back several.

    A light that was given a colour is normal when it is white.

    None where it is anything else.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
    """
    if conversation.done is None or len(text) > _LONGEST or text.rstrip().endswith("?"):
        return None
    if _NORMAL.fullmatch(text.strip(" .!")):
        colours = any(slot == "color" for slot, _ in conversation.done.interpretation.slots)
        return "make it white" if colours else "undo that"
    pieces = [piece.strip() for piece in JOINT.split(text.strip(" .!")) if piece.strip()]
    back = [
        at for at, each in enumerate(pieces) if is_undo(normalize(each)) or _is_before(each, conversation, household)
    ]
    regretted = _regretted(pieces, conversation, household)
    if regretted is not None:
        return regretted
    several = [each for each in pieces if times_undone(normalize(each))]
    if several:
        return several[0] if all(tells_nothing(each, household) for each in pieces if each is not several[0]) else None
    if len(back) != 1 or len(pieces) > _MOST or (repairs(text) and len(pieces) == 1):
        return None
    front, behind = pieces[: back[0]], pieces[back[0] + 1 :]
    told = all(clause_kind(each) in ("remark", "report", "courtesy", "words") for each in behind)
    return "undo that" if told and all(tells_nothing(each, household) for each in front) else None


def _regretted(pieces: list[str], conversation: Conversation, household: Household) -> str | None:
    """Return the command that switches off a thing that was just switched on: "forget the kettle, I'll have squash"."""
    done = conversation.done
    forgets = [(at, match) for at, each in enumerate(pieces) if (match := _FORGETS.fullmatch(each)) is not None]
    if done is None or len(forgets) != 1 or done.interpretation.intent != "HassTurnOn":
        return None
    others = [each for at, each in enumerate(pieces) if at != forgets[0][0]]
    on = [household.by_id[key] for key in _just_done(conversation) if key in household.by_id]
    named = household.match_devices(forgets[0][1]["what"], on, exact_only=True)
    told = all(clause_kind(each) in ("remark", "report", "courtesy", "words") for each in others)
    kinds = {household.by_id[each.key].domain for each in named}
    return f"turn off {forgets[0][1]['what']}" if named and told and kinds <= _SWITCHED else None


def _just_done(conversation: Conversation) -> list[str]:
    """Return the things that the last turns, each of which did something, were about."""
    keys = list(conversation.done.targets) if conversation.done is not None else []
    for exchange in reversed(conversation.exchanges[-_TURNS:]):
        if not exchange.action:
            break
        keys += [each.value for each in exchange.entities if each.slot == "name"]
    return keys


def _is_before(piece: str, conversation: Conversation, household: Household) -> bool:
    """Tell whether a command brings what was acted on last back to how it was."""
    match = _AS_BEFORE.search(piece)
    head = piece[: match.start()] if match is not None else ""
    if not is_command(head):
        return False
    named = find_mentions(head, household)
    if not named:
        return _POINTS.search(head) is not None
    targets = conversation.done.targets if conversation.done is not None else ()
    devices = [household.by_id[key] for key in targets if key in household.by_id]
    known = [each.named and household.match_devices(each.text, devices, exact_only=True) for each in named]
    return bool(devices) and all(known)
