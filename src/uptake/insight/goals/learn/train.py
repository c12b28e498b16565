"""Train the models of goal boundaries and goal success, from sessions with some known targets.

Source: Wang et al., "Joint Goal Segmentation and Goal Success Prediction on Multi-Domain Conversations", COLING 2022,
pp. 505-509: segment first, then pool over each segment. Differs: features and trees instead of a shared encoder; the
two heads share features, not weights. Limit: a model of success learns the meaning of its targets; a user's kindness
and a crowd worker's verdict differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig, NotReady
from uptake.insight.dialogues.targets import Targets
from uptake.insight.goals.artifact import GoalLabels, Line
from uptake.insight.goals.features import ALONE, Material, averaged, boundary_table, turns_of, unit_table
from uptake.insight.goals.learn.heads import Head, HeadLabels, fit_head, fit_line, packed
from uptake.insight.goals.turn_features import SIGNALS
from uptake.insight.goals.unit_features import Unit, commonest
from uptake.types import Session

__all__ = ["LEAST", "Trained", "TrainingSet", "train", "training_set"]

LEAST = 20
"""Fewest examples of each answer that a head is trained on."""
_FOREST: Mapping[str, Any] = {"num_leaves": 10, "extra_trees": True}

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingSet:
    """Feature rows of sessions, with their targets."""

    material: Material
    boundary: Floats
    """(turns,) 1 where a goal begins, 0 where none does, NaN where nobody knows."""
    units: tuple[Unit, ...]
    failed: Floats
    """(units,) 1 where the goal was not reached, NaN where nobody knows."""
    ratings: Floats
    """(units,) how content the user was, in [0, 1]; NaN where nobody knows."""
    weights: Floats
    """(turns,) how much each counts."""
    people: tuple[str, ...]
    """(sessions,) who must stay on one side of every split."""

    @property
    def people_of_turns(self) -> list[str]:
        """(turns,) whose each is."""
        return np.repeat(np.array(self.people, dtype=object), self.material.sizes).tolist()

    @property
    def people_of_units(self) -> list[str]:
        """(units,) whose each is."""
        return [self.people[unit.session] for unit in self.units]

    def of_sessions(self, chosen: Sequence[int]) -> TrainingSet:
        """Select the labels of some of the sessions."""
        places = {at: number for number, at in enumerate(chosen)}
        kept = [at for at, unit in enumerate(self.units) if unit.session in places]
        units = tuple(self.units[at]._replace(session=places[self.units[at].session]) for at in kept)
        order = sorted(range(len(kept)), key=lambda at: units[at])
        starts, sizes = self.material.starts, self.material.sizes
        turns = np.concatenate([[], *(np.arange(starts[at], starts[at] + sizes[at]) for at in chosen)]).astype(np.int64)
        rows = np.array([kept[at] for at in order], dtype=np.int64)
        return TrainingSet(
            material=self.material.of_sessions(chosen),
            boundary=self.boundary[turns],
            units=tuple(units[at] for at in order),
            failed=self.failed[rows],
            ratings=self.ratings[rows],
            weights=self.weights[turns],
            people=tuple(self.people[at] for at in chosen),
        )


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Artifact, with its out-of-fold predictions."""

    model: GoalLabels
    boundary: Floats | None
    """(turns,) probability out of fold that a goal begins; None if nothing was known."""
    success: Floats | None
    """(units,) probability out of fold that the goal was reached; None if nothing was known."""
    rating: Floats | None
    """(units,) how content the user is, in (0, 1), out of fold; None if nothing was known."""


def training_set(
    material: Material,
    targets: Sequence[Targets],
    *,
    whole: bool = False,
    ratings: Sequence[float | None] | None = None,
) -> TrainingSet:
    """Line targets up with turns and with units.

    Args:
        material: The sessions.
        targets: What is known of each.
        whole: Whether success speaks of whole sessions, not of the goals within them.
        ratings: How content the user of each session was, in [0, 1]; only for whole sessions.

    Raises:
        BadConfig: Targets or ratings do not fit the sessions.
    """
    sessions = material.sessions
    if len(targets) != len(sessions) or (ratings is not None and (len(ratings) != len(sessions) or not whole)):
        raise BadConfig("there must be one entry of targets, and of ratings if whole, for each session")
    units, failed = _units(sessions, targets, whole=whole)
    rated = [np.nan if one is None else float(one) for one in ratings or [None] * len(units)]
    users = [session.turns[0].user_id for session in sessions]
    return TrainingSet(
        material=material,
        boundary=_column(sessions, [told.boundary for told in targets]),
        units=tuple(units),
        failed=failed,
        ratings=np.array(rated, dtype=np.float64),
        weights=np.nan_to_num(_column(sessions, [told.weights for told in targets]), nan=1.0),
        people=tuple(users) if len(set(users)) > 1 else tuple(str(at) for at in range(len(sessions))),
    )


def _units(sessions: Sequence[Session], targets: Sequence[Targets], *, whole: bool) -> tuple[list[Unit], Floats]:
    """Return the units, and whether each failed."""
    units: list[Unit] = []
    failed: list[float] = []
    for number, (session, told) in enumerate(zip(sessions, targets, strict=True)):
        size = len(session.turns)
        if any(one and len(one) != size for one in (told.boundary, told.success, told.weights)):
            raise BadConfig("targets of a session must have one entry for each of its turns")
        begins = [0] if whole else [at for at in range(size) if at == 0 or (told.boundary and told.boundary[at])]
        for begin, end in zip(begins, [*begins[1:], size], strict=True):
            units.append(Unit(number, begin, end))
            failed.append(_failed(told.success[begin:end]))
    return units, np.array(failed, dtype=np.float64)


def _failed(success: Sequence[bool | None]) -> float:
    """Return 1 where most known turns say "not reached"; NaN where nothing is known, or as much on both sides."""
    told = [one for one in success if one is not None]
    share = 1.0 - sum(told) / len(told) if told else 0.5
    return np.nan if share == 0.5 else float(share > 0.5)


def _column(sessions: Sequence[Any], told: Sequence[Sequence[Any]]) -> Floats:
    values = [
        [np.nan if one is None else float(one) for one in given] if given else [np.nan] * len(session.turns)
        for session, given in zip(sessions, told, strict=True)
    ]
    return np.array([value for one in values for value in one], dtype=np.float64)


def train(given: TrainingSet, *, context: bool = True, seed: int = 0) -> Trained:
    """Fit a head for whatever is known: boundary, success, rating.

    Args:
        given: Sessions and what is known of them.
        context: Whether neighbours may be looked at; without, every turn is judged alone (the simple baseline).
        seed: Of folds and forests.

    Raises:
        NotReady: Nothing is known, or there are too few examples of an answer; the message says how many it needs.
        MissingExtra: LightGBM is not installed.
    """
    lines, heads = dict[str, Line](), dict[str, Head]()
    names = commonest(given.material.sessions) if context else ()
    inner = (given.material.places > 0) & ~np.isnan(given.boundary)
    if inner.any():
        targets = _checked("boundary", given.boundary, inner, given.people_of_turns, weights=given.weights, seed=seed)
        table, found = _boundary_rows(given.material, targets, context=context)
        lines |= found
        heads["boundary"] = fit_head(table, targets)
    for head, labels in (("failed", given.failed), ("rating", given.ratings)):
        known = ~np.isnan(labels)
        if not known.any():
            continue
        targets = _checked(head, labels, known, given.people_of_units, weights=np.ones(len(labels)), seed=seed)
        table, found, targets = _unit_rows(given, targets, names, context=context, head=head)
        lines |= found
        heads[head] = fit_head(table, targets, rounds=150, options=_FOREST)
    if not heads:
        raise NotReady("nothing is known of any turn; goal labels need targets for boundaries or for success")
    model = packed(lines, heads, {"names": list(names), "context": context})
    held = {
        head: fitted.held_out if context or head == "boundary" else averaged(given.units, fitted.held_out)
        for head, fitted in heads.items()
    }
    return Trained(
        model=model,
        boundary=held.get("boundary"),
        success=1.0 - held["failed"] if "failed" in held else None,
        rating=held.get("rating"),
    )


def _checked(
    head: str, labels: Floats, known: NDArray[np.bool_], people: Sequence[str], *, weights: Floats, seed: int
) -> HeadLabels:
    if head != "rating":
        for answer in (1.0, 0.0):
            count = int((labels[known] == answer).sum())
            if count < LEAST:
                raise NotReady(
                    f'{head}: at least {LEAST} examples whose answer is "{"yes" if answer else "no"}" are needed, '
                    f"there are {count}"
                )
    elif int(known.sum()) < 2 * LEAST:
        raise NotReady(f"rating: at least {2 * LEAST} rated sessions are needed, there are {int(known.sum())}")
    if len(set(people)) < 2:
        raise NotReady("at least two sessions are needed, better of two people")
    return HeadLabels(labels=np.nan_to_num(labels), known=known, people=people, weights=weights, seed=seed)


def _boundary_rows(material: Material, targets: HeadLabels, *, context: bool) -> tuple[Floats, dict[str, Line]]:
    alone, alone_scores = fit_line(material.words_alone(), targets)
    if not context:
        return boundary_table(material, alone_scores, None), {"alone": alone}
    around, around_scores = fit_line(material.words_around(), targets)
    return boundary_table(material, alone_scores, around_scores), {"alone": alone, "around": around}


def _unit_rows(
    given: TrainingSet, targets: HeadLabels, names: Sequence[str], *, context: bool, head: str
) -> tuple[Floats, dict[str, Line], HeadLabels]:
    """Build the rows of the forest over units. Without context the rows are turns, each with its unit's label."""
    rows, unit = turns_of(given.material, given.units)
    per_turn = HeadLabels(
        labels=targets.labels[unit],
        known=targets.known[unit],
        people=[targets.people[at] for at in unit.tolist()],
        weights=np.ones(len(unit)),
        seed=targets.seed,
    )
    words = given.material.words_of_turns(rows)
    alone, alone_scores = fit_line(words, per_turn)
    lines = {f"{head}-alone": alone}
    if not context:
        table = np.column_stack([alone_scores, given.material.numbers[rows][:, -len(SIGNALS) :][:, ALONE]])
        return table, lines, per_turn
    whole, whole_scores = fit_line(given.material.words_of(given.units), targets)
    lines[f"{head}-whole"] = whole
    return unit_table(given.material, given.units, names, whole_scores, alone_scores), lines, targets
