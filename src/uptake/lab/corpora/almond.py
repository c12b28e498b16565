"""Almond/Genie: commands that people gave to a deployed open household assistant.

A turn is a command and the reply that followed. The program that a person checked is the truth, not the
log's own reading. The corpus has no times and no users: every dialogue is its own pseudonym, and its
turns stand ten seconds apart from a fixed day, so only the order inside a dialogue means anything.

Source: Campagna et al., "A Few-Shot Semantic Parser for Wizard-of-Oz Dialogues with the Precise ThingTalk
Representation", Findings of ACL 2022; github.com/stanford-oval/thingpedia-common-devices (BSD-3-Clause).
Limit: text only, no recogniser alternatives; `status` is known only where the reply was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Interpretation, Status, Truth, Turn

__all__ = ["Almond"]

_DIALOGUE = frozenset({"id", "source", "device", "turns"})
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_APART = timedelta(seconds=10)
_FUNCTION = re.compile(r"@([\w.\-]+)(?:\([^()]*\))?\.(\w+)\(")
_DIALOGUE_ACT = re.compile(r"\$dialogue @[\w.]*\.(\w+)")


@dataclass(frozen=True, slots=True)
class Almond:
    """Dialogues of the Almond assistant."""

    name: ClassVar[str] = "almond"
    folder: ClassVar[str] = "almond_logs"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"dialogue": _DIALOGUE}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one dialogue, in order.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        dialogue, device = fields.text(record, "id"), fields.text(record, "device")
        for at, one in enumerate(fields.items(record, "turns")):
            within = f"turns[{at}]"
            if not isinstance(one, Mapping):
                raise BadRecord("must be an object", field=within)
            program = fields.text_or_none(one, "program", within=within)
            yield Turn(
                turn_id=f"{dialogue}/{at}",
                user_id=dialogue,
                session_id=dialogue,
                said_at=_BEGIN + at * _APART,
                language="en",
                request=fields.text(one, "user", within=within),
                action=fields.text_or_none(one, "agent_program", within=within) or None,
                status=_status(one),
                response=fields.text_or_none(one, "agent", within=within),
                truth=Truth(interpretation=_meaning(program, device)) if program else None,
            )


def _status(record: Mapping[str, Any]) -> Status | None:
    """Map the result to a status: an error failed, an empty search is an honest "nothing found", all else is fine."""
    if record.get("error") is True:
        return "failed"
    replied = record.get("agent_program")
    if not isinstance(replied, str) or not replied:
        return None
    return "unsupported" if "sys_empty_search" in replied else "ok"


def _meaning(program: str, device: str) -> Interpretation:
    """Return the called functions as the intent (else the dialogue act), and the program as a slot."""
    called = [f"{skill}.{function}" for skill, function in _FUNCTION.findall(program)]
    act = _DIALOGUE_ACT.match(program)
    intent = "+".join(called) or (act.group(1) if act else "program")
    return Interpretation(domain=device, intent=intent, slots=(("program", program),))
