"""Posterior of the meaning of a turn, given its n-best list, all interpretations and the dialogue before.

The artifact computes the probability of each candidate meaning of a turn. Its rule decides whether another meaning than
the served one is proposed. Most turns get no proposal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from uptake.errors import ArtifactRefused
from uptake.ml.arrays import Arrays, arrays_of, open_record, same_arrays, save_arrays
from uptake.ml.forest import Forest, Trees
from uptake.rewriting.repair.act_candidates import Row, TurnEvidence, guessed, pieces
from uptake.rewriting.repair.act_scores import ActScores
from uptake.rewriting.repair.counts import GistModel, Names, Ties
from uptake.rewriting.repair.reading_candidates import meanings, whole_row
from uptake.rewriting.repair.turn import Act, Conventions, Meaning, TurnView
from uptake.rewriting.repair.values import Values

__all__ = ["Proposal", "RepairModel", "Rule", "best_other", "piece_rows", "whole_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rule for proposing another meaning than the served one.

    Its worth is P(right) - `loss` P(served is right) - `neutral` P(neither is right).
    """

    loss: float = 2.0
    """Cost of replacing a right reading."""
    neutral: float = 0.5
    """Cost of replacing a wrong reading by another wrong one."""
    least: float = float("inf")
    """Worth from which a meaning is proposed; infinite: never."""
    additive: bool = False
    """Whether a proposal must hold everything that was served."""

    def worth(self, right: float, served: float) -> float:
        """Return the expected gain of a meaning, given the probabilities that it and the served one are right."""
        return right - self.loss * served - self.neutral * max(0.0, 1.0 - right - served)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Meaning to act on instead of the served one."""

    meaning: Meaning
    probability: float
    """Chance, in [0, 1], that it is right."""
    served: float
    """Chance, in [0, 1], that the served one is."""
    worth: float
    """Expected gain by the rule."""


def piece_rows(seen: TurnEvidence) -> tuple[list[Act], list[Row]]:
    """Return the acts that a turn may have meant and the features of each, those of the turn with "t." before them."""
    found = pieces(seen)
    shared = _shared(seen)
    return list(found), [{**shared, **row} for row in found.values()]


def whole_rows(seen: TurnEvidence, chances: Mapping[Act, float]) -> tuple[list[Meaning], list[Row]]:
    """Return the meanings that a turn may have had, the served one first, and the features of each."""
    found = meanings(seen, chances)
    shared = _shared(seen)
    return found, [{**shared, **whole_row(seen, meaning, chances)} for meaning in found]


def _shared(seen: TurnEvidence) -> Row:
    return {f"t.{name}": value for name, value in seen.row.items()}


def best_other(found: Sequence[Meaning], probabilities: Sequence[float], rule: Rule) -> tuple[int, float] | None:
    """Return (position, worth) of the best meaning beside the first, which is the served one; None without another."""
    served = found[0]
    best: tuple[int, float] | None = None
    for at in range(1, len(found)):
        if rule.additive and not served < found[at]:
            continue
        worth = rule.worth(probabilities[at], probabilities[0])
        if best is None or worth > best[1]:
            best = (at, worth)
    return best


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepairModel:
    """Model of the posterior of a turn's meanings."""

    kind: ClassVar[str] = "repairs"
    schema_version: ClassVar[int] = 1

    conventions: Conventions
    values: Values
    gist_models: tuple[GistModel, ...]
    names: Names
    pieces: Trees | None
    """Chance of each act; None: it is guessed from readings and gists alone."""
    whole: Trees
    """Chance of each meaning."""
    rule: Rule

    def __len__(self) -> int:
        return len(self.whole)

    def chances(self, turns: Sequence[TurnView]) -> list[list[tuple[Meaning, float]]]:
        """Return every meaning that each turn may have had with its probability, the served one first."""
        seen = [
            TurnEvidence(heard=turn, values=self.values, gist_models=self.gist_models, names=self.names)
            for turn in turns
        ]
        both = [whole_rows(one, acts) for one, acts in zip(seen, self._acts(seen), strict=True)]
        chances = iter(self.whole.probability([row for _, rows in both for row in rows]).tolist())
        return [[(meaning, next(chances)) for meaning in found] for found, _ in both]

    def _acts(self, seen: Sequence[TurnEvidence]) -> list[dict[Act, float]]:
        if self.pieces is None:
            return [guessed(one) for one in seen]
        both = [piece_rows(one) for one in seen]
        chances = iter(self.pieces.probability([row for _, rows in both for row in rows]).tolist())
        return [{act: next(chances) for act in acts} for acts, _ in both]

    def propose(self, heard: TurnView) -> Proposal | None:
        """Return a meaning to act on instead of the served one; None is the normal case."""
        return self.proposed(self.chances([heard])[0])

    def proposed(self, chances: Sequence[tuple[Meaning, float]]) -> Proposal | None:
        """Apply the rule to the chances of a turn."""
        found, probabilities = [meaning for meaning, _ in chances], [chance for _, chance in chances]
        best = best_other(found, probabilities, self.rule)
        if best is None or best[1] < self.rule.least or not found[best[0]]:
            return None
        at, worth = best
        return Proposal(meaning=found[at], probability=probabilities[at], served=probabilities[0], worth=worth)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, RepairModel)
            and self._body() == other._body()
            and same_arrays(self._arrays(), other._arrays())
        )

    __hash__ = None  # type: ignore[assignment]

    def _arrays(self) -> Arrays:
        found: Arrays = {}
        for gist_model in self.gist_models:
            found |= arrays_of(gist_model.gists, f"{gist_model.name}-")
        for name, trees in (("pieces", self.pieces), ("whole", self.whole)):
            if trees is not None:
                found |= arrays_of(trees.forests[0], f"{name}-")
        return found

    def _body(self) -> dict[str, Any]:
        return {
            "conventions": self.conventions.to_json(),
            "phrases": [[phrase, [list(one) for one in names]] for phrase, names in self.values.phrases.items()],
            "names": {name: list(getattr(self.names, name)) for name in Names.__slots__},
            "lenses": [_gist_body(gist_model) for gist_model in self.gist_models],
            "pieces": None if self.pieces is None else list(self.pieces.names),
            "whole": list(self.whole.names),
            "rule": {name: getattr(self.rule, name) for name in Rule.__slots__},
        }

    def without(self, user_id: str) -> None:
        """Tell nothing: the trees cannot tell whose turns they saw, so repairs are learned again."""

    def save(self, directory: Path) -> None:
        """Write `repairs.json` and one `.npy` file per array."""
        (directory / "repairs.json").write_text(json.dumps(self._body(), ensure_ascii=False), encoding="utf-8")
        save_arrays(directory, self._arrays())

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote.

        Raises:
            ArtifactRefused: It is not whole.
        """
        try:
            body = json.loads((directory / "repairs.json").read_text(encoding="utf-8"))
            gist_models = tuple(_gist_model(directory, one) for one in body["lenses"])
            names = {name: tuple(body["names"][name]) for name in Names.__slots__}
            phrases = {phrase: tuple((slot, value) for slot, value in named) for phrase, named in body["phrases"]}
            known = body["pieces"]
            return cls(
                conventions=Conventions.from_json(body["conventions"]),
                values=Values(phrases),
                gist_models=gist_models,
                names=Names(**names),
                pieces=None if known is None else _trees(directory, "pieces", known),
                whole=_trees(directory, "whole", body["whole"]),
                rule=Rule(**body["rule"]),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ArtifactRefused(
                f"{directory}: not whole ({type(error).__name__}); learn the repairs again"
            ) from error


def _trees(directory: Path, name: str, features: Sequence[str]) -> Trees:
    try:
        forest = open_record(Forest, directory, f"{name}-").checked(len(features))
    except ArtifactRefused as error:
        raise ArtifactRefused(f"{directory}: the trees of {name}: {error}") from error
    return Trees(names=tuple(features), forests=(forest,))


def _gist_body(gist_model: GistModel) -> dict[str, Any]:
    return {
        "name": gist_model.name,
        "gists": list(gist_model.gists.names),
        "turns": gist_model.ties.turns,
        "counts": dict(sorted(gist_model.ties.gists.items())),
        "keys": dict(sorted(gist_model.ties.keys.items())),
        "together": [[key, name, count] for (key, name), count in sorted(gist_model.ties.together.items())],
    }


def _gist_model(directory: Path, body: Mapping[str, Any]) -> GistModel:
    name = str(body["name"])
    ties = Ties(
        turns=int(body["turns"]),
        gists=body["counts"],
        keys=body["keys"],
        together={(key, one): int(count) for key, one, count in body["together"]},
    )
    return GistModel(
        name=name, gists=open_record(ActScores, directory, f"{name}-", names=tuple(body["gists"])), ties=ties
    )
