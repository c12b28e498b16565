"""Compute the posterior of every slot value and intent that a user may have meant.

The assistant interprets the best text only; the n-best list, the prompt and the previous turns hold more information.
Candidates are the slots and intents of all interpretations, and the known values that occur in an alternative. Boosted
trees score them, with co-occurrence counts of words and texts with slots and intents. Training needs turns with human
labels of their meaning; prediction needs none.

Limit: a value that is in no interpretation and is not known has no probability.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from uptake.insight.dialogues.log_counts import Row, Tables, said_by
from uptake.insight.dialogues.turn_features import support
from uptake.insight.dialogues.views import Item, TurnInSession, entropy
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import Trees

__all__ = ["PieceModel", "Pieces", "Ties"]

Pieces = Mapping[Item, float]
"""Probability, in [0, 1], that each candidate piece was meant."""

_FOLDS = 6


@dataclass(frozen=True, kw_only=True)
class Ties:
    """Co-occurrence counts of words, word pairs and whole texts (prefixed by "=") with slots and intents."""

    turns: int
    """Turns counted."""
    marks: Mapping[str, int]
    """Turns with each word, pair or text."""
    pieces: Mapping[Item, int]
    """Turns that meant each piece."""
    together: Mapping[tuple[str, Item], int]
    """Turns with both."""

    @classmethod
    def of(cls, views: Sequence[TurnInSession], meant: Sequence[frozenset[Item]], *, least_people: int = 1) -> Ties:
        """Count turns whose meaning is known; words that fewer people said are not remembered."""
        marks: Counter[str] = Counter()
        together: Counter[tuple[str, Item]] = Counter()
        shared = said_by(((mark, view) for view in views for mark in _marks(view)), least_people)
        for view, pieces in zip(views, meant, strict=True):
            for mark in _marks(view):
                if shared is not None and mark not in shared:
                    continue
                marks[mark] += 1
                together.update((mark, piece) for piece in pieces)
        return cls(
            turns=len(views),
            marks=marks,
            pieces=Counter(piece for pieces in meant for piece in pieces),
            together=together,
        )

    def chance(self, piece: Item) -> float:
        """Return P(piece)."""
        return (self.pieces.get(piece, 0) + 0.5) / (self.turns + 10)

    def given(self, mark: str, piece: Item, *, weight: float) -> float:
        """Return P(piece | mark), drawn towards P(piece) with the weight of so many turns."""
        seen, both = self.marks.get(mark, 0), self.together.get((mark, piece), 0)
        return (both + weight * self.chance(piece)) / (seen + weight)


def _whole(view: TurnInSession) -> str:
    return f"={view.top}"


def _marks(view: TurnInSession) -> set[str]:
    words = view.top.split()
    return {*view.content, _whole(view), *(f"{one} {other}" for one, other in pairwise(words))}


@dataclass(frozen=True, kw_only=True)
class PieceModel:
    """Model that predicts which slots and intents were meant.

    Args:
        tables: Counts of the training log.
        ties: Co-occurrence counts of the training log.
        trees: The model that scores the candidates.
        blind: Features that it ignores.
    """

    tables: Tables
    ties: Ties
    trees: Trees
    blind: frozenset[str] = frozenset()

    @classmethod
    def fit(
        cls,
        views: Sequence[TurnInSession],
        meant: Sequence[frozenset[Item]],
        tables: Tables,
        *,
        fit: Callable[..., Trees],
        blind: frozenset[str] = frozenset(),
        seed: int = 0,
    ) -> PieceModel:
        """Fit on turns whose meaning is known.

        Args:
            views: The turns.
            meant: What was meant in each.
            tables: Counts of the same turns; what they do not remember is not remembered here either.
            fit: Fits rows to labels.
            blind: Features not to look at.
            seed: Of folds and trees.
        """
        users = [view.turn.user_id for view in views]
        rows: list[Row] = []
        labels: list[bool] = []
        for inside, outside in grouped_folds(users, folds=_FOLDS, seed=seed + 1):
            # The words of a user's own turns must not vote on them: that would be reading the label.
            ties = Ties.of([views[at] for at in inside], [meant[at] for at in inside], least_people=tables.least_people)
            for at in outside:
                for piece, row in _rows(views[at], tables, ties, blind):
                    rows.append(row)
                    labels.append(piece in meant[at])
        trees = fit(rows, np.array(labels), rounds=200, seed=seed)
        return cls(
            tables=tables, ties=Ties.of(views, meant, least_people=tables.least_people), trees=trees, blind=blind
        )

    def pieces(self, views: Sequence[TurnInSession]) -> list[Pieces]:
        """Return the candidates of each turn with their probabilities."""
        found = [_rows(view, self.tables, self.ties, self.blind) for view in views]
        chances = iter(self.trees.probability([row for one in found for _, row in one]).tolist())
        return [{piece: next(chances) for piece, _ in one} for one in found]


def _rows(view: TurnInSession, tables: Tables, ties: Ties, blind: frozenset[str]) -> list[tuple[Item, Row]]:
    """Return every candidate of a turn with its features."""
    candidates = set(view.masses) | {(slot, value) for value in tables.heard(view) for slot in tables.values[value]}
    shared, marks, belief = _shared(view), sorted(_marks(view)), view.belief
    rows = ((piece, {**shared, **_row(view, piece, ties, marks, belief)}) for piece in sorted(candidates))
    return [(piece, {name: row[name] for name in row if name not in blind} if blind else row) for piece, row in rows]


def _shared(view: TurnInSession) -> Row:
    return {
        "confidence": view.confidence,
        "nothing": view.nothing,
        "list_entropy": entropy(mass for _, mass in view.heard),
        "posterior": view.heard[0][1],
        "words": len(view.top.split()),
        "items": len(view.meant),
        "seconds": view.seconds,
        "asked": len(view.asked),
        "cut_in": float(view.before is not None and view.before.turn.barge_in_ms is not None),
    }


def _row(view: TurnInSession, piece: Item, ties: Ties, marks: Sequence[str], belief: Mapping[str, str]) -> Row:
    name, value = piece
    prior = ties.chance(piece)
    told = [ties.given(mark, piece, weight=3.0) for mark in marks if mark in ties.marks]
    whole = _whole(view)
    return {
        "mass": view.masses.get(piece, 0.0),
        "acted_on": float(piece in view.meant),
        "heard": support(view, value) if value else np.nan,
        "prior": math.log(prior),
        "told_most": max(told, default=prior),
        "told_mean": sum(told) / len(told) if told else prior,
        "told_lift": math.log(max(told, default=prior) / prior),
        "told_whole": ties.given(whole, piece, weight=2.0),
        "whole_seen": ties.marks.get(whole, 0),
        "rival": max(
            (mass for other, mass in view.masses.items() if other[0] == name and other[1] != value), default=0.0
        ),
        "answers": float(name.rpartition(".")[2] in view.asked),
        "believed": float(belief.get(name) == value),
        "contradicts": float(name in belief and belief[name] != value),
        "is_intent": float(not value),
        "before": view.before.masses.get(piece, 0.0) if view.before else np.nan,
        "prompted": float(bool(value) and value in view.prompt_text),
        "any": float(value == "dontcare"),
    }
