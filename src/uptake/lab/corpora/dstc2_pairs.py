"""Pairs of consecutive turns of DSTC2, and whether the caller says it again.

The corpus does not say so; it follows from the human acts. Of two consecutive turns in which something was said (noise
marks alone are nothing), the second says the first again if people noted the same slot with the same value, or the same
requested slot, in both. It is a **repeat** if the words are the same but for noise marks, else a **rephrase**.

    uptake corpora convert dstc2 RELEASE DIR     writes them as pairs.jsonl.gz; evaluations derive them themselves
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora import fields

__all__ = ["turn_pairs"]

_NOISE = frozenset({"noise", "unintelligible", "sil", "breathing", "cough", "inaudible"})
_WISHES = frozenset({"inform", "request", "confirm"})
_UNDERSTOOD = _WISHES | {"reqalts", "deny"}
"""Acts that must agree for a turn to count as understood."""


def turn_pairs(call: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the pairs of one call, in order.

    Raises:
        BadRecord: A field is missing or of the wrong type.
    """
    turns = fields.items(call, "turns")
    try:
        yield from (pair for one, other in pairwise(turns) if (pair := _pair(call, one, other)))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise BadRecord("must be turns with times, recogniser lists, readings and acts", field="turns") from error


def _pair(call: Mapping[str, Any], one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any] | None:
    first, second = one["user"], other["user"]
    words = [_words(first), _words(second)]
    if not all(words):
        return None
    again = _slots(first) & _slots(second)
    return {
        "dialogue_id": fields.text(call, "dialogue_id"),
        "turn_a": one["turn"],
        "turn_b": other["turn"],
        "kind": "none" if not again else "repeat" if words[0] == words[1] else "rephrase",
        "asr_a": first["asr_live"][0][0],
        "asr_b": second["asr_live"][0][0],
        "said_a": first["transcription"],
        "said_b": second["transcription"],
        "understood_a": _understood(first),
        "understood_b": _understood(second),
        "barge_in_b": other["system"]["barged_in"],
        "gap_s": round(second["start"] - first["end"], 2),
        "success": fields.part(call, "feedback").get("success"),
    }


def _words(user: Mapping[str, Any]) -> list[str]:
    return [word for word in fields.text(user, "transcription").split() if word not in _NOISE]


def _slots(user: Mapping[str, Any]) -> set[tuple[str, ...]]:
    return {tuple(slot) for act, slots in user["acts"] if act in _WISHES for slot in slots}


def _understood(user: Mapping[str, Any]) -> bool:
    """Tell whether the top live reading is what people noted, but for greetings, thanks, yes, no and the like."""
    read = user["slu_live"][0][0] if user["slu_live"] else []
    return _told(read) == _told(user["acts"])


def _told(acts: list[Any]) -> set[tuple[str, tuple[tuple[str, ...], ...]]]:
    return {(act, tuple(tuple(slot) for slot in slots)) for act, slots in acts if act in _UNDERSTOOD}
