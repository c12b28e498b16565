"""Ranker of candidates: calibrated boosted trees as plain arrays, with thresholds for a promised win/loss ratio.

Each layer of evidence has a head of its own. A head first tells of each candidate, the request as heard among them, how
likely acting on it is right and how likely it is what was said; then, of the best one, how likely acting on it turns a
failure into a success (a win) or a success into a failure (a loss). Its score grows with expected wins per loss; the
threshold was chosen where the promised ratio held with a margin.
What is known of single people (how often they say what they said before, how rewrites ended for them) leans on
what is known of all, so that a newcomer is served and one person's odd habit stays their own.

Source: Ke et al., "LightGBM" (NIPS 2017) for the trees; served here with numpy alone.
Limit: probabilities hold for traffic like that of the log it was fitted on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.ml.arrays import Arrays, arrays_of, open_record, same_arrays, save_arrays
from uptake.ml.forest import Forest
from uptake.rewriting.ranking.fluency import Fluency

__all__ = ["Choice", "Head", "Person", "Ranker", "leads", "outcome_score", "probability"]

_FORESTS = ("right", "said", "win", "loss")
_EPSILON = 1e-3  # no outcome is believed to be rarer than that
_LEADS = 18  # columns that `leads` makes
_SAID_SHARE = 0.5  # weight of what was said beside what is right
_PRIOR = 20.0  # requests that everybody's habit is worth beside a person's own
_SLIGHT = 0.05  # log-odds that change hardly a decision

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Head:
    """Weighs the candidates of one layer; the first of them is to leave the request alone."""

    features: tuple[str, ...]
    """Names of the columns, in order."""
    right: Forest
    """Whether acting on a candidate is right."""
    said: Forest
    """Whether it is what was said, however it would be read; without trees where nobody knows."""
    win: Forest
    """Whether the best one turns a failure into a success; sees `leads`."""
    loss: Forest
    """Whether it turns a success into a failure; sees `leads`."""
    threshold: float = math.inf
    """Score from which the candidate is acted on."""
    ask: float = math.inf
    """Score from which the person is worth asking; at most `threshold`."""
    target: float = 0.0
    """Wins per loss that the threshold promises."""

    def chances(self, rows: Floats) -> tuple[Floats, Floats | None]:
        """Return (n,) probability of each candidate to be right, and to be what was said."""
        return probability(self.right, rows), probability(self.said, rows) if len(self.said.roots) else None

    def judge(self, rows: Floats, changes: npt.NDArray[np.bool_]) -> Choice | None:
        """Return the likeliest of the candidates that change anything; None where none does.

        Args:
            rows: (n, features); the first row is the request as heard.
            changes: (n,) whether acting on each would change anything.
        """
        if not changes.any():
            return None
        right, said = self.chances(rows)
        best, odds, row = leads(right, said, changes)
        win, loss = (float(probability(one, row[None, :])[0]) for one in (self.win, self.loss))
        return Choice(best, float(right[best]), outcome_score(odds, win, loss), win, loss, right)


class Choice(NamedTuple):
    """The likeliest candidate."""

    best: int
    """Its row."""
    chance: float
    """Probability that acting on it is right."""
    score: float
    """Grows with expected wins per loss."""
    win: float
    """Probability that acting on it turns a failure into a success."""
    loss: float
    """Probability of the reverse."""
    chances: Floats
    """(n,) probability of each candidate that acting on it is right."""


def outcome_score(odds: float, win: float, loss: float) -> float:
    """Return the score to compare with a threshold: odds of the candidate against the request, and its outcomes."""
    return odds + math.log((win + _EPSILON) / (loss + _EPSILON))


def leads(right: Floats, said: Floats | None, changes: npt.NDArray[np.bool_]) -> tuple[int, float, Floats]:
    """Return the likeliest candidate, its log-odds against the request as heard, and how it stands among all.

    Args:
        right: (n,) probability that acting on each is right; the first is the request as heard.
        said: (n,) probability that each is what was said; None where unknown.
        changes: (n,) which of them may be chosen.
    """
    odds = np.log(right + _EPSILON)
    if said is not None:
        odds = odds + _SAID_SHARE * np.log(said + _EPSILON)
    together = np.exp(odds - odds.max())
    best = int(np.argmax(np.where(changes, odds, -np.inf)))
    row: list[float] = []
    apart = np.ones(len(right), dtype=np.bool_)
    apart[[0, best]] = False
    for one in (right, together / together.sum(), np.full(len(right), np.nan) if said is None else said):
        others = one[apart]
        second = float(others.max()) if len(others) else 0.0
        ratio = float(np.log((one[best] + _EPSILON) / (one[0] + _EPSILON)))
        row += [one[best], one[0], ratio, one[best] - second, float(one[~changes].sum()), float(one.sum())]
    return best, float(odds[best] - odds[0]), np.array(row, dtype=np.float64)


def probability(forest: Forest, rows: Floats) -> Floats:
    """Return (n,) float64 in (0, 1) from (n, k) float64, NaN for unknown."""
    if not len(rows) or not len(forest.roots):
        return np.full(len(rows), 0.5)
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * forest.scores(rows))), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Counts of one person; they add."""

    requests: float = 0.0
    """Requests they made."""
    repeats: float = 0.0
    """Of these, how many they had made before."""
    wins: float = 0.0
    """Rewrites that ended well for them."""
    losses: float = 0.0
    """Rewrites that did not."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ranker:
    """Weighs candidates. Made by `uptake.rewriting.ranking.learn.ranker`."""

    kind: ClassVar[str] = "rankers"
    schema_version: ClassVar[int] = 1

    heads: Mapping[str, Head]
    """Layer of evidence -> what weighs its candidates."""
    fluency: Fluency
    """Model of usual requests."""
    everybody: Person = field(default_factory=lambda: Person(requests=2.0, repeats=1.0, wins=9.0, losses=1.0))
    """The mean person."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """Person -> what is known of them."""

    def __len__(self) -> int:
        return len(self.heads)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Ranker)
            and self._meta() == other._meta()
            and same_arrays(self._arrays(), other._arrays())
            and self.fluency == other.fluency
        )

    __hash__ = None  # type: ignore[assignment]

    def habit(self, user_id: str) -> float:
        """Return the chance, in (0, 1), that the person says something they said before."""
        mean = (self.everybody.repeats + 0.5) / (self.everybody.requests + 1.0)
        own = self.people.get(user_id)
        return mean if own is None else (own.repeats + _PRIOR * mean) / (own.requests + _PRIOR)

    def trust(self, user_id: str) -> float:
        """Return how much better rewrites end for this person than for all, in log-odds; it is added to a score.

        Difference of log-odds; a person's own counts lean on everybody's.
        """
        own = self.people.get(user_id)
        if own is None:
            return 0.0
        mean = (self.everybody.wins + 0.5) / (self.everybody.wins + self.everybody.losses + 1.0)
        share = (own.wins + _PRIOR * mean) / (own.wins + own.losses + _PRIOR)
        return math.log(share / (1.0 - share)) - math.log(mean / (1.0 - mean))

    def habit_in_words(self, user_id: str) -> str | None:
        """Return what is known of a person, and what it changes; None for somebody unknown."""
        own = self.people.get(user_id)
        if own is None:
            return None
        trust = self.trust(user_id)
        easily = "as easily as" if abs(trust) < _SLIGHT else "more easily than" if trust > 0.0 else "less easily than"
        return (
            f"{own.repeats:.0f} of {own.requests:.0f} requests had been made before, {own.wins:.0f} rewrites ended "
            f"well and {own.losses:.0f} did not; their requests are rewritten {easily} most people's"
        )

    def without(self, user_id: str) -> Ranker:
        """Return the same ranker, knowing nothing of one person."""
        people = {name: one for name, one in self.people.items() if name != user_id}
        return Ranker(heads=self.heads, fluency=self.fluency, everybody=self.everybody, people=people)

    def _arrays(self) -> Arrays:
        found: Arrays = {}
        for name, head in self.heads.items():
            for forest in _FORESTS:
                found |= arrays_of(getattr(head, forest), f"{name}_{forest}_")
        return found

    def _meta(self) -> dict[str, Any]:
        return {
            "heads": {name: _described(head) for name, head in self.heads.items()},
            "everybody": asdict(self.everybody),
            "people": {name: asdict(one) for name, one in sorted(self.people.items())},
        }

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array, and names, thresholds and people as JSON."""
        save_arrays(directory, self._arrays())
        (directory / "ranker.json").write_text(json.dumps(self._meta(), sort_keys=True), encoding="utf-8")
        self.fluency.save(directory)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote; arrays are mapped.

        Raises:
            ArtifactRefused: A tree points out of its forest or at a feature that does not exist.
        """
        meta = json.loads((directory / "ranker.json").read_text(encoding="utf-8"))
        return cls(
            heads={name: _head(directory, name, told) for name, told in meta["heads"].items()},
            fluency=Fluency.load(directory),
            everybody=Person(**meta["everybody"]),
            people={name: Person(**told) for name, told in meta["people"].items()},
        )


def _described(head: Head) -> dict[str, Any]:
    return {
        "features": list(head.features),
        "thresholds": [_written(head.threshold), _written(head.ask), head.target],
    }


def _written(threshold: float) -> float | None:
    return threshold if math.isfinite(threshold) else None


def _head(directory: Path, name: str, told: Mapping[str, Any]) -> Head:
    threshold, ask, target = (math.inf if one is None else float(one) for one in told["thresholds"])
    features = tuple(told["features"])
    try:
        forests = {
            forest: open_record(Forest, directory, f"{name}_{forest}_").checked(
                len(features) if forest in ("right", "said") else _LEADS
            )
            for forest in _FORESTS
        }
    except ArtifactRefused as error:
        raise ArtifactRefused(f"head {name} of the ranker: {error}") from error
    return Head(features=features, threshold=threshold, ask=ask, target=target, **forests)
