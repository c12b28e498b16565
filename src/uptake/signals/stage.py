"""Features of turns and of pairs of turns, with what a training log adds: counts, and pieces of meaning.

A stage is fitted on some people and then asked about others; what it says of the people it was fitted on is too
rosy to learn from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from uptake.signals.pair_rows import pair_row
from uptake.signals.pieces import PieceModel, Pieces
from uptake.signals.tables import Row, Tables
from uptake.signals.trees import Scorer
from uptake.signals.turn_rows import aftermath_row, turn_row
from uptake.signals.views import Item, View

__all__ = ["Stage", "StageRows"]

_CARRIED = (
    "item_missed",
    "confidence_slots",
    "values_unread",
    "value_unread",
    "words_unread",
    "words_unread_mass",
    "words_unread_rarity",
    "common_reading",
    "item_doubt",
    "value_missed",
    "value_support",
    "answers",
    "reading_entropy",
    "contradicts_belief",
    "repeats_belief",
    "echoed",
    "understood",
    "missed_most",
    "missed_sum",
)
"""Features of a turn that also speak of the pairs it is part of."""


@dataclass(frozen=True, kw_only=True)
class StageRows:
    """Features of all turns, and of each turn with the one after it (None after the last of a session)."""

    turns: list[Row]
    after: list[Row]
    pairs: list[Row | None]
    beyond: list[list[Row]]
    """Pairs of each turn with the second turn after it, the third, ..."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is learned before the scorers: counts and pieces of meaning (None where a log has no readings)."""

    tables: Tables
    pieces: PieceModel | None

    @classmethod
    def fit(
        cls,
        seen: Sequence[View],
        meant: Sequence[frozenset[Item]],
        *,
        fit: Callable[..., Scorer] | None = None,
        least_people: int = 1,
        seed: int,
    ) -> Stage:
        """Count the turns, and learn from what was meant in each which pieces are meant.

        Args:
            seen: The turns.
            meant: What was meant in each.
            fit: Fits rows to labels [default: `Trees.fit`].
            least_people: What fewer people said is not remembered.
            seed: Of folds and trees.
        """
        tables = Tables.of(seen, least_people=least_people)
        if not any(view.masses for view in seen):
            return cls(tables=tables, pieces=None)
        pieces = PieceModel.fit(seen, meant, tables, fit=fit, seed=seed)
        return cls(tables=tables, pieces=pieces)

    def rows(self, seen: Sequence[View], *, reach: int = 1, hindsight: bool = True) -> StageRows:
        """Features of whole sessions.

        Args:
            seen: Their turns, or the last turns of one session.
            reach: How many turns on pairs reach.
            hindsight: Whether to look at what came after a turn; without, `after` is empty.
        """
        found = self.pieces.pieces(seen) if self.pieces else [{}] * len(seen)
        chances = dict(zip(seen, found, strict=True))
        turns = [{**turn_row(view, self.tables), **_understood(view, chances[view])} for view in seen]
        of = dict(zip(seen, turns, strict=True))
        pairs: list[Row | None] = []
        after: list[Row] = []
        for view in seen:
            following = view.next
            after.append(aftermath_row(view, self.tables) if hindsight else {})
            if following is None:
                pairs.append(None)
                continue
            pairs.append(self._pair(view, following, chances, of))
            if not hindsight:
                continue
            told = _shared(chances[view], chances[following]) | _carried(of[following], "right")
            after[-1] |= {f"next_{name}": value for name, value in told.items()}
        beyond = [[self._pair(view, other, chances, of) for other in view.later[1:reach]] for view in seen]
        return StageRows(turns=turns, after=after, pairs=pairs, beyond=beyond)

    def _pair(self, view: View, other: View, chances: Mapping[View, Pieces], of: Mapping[View, Row]) -> Row:
        carried = _carried(of[view], "left") | _carried(of[other], "right")
        return {**pair_row(view, other, self.tables), **_shared(chances[view], chances[other]), **carried}


def _carried(row: Row, side: str) -> Row:
    return {f"{side}:{name}": row[name] for name in _CARRIED if name in row}


def _understood(view: View, chances: Pieces) -> Row:
    """What the pieces say of the reading that was acted on."""
    taken = [chances[piece] for piece in sorted(view.meant) if piece in chances]
    missed = [chance for piece, chance in sorted(chances.items()) if piece not in view.meant]
    values = [chance for piece, chance in sorted(chances.items()) if piece not in view.meant and piece[1]]
    right = float(np.prod(taken)) if taken else 1.0
    return {
        "understood": right * float(np.prod([1.0 - chance for chance in missed])),
        "taken_all": right,
        "taken_least": min(taken, default=np.nan),
        "missed_most": max(missed, default=0.0),
        "missed_sum": sum(missed),
        "missed_value": max(values, default=0.0),
        "meant_sum": sum(chance for _, chance in sorted(chances.items())),
    }


def _shared(left: Pieces, right: Pieces) -> Row:
    """How likely two turns mean the same things."""
    both = sorted(set(left) & set(right))
    values = [piece for piece in both if piece[1]]
    neither = float(np.prod([1.0 - left[piece] * right[piece] for piece in values]))
    return {
        "share_value": 1.0 - neither,
        "share_values": sum(min(left[piece], right[piece]) for piece in values),
        "share_intents": sum(min(left[piece], right[piece]) for piece in both if not piece[1]),
    }
