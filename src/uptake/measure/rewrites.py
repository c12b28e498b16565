"""How good are the rewrites? Wins and losses on real recogniser errors, and on calls where it must abstain.

A *win* is a misread request that is read rightly after the rewrite, a *loss* one that was read rightly and no longer
is; wrong before and after is *neutral*. `defects_fixed` is wins over all misread requests, triggered or not.
What a rewritten text would have been understood as is looked up among the readings that the corpus itself holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from uptake import corpora
from uptake.artifacts.rewrites import RewriteTable
from uptake.artifacts.sounds import SoundIndex
from uptake.corpora.dstc2 import asked, misunderstood, parse_action
from uptake.decide.guard import Guard
from uptake.decide.pipeline import Pipeline
from uptake.decide.rewrite import ExactRewrite
from uptake.decide.sound import SoundRewrite
from uptake.measure import replay
from uptake.measure.bootstrap import interval
from uptake.signals.folds import grouped_folds
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.types import Interpretation, Request, Turn

if TYPE_CHECKING:
    from uptake.protocols import Learner

__all__ = [
    "ONE_USER",
    "Judged",
    "calls",
    "dstc2",
    "joined",
    "judged",
    "judged_calls",
    "majority",
    "score",
    "served",
    "slurp",
    "solved",
]

BASELINE_SIMILARITY = 0.8
"""Edit similarity from which the baseline replaces a request by the nearest one that worked."""

ONE_USER: Mapping[str, Any] = {"min_users": 1, "min_gain": -1.0, "min_share": 0.1, "max_success": 1.0}
"""Options that leave a learner hardly a reason to abstain: one user's evidence counts, bounds do not."""

Rewriter = Callable[[Turn], str | None]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Outcomes of a rewriter on recordings or calls."""

    group: list[str]
    """What is drawn again in the bootstrap: a user, or a sentence where users are unknown."""
    right_before: list[bool]
    right_after: list[bool]
    triggered: list[bool]


def slurp(*, data: Path, seed: int = 0, **_ignored: Any) -> dict[str, Any]:
    """Learn from one half of SLURP's recordings, judge on the other.

    Args:
        data: Root that holds the folder slurp_asr.
        seed: Of the bootstrap.

    Returns:
        Flat figures: `rewrite.*` (exact lookup, then by sound), `exact.*`, `sound.*`, `same_key.*` (equal sound keys
        only), `baseline.*` (nearest request that worked, by edit similarity), `by_utterance.*` (as `rewrite.*`, but
        two microphones of one utterance never fall into different halves), and sizes.
    """
    turns = [
        turn
        for record in corpora.records("slurp", data)
        for turn in corpora.CORPORA["slurp"].turns(record)
        if turn.request
    ]
    figures = _slurp_half(*replay.split(turns), seed=seed)
    strict = _slurp_half(*replay.split(turns, by=replay.utterance), seed=seed)
    kept = ("rewrite.wins", "rewrite.losses", "rewrite.win_loss", "rewrite.defects_fixed")
    return figures | {name.replace("rewrite.", "by_utterance."): strict[name] for name in kept}


def _slurp_half(learn: Sequence[Turn], judge: Sequence[Turn], *, seed: int) -> dict[str, Any]:
    sessions = list(replay.assembled(learn))
    table, sounds = _learned(sessions)
    readings = {normalize(turn.request): replay.frame(turn.interpretation) for turn in learn}
    exact, sound = ExactRewrite(table), SoundRewrite(sounds)
    rewriters: dict[str, Rewriter] = {
        "rewrite": served(exact, sound),
        "exact": served(exact),
        "sound": served(sound),
        "same_key": _same_key([known.text for known in sounds.rows()]),
        "baseline": _nearest([known.text for known in sounds.rows()]),
    }
    figures: dict[str, Any] = {
        "recordings_learned": len(learn),
        "sessions_assembled": len(sessions),
        "recordings_judged": len(judge),
        "defects": sum(not replay.read_rightly(turn) for turn in judge),
        "table_rows": len(table),
        "known_requests": len(sounds),
    }
    for name, rewriter in rewriters.items():
        found = judged(judge, rewriter, readings)
        figures |= {f"{name}.{key}": value for key, value in score(found, seed=seed).items()}
    return figures


def _learned(sessions: Iterable[Sequence[Turn]]) -> tuple[RewriteTable, SoundIndex]:
    """What the learners make of assembled sessions.

    Nobody is named in this corpus and a misheard text rarely recurs, so one reader's evidence counts here and
    the bounds on confidence do not. A product should not do that: see the capability page.
    """
    from uptake.learn.markov import MarkovRewriter
    from uptake.learn.sound import SoundLearner

    turns = [turn for session in sessions for turn in session]
    return solved(MarkovRewriter(**ONE_USER), turns), solved(SoundLearner(min_users=1, min_success=0.2), turns)


def solved(learner: Learner, turns: Sequence[Turn]) -> Any:
    """Turns -> marked turns -> statistics -> artifact, in memory."""
    import pyarrow as pa

    from uptake.engine.local import EngineStatistics, LocalEngine
    from uptake.log.rows import to_table
    from uptake.signals.marks import mark

    session = pa.array([turn.session_id for turn in turns], type=pa.string())
    engine = LocalEngine()
    marked = mark(to_table(turns).append_column("session", session))
    return learner.solve(EngineStatistics(engine, engine.table(learner.statistics, turns=marked)))


def served(*steps: Any) -> Rewriter:
    """The steps under the guard, as they would be served; what must be confirmed is not acted on here."""
    pipeline = Pipeline(*steps, guard=Guard(budget_share=1.0))

    def rewriter(turn: Turn) -> str | None:
        decision = pipeline.decide(Request(text=turn.request, user_id=turn.user_id)).decision
        return None if decision is None or decision.must_confirm else decision.acted_on

    return rewriter


def _same_key(worked: Sequence[str]) -> Rewriter:
    """Merging by sound in its plainest form: the most used request that works and has the very same sound key."""
    first: dict[str, str] = {}
    for text in worked:
        first.setdefault(sound_key(text), text)
    known = set(worked)

    def rewriter(turn: Turn) -> str | None:
        text = normalize(turn.request)
        return None if text in known else first.get(sound_key(text))

    return rewriter


def _nearest(worked: Sequence[str]) -> Rewriter:
    """Baseline: of the requests that the log says work, the nearest by edit similarity, if near enough."""

    def rewriter(turn: Turn) -> str | None:
        text = normalize(turn.request)
        best = max(worked, key=lambda other: edit_similarity(text, other), default=text)
        return best if best != text and edit_similarity(text, best) >= BASELINE_SIMILARITY else None

    return rewriter


def judged(turns: Sequence[Turn], rewriter: Rewriter, readings: Mapping[str, Any]) -> Judged:
    """Compare what is understood before and after, recording by recording."""
    found = Judged(group=[], right_before=[], right_after=[], triggered=[])
    for turn in turns:
        rewrite = rewriter(turn)
        meant = replay.frame(turn.truth.interpretation) if turn.truth else None
        before = replay.frame(turn.interpretation)
        after = before if rewrite is None else readings.get(rewrite)
        found.group.append(normalize(turn.truth.request or "") if turn.truth else "")
        found.triggered.append(rewrite is not None)
        found.right_before.append(before == meant)
        found.right_after.append(after == meant)
    return found


def score(outcomes: Judged, *, seed: int = 0) -> dict[str, float]:
    """Wins, losses, their ratio and the share of defects fixed, with 95 % intervals by group bootstrap.

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
    }
    everything = np.arange(len(before))
    for name, statistic in (("win_loss", ratio), ("defects_fixed", fixed)):
        low, high = interval(statistic, outcomes.group, seed=seed)
        figures |= {name: statistic(everything), f"{name}_low": low, f"{name}_high": high}
    return figures


def dstc2(*, train: Path, data: Path, seed: int = 0, **_ignored: Any) -> dict[str, Any]:
    """Learn from the calls of one root and judge on those of another: the learner should see that it must abstain.

    The same words mean different things in different states of these dialogues ("yes", "north", "any"), and hardly
    a pair of texts recurs, so replacing text by text loses. `forced.*` shows what happens without the gates.
    What a rewritten text would be understood as is the majority of its live readings in the training calls. Where
    callers are in both roots, they are left out of the learning in turn (3 folds), and `held_out` is False.

    Args:
        train: Root that holds calls to learn from.
        data: Root that holds the calls to be judged on.
        seed: Of the bootstrap.
    """
    learn, judge = list(calls(train)), list(calls(data))
    callers = {turn.user_id for turn, _ in judge}
    shared = callers & {turn.user_id for turn, _ in learn}
    parts: list[set[str]] = [callers]
    if shared:
        names = sorted(callers)
        parts = [{names[at] for at in fold} for _, fold in grouped_folds(names, folds=3, seed=seed)]
    rounds = [
        _judged_round(
            [turn for turn, _ in learn if turn.user_id not in part], [call for call in judge if call[0].user_id in part]
        )
        for part in parts
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
    learn: Sequence[Turn], judge: Sequence[tuple[Turn, tuple[str, ...]]]
) -> dict[str, tuple[int, Judged]]:
    """Rows of the table and outcomes, for the learner as it is and for one without a reason to abstain."""
    from uptake.learn.markov import MarkovRewriter

    readings = majority(learn)
    found = {}
    for name, learner in (("rewrite", MarkovRewriter()), ("forced", MarkovRewriter(**ONE_USER))):
        table = solved(learner, learn)
        found[name] = (len(table), judged_calls(judge, served(ExactRewrite(table)), readings))
    return found


def joined(parts: Sequence[Judged]) -> Judged:
    """The outcomes of several parts as one."""
    return Judged(**{name: [value for part in parts for value in getattr(part, name)] for name in Judged.__slots__})


def calls(root: Path) -> Iterator[tuple[Turn, tuple[str, ...]]]:
    """Turns with the slots that the system had asked for just before."""
    for record in corpora.records("dstc2", root):
        slots: tuple[str, ...] = ()
        for turn in corpora.CORPORA["dstc2"].turns(record):
            yield turn, slots
            slots = asked(parse_action(turn.action))


def majority(turns: Iterable[Turn]) -> dict[str, Interpretation]:
    """What a text is understood as: its most frequent live reading (the first by key among equals)."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    readings: dict[str, Interpretation] = {}
    for turn in turns:
        if turn.interpretation is not None:
            seen[normalize(turn.request)][turn.interpretation.key] += 1
            readings[turn.interpretation.key] = turn.interpretation
    return {text: readings[min(counts, key=lambda key: (-counts[key], key))] for text, counts in seen.items()}


def judged_calls(
    asked: Iterable[tuple[Turn, tuple[str, ...]]], rewriter: Rewriter, readings: Mapping[str, Interpretation]
) -> Judged:
    """Compare what calls mean before and after, turn by turn; each turn with the slots asked for before it."""
    found = Judged(group=[], right_before=[], right_after=[], triggered=[])
    for turn, slots in asked:
        rewrite = rewriter(turn)
        done = turn if rewrite is None else replace(turn, interpretation=readings.get(rewrite))
        found.group.append(turn.user_id)
        found.triggered.append(rewrite is not None)
        found.right_before.append(not misunderstood(turn, asked_slots=slots))
        found.right_after.append(not misunderstood(done, asked_slots=slots))
    return found
