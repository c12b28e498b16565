"""Calls of DSTC2 as training data for repairs, and the outcome of a repair for each turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.corpora import CORPORA, records
from uptake.lab.corpora.dstc2 import COURTESY_ACTS, second_hearing
from uptake.lab.corpora.judged_calls import CallSet, sessions_of
from uptake.rewriting.repair.artifact import RepairModel
from uptake.rewriting.repair.learn.examples import Material
from uptake.rewriting.repair.learn.threshold import Goal, JudgedMeanings, choose
from uptake.rewriting.repair.turn import Conventions, Meaning, TurnView
from uptake.types import Transcript, Turn

__all__ = ["CONVENTIONS", "LOSS", "NEUTRAL", "NONE", "WIN", "Calls", "OwnText", "load", "outcomes"]

CONVENTIONS = Conventions(
    courtesy=tuple(sorted(COURTESY_ACTS)), placeholder="this", asking=("request", "expl-conf", "select")
)
"""Conventions by which this corpus writes meanings down; with them a served meaning is wrong exactly where
`uptake.lab.corpora.dstc2.misunderstood` says so."""

NONE, WIN, LOSS, NEUTRAL = range(4)
"""Left alone; wrong, then right; right, then wrong; wrong, then wrong otherwise."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Calls(CallSet):
    """Calls with a second recogniser's lists and human labels."""

    second: Mapping[str, Sequence[Transcript]]

    @property
    def names(self) -> set[str]:
        """Return the names of all calls."""
        return {session.session_id for session in self.sessions}

    def without(self, calls: set[str]) -> Calls:
        """Select all calls but some."""
        return replace(self, sessions=tuple(one for one in self.sessions if one.session_id not in calls))

    def material(self) -> Material:
        """Return the calls as material, with people's labels."""
        meant = {
            turn.turn_id: turn.truth.interpretation
            for turn in self.turns
            if turn.truth is not None and turn.truth.interpretation is not None
        }
        return Material.of(self.sessions, CONVENTIONS, second=self.second, meant=meant)


def load(root: Path) -> Calls:
    """Read the calls below a root with one folder a corpus; a call that occurs twice counts once.

    Raises:
        NotReady: There are no calls.
        BadRecord: A record is malformed.
    """
    turns: list[Turn] = []
    second: dict[str, Sequence[Transcript]] = {}
    for record in records("dstc2", root):
        turns += CORPORA["dstc2"].turns(record)
        second |= second_hearing(record)
    sessions = sessions_of(turns)
    if not sessions:
        raise NotReady(f"{root}: holds no calls with turns")
    return Calls(sessions=sessions, second=second)


def outcomes(model: RepairModel, judged: Material) -> Codes:
    """Return the effect of the model's proposal on each turn; every turn counts, whether or not it meant anything."""
    proposals = [model.proposed(chances) for chances in model.chances(judged.turns)]
    return np.array(
        [
            NONE if proposal is None else _outcome(turn, proposal.meaning, meant)
            for turn, proposal, meant in zip(judged.turns, proposals, judged.meant, strict=True)
        ],
        dtype=np.int64,
    )


def _outcome(turn: TurnView, proposed: Meaning, meant: Meaning | None) -> int:
    if proposed == turn.served:
        return NONE
    if turn.served == meant:
        return LOSS
    return WIN if proposed == meant else NEUTRAL


@dataclass(frozen=True, kw_only=True, eq=False)
class OwnText:
    """Baseline: the meaning that people mostly gave to the same best text in training calls."""

    majority: Mapping[str, tuple[Meaning, int, int]]
    """Text -> (commonest meaning, times, times of all meanings)."""
    least: float
    """Share of the majority, drawn towards 0 by one turn, from which it is proposed."""

    @classmethod
    def of(cls, material: Material, goal: Goal) -> OwnText:
        """Count training calls; the threshold is chosen with each turn's own vote left out."""
        counts = _counts(material)
        judged = []
        for turn, meant in zip(material.turns, material.meant, strict=True):
            others = counts[turn.top] - Counter([meant or frozenset()])
            found = _commonest(others)
            if found is not None and found[0] != turn.served:
                truth = [float(turn.served == meant), float(found[0] == meant)]
                share = np.array([0.0, _share(found)])
                judged.append(
                    JudgedMeanings(meanings=(turn.served, found[0]), probabilities=share, right=np.array(truth))
                )
        rule = choose(judged, goal)
        # With nothing known of the served meaning, the worth is share - neutral (1 - share).
        least = (rule.least + rule.neutral) / (1.0 + rule.neutral)
        majority = {text: found for text, some in counts.items() if (found := _commonest(some)) is not None}
        return cls(majority=majority, least=least)

    def outcomes(self, judged: Material) -> Codes:
        """Return the effect of the system on each turn."""
        found = []
        for turn, meant in zip(judged.turns, judged.meant, strict=True):
            known = self.majority.get(turn.top)
            proposes = known is not None and _share(known) >= self.least
            found.append(_outcome(turn, known[0], meant) if known is not None and proposes else NONE)
        return np.array(found, dtype=np.int64)


def _counts(material: Material) -> dict[str, Counter[Meaning]]:
    counts: dict[str, Counter[Meaning]] = {}
    for turn, meant in zip(material.turns, material.meant, strict=True):
        counts.setdefault(turn.top, Counter())[meant or frozenset()] += 1
    return counts


def _commonest(counts: Counter[Meaning]) -> tuple[Meaning, int, int] | None:
    if sum(counts.values()) < 2:
        return None
    meaning, times = min(counts.items(), key=lambda one: (-one[1], sorted(one[0])))
    return meaning, times, sum(counts.values())


def _share(found: tuple[Meaning, int, int]) -> float:
    return found[1] / (found[2] + 1.0)
