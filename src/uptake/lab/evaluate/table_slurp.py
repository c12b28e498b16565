"""Evaluate rewrites learned on one half of SLURP's recordings on the other half, beside plain similarity.

The errors are a real recogniser's; the order of the recordings is assembled (`slurp_replay`). Speakers repeat a
sentence that others have read, as people in homes repeat requests; `new_sentences.*` is for sentences that nobody has
said before, which no rewriter of whole requests can repair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.lab import corpora
from uptake.lab.evaluate import slurp_replay as replay
from uptake.lab.evaluate.table import ONE_USER, RewriteOutcomes, score, solved
from uptake.ml.folds import grouped_folds
from uptake.rewriting.guard import Guard
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.table.step import ExactRewrite
from uptake.text.distance import edit_similarities
from uptake.text.normalize import normalize
from uptake.types import Decision, Request, Situation, Turn

if TYPE_CHECKING:
    from uptake.protocols import Preflight, Step

__all__ = ["slurp"]

BASELINE_SIMILARITY = 0.8
"""Edit similarity from which the baseline replaces a request by the nearest one that worked."""
LOSS_WEIGHT = 10.0
"""Wins that one loss costs where thresholds are chosen."""
_MIN, _SURE, _CHANGED = (0.7, 0.75, 0.78, 0.8), (0.8, 0.82, 0.85, 0.88), (0.2, 0.35, 0.5)


def slurp(*, data: Path, seed: int = 0) -> dict[str, Any]:
    """Learn from one half of SLURP's recordings, judge on the other, then the other way round.

    Both microphones of an utterance lie in one half. The thresholds of the near step are chosen on other sentences than
    they are judged on (5 folds; sentences that are nearly the same lie in one), where a loss weighs as much as
    `LOSS_WEIGHT` wins; intervals draw such groups of sentences again.

    Args:
        data: Root that holds the folder slurp_asr.
        seed: Of the folds and the bootstrap.

    Returns:
        Flat figures: `rewrite.*` (exact table, then the nearest known request), `exact.*` and `near.*` (each alone),
        `baseline.*` (nearest known request from an edit similarity of 0.8, under the same guard),
        `baseline_unguarded.*`, `shipped.*` (`rewrite.*` with the thresholds that are served, which were chosen on these
        sentences), `*.asked_right` and `*.asked_wrong` (misread requests that the guard asks about first), sizes; and
        the same two for easier and harder halves: `by_file.*` (microphones of one utterance may be in both) and
        `new_sentences.*` (no sentence, nor one nearly the same, is in both).
    """
    turns = [
        turn
        for record in corpora.records("slurp", data)
        for turn in corpora.CORPORA["slurp"].turns(record)
        if turn.request
    ]
    groups = replay.near_sentences(turns)
    ways = {
        "": lambda turn: replay.utterance(turn.turn_id),
        "by_file.": lambda turn: turn.turn_id,
        "new_sentences.": lambda turn: groups[replay.sentence(turn)],
    }
    figures: dict[str, Any] = {}
    for way, by in ways.items():
        halves = replay.split(turns, by=by)
        cases = [case for learn, judge in (halves, halves[::-1]) for case in _cases(learn, judge, groups)]
        figures |= _sizes(halves, cases) if not way else {}
        for name, found in _compared(cases, seed=seed).items():
            if not way or name in ("rewrite", "baseline"):
                figures |= {f"{way}{name}.{key}": value for key, value in found.items()}
    return figures


class _Case(NamedTuple):
    """Test recording, with the result of each way to rewrite."""

    group: str
    """Its sentence and those that are nearly the same."""
    before: bool
    """Whether it is read rightly as it was heard."""
    after: dict[str, bool | None]
    """By way to rewrite: whether what would be acted on is read rightly; None where nothing is."""
    asked: dict[str, bool]
    """By way to rewrite that asks first: whether what it asks about is read rightly."""
    similarity: float
    """Of the nearest known request."""
    changed: float
    """Of what differs from it."""


def _cases(learn: Sequence[Turn], judge: Sequence[Turn], groups: Mapping[str, str]) -> Iterator[_Case]:
    """Apply the rewriters learned from one half to the other.

    Nobody is named in this corpus and a misheard text rarely recurs, so one reader's evidence counts here and
    the bounds on confidence do not. A product should not do that: see the capability page.
    """
    from uptake.rewriting.retrieval.learn import RetrieveLearner
    from uptake.rewriting.table.learn.markov import MarkovRewriter

    logged = [turn for session in replay.assembled(learn) for turn in session]
    table = solved(MarkovRewriter(**ONE_USER), logged)
    index: RequestIndex = solved(RetrieveLearner(min_users=1, min_success=0.2, own_most=0), logged)
    readings = {normalize(turn.request): replay.frame(turn.interpretation) for turn in learn}
    works = [known.text for known in index.rows() if known.leads_to is None]
    nearest = _nearest([normalize(turn.request) for turn in judge], works)
    near = NearRewrite(index, min_similarity=min(_MIN), sure_similarity=min(_MIN))
    pipelines = {"exact": _guarded(ExactRewrite(table)), "near": _guarded(near)}
    for turn, similar in zip(judge, nearest, strict=True):
        meant = replay.frame(turn.truth.interpretation if turn.truth else None)
        after: dict[str, bool | None] = {}
        asked = {}
        pipelines["baseline"] = _guarded(_Always(similar))
        after["baseline_unguarded"] = None if similar is None else readings.get(similar) == meant
        for name, pipeline in pipelines.items():
            decision = pipeline.decide(Request(text=turn.request, user_id=turn.user_id)).decision
            right = decision is not None and readings.get(decision.acted_on) == meant
            after[name] = None if decision is None or decision.must_confirm else right
            if decision is not None and decision.must_confirm:
                asked[name] = right
        found = near.nearest(normalize(turn.request))
        likeness = (0.0, 0.0) if found is None else (found.similarity, found.changed)
        yield _Case(groups[replay.sentence(turn)], replay.read_rightly(turn), after, asked, *likeness)


@dataclass(frozen=True, slots=True)
class _Always:
    """Step that proposes one text."""

    text: str | None
    name: ClassVar[str] = "always"

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:  # noqa: ARG002
        if self.text is None:
            return None
        return Decision(
            step=self.name, acted_on=self.text, rewrite_id="", artifact_version=None, layer="global", reason=""
        )


def _guarded(*steps: Step) -> Pipeline:
    return Pipeline(*steps, guard=Guard(budget_share=1.0))


def _nearest(texts: Sequence[str], works: Sequence[str]) -> list[str | None]:
    """Baseline: of the requests that the log says work, the nearest by edit similarity, if near enough."""
    if not works:
        return [None] * len(texts)
    alike = edit_similarities(texts, works)
    best = alike.argmax(axis=1)
    found = [(works[at], float(alike[row, at])) for row, at in enumerate(best)]
    return [
        near if near != text and likeness >= BASELINE_SIMILARITY else None
        for text, (near, likeness) in zip(texts, found, strict=True)
    ]


def _compared(cases: Sequence[_Case], *, seed: int) -> dict[str, dict[str, float]]:
    """Figures by way to rewrite."""
    served = NearRewrite(RequestIndex.of([]))
    shipped = _kept(cases, (served.min_similarity, served.sure_similarity, served.min_changed))
    chosen, always = _chosen(cases, seed=seed), np.ones(len(cases), dtype=np.bool_)
    ways = {
        "rewrite": (("exact", "near"), chosen),
        "exact": (("exact",), always),
        "near": (("near",), chosen),
        "baseline": (("baseline",), always),
        "baseline_unguarded": (("baseline_unguarded",), always),
        "shipped": (("exact", "near"), shipped),
    }
    figures = {}
    for name, (steps, kept) in ways.items():
        acted = [_acted(case, steps, one) for case, one in zip(cases, kept.tolist(), strict=True)]
        left = [case for case, one, done in zip(cases, kept, acted, strict=True) if one and done is None]
        told = [case.asked.get(steps[-1]) for case in left if not case.before]
        figures[name] = score(_outcomes(cases, acted), seed=seed)
        figures[name] |= {"asked_right": told.count(True), "asked_wrong": told.count(False)}
    return figures


def _acted(case: _Case, steps: Sequence[str], kept: bool) -> bool | None:
    """Tell whether what the first step acts on that acts is read rightly; None where none does.

    Args:
        case: The recording.
        steps: In order; all but the table's act only where `kept`.
        kept: Whether the thresholds let the nearest request pass.
    """
    return next(
        (case.after[step] for step in steps if case.after[step] is not None and (kept or step == "exact")), None
    )


def _outcomes(cases: Sequence[_Case], acted: Sequence[bool | None]) -> RewriteOutcomes:
    return RewriteOutcomes(
        group=[case.group for case in cases],
        right_before=[case.before for case in cases],
        right_after=[case.before if right is None else right for case, right in zip(cases, acted, strict=True)],
        triggered=[right is not None for right in acted],
    )


def _chosen(cases: Sequence[_Case], *, seed: int) -> NDArray[np.bool_]:
    """(cases,) whether the near step acts, with thresholds chosen on the sentences of the other folds."""
    grid = [_kept(cases, limits) for limits in product(_MIN, _SURE, _CHANGED)]
    right = np.array([_acted(case, ("exact", "near"), True) is True for case in cases])
    exact = np.array([case.after["exact"] is not None for case in cases])
    before = np.array([case.before for case in cases])
    acts = np.array([case.after["near"] is not None for case in cases]) & ~exact
    gain = np.where(before, np.where(right, 0.0, -LOSS_WEIGHT), np.where(right, 1.0, 0.0)) * acts
    found = np.zeros(len(cases), dtype=np.bool_)
    for others, held in grouped_folds([case.group for case in cases], seed=seed):
        best = max(grid, key=lambda kept: float((gain[others] * kept[others]).sum()))
        found[held] = best[held]
    return found


def _kept(cases: Sequence[_Case], limits: tuple[float, float, float]) -> NDArray[np.bool_]:
    least, sure, changed = limits
    return np.array([c.similarity >= least and (c.similarity >= sure or c.changed >= changed) for c in cases])


def _sizes(halves: tuple[list[Turn], list[Turn]], cases: Sequence[_Case]) -> dict[str, int]:
    return {
        "recordings_first_half": len(halves[0]),
        "recordings_second_half": len(halves[1]),
        "recordings_judged": len(cases),
        "sentence_groups": len({case.group for case in cases}),
        "defects": sum(not case.before for case in cases),
    }
