"""Artifact of a reader of dialogues: its counts and its forests, as files.

Facts are JSON; numbers are one file per type, opened by mmap. `packed` converts a reader to its parts, `unpacked` back.
Words, texts and values are stored only if at least three people said them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from uptake.errors import ArtifactRefused
from uptake.insight.dialogues.features import Stage
from uptake.insight.dialogues.log_counts import Tables
from uptake.insight.dialogues.reader import DialogueReader, LightReader
from uptake.insight.dialogues.slot_posteriors import PieceModel, Ties
from uptake.ml.arrays import Arrays, array_names, arrays_of, same_arrays
from uptake.ml.forest import Forest, Trees

__all__ = ["ReaderModel", "packed", "unpacked"]

_FACTS = "reader.json"
_TYPES = ("int32", "float32", "float64")


@dataclass(frozen=True, slots=True, eq=False)
class ReaderModel:
    """Parts of one reader of dialogues.

    >>> ReaderModel({"heads": ["defect"]}, {"scale": np.ones(3, dtype=np.float32)}).arrays["scale"].shape
    (3,)
    """

    kind: ClassVar[str] = "readers"
    schema_version: ClassVar[int] = 1

    facts: Mapping[str, Any]
    """JSON values."""
    arrays: Mapping[str, npt.NDArray[Any]]
    """int32, float32 and float64 arrays by name."""

    def __len__(self) -> int:
        return len(self.arrays)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReaderModel) and self.facts == other.facts and same_arrays(self.arrays, other.arrays)

    __hash__ = None  # type: ignore[assignment]

    def forest(self, name: str) -> Forest:
        """Return the forest of a name.

        Raises:
            ArtifactRefused: There is none, or a part of it is missing.
        """
        try:
            return Forest(**{part: self.arrays[f"{name}/{part}"] for part in array_names(Forest)})
        except KeyError as error:
            raise ArtifactRefused(f"the reader has no forest {name}; make it again") from error

    def without(self, user_id: str) -> None:
        """Tell nothing: the model cannot tell whose dialogues it saw, so it is learned again."""

    def save(self, directory: Path) -> None:
        """Write facts, and one array file a type."""
        places: dict[str, list[Any]] = {}
        for kind in _TYPES:
            flat, start = [], 0
            for name in sorted(self.arrays):
                values = self.arrays[name]
                if values.dtype == kind:
                    places[name] = [kind, start, list(values.shape)]
                    flat.append(np.ascontiguousarray(values).reshape(-1))
                    start += values.size
            np.save(directory / f"{kind}.npy", np.concatenate(flat) if flat else np.zeros(0, kind), allow_pickle=False)
        if len(places) < len(self.arrays):
            raise ArtifactRefused(f"arrays of a reader must be {', '.join(_TYPES)}")
        text = json.dumps({"facts": self.facts, "arrays": places}, sort_keys=True, ensure_ascii=False)
        (directory / _FACTS).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> ReaderModel:
        """Open what `save` wrote.

        Raises:
            ArtifactRefused: The files do not fit together.
        """
        try:
            written = json.loads((directory / _FACTS).read_text(encoding="utf-8"))
            flat = {kind: np.load(directory / f"{kind}.npy", mmap_mode="r").view(np.ndarray) for kind in _TYPES}
            arrays = {
                name: flat[kind][start : start + int(np.prod(shape, dtype=np.int64))].reshape(shape)
                for name, (kind, start, shape) in written["arrays"].items()
            }
            facts = written["facts"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactRefused(f"{directory}: the parts of the reader do not fit; make it again") from error
        return cls(facts, arrays)


def packed(reader: DialogueReader) -> ReaderModel:
    """Take a reader apart into an artifact."""
    arrays: Arrays = {}
    light = {head: _scorer_facts(f"light/{head}", one, arrays) for head, one in reader.light.scorers.items()}
    facts = {
        "thresholds": dict(reader.thresholds),
        "figures": dict(reader.figures),
        "stage": _stage_facts(reader.stage, arrays),
        "light": light,
    }
    return ReaderModel(facts, arrays)


def unpacked(model: ReaderModel) -> DialogueReader:
    """Return the reader that an artifact holds.

    Raises:
        ArtifactRefused: Parts are missing, or the reader was made with a network, which is no longer served.
    """
    facts = model.facts
    if "neural" in facts:
        raise ArtifactRefused("this reader has a network, which is no longer served; run `uptake learn reader` again")
    try:
        scorers = {head: _scorer(model, f"light/{head}", one) for head, one in facts["light"].items()}
        return DialogueReader(
            stage=_stage(model, facts["stage"]),
            light=LightReader(scorers=scorers),
            thresholds=facts["thresholds"],
            figures=facts["figures"],
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ArtifactRefused):
            raise
        raise ArtifactRefused("the parts of the reader do not fit; make it again") from error


def _scorer_facts(name: str, scorer: Trees, arrays: Arrays) -> dict[str, Any]:
    for number, forest in enumerate(scorer.forests):
        arrays |= arrays_of(forest, f"{name}/{number}/")
    return {"names": list(scorer.names), "forests": len(scorer.forests)}


def _scorer(model: ReaderModel, name: str, facts: Mapping[str, Any]) -> Trees:
    forests = (model.forest(f"{name}/{number}") for number in range(facts["forests"]))
    return Trees(names=tuple(facts["names"]), forests=tuple(forests))


def _stage_facts(stage: Stage, arrays: Arrays) -> dict[str, Any]:
    tables, pieces = stage.tables, stage.pieces
    found: dict[str, Any] = {
        "texts": sorted([text, count] for text, count in tables.texts.items()),
        "readings": sorted([sorted(map(list, reading)), count] for reading, count in tables.readings.items()),
        "rarity": sorted([word, weight] for word, weight in tables.rarity.items()),
        "values": sorted([value, sorted(slots)] for value, slots in tables.values.items()),
        "parts": list(tables.parts),
        "tokens": list(tables.tokens),
        "least_people": tables.least_people,
    }
    if pieces is not None:
        ties = pieces.ties
        found["pieces"] = {
            "turns": ties.turns,
            "marks": sorted([mark, count] for mark, count in ties.marks.items()),
            "pieces": sorted([*piece, count] for piece, count in ties.pieces.items()),
            "together": sorted([mark, *piece, count] for (mark, piece), count in ties.together.items()),
            "blind": sorted(pieces.blind),
            "scorer": _scorer_facts("pieces", pieces.trees, arrays),
        }
    return found


def _stage(model: ReaderModel, facts: Mapping[str, Any]) -> Stage:
    tables = Tables(
        texts=dict(facts["texts"]),
        readings={frozenset(map(_pair, reading)): count for reading, count in facts["readings"]},
        rarity=dict(facts["rarity"]),
        values={value: frozenset(slots) for value, slots in facts["values"]},
        parts=tuple(facts["parts"]),
        tokens=tuple(facts["tokens"]),
        least_people=facts["least_people"],
    )
    told = facts.get("pieces")
    if told is None:
        return Stage(tables=tables, pieces=None)
    ties = Ties(
        turns=told["turns"],
        marks=dict(told["marks"]),
        pieces={(name, value): count for name, value, count in told["pieces"]},
        together={(mark, (name, value)): count for mark, name, value, count in told["together"]},
    )
    pieces = PieceModel(
        tables=tables, ties=ties, trees=_scorer(model, "pieces", told["scorer"]), blind=frozenset(told["blind"])
    )
    return Stage(tables=tables, pieces=pieces)


def _pair(written: list[str]) -> tuple[str, str]:
    name, value = written
    return name, value
