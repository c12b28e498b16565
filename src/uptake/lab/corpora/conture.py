"""ConTurE: people chat with social bots; every answer has an impression, every dialogue several raters.

A turn is what the person said and the bot's answer. The impression of the answer (0 bad, 1 so so, 2 good) is truth:
0 is a defect. `ratings` gives what each rater said of the whole dialogue. There are no times and no users: every
dialogue is its own pseudonym, and its turns stand ten seconds apart from a fixed day.

Source: Ghazarian et al., "What is wrong with you?: Leveraging User Sentiment for Automatic Dialog Evaluation"
(ACL 2022 Findings); github.com/alexa/conture (CC BY 4.0).
Limit: open-domain chat: nobody wants anything in particular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Truth, Turn

__all__ = ["Conture"]

_DIALOGUE = frozenset({"dialog_id", "turns", "dialog_ratings"})
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_APART = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Conture:
    """Dialogues of the ConTurE collection."""

    name: ClassVar[str] = "conture"
    folder: ClassVar[str] = "conture"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"dialogue": _DIALOGUE}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one dialogue, in order.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        dialogue = f"conture-{int(fields.number(record, 'dialog_id'))}"
        for at, one in enumerate(fields.items(record, "turns")):
            within = f"turns[{at}]"
            if not isinstance(one, Mapping):
                raise BadRecord("must be an object", field=within)
            yield Turn(
                turn_id=f"{dialogue}/{at}",
                user_id=dialogue,
                session_id=dialogue,
                said_at=_BEGIN + at * _APART,
                language="en",
                request=fields.text(one, "user", within=within).removeprefix("User:").strip(),
                response=fields.text(one, "chatbot", within=within).removeprefix("Chatbot:").strip(),
                truth=Truth(defect=fields.number(one, "overall impression", within=within) == 0),
            )

    def ratings(self, record: Mapping[str, Any]) -> tuple[Mapping[str, int], ...]:
        """Return each rater's grades by aspect; an aspect that a rater found not applicable is left out.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        found = []
        for at, one in enumerate(fields.items(record, "dialog_ratings")):
            if not isinstance(one, Mapping):
                raise BadRecord("must be an object", field=f"dialog_ratings[{at}]")
            found.append({str(name): grade for name, grade in one.items() if isinstance(grade, int)})
        return tuple(found)
