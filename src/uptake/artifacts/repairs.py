"""What a turn probably meant, given all that was heard, all readings of it and the dialogue before.

The artifact answers one question: how probable is each meaning that the turn could have had? Its rule says from when on
another meaning than the served one is proposed. Most turns get none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from uptake.artifacts.repair.gists import Gists
from uptake.artifacts.repair.heard import Act, Conventions, Heard, Meaning
from uptake.artifacts.repair.pieces import Row, Seen, guessed, pieces
from uptake.artifacts.repair.tables import Lens, Names, Ties
from uptake.artifacts.repair.trees import ARRAYS, Trees
from uptake.artifacts.repair.values import Values
from uptake.artifacts.repair.whole import meanings, whole_row
from uptake.errors import ArtifactRefused

__all__ = ["Proposal", "RepairModel", "Rule", "best_other", "piece_rows", "whole_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When to propose another meaning than the served one.

    Its worth is P(right) - `loss` P(served is right) - `neutral` P(neither is right).
    """

    loss: float = 2.0
    """What it costs to replace a right reading."""
    neutral: float = 0.5
    """What it costs to replace a wrong reading by another wrong one."""
    least: float = float("inf")
    """Worth from which a meaning is proposed; infinite: never."""
    additive: bool = False
    """Whether a proposal must hold everything that was served."""

    def worth(self, right: float, served: float) -> float:
        """Worth of a meaning that is right with one probability where the served one is with another."""
        return right - self.loss * served - self.neutral * max(0.0, 1.0 - right - served)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A meaning to act on instead of the served one."""

    meaning: Meaning
    probability: float
    """Chance, in [0, 1], that it is right."""
    served: float
    """Chance, in [0, 1], that the served one is."""
    worth: float
    """What the rule weighed."""


def piece_rows(seen: Seen) -> tuple[list[Act], list[Row]]:
    """The acts that a turn may have meant and the features of each, those of the turn with "t." before them."""
    found = pieces(seen)
    shared = _shared(seen)
    return list(found), [{**shared, **row} for row in found.values()]


def whole_rows(seen: Seen, chances: Mapping[Act, float]) -> tuple[list[Meaning], list[Row]]:
    """The meanings that a turn may have had, the served one first, and the features of each."""
    found = meanings(seen, chances)
    shared = _shared(seen)
    return found, [{**shared, **whole_row(seen, meaning, chances)} for meaning in found]


def _shared(seen: Seen) -> Row:
    return {f"t.{name}": value for name, value in seen.row.items()}


def best_other(found: Sequence[Meaning], probabilities: Sequence[float], rule: Rule) -> tuple[int, float] | None:
    """(position, worth) of the best meaning beside the first, which is the served one; None without another."""
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
    """Weighs meanings of a turn."""

    kind: ClassVar[str] = "repairs"
    schema_version: ClassVar[int] = 1

    conventions: Conventions
    values: Values
    lenses: tuple[Lens, ...]
    names: Names
    pieces: Trees | None
    """Chance of each act; None: it is guessed from readings and gists alone."""
    whole: Trees
    """Chance of each meaning."""
    rule: Rule

    def __len__(self) -> int:
        return len(self.whole.forest.roots)

    def chances(self, turns: Sequence[Heard]) -> list[list[tuple[Meaning, float]]]:
        """Every meaning that each turn may have had with its probability, the served one first."""
        seen = [Seen(heard=turn, values=self.values, lenses=self.lenses, names=self.names) for turn in turns]
        both = [whole_rows(one, acts) for one, acts in zip(seen, self._acts(seen), strict=True)]
        chances = iter(self.whole.probability([row for _, rows in both for row in rows]).tolist())
        return [[(meaning, next(chances)) for meaning in found] for found, _ in both]

    def _acts(self, seen: Sequence[Seen]) -> list[dict[Act, float]]:
        if self.pieces is None:
            return [guessed(one) for one in seen]
        both = [piece_rows(one) for one in seen]
        chances = iter(self.pieces.probability([row for _, rows in both for row in rows]).tolist())
        return [{act: next(chances) for act in acts} for acts, _ in both]

    def propose(self, heard: Heard) -> Proposal | None:
        """A meaning to act on instead of the served one; None is the normal case."""
        return self.proposed(self.chances([heard])[0])

    def proposed(self, chances: Sequence[tuple[Meaning, float]]) -> Proposal | None:
        """What the rule makes of the chances of a turn."""
        found, probabilities = [meaning for meaning, _ in chances], [chance for _, chance in chances]
        best = best_other(found, probabilities, self.rule)
        if best is None or best[1] < self.rule.least or not found[best[0]]:
            return None
        at, worth = best
        return Proposal(meaning=found[at], probability=probabilities[at], served=probabilities[0], worth=worth)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RepairModel) and self._body() == other._body() and self._same_arrays(other)

    __hash__ = None  # type: ignore[assignment]

    def _same_arrays(self, other: RepairModel) -> bool:
        return all(
            np.array_equal(array, theirs[name])
            for theirs in [other._arrays()]
            for name, array in self._arrays().items()
        )

    def _arrays(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for lens in self.lenses:
            found |= {f"{lens.name}-{name}": getattr(lens.gists, name) for name in ("hashes", "weights", "bias")}
        for name, trees in (("pieces", self.pieces), ("whole", self.whole)):
            if trees is not None:
                found |= {f"{name}-{array}": getattr(trees.forest, array) for array in ARRAYS}
        return found

    def _body(self) -> dict[str, Any]:
        return {
            "conventions": self.conventions.to_json(),
            "phrases": [[phrase, [list(one) for one in names]] for phrase, names in self.values.phrases.items()],
            "names": {name: list(getattr(self.names, name)) for name in Names.__slots__},
            "lenses": [_lens_body(lens) for lens in self.lenses],
            "pieces": None if self.pieces is None else list(self.pieces.names),
            "whole": list(self.whole.names),
            "rule": {name: getattr(self.rule, name) for name in Rule.__slots__},
        }

    def save(self, directory: Path) -> None:
        """Write `repairs.json` and one `.npy` file per array."""
        (directory / "repairs.json").write_text(json.dumps(self._body(), ensure_ascii=False), encoding="utf-8")
        for lens in self.lenses:
            for name in ("hashes", "weights", "bias"):
                np.save(directory / f"{lens.name}-{name}.npy", getattr(lens.gists, name), allow_pickle=False)
        self.whole.save(directory, "whole")
        if self.pieces is not None:
            self.pieces.save(directory, "pieces")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote.

        Raises:
            ArtifactRefused: It is not whole.
        """
        try:
            body = json.loads((directory / "repairs.json").read_text(encoding="utf-8"))
            lenses = tuple(_lens(directory, one) for one in body["lenses"])
            names = {name: tuple(body["names"][name]) for name in Names.__slots__}
            phrases = {phrase: tuple((slot, value) for slot, value in named) for phrase, named in body["phrases"]}
            known = body["pieces"]
            return cls(
                conventions=Conventions.from_json(body["conventions"]),
                values=Values(phrases),
                lenses=lenses,
                names=Names(**names),
                pieces=None if known is None else Trees.load(directory, "pieces", known),
                whole=Trees.load(directory, "whole", body["whole"]),
                rule=Rule(**body["rule"]),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ArtifactRefused(
                f"{directory}: not whole ({type(error).__name__}); learn the repairs again"
            ) from error


def _lens_body(lens: Lens) -> dict[str, Any]:
    return {
        "name": lens.name,
        "gists": list(lens.gists.names),
        "turns": lens.ties.turns,
        "counts": dict(lens.ties.gists),
        "keys": dict(lens.ties.keys),
        "together": [[key, name, count] for (key, name), count in sorted(lens.ties.together.items())],
    }


def _lens(directory: Path, body: Mapping[str, Any]) -> Lens:
    name = str(body["name"])
    hashes, weights, bias = (
        np.load(directory / f"{name}-{array}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
        for array in ("hashes", "weights", "bias")
    )
    ties = Ties(
        turns=int(body["turns"]),
        gists=body["counts"],
        keys=body["keys"],
        together={(key, one): int(count) for key, one, count in body["together"]},
    )
    return Lens(name=name, gists=Gists(tuple(body["gists"]), hashes, weights, bias), ties=ties)
