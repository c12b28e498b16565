"""GetGoing: members of the public phone a route assistant and are asked whether it helped.

A turn is what the caller said and all that the system said until the caller spoke again; prompts before the
first request belong to no turn. Only the call's start and end are known: its turns are spread evenly between
them, so the order is real and the gaps are not. UTC is assumed. One pseudonym may hide several people
(`shared_number` in the corpus); they count as one user.

Source: github.com/DialRC/GetGoingData, Carnegie Mellon University, 2019-2020.
Limit: no alternatives, no transcription and no reading, so errors of the recogniser show only in the echo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Context, Turn

__all__ = ["GetGoing"]

_CALL = frozenset({"call_id", "caller", "start_time", "end_time", "turns", "useful_answer"})
_QUESTION = "directions useful?"
_MARK = "!b"
_ANSWERS = {"yes": True, "no": False}
_CALLER = Context(device_type="phone")


@dataclass(frozen=True, slots=True)
class GetGoing:
    """Calls to the GetGoing route assistant."""

    name: ClassVar[str] = "getgoing"
    folder: ClassVar[str] = "getgoing"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"call": _CALL}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one call, in order; the explicit answer stands on the turn it is about.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        call, caller = fields.text(record, "call_id"), fields.text(record, "caller")
        began = fields.moment(fields.text(record, "start_time"), field="start_time")
        length = fields.moment(fields.text(record, "end_time"), field="end_time") - began
        exchanges = _exchanges(fields.items(record, "turns"))
        judged = _judged(exchanges)
        answer = _ANSWERS.get(fields.text_or_none(record, "useful_answer") or "")
        for at, (said, response) in enumerate(exchanges):
            yield Turn(
                turn_id=f"{call}/{at}",
                user_id=caller,
                session_id=call,
                said_at=began + length * at / len(exchanges),
                language="en",
                request=said,
                response=response or None,
                context=_CALLER,
                answer=answer if at == judged else None,
            )


def _exchanges(turns: list[Any]) -> list[tuple[str, str]]:
    """Return (what the caller said, what the system then said) in order."""
    found: list[tuple[str, list[str]]] = []
    for at, one in enumerate(turns):
        if not (isinstance(one, list) and len(one) == 2 and all(isinstance(word, str) for word in one)):
            raise BadRecord('must be ["system" or "user", text]', field=f"turns[{at}]")
        side, text = one[0], one[1].replace(_MARK, " ").strip()
        if side == "user":
            found.append((text, []))
        elif side == "system" and found and text:
            found[-1][1].append(text)
        elif side not in ("system", "other"):  # "other": a bystander, or nobody knows who
            raise BadRecord('must be ["system" or "user", text]', field=f"turns[{at}]")
    return [(said, " ".join(responses)) for said, responses in found]


def _judged(exchanges: list[tuple[str, str]]) -> int:
    """Return the turn that "were the directions useful?" asks about: the first response with the question."""
    for at, (_, response) in enumerate(exchanges):
        if _QUESTION in response:
            return at
    return len(exchanges) - 1
