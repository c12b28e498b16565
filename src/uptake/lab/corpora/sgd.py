"""Schema-Guided Dialogue: several services in one conversation, simulated flows in the words of crowd workers.

A turn is what the user said and the assistant's answer. Of what is annotated, the log of an assistant would hold the
service call it made (`action`); who meant what (`Turn.truth`), whether a transaction went through
(`goal_success`) and where a goal begins (`goal_starts`: the active intent changes) are truth. The corpus has no times
and no users: every dialogue is its own pseudonym, and its turns stand ten seconds apart from a fixed day.

Source: Rastogi et al., "Towards Scalable Multi-Domain Conversational Agents: The Schema-Guided Dialogue Dataset"
(arXiv:1909.05855).
Parts of the collection number their dialogues alike, so a digest of the words is part of the identifier.
Limit: `goal_success` is known only for goals with a transaction: it went through, or the assistant said that it failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import xxhash

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Interpretation, Truth, Turn

__all__ = ["Sgd"]

_DIALOGUE = frozenset({"dialogue_id", "services", "turns"})
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_APART = timedelta(seconds=10)
_OUTCOMES = {"NOTIFY_SUCCESS": True, "NOTIFY_FAILURE": False}
_NO_INTENT = "NONE"

_Pair = tuple[Mapping[str, Any], Mapping[str, Any] | None]
_Goal = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sgd:
    """Dialogues of the Schema-Guided Dialogue collection."""

    name: ClassVar[str] = "sgd"
    folder: ClassVar[str] = "sgd"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {
        "dialogue": _DIALOGUE,
        "schema": frozenset({"service_name", "intents", "slots"}),
    }

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one dialogue, in order.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        pairs = _pairs(record)
        dialogue = _name(record, pairs)
        goals, success = _goals(pairs), _success(pairs)
        for at, (user, system) in enumerate(pairs):
            yield Turn(
                turn_id=f"{dialogue}/{at}",
                user_id=dialogue,
                session_id=dialogue,
                said_at=_BEGIN + at * _APART,
                language="en",
                request=fields.text(user, "text"),
                action=_call(system),
                response=fields.text(system, "text") if system is not None else None,
                truth=Truth(interpretation=_meant(user, goals[at]), goal_success=success[at]),
            )

    def goal_starts(self, record: Mapping[str, Any]) -> tuple[bool, ...]:
        """Return for every turn, whether a goal begins with it: the first, and where the active intent changes.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        goals = _goals(_pairs(record))
        return tuple(at == 0 or goal != goals[at - 1] for at, goal in enumerate(goals))


def _name(record: Mapping[str, Any], pairs: list[_Pair]) -> str:
    words = "\n".join(fields.text(user, "text") for user, _ in pairs)
    return f"sgd-{fields.text(record, 'dialogue_id')}-{xxhash.xxh32_hexdigest(words.encode())}"


def _pairs(record: Mapping[str, Any]) -> list[_Pair]:
    """Return (what the user said, what the assistant answered) in order."""
    found: list[_Pair] = []
    for at, one in enumerate(fields.items(record, "turns")):
        if not isinstance(one, Mapping) or one.get("speaker") not in ("U", "S"):
            raise BadRecord('must be an object with the speaker "U" or "S"', field=f"turns[{at}]")
        if one["speaker"] == "U":
            found.append((one, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], one)
    return found


def _acts(frame: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    try:
        return [(str(act), str(slot), str(value)) for act, slot, value in fields.items(frame, "acts")]
    except (TypeError, ValueError) as error:
        raise BadRecord("must be a list of [act, slot, value]", field="acts") from error


def _goals(pairs: list[_Pair]) -> list[_Goal]:
    """Return the (service, intent) that is active in each turn; a turn without one goes on with the one before."""
    found: list[_Goal] = []
    for user, _ in pairs:
        named = [
            (any(act == "INFORM_INTENT" for act, _, _ in _acts(frame)), str(frame.get("service")), str(intent))
            for frame in fields.items(user, "frames")
            if (intent := frame.get("intent")) not in (None, _NO_INTENT)
        ]
        if named:
            _, service, intent = max(named, key=lambda one: one[0])  # the first one, unless another was just named
            found.append((service, intent))
        else:
            found.append(found[-1] if found else ("", ""))
    if found and found[0] == ("", ""):  # nothing was wanted yet: what is wanted first was wanted from the start
        first = next((goal for goal in found if goal != ("", "")), ("", ""))
        found = [first if goal == ("", "") else goal for goal in found]
    return found


def _success(pairs: list[_Pair]) -> list[bool | None]:
    """Tell whether the goal of each turn was reached: how its last transaction ended; None without one."""
    goals = _goals(pairs)
    found: list[bool | None] = [None] * len(pairs)
    begin = 0
    for end in range(1, len(pairs) + 1):
        if end < len(pairs) and goals[end] == goals[begin]:
            continue
        outcomes = [
            _OUTCOMES[act]
            for _, system in pairs[begin:end]
            if system is not None
            for frame in fields.items(system, "frames")
            for act, _, _ in _acts(frame)
            if act in _OUTCOMES
        ]
        found[begin:end] = [outcomes[-1] if outcomes else None] * (end - begin)
        begin = end
    return found


def _meant(user: Mapping[str, Any], goal: _Goal) -> Interpretation:
    slots = sorted(
        {
            (slot, value)
            for frame in fields.items(user, "frames")
            for act, slot, value in _acts(frame)
            if act == "INFORM" and slot
        }
    )
    return Interpretation(domain=goal[0], intent=goal[1], slots=tuple(slots))


def _call(system: Mapping[str, Any] | None) -> str | None:
    """Return the service call that the assistant made, without its values."""
    if system is None:
        return None
    calls = [str(frame["call"]) for frame in fields.items(system, "frames") if frame.get("call")]
    return ";".join(f"{call}()" for call in calls) or None
