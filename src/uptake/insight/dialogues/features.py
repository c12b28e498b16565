"""Features of turns and of turn pairs, with statistics of a training log: counts, and probabilities of slot values.

A stage is fitted on some people and applied to others, because its scores for people it was fitted on are too good to
train on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.pair_features import pair_row
from uptake.insight.dialogues.slot_posteriors import PieceModel, Pieces
from uptake.insight.dialogues.turn_features import aftermath_row, turn_row
from uptake.insight.dialogues.views import Item, TurnInSession
from uptake.ml.forest import Trees

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
_AGREEING = ("edit", "content", "rare_shared", "list_best", "list_shared_rate")
_HEARD = frozenset(
    "word_edit sound sound_content jaccard rare_jaccard rare_new rare_lost trigrams words_left words_right "
    "content_left content_right control_left control_right courtesy_right common_left common_right list_mean "
    "list_shared right_in_left left_in_right score_left score_right posterior_left posterior_right "
    "list_entropy_left list_entropy_right".split()
)
"""Features of a pair that come from what was heard alone."""


@dataclass(frozen=True, kw_only=True)
class StageRows:
    """Feature rows of all turns, and of each turn with the next one (None after the last of a session)."""

    turns: list[Row]
    after: list[Row]
    pairs: list[Row | None]
    beyond: list[list[Row]]
    """Pairs of each turn with the second turn after it, the third, ..."""


_Known = tuple[Mapping[TurnInSession, Pieces], Mapping[TurnInSession, Row], Mapping[TurnInSession, TurnInSession]]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Counts and slot-value probabilities that are learned before the scorers (None without interpretations)."""

    tables: Tables
    pieces: PieceModel | None

    @classmethod
    def fit(
        cls,
        seen: Sequence[TurnInSession],
        meant: Sequence[frozenset[Item]],
        *,
        fit: Callable[..., Trees],
        least_people: int = 1,
        seed: int,
    ) -> Stage:
        """Count the turns, and learn from what was meant in each which pieces are meant.

        Args:
            seen: The turns.
            meant: What was meant in each.
            fit: Fits rows to labels.
            least_people: What fewer people said is not remembered.
            seed: Of folds and trees.
        """
        tables = Tables.of(seen, least_people=least_people)
        if not any(view.masses for view in seen):
            return cls(tables=tables, pieces=None)
        pieces = PieceModel.fit(seen, meant, tables, fit=fit, seed=seed)
        return cls(tables=tables, pieces=pieces)

    def rows(
        self,
        seen: Sequence[TurnInSession],
        *,
        reach: int = 1,
        hindsight: bool = True,
        heard_again: Sequence[TurnInSession] | None = None,
    ) -> StageRows:
        """Return features of whole sessions.

        Args:
            seen: Their turns, or the last turns of one session.
            reach: How many turns on pairs reach.
            hindsight: Whether to look at what came after a turn; without, `after` is empty.
            heard_again: The same turns as a second recogniser heard them, where one did.
        """
        other = dict(zip(seen, heard_again, strict=True)) if heard_again else {}
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
            pairs.append(self._pair(view, following, (chances, of, other)))
            if not hindsight:
                continue
            told = _shared(chances[view], chances[following]) | _carried(of[following], "right")
            after[-1] |= {f"next_{name}": value for name, value in told.items()}
        beyond = [[self._pair(view, later, (chances, of, other)) for later in view.later[1:reach]] for view in seen]
        return StageRows(turns=turns, after=after, pairs=pairs, beyond=beyond)

    def _pair(self, view: TurnInSession, later: TurnInSession, known: _Known) -> Row:
        chances, of, other = known
        carried = _carried(of[view], "left") | _carried(of[later], "right")
        row = {**pair_row(view, later, self.tables), **_shared(chances[view], chances[later]), **carried}
        if other:
            row |= self._heard_again((view, later), (other[view], other[later]))
        return row

    def _heard_again(
        self, first: tuple[TurnInSession, TurnInSession], second: tuple[TurnInSession, TurnInSession]
    ) -> Row:
        """Compute features of a pair from a second recogniser, and how far the two recognisers agree."""
        (left, right), (left_again, right_again) = first, second
        found: Row = {}
        for name, (one, two) in {
            "again:": (left_again, right_again),
            "crossed:": (left, right_again),
            "recrossed:": (left_again, right),
            "agrees_left:": (left, left_again),
            "agrees_right:": (right, right_again),
        }.items():
            row = pair_row(one, two, self.tables)
            kept = row if name == "again:" else {key: row[key] for key in _AGREEING}
            found |= {name + key: value for key, value in kept.items() if key in _HEARD or key in _AGREEING}
        return found


def _carried(row: Row, side: str) -> Row:
    return {f"{side}:{name}": row[name] for name in _CARRIED if name in row}


def _understood(view: TurnInSession, chances: Pieces) -> Row:
    """Compute features of the reading that was acted on, from the probabilities of its pieces."""
    ordered = sorted(chances.items())
    taken = [chance for piece, chance in ordered if piece in view.meant]
    missed = [chance for piece, chance in ordered if piece not in view.meant]
    values = [chance for piece, chance in ordered if piece not in view.meant and piece[1]]
    right = math.prod(taken)
    return {
        "understood": right * math.prod(1.0 - chance for chance in missed),
        "taken_all": right,
        "taken_least": min(taken, default=np.nan),
        "missed_most": max(missed, default=0.0),
        "missed_sum": sum(missed),
        "missed_value": max(values, default=0.0),
        "meant_sum": sum(chance for _, chance in ordered),
    }


def _shared(left: Pieces, right: Pieces) -> Row:
    """Compute features of how likely two turns mean the same things."""
    both = sorted(set(left) & set(right))
    values = [piece for piece in both if piece[1]]
    neither = math.prod(1.0 - left[piece] * right[piece] for piece in values)
    return {
        "share_value": 1.0 - neither,
        "share_values": sum(min(left[piece], right[piece]) for piece in values),
        "share_intents": sum(min(left[piece], right[piece]) for piece in both if not piece[1]),
    }
