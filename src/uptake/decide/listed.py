"""What else the recogniser had on its list, each text a candidate of its own.

It needs nobody's past, so it helps a newcomer as much as anybody: like everybody's requests, it is weighed by the
ranker's shared head, where it competes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from uptake.decide.candidates import Candidate
from uptake.decide.retrieve.heard import heard
from uptake.types import Request, Situation

__all__ = ["Listed"]


class Listed:
    """Proposes the other texts of the recogniser's list.

    >>> from uptake.types import Transcript
    >>> list_ = (Transcript(text="play jas"), Transcript(text="play jazz"))
    >>> [one.text for one in Listed()(Request(text="play jas", user_id="ann", alternatives=list_), Situation(), 5)]
    ['play jazz']
    """

    name: ClassVar[str] = "listed"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """At most `limit` candidates, in the recogniser's order; none where it has one text."""
        return tuple(
            Candidate(text=one.text, layer="global", origins=((self.name, one.weight),))
            for one in heard(request)[1 : limit + 1]
        )
