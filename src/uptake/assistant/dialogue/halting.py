"""Detect requests to stop or to keep the action just begun: "stop stop, I haven't put the tablet in", "leave it on".

Limit: English; text from `uptake.text.normalize`.
"""

from __future__ import annotations

import re
from itertools import takewhile

from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.dialogue.correcting import FRONT
from uptake.assistant.dialogue.cues import changes_it
from uptake.assistant.dialogue.listening import Move
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["VOLUMES", "halts", "halts_what_was_done", "kept_as", "taken_back"]

_SETS_TIME = frozenset({"SetAlarm", "SetReminder", "DeleteReminder", "HassStartTimer"})
VOLUMES = frozenset({"HassSetVolume", "HassSetVolumeRelative"})
_HALT = regex(
    r"(?:(?:no|whoa|woah|hey|wait|oh|ah|please|hang on|hold on|ok|god|damn|quick|sorry) )*(?P<stops>(?:stop"
    r"|halt)(?: (?:stop"
    r"|halt|it|that|this|please|no|now|wait|right there|there|right now))*)(?: (?P<reason>(?:i|we|he|she|they"
    r"|it|that|there"
    r"|nobody|someone|somebody|everyone)(?:'s|'re|'m|'ve|'ll|'d)? (?!mean\b|meant\b|said\b|want\b|wanted\b).+"
    r"|(?:it|there|that|he|she|i|we|they|(?:my|the|our) \w+)'(?:s|re|m|ve) .+|(?:my|the|our) [\w' ]+? (?:is|are"
    r"|isn't|aren't|was|has"
    r"|hasn't|needs?|won't|will)\b.+))?"
    r"|(?:(?:no|oh|ah|wait|whoa|hang on|hold on|actually) )+(?P<not>(?:don't|do not)(?: do (?:it|that))?)(?: (?:i"
    r"|we|he|she|they|it"
    r"|that|there|the|my|our|someone|somebody)(?:'s|'re|'m|'ve|'ll|'d)? (?!mean\b|meant\b|said\b).+)?"
    r"|(?:(?:no|whoa|wait|oh|ah|hang on|hold on|actually|sorry) )+(?P<later>not (?:yet|just yet|now))"
    r"|(?:(?:no|whoa|woah|hey|wait|oh|ah|argh) )+(?P<why>there(?:'s| is| are|'re) .+)"
)

_STAYS = regex(
    rf"{FRONT}*(?:(?:no|ok|okay|actually|just|fine|well|alright|right|perfect|good|please|and|now|then|you can|that's"
    r" fine) )*(?:leave|keep) (?:it|that|them|those|this) (?P<state>on|off|open|closed|shut|up|down|locked|unlocked"
    r"|running|playing|paused|there|here|at that|like (?:that|this|it is)|as (?:it|they) (?:is|are)|as is|so|alone"
    r"|(?:the way|how) (?:it|they) (?:is|are))(?: (?:then|now|for now|please|thanks|thank you|for the moment))*"
)


def halts(text: str) -> bool:
    """Tell whether a request stops the action just begun: a repeated stop, or a stop with a reason.

    >>> halts("stop stop"), halts("stop i haven't put the tablet in"), halts("stop"), halts("stop the music")
    (True, True, False, False)
    >>> halts("oh no don't it's empty"), halts("no don't turn it off")
    (True, False)
    """
    match = _HALT.fullmatch(text)
    if match is None:
        return False
    return (
        bool(match["why"] or match["reason"] or match["not"] or match["later"])
        or len(re.findall(r"\b(?:stop|halt)\b", match["stops"] or "")) > 1
    )


def halts_what_was_done(text: str, conversation: Conversation) -> bool:
    """Tell whether a request stops what was done last; after a change of volume, it stops what plays."""
    done = conversation.done
    is_last = done is not None and conversation.last == done and done.interpretation.intent not in VOLUMES
    return is_last and halts(text)


def kept_as(text: str) -> str | None:
    """Return how what was done is to stay; None where a text says no such thing.

    >>> kept_as("ok leave it on then"), kept_as("keep it like that"), kept_as("leave it")
    ('on', 'like that', None)
    """
    match = _STAYS.fullmatch(text)
    return None if match is None else match["state"]


def taken_back(conversation: Conversation) -> Move:
    """Return the move that takes back what was done last: an alarm that was moved twice is gone after three.

    Args:
        conversation: The conversation, in which something was done.
    """
    done = conversation.done
    times = 1
    if done is not None and done.interpretation.intent in _SETS_TIME and conversation.exchanges:
        moved = (bool(one.action and changes_it(normalize(one.request))) for one in reversed(conversation.exchanges))
        times += sum(1 for _ in takewhile(bool, moved))
    text = dict(done.interpretation.slots).get("text") if done is not None else None
    is_set = times > 1 and (conversation.exchanges[-1].action or "").startswith("reminder.set")
    if is_set and text:
        gone = Interpretation(intent="DeleteReminder", slots=(("text", text),))
        return Move(kind="follow", interpretation=gone, reason="takes back what was set, and moved")
    return Move(kind="undo", undo_times=times, reason="takes back what was done last")
