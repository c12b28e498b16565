"""Write preferences as events, which the log keeps as interpretations of its turns; read them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from uptake.errors import BadRecord
from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.types import Interpretation, Turn

__all__ = ["DOMAIN", "FORGETS", "STATES", "TELLS", "event", "fold", "preferences_in"]

DOMAIN = "preferences"
"""Domain of the interpretations that are events of preference."""
STATES, FORGETS = "StatePreference", "ForgetPreferences"
"""Intents of the events: something was stated; everything is to be forgotten."""
TELLS = Interpretation(intent="TellPreferences", domain=DOMAIN, confidence=1.0)
"""Reading of a request that is about preferences and changes none."""


def event(stated: Sequence[Preference]) -> Interpretation:
    """Return the event of some statements; of none, the event that forgets all."""
    slots = tuple(("preference", json.dumps(one.as_json(), ensure_ascii=False, sort_keys=True)) for one in stated)
    return Interpretation(intent=STATES if stated else FORGETS, domain=DOMAIN, slots=slots, confidence=1.0)


def preferences_in(turn: Turn) -> tuple[Preference, ...]:
    """Return what a turn states; rows that cannot be read are left out."""
    reading = turn.interpretation
    if reading is None or reading.domain != DOMAIN or turn.undone:
        return ()
    found = []
    for slot, written in reading.slots:
        if slot == "preference":
            try:
                one = Preference.from_json(json.loads(written))
            except (BadRecord, ValueError):
                continue
            at = turn.said_at.astimezone(UTC).isoformat()
            found.append(replace(one, user_id=turn.user_id, at=at, turn_id=turn.turn_id))
    return tuple(found)


def fold(turns: Iterable[Turn]) -> Preferences:
    """Return what the statements of some turns come to, whatever their order; what was undone counts for nothing."""
    said: dict[str, list[Preference]] = {}
    told = [turn for turn in turns if turn.interpretation is not None and turn.interpretation.domain == DOMAIN]
    for turn in sorted(told, key=lambda one: (one.said_at, one.turn_id)):
        if turn.interpretation is not None and turn.interpretation.intent == FORGETS and not turn.undone:
            said.pop(turn.user_id, None)
        said.setdefault(turn.user_id, []).extend(preferences_in(turn))
    return Preferences.fold(one for rows in said.values() for one in rows)
