"""Make training examples of repairs: turns as heard, the turns after them, and labels if there are any.

Fitted stages are applied out of fold by user, so that the inputs of a later stage look as they will for new users.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from uptake.ml.folds import grouped_folds
from uptake.rewriting.repair.act_candidates import TurnEvidence, again
from uptake.rewriting.repair.counts import GistModel, Names, Ties
from uptake.rewriting.repair.learn.act_scores import fit_act_scores
from uptake.rewriting.repair.turn import Conventions, Meaning, TurnView, hear, meaning_of, spoken
from uptake.rewriting.repair.values import Values
from uptake.types import Interpretation, Session, Transcript

__all__ = ["SAID_AGAIN", "CrossFit", "Material", "believed", "cross_fit"]

SAID_AGAIN = 0.45
"""Similarity to the next turn from which it speaks against a turn's reading."""
_SURE = 0.4  # probability of a reading from which a log's own reading is believed
_SURE_NOTHING = 0.3

Ints = NDArray[np.int64]
Texts = tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Turns of whole sessions."""

    conventions: Conventions
    turns: tuple[TurnView, ...]
    users: tuple[str, ...]
    sessions: tuple[str, ...]
    following: Ints
    """(n,) int64 position of the next turn of the session; -1 after the last."""
    second: tuple[Texts | None, ...]
    """N-best lists of a second recogniser, used in training only; None where unknown."""
    meant: tuple[Meaning | None, ...]
    """Meanings that annotators gave; None where nobody was asked."""

    @classmethod
    def of(
        cls,
        sessions: Sequence[Session],
        conventions: Conventions,
        *,
        second: Mapping[str, Sequence[Transcript]] | None = None,
        meant: Mapping[str, Interpretation] | None = None,
    ) -> Self:
        """Build the material from sessions, with labels by `turn_id`."""
        turns = [turn for session in sessions for turn in session.turns]
        heard = [one for session in sessions for one in hear(session.turns, conventions)]
        following = [
            at + 1 if at + 1 < len(heard) and heard[at + 1].before is one else -1 for at, one in enumerate(heard)
        ]
        lists = [(second or {}).get(turn.turn_id) for turn in turns]
        labels = [(meant or {}).get(turn.turn_id) for turn in turns]
        return cls(
            conventions=conventions,
            turns=tuple(heard),
            users=tuple(turn.user_id for turn in turns),
            sessions=tuple(session.session_id for session in sessions for _ in session.turns),
            following=np.array(following, dtype=np.int64),
            second=tuple(spoken(one) if one else None for one in lists),
            meant=tuple(
                None if label is None else conventions.resolved(meaning_of(label), one.asked)
                for label, one in zip(labels, heard, strict=True)
            ),
        )

    def __len__(self) -> int:
        return len(self.turns)

    @property
    def said_again(self) -> NDArray[np.float64]:
        """(n,) how much the next turn says each turn again, in [0, 1]; 0 after the last."""
        return np.array(
            [again(one, self.turns[at]) if at >= 0 else 0.0 for one, at in zip(self.turns, self.following, strict=True)]
        )


def believed(material: Material) -> NDArray[np.bool_]:
    """Return (n,) whether the log's own reading of a turn is worth learning from.

    An empty reading of a turn with words is a missing label, not the label "nothing"; a reading that was said again is
    not believed either.
    """
    found = []
    for turn, repeated in zip(material.turns, material.said_again.tolist(), strict=True):
        if turn.served:
            found.append(1.0 - turn.doubt > _SURE and repeated < SAID_AGAIN)
        else:
            found.append(not turn.top or (turn.courteous and 1.0 - turn.doubt > _SURE_NOTHING))
    return np.array(found, dtype=bool)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """Stages fitted without some turns."""

    outside: Ints
    values: Values
    gist_model: GistModel


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossFit:
    """Predictions of the gist models: out of fold for turns of the log, by models of the whole log for others."""

    material: Material
    names: Names
    values: Values
    gist_model: GistModel
    parts: tuple[_Part, ...]

    def out_of_fold(self) -> list[TurnEvidence]:
        """Return every turn of the log through a gist model that never saw its user."""
        found: dict[int, TurnEvidence] = {}
        for part in self.parts:
            for at in part.outside.tolist():
                found[at] = self._seen(at, part.values, (part.gist_model,))
        return [found[at] for at in range(len(self.material))]

    def labelled(self, at: Ints) -> tuple[list[TurnEvidence], GistModel]:
        """Return turns whose meaning is known, through a second model of their own too, out of fold; and that model."""
        chosen = set(at.tolist())
        seen: dict[int, TurnEvidence] = {}
        for part in self.parts:
            outside = [one for one in part.outside.tolist() if one in chosen]
            gist_model = self._taught(np.setdiff1d(at, part.outside), part.values)
            seen.update({one: self._seen(one, part.values, (part.gist_model, gist_model)) for one in outside})
        return [seen[one] for one in at.tolist()], self._taught(at, self.values)

    def _taught(self, at: Ints, values: Values) -> GistModel:
        turns = [self.material.turns[one] for one in at]
        meant = [self.material.meant[one] or frozenset() for one in at]
        return GistModel(name="told", gists=fit_act_scores(turns, meant, values), ties=Ties.of(turns, meant, values))

    def _seen(self, at: int, values: Values, gist_models: tuple[GistModel, ...]) -> TurnEvidence:
        return TurnEvidence(heard=self.material.turns[at], values=values, gist_models=gist_models, names=self.names)


def cross_fit(material: Material, *, seed: int = 0) -> CrossFit:
    """Learn from a log's own readings what words and prompts speak for.

    Raises:
        NotReady: There are fewer than two users.
    """
    trusted = believed(material)
    parts = []
    for inside, outside in grouped_folds(material.users, seed=seed):
        values, gist_model = _fit(material, inside, trusted)
        parts.append(_Part(outside=outside, values=values, gist_model=gist_model))
    values, gist_model = _fit(material, np.arange(len(material)), trusted)
    return CrossFit(
        material=material, names=Names.of(material.turns), values=values, gist_model=gist_model, parts=tuple(parts)
    )


def _fit(material: Material, at: Ints, trusted: NDArray[np.bool_]) -> tuple[Values, GistModel]:
    values = Values.of([material.turns[one] for one in at])
    turns = [material.turns[one] for one in at if trusted[one]]
    served = [turn.served for turn in turns]
    return values, GistModel(
        name="log", gists=fit_act_scores(turns, served, values), ties=Ties.of(turns, served, values)
    )
