"""A reader taken apart into an artifact, and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from uptake.artifacts.readers import ReaderModel
from uptake.errors import ArtifactRefused
from uptake.signals.light_reader import ForestScorer, LightReader
from uptake.signals.neural_inputs import Columns
from uptake.signals.neural_reader import NeuralReader
from uptake.signals.pieces import PieceModel, Ties
from uptake.signals.reading import DialogueReader, Member
from uptake.signals.stage import Stage
from uptake.signals.tables import Tables
from uptake.signals.trees import Scorer
from uptake.text.encoders import encoder_of

__all__ = ["packed", "unpacked"]

Arrays = dict[str, NDArray[Any]]
_PARTS = ("roots", "column", "threshold", "left", "right", "leaves")


def packed(reader: DialogueReader) -> ReaderModel:
    """The reader as an artifact.

    Raises:
        ArtifactRefused: A member of it cannot be kept.
    """
    arrays: Arrays = {}
    facts: dict[str, Any] = {
        "shares": {head: dict(shares) for head, shares in reader.shares.items()},
        "thresholds": dict(reader.thresholds),
        "figures": dict(reader.figures),
        "stage": _stage_facts(reader.stage, arrays),
    }
    network = None
    for name, member in reader.members.items():
        if isinstance(member, LightReader):
            facts[name] = {head: _scorer_facts(f"{name}/{head}", one, arrays) for head, one in member.scorers.items()}
        elif isinstance(member, NeuralReader):
            network = member.model
            facts[name] = {"encoder": member.encoder.name, "heads": list(member.heads)}
            for part, columns in (("turn", member.turn), ("pair", member.pair)):
                facts[name][part] = list(columns.names)
                arrays[f"{name}/{part}/mean"], arrays[f"{name}/{part}/scale"] = columns.mean, columns.scale
        else:
            raise ArtifactRefused(f"a reader's member {name} of this kind cannot be kept")
    return ReaderModel(facts, arrays, network)


def unpacked(model: ReaderModel) -> DialogueReader:
    """The reader that an artifact holds.

    Raises:
        ArtifactRefused: Parts are missing, or the sentence vectors are others than those it was trained with.
        MissingExtra: It has a network, and what runs it is not installed.
    """
    facts = model.facts
    try:
        members: dict[str, Member] = {}
        if "light" in facts:
            scorers = {head: _scorer(model, f"light/{head}", one) for head, one in facts["light"].items()}
            members["light"] = LightReader(scorers=scorers)
        if "neural" in facts and model.network is not None:
            told = facts["neural"]
            turn, pair = (
                Columns(tuple(told[part]), *(model.arrays[f"neural/{part}/{name}"] for name in ("mean", "scale")))
                for part in ("turn", "pair")
            )
            members["neural"] = NeuralReader(
                model=model.network,
                turn=turn,
                pair=pair,
                encoder=encoder_of(told["encoder"]),
                heads=tuple(told["heads"]),
            )
        return DialogueReader(
            stage=_stage(model, facts["stage"]),
            members=members,
            shares=facts["shares"],
            thresholds=facts["thresholds"],
            figures=facts["figures"],
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ArtifactRefused):
            raise
        raise ArtifactRefused("the parts of the reader do not fit; make it again") from error


def _scorer_facts(name: str, scorer: Scorer, arrays: Arrays) -> dict[str, Any]:
    if not isinstance(scorer, ForestScorer):
        raise ArtifactRefused("only forests can be kept in a reader")
    for number, forest in enumerate(scorer.forests):
        arrays |= {f"{name}/{number}/{part}": getattr(forest, part) for part in _PARTS}
    return {"names": list(scorer.names), "forests": len(scorer.forests)}


def _scorer(model: ReaderModel, name: str, facts: Mapping[str, Any]) -> ForestScorer:
    forests = (model.forest(f"{name}/{number}") for number in range(facts["forests"]))
    return ForestScorer(names=tuple(facts["names"]), forests=tuple(forests))


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
