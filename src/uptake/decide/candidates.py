"""What a request may have meant to be: candidates, and where each of them comes from.

A generator proposes and judges nothing: `uptake.decide.rank` weighs what several of them propose, and the guard has
the last word. Candidates of the same text are one candidate with several origins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from uptake.types import Interpretation, Request, Situation

__all__ = ["Candidate", "Generator", "Layer", "fuse"]

Layer = Literal["personal", "global", "hearing", "home", "context"]
"""Whose evidence a candidate rests on: the speaker's own past, many people's, another hearing of the same words,
what this home and person have, or what was said just before."""

_NEAREST: tuple[Layer, ...] = ("personal", "home", "context", "hearing", "global")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A request to act on instead of what was heard."""

    text: str
    """Normalised text."""
    layer: Layer
    """Whose evidence it rests on."""
    origins: tuple[tuple[str, float], ...]
    """(generator, its score in [0, 1]), by name; scores of different generators do not compare."""
    interpretation: Interpretation | None = None
    """What the text was taken for when it worked; None where unknown."""
    users: int | None = None
    """Distinct users for whom it worked; None where nobody counted."""
    wins: float | None = None
    """Times it worked; for this person in the personal layer, after the bound on contributions elsewhere."""
    losses: float | None = None
    """Times it did not."""
    last_at: datetime | None = None
    """When it last worked, in UTC; None where unknown."""

    @property
    def score(self) -> float:
        """The best score that any origin gives it."""
        return max((score for _, score in self.origins), default=0.0)


class Generator(Protocol):
    """Proposes candidates for a request. Laws: never raises for anything a user says; bounded time; pure."""

    name: ClassVar[str]

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """At most `limit` candidates, best first; none is the normal case."""
        ...


def fuse(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """One candidate a text, with every origin it has; its layer is the nearest to the person who spoke.

    What was counted is taken from that layer, or from the first candidate that knows.

    >>> own = Candidate(text="play jazz", layer="personal", origins=(("own", 0.9),), wins=4.0)
    >>> all_of_us = Candidate(text="play jazz", layer="global", origins=(("fuzzy", 0.8),), users=12)
    >>> [(one.layer, one.origins, one.users, one.wins) for one in fuse([all_of_us, own])]
    [('personal', (('fuzzy', 0.8), ('own', 0.9)), 12, 4.0)]
    """
    by_text: dict[str, Candidate] = {}
    for one in candidates:
        before = by_text.get(one.text)
        by_text[one.text] = one if before is None else _joined(before, one)
    return tuple(sorted(by_text.values(), key=lambda one: (-one.score, one.text)))


def _joined(one: Candidate, other: Candidate) -> Candidate:
    near, far = sorted((one, other), key=lambda candidate: _NEAREST.index(candidate.layer))
    scores = dict(far.origins)
    for name, score in near.origins:
        scores[name] = max(score, scores.get(name, 0.0))
    return replace(
        near,
        origins=tuple(sorted(scores.items())),
        interpretation=near.interpretation or far.interpretation,
        users=far.users if near.users is None else near.users,
        wins=far.wins if near.wins is None else near.wins,
        losses=far.losses if near.losses is None else near.losses,
        last_at=near.last_at or far.last_at,
    )
