"""Candidates for what a request may have meant, and the interface of the generators that propose them.

A generator proposes and does not judge: `uptake.rewriting.ranking.scorer` ranks the candidates of all generators, and
the guard decides last. Candidates with the same text become one candidate with several origins.

`heard` is the list of texts to look up: the request and the rest of the n-best list, each text once, without those too
long to be one request. A word that mixes similar letters of two scripts ("paypal" with one Cyrillic letter) is spelled
in Latin first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import ClassVar, Literal, NamedTuple, Protocol

from uptake.ml.neighbours.trigrams import MAX_CHARS
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["LISTED", "MAX_HEARD", "Candidate", "Generator", "HeardText", "Layer", "Offer", "fuse", "heard", "spelled"]

LISTED = "listed"
"""Origin of the other texts of the recogniser's list."""
MAX_HEARD = 5
"""Texts of the recogniser's list that are looked at."""

_LOOKS_LIKE = str.maketrans(
    "абвгеёзиійкмнопрстухѕԁһԛԝⅼⅰαβγεικνορτυχɡⲟօѵ",
    "abbreezuijkmhonpctyxsdhqwliabyeikvoptuxgoov",
)

Layer = Literal["personal", "global", "hearing", "home", "context"]
"""Owner of the evidence for a candidate: the speaker's own past, many people's, another hearing of the same words, what
this home and person have, or what was said just before."""

_NEAREST: Mapping[Layer, int] = {"personal": 0, "home": 1, "context": 2, "hearing": 3, "global": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Request to act on instead of the heard one."""

    text: str
    """Normalised text."""
    layer: Layer
    """Owner of the evidence."""
    origins: tuple[tuple[str, float], ...]
    """(generator, its score in [0, 1]), by name; scores of different generators do not compare."""
    interpretation: Interpretation | None = None
    """Reading of the text when it worked; None where unknown."""
    users: int | None = None
    """Distinct users for whom it worked; None where nobody counted."""
    wins: float | None = None
    """Times it worked; for this person in the personal layer, after the bound on contributions elsewhere."""
    losses: float | None = None
    """Times it did not."""
    last_at: datetime | None = None
    """Time it last worked, in UTC; None where unknown."""

    @property
    def score(self) -> float:
        """Best score of any origin."""
        return max([score for _, score in self.origins], default=0.0)

    @property
    def is_listed(self) -> bool:
        """Whether it is on the recogniser's list."""
        return any(name == LISTED for name, _ in self.origins)

    @property
    def is_listed_only(self) -> bool:
        """Tell whether nothing speaks for it but its place in the recogniser's n-best: nobody said it."""
        return {name for name, _ in self.origins} == {LISTED}


class Offer(NamedTuple):
    """Proposal of a step, of which the alternatives are told apart by their readings only where they are wanted.

    A text is read for that, which takes as long as all else; most proposals are decided on before.
    """

    decision: Decision
    """What to act on, or to ask about."""
    beside: tuple[Decision, ...] = ()
    """What may be meant as well, readings not compared; empty where the decision holds its alternatives."""
    others: Callable[[], tuple[Decision, ...]] = tuple
    """Returns those of `beside` that are worth naming, one a reading."""

    @property
    def whole(self) -> Decision:
        """The decision with its alternatives."""
        return replace(self.decision, others=self.others()) if self.beside else self.decision


class Generator(Protocol):
    """Generator of candidates for a request. Laws: never raises for any text; bounded time; pure."""

    name: ClassVar[str]

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        """Return at most `limit` candidates, best first; none is the normal case."""
        ...


def fuse(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return one candidate per text, with all its origins; its layer is the one closest to the speaker.

    Counts are taken from that layer, or from the first candidate that has them.

    >>> own = Candidate(text="play jazz", layer="personal", origins=(("own", 0.9),), wins=4.0)
    >>> all_of_us = Candidate(text="play jazz", layer="global", origins=(("fuzzy", 0.8),), users=12)
    >>> [(one.layer, one.origins, one.users, one.wins) for one in fuse([all_of_us, own])]
    [('personal', (('fuzzy', 0.8), ('own', 0.9)), 12, 4.0)]
    """
    by_text: dict[str, list[Candidate]] = {}
    for one in candidates:
        alike = by_text.get(one.text)
        if alike is None:
            by_text[one.text] = [one]
        elif _NEAREST[one.layer] < _NEAREST[alike[0].layer]:
            alike.insert(0, one)
        else:
            alike.append(one)
    joined = [alike[0] if len(alike) == 1 else _joined(alike) for alike in by_text.values()]
    return tuple(sorted(joined, key=lambda one: (-one.score, one.text)))


def _joined(alike: Sequence[Candidate]) -> Candidate:
    """Return candidates of one text as one; what the first does not know is taken from the next that does."""
    scores: dict[str, float] = {}
    for one in alike:
        for name, score in one.origins:
            if score > scores.get(name, -1.0):
                scores[name] = score
    return Candidate(
        text=alike[0].text,
        layer=alike[0].layer,
        origins=tuple(sorted(scores.items())),
        interpretation=next((one.interpretation for one in alike if one.interpretation is not None), None),
        users=next((one.users for one in alike if one.users is not None), None),
        wins=next((one.wins for one in alike if one.wins is not None), None),
        losses=next((one.losses for one in alike if one.losses is not None), None),
        last_at=next((one.last_at for one in alike if one.last_at is not None), None),
    )


class HeardText(NamedTuple):
    """Text that may have been said."""

    text: str
    """Normalised, with confusable letters resolved."""
    rank: int
    """Its place in the recogniser's list; 0 for the request."""

    @property
    def weight(self) -> float:
        """Weight of its vote, in (0, 1]."""
        return 1.0 / (1.0 + self.rank)


def heard(request: Request) -> list[HeardText]:
    """Return the request, then the other texts of the recogniser's list, at most `MAX_HEARD` in all."""
    return list(_heard(request.text, *[one.text for one in request.alternatives[:MAX_HEARD]]))


@lru_cache(maxsize=64)
def _heard(*texts: str) -> tuple[HeardText, ...]:
    found: dict[str, int] = {}
    for rank, text in enumerate(texts):
        if len(text) <= 2 * MAX_CHARS:
            plain = spelled(normalize(text))
            if plain and len(plain) <= MAX_CHARS:
                found.setdefault(plain, rank if not rank else len(found))
    return tuple(HeardText(text, rank) for text, rank in list(found.items())[:MAX_HEARD])


@lru_cache(maxsize=1_024)
def spelled(text: str) -> str:
    """Return a normalised text with the words that mix look-alike letters spelled in Latin.

    >>> spelled("open p\u0430ypal"), spelled("\u043f\u0440\u0438\u0432\u0435\u0442")
    ('open paypal', 'привет')
    """
    if text.isascii():
        return text
    return " ".join(_latin(word) for word in text.split(" "))


def _latin(word: str) -> str:
    mixed = any("a" <= mark <= "z" for mark in word) and not word.isascii()
    return word.translate(_LOOKS_LIKE) if mixed else word
