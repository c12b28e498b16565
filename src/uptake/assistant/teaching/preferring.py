"""Handle requests about preferences: store them, list them, ask for them, and apply them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from uptake.assistant.execute import Undo
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.teaching.memory import keep_preferences, preferences_of
from uptake.assistant.teaching.turns import TeachingTurn, handled, speaker, waiting
from uptake.teaching.concepts.house import House, named_thing
from uptake.teaching.preferences import events, step
from uptake.teaching.preferences.saying import noted
from uptake.text.normalize import normalize

__all__ = ["prefer"]

_ASKED = "asked"
_TASTES = frozenset(("likes", "dislikes"))
_COMMAND = re.compile(
    r"(?:please |can you |could you )*"
    r"(?:turn|switch|wake|remind|add|play|open|close|lock|unlock|start|stop|dim|set (?:an?|the))\b"
)
_ASKED_TO = re.compile(
    r"\b(?:can|could|would|will) you (?:please |just |maybe )*"
    r"(?!please |just |maybe |remember|learn|know|note|call|save|like|say|guess|tell|keep in mind)[a-z]+"
)
"""Asking for something to be done, whatever is told before it."""
_MAY_HAVE = re.compile(
    r"\b(?:can|could|may) (?:i|we) (?:please )?have \S+ .*\b(?:on|off|open|closed|up|down|warmer|brighter)\b"
)
_PIECES = re.compile(r",? and (?:then )?|[,;] (?:and |then )*")
_STATE_WISH = re.compile(
    r"\b(?:want|need|like) (?:the|my|our|that|this|all|any|both)\b.* (?:on|off|open|closed|shut|running|going)"
    r"(?: any ?more| any longer| now| please| thanks)*$"
)
"""A wish for how a thing of the home is to be now: "I don't want the coffee maker on any more"."""
_IF_STATE = re.compile(
    r"(?:if|unless) [\w' ]+? (?:is|are|isn't|aren't)(?: still| not)? (?:on|off|open|shut|closed|locked|unlocked|running"
    r"|playing)\b.*\b(?:turn|switch|open|close|shut|lock|unlock|start|stop|dim|put|set|pause)\b"
)
"""A deed that hangs on how a thing is now: "if the tv is on turn it off"."""
_WAKES = re.compile(r"(?:please |can you |could you )*(?:wake|remind|set an) ")
"""Requests for something that recurs."""
_LASTING = re.compile(
    r"\b(?:always|(?:stop|start) using|stop (?:recommending|suggesting|offering)|usually|normally|"
    r"every|from now on|by default|prefer|favou?rite|likes?|never|in general|if i"
    r"|when i)\b"
)


def prefer(
    turn: Incoming, text: str, asked: tuple[str, ...], memory: Memory, recorder: Recorder, house: House
) -> TeachingTurn | None:
    """Do what a request has to do with preferences; None where it has nothing to.

    Args:
        turn: The turn.
        text: The request.
        asked: Types that a guided round has asked about, the last one last; empty where none is going on.
        memory: Where preferences are kept.
        recorder: Remembers how to undo it.
        house: Names of the home: what somebody says of its things is no taste.
    """
    user_id, held = speaker(turn), preferences_of(memory)
    heard = step.answered(text, asked, held, user_id) if asked and user_id is not None else None
    heard = heard or (None if _is_command(text) else _of_no_device(step.said(text, held, user_id), house))
    if heard is None:
        own = step.personal(text, held, user_id)
        if own is None:
            return None
        turn.trace.add("teach", "preference", "the person's own taste")
        return TeachingTurn(turn=turn, text=own)
    reading = events.event(heard.stated) if heard.stated else events.TELLS
    turn.trace.add("teach", reading.intent)
    if heard.stated and not turn.dry_run:
        at = turn.now.astimezone(UTC).isoformat()
        rows = (replace(one, user_id=turn.request.user_id, at=at, turn_id=turn.turn_id) for one in heard.stated)
        with memory.recording() as changes:
            keep_preferences(memory, turn.request.user_id, rows)
        recorder.can_undo(turn.request.user_id, turn.turn_id, Undo(states={}, changes=tuple(changes)))
    slots = (*((_ASKED, one) for one in asked), (_ASKED, heard.asks or ""))
    pending = waiting(slots, heard.speech, turn) if heard.asks is not None else None
    done = handled(text, reading, heard.speech, pending=pending)
    return TeachingTurn(turn=turn, text=text, handled=done, rest=heard.rest)


def _of_no_device(heard: step.PreferenceAnswer | None, house: House) -> step.PreferenceAnswer | None:
    """Leave out the tastes for a device of the home: "I like the floor lamp" is told of the lamp."""
    kept = (
        [one for one in heard.stated if one.type not in _TASTES or named_thing(one.value, house) is None]
        if heard
        else []
    )
    if heard is None or len(kept) == len(heard.stated):
        return heard
    return replace(heard, speech=noted(kept), stated=tuple(kept)) if kept else None


def _is_command(text: str) -> bool:
    """Return whether a text commands something once: "wake me at seven" says nothing of when one gets up."""
    said = normalize(text)
    pieces = [normalize(piece) for piece in _PIECES.split(text)]
    if (
        "an alarm" in said
        or _STATE_WISH.search(said)
        or _IF_STATE.match(said)
        or any(map(_COMMAND.match, pieces[1:]))
        or any(map(_MAY_HAVE.search, pieces))
    ):
        return True  # "lights out, and set the radiator to sixteen"; "can I have my light on, I don't like the dark"
    lasting = _LASTING.search(said)
    return bool(_COMMAND.match(said) or _ASKED_TO.search(said)) and (
        lasting is None or (lasting[0] == "every" and bool(_WAKES.match(said)))
    )
