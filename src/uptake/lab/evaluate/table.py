"""Evaluate rewrites: wins and losses on real recogniser errors, and on calls that need no rewrite.

A *win* is a misinterpreted request that is right after the rewrite, a *loss* one that was right and no longer is; every
other rewrite is *neutral*, and *still wrong* if wrong before and after. `defects_fixed` is wins over all misinterpreted
requests, triggered or not. The interpretation of a rewritten text is looked up among those in the corpus.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from uptake.lab import corpora
from uptake.lab.corpora.dstc2 import asked, misunderstood, parse_action
from uptake.lab.corpora.judged_calls import load
from uptake.lab.evaluate.harness import apart, bounded
from uptake.lab.evaluate.reactions import weights_without
from uptake.rewriting.guard import Guard
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.table.step import ExactRewrite
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Request, Turn

if TYPE_CHECKING:
    from uptake.feedback.weights import Weights
    from uptake.protocols import Learner

__all__ = [
    "ONE_USER",
    "RewriteOutcomes",
    "calls",
    "dstc2",
    "joined",
    "judged_calls",
    "majority",
    "score",
    "served",
    "solved",
]

ONE_USER: Mapping[str, Any] = {
    "min_users": 1,
    "min_gain": -1.0,
    "min_share": 0.1,
    "max_success": 1.0,
    "max_works": 1.0,
    "min_agreement": 0.0,
    "contrary_users": 1,
    "max_moves": 10,
}
"""Options that leave a learner hardly a reason to abstain: one user's evidence counts, bounds do not."""

Rewriter = Callable[[Turn], str | None]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteOutcomes:
    """Outcomes of a rewriter on recordings or calls."""

    group: list[str]
    """What is drawn again in the bootstrap: a user, or a sentence where users are unknown."""
    right_before: list[bool]
    right_after: list[bool]
    triggered: list[bool]


def solved(learner: Learner, turns: Sequence[Turn], *, weights: Weights | None = None) -> Any:
    """Turns -> turns marked by these scorers (default: shipped) -> statistics -> artifact, in memory."""
    import pyarrow as pa

    from uptake.engine.local import EngineStatistics, LocalEngine
    from uptake.feedback.turns_view import mark
    from uptake.log.rows import to_table

    session = pa.array([turn.session_id for turn in turns], type=pa.string())
    engine = LocalEngine()
    marked = mark(to_table(turns).append_column("session", session), weights=weights)
    return learner.solve(EngineStatistics(engine, engine.table(learner.statistics, turns=marked)))


def served(*steps: Any) -> Rewriter:
    """Return the steps with the guard, as served; rewrites that need a confirmation are not acted on here."""
    pipeline = Pipeline(*steps, guard=Guard(budget_share=1.0))

    def rewriter(turn: Turn) -> str | None:
        decision = pipeline.decide(Request(text=turn.request, user_id=turn.user_id)).decision
        return None if decision is None or decision.must_confirm else decision.acted_on

    return rewriter


def score(outcomes: RewriteOutcomes, *, seed: int = 0) -> dict[str, float]:
    """Wins, losses, their ratio and the share of defects fixed, with 95 % intervals by group bootstrap.

    `neutral` is what was rewritten and changed nothing; the part of it that was wrong and stays wrong is `still_wrong`.
    A ratio without a loss is counted against half a loss, so that it stays a number.
    """
    before, after = np.array(outcomes.right_before, dtype=bool), np.array(outcomes.right_after, dtype=bool)
    wins, losses = ~before & after, before & ~after

    def ratio(rows: Ints) -> float:
        return float(wins[rows].sum() / max(losses[rows].sum(), 0.5))

    def fixed(rows: Ints) -> float:
        return float(wins[rows].sum() / max((~before[rows]).sum(), 1))

    figures: dict[str, float] = {
        "wins": int(wins.sum()),
        "losses": int(losses.sum()),
        "neutral": int((np.array(outcomes.triggered, dtype=bool) & (before == after)).sum()),
        "still_wrong": int((np.array(outcomes.triggered, dtype=bool) & ~(before | after)).sum()),
    }
    for name, statistic in (("win_loss", ratio), ("defects_fixed", fixed)):
        figures |= bounded(name, statistic, outcomes.group, seed=seed)
    return figures


def dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Learn from the calls of one root and judge on those of another: the learner should see that it must abstain.

    The same words mean different things in different states of these dialogues ("yes", "north", "any"), and hardly
    a pair of texts recurs, so replacing text by text loses. `forced.*` shows what happens without the gates.
    What a rewritten text would be understood as is the majority of its live readings in the training calls. Where
    callers are in both roots, they are left out of the learning in turn (3 folds), and `held_out` is False. The
    scorers of reactions are fitted on the training calls of the same fold, so no judged caller taught them.

    Args:
        train: Root that holds calls to learn from.
        data: Root that holds the calls to be judged on.
        seed: Of the bootstrap.
    """
    learn, judge, annotated = list(calls(train)), list(calls(data)), load(train)
    callers, known = ({turn.user_id for turn, _ in side} for side in (judge, learn))
    shared = callers & known
    rounds = [
        _judged_round(
            [turn for turn, _ in learn if turn.user_id not in part],
            [call for call in judge if call[0].user_id in part],
            weights=weights_without(annotated, part, seed=seed),
        )
        for part in apart(known, callers, seed=seed)
    ]
    figures: dict[str, Any] = {
        "held_out": not shared,
        "shared_callers": len(shared),
        "turns_learned": len(learn),
        "turns_judged": len(judge),
        "callers_judged": len(callers),
        "defects": sum(misunderstood(turn, asked_slots=slots) for turn, slots in judge),
    }
    for name in ("rewrite", "forced"):
        figures[f"{name}.rows"] = sum(found[name][0] for found in rounds)
        together = joined([found[name][1] for found in rounds])
        figures |= {f"{name}.{key}": value for key, value in score(together, seed=seed).items()}
    return figures


def _judged_round(
    learn: Sequence[Turn], judge: Sequence[tuple[Turn, tuple[str, ...]]], *, weights: Weights
) -> dict[str, tuple[int, RewriteOutcomes]]:
    """Rows of the table and outcomes, for the learner as it is and for one without a reason to abstain."""
    from uptake.rewriting.table.learn.markov import MarkovRewriter

    readings = majority(learn)
    found = {}
    for name, learner in (("rewrite", MarkovRewriter()), ("forced", MarkovRewriter(**ONE_USER))):
        table = solved(learner, learn, weights=weights)
        found[name] = (len(table), judged_calls(judge, served(ExactRewrite(table)), readings))
    return found


def joined(parts: Sequence[RewriteOutcomes]) -> RewriteOutcomes:
    """Return the outcomes of several parts as one."""
    return RewriteOutcomes(
        **{name: [value for part in parts for value in getattr(part, name)] for name in RewriteOutcomes.__slots__}
    )


def calls(root: Path) -> Iterator[tuple[Turn, tuple[str, ...]]]:
    """Turns with the slots that the system had asked for just before."""
    for record in corpora.records("dstc2", root):
        slots: tuple[str, ...] = ()
        for turn in corpora.CORPORA["dstc2"].turns(record):
            yield turn, slots
            slots = asked(parse_action(turn.action))


def majority(turns: Iterable[Turn]) -> dict[str, Interpretation]:
    """Return the most frequent live reading of a text (the first by key among equals)."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    readings: dict[str, Interpretation] = {}
    for turn in turns:
        if turn.interpretation is not None:
            seen[normalize(turn.request)][turn.interpretation.key] += 1
            readings[turn.interpretation.key] = turn.interpretation
    return {text: readings[min(counts, key=lambda key: (-counts[key], key))] for text, counts in seen.items()}


def judged_calls(
    asked: Iterable[tuple[Turn, tuple[str, ...]]], rewriter: Rewriter, readings: Mapping[str, Interpretation]
) -> RewriteOutcomes:
    """Compare what calls mean before and after, turn by turn; each turn with the slots asked for before it."""
    found = RewriteOutcomes(group=[], right_before=[], right_after=[], triggered=[])
    for turn, slots in asked:
        rewrite = rewriter(turn)
        done = turn if rewrite is None else replace(turn, interpretation=readings.get(rewrite))
        found.group.append(turn.user_id)
        found.triggered.append(rewrite is not None)
        found.right_before.append(not misunderstood(turn, asked_slots=slots))
        found.right_after.append(not misunderstood(done, asked_slots=slots))
    return found
