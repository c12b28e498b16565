"""SLURP: many people read the same sentence to a far or near microphone; what a recogniser made of it.

Each recording is a turn of its own: the text heard, the reading of that text, and as truth the sentence and
its annotation. It is read speech: nobody reacts to anything, so there is one turn a session and no signal.

Source: Bastianelli et al., "SLURP: A Spoken Language Understanding Resource Package", EMNLP 2020 (CC BY 4.0).
Limit: speakers are not named, so every recording is its own pseudonym; `said_at` is the time stamp in the
file name, taken as UTC, and a fixed day where a name has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Interpretation, Truth, Turn

__all__ = ["Slurp", "reading"]

_SENTENCE = frozenset({"slurp_id", "sentence", "scenario", "action", "entities", "recordings"})
_STAMP = re.compile(r"\d{9,10}")


def reading(record: Mapping[str, Any], *, within: str = "") -> Interpretation:
    """Return the interpretation behind scenario, action and entities (annotation or parser output).

    An entity is {type, filler}; values are lower-cased.

    Raises:
        BadRecord: A field is missing or of the wrong type.
    """
    slots = []
    for at, entity in enumerate(fields.items(record, "entities", within=within)):
        where = f"{within}.entities[{at}]" if within else f"entities[{at}]"
        if not isinstance(entity, Mapping):
            raise BadRecord("must be an object", field=where)
        filler = fields.text(entity, "filler", within=where)
        slots.append((fields.text(entity, "type", within=where), filler.lower()))
    return Interpretation(
        domain=fields.text(record, "scenario", within=within),
        intent=fields.text(record, "action", within=within),
        slots=tuple(slots),
    )


@dataclass(frozen=True, slots=True)
class Slurp:
    """Recordings of the SLURP corpus with recogniser and parser output."""

    name: ClassVar[str] = "slurp"
    folder: ClassVar[str] = "slurp_asr"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"sentence": _SENTENCE}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Return one turn a recording.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        sentence, meant = fields.text(record, "sentence"), reading(record)
        for at, one in enumerate(fields.items(record, "recordings")):
            within = f"recordings[{at}]"
            if not isinstance(one, Mapping):
                raise BadRecord("must be an object", field=within)
            file = fields.text(one, "file", within=within)
            understood = _understood(one, within=within)
            yield Turn(
                turn_id=file,
                user_id=file,
                session_id=file,
                said_at=_said_at(file),
                language="en",
                request=fields.text_or_none(one, "asr_text", within=within) or "",
                interpretation=understood,
                truth=Truth(
                    request=sentence,
                    interpretation=meant,
                    defect=None if understood is None else understood.key != meant.key,
                ),
            )


def _understood(recording: Mapping[str, Any], *, within: str) -> Interpretation | None:
    """Return the parser's reading of the text heard; None where its output was not recorded."""
    if recording.get("nlu_on_asr_slurp") is None:
        return None
    return reading(fields.part(recording, "nlu_on_asr_slurp", within=within), within=f"{within}.nlu_on_asr_slurp")


def _said_at(file: str) -> datetime:
    stamp = _STAMP.search(file)
    return datetime.fromtimestamp(int(stamp.group()), UTC) if stamp else datetime(2018, 1, 1, tzinfo=UTC)
