"""Describe an offer, the occasion on which it may be made, and who proposes offers.

A kind of offers is a capability whose `Proposes` looks at an occasion and proposes; whether an offer is said is
decided in one place for all kinds (`uptake.proactive.offers.policy`), and what comes of it is learned in one place
(`uptake.proactive.offers.learn`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from uptake.types import Interpretation, Situation

__all__ = ["FULFILS", "Occasion", "Offer", "PersonKind", "Proposes", "fulfils", "kind_of"]

FULFILS = "=> "
"""In the meaning of an offer this stands before the "domain|intent" of the request that would do what is offered."""


class PersonKind(NamedTuple):
    """Kind of people that somebody may be of, where an offer does not concern everybody."""

    share: float
    """Probability, in [0, 1], that the person is one of them, before they answered."""
    of_all: float
    """Share, in [0, 1], of all people who are."""
    welcome: float
    """Chance, in [0, 1], that one of them accepts it."""
    weight: float
    """Answers that `welcome` is worth."""
    anyway: float
    """Chance, in [0, 1], that the person, if one of them, does it right after by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something the assistant could offer to do, or could tell.

    >>> tea = Offer(kind="latent_goals", meaning="|AskTea => |HassStartTimer", because="many do so")
    >>> tea.offer_id
    'latent_goals:|AskTea => |HassStartTimer'
    """

    kind: str
    """Name of the capability that proposes it, for example "latent_goals"."""
    meaning: str
    """What makes it the same offer next time; ends with `FULFILS` and a "domain|intent" where a request does it."""
    because: str
    """Evidence in words, as the answer to "why did you say that?"; nobody's words but the person's own."""
    deeds: tuple[Interpretation, ...] = ()
    """What a yes lets the assistant do, in order; empty where it only tells something."""
    text: str = ""
    """What to say; "" to word the deeds as a question. "{asked}" stands for that question, "{deeds}" for the deeds
    in words, "{name}" for the name under which they would be kept."""
    keep_as: tuple[str, ...] = ()
    """Names, the best first, under which a yes keeps the deeds as a concept; empty where a yes does them."""
    keep_for_home: bool = False
    """Whether they are kept for everybody at home."""
    once_a_day: bool = False
    """Whether it is made at most once a day."""
    welcome: float | None = None
    """Chance, in [0, 1], that it is accepted, as far as the evidence tells; None where it tells nothing."""
    weight: float = 2.0
    """Answers that `welcome` is worth."""
    anyway: float = 0.0
    """Chance, in [0, 1], that the person does it right after by themselves."""
    people: tuple[PersonKind, ...] = ()
    """Kinds of people that the person may be of, from all that they did by themselves; they stand in the place of
    `welcome` and `weight` where there are any, and `anyway` is their mean."""

    @property
    def offer_id(self) -> str:
        """Identifier: equal for equal offers of one kind."""
        return f"{self.kind}:{self.meaning}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Moment at which something may be offered."""

    turn_id: str
    """The turn that offers; chance is drawn from it."""
    user_id: str
    """The person."""
    now: datetime
    """When, aware, on the clock of the home."""
    done: Interpretation | None = None
    """Goal that has just been reached; None where nobody asked for anything."""
    earlier: tuple[Interpretation, ...] = ()
    """Goals reached before it in the conversation, oldest first."""
    situation: Situation = field(default_factory=Situation)
    """Where, and how things stand."""


@runtime_checkable
class Proposes(Protocol):
    """Proposes offers of one kind. Laws: never raises for anything a person did; changes nothing."""

    kind: ClassVar[str]

    def __call__(self, occasion: Occasion) -> Iterable[Offer]:
        """Propose what could be offered on an occasion, best first; nothing is the normal case."""
        ...

    def offers(self, user_id: str | None) -> Iterable[Offer]:
        """Return all that could ever be offered to a person, for them to look at; what everybody shares where None."""
        ...


def kind_of(offer_id: str) -> str:
    """Return the kind of an offer.

    >>> kind_of("latent_goals:|AskTea => |HassStartTimer")
    'latent_goals'
    """
    return offer_id.partition(":")[0]


def fulfils(state: str | None, offer_id: str) -> bool:
    """Return whether a request, by the key of its reading, does by itself what was offered.

    >>> fulfils("|HassStartTimer|minutes=5", "latent_goals:|AskTea => |HassStartTimer")
    True
    """
    _, found, goal = offer_id.rpartition(FULFILS)
    if not found or state is None:
        return False
    return "|".join(state.split("|")[:2]) == "|".join(goal.split("|")[:2])
