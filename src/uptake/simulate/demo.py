"""The demo: a synthetic log goes through the whole offline half of the loop, then requests are decided.

Everything runs for real (log, signals, counting, solving, publishing, deciding); only the people are made up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.artifacts.store import ArtifactStore
from uptake.decide.pipeline import Outcome, Pipeline
from uptake.engine.local import LocalEngine
from uptake.learn.incremental import learn, publish
from uptake.learn.markov import MarkovRewriter
from uptake.learn.sound import SoundLearner
from uptake.log.store import TurnLog
from uptake.simulate.small_log import CRITICAL, PERSONAL, small_log
from uptake.types import Request

__all__ = ["Asked", "Demo", "demo"]

_SOMEBODY = "user-12"
_QUESTIONS: Sequence[tuple[str, str, str]] = (
    (_SOMEBODY, "turn on the whole light", "misheard in the same way for many"),
    (_SOMEBODY, "play imagined dragons", "never heard before, sounds like a request that works"),
    (_SOMEBODY, "turn off the hall light", "near to a request that works, but its opposite"),
    (_SOMEBODY, "play some jazz", "works as it is"),
    (PERSONAL[0], PERSONAL[1], "one person's own name for something"),
    (_SOMEBODY, PERSONAL[1], "the same words from somebody else"),
    (_SOMEBODY, CRITICAL[0], "a repair into a critical action"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, decided before and after learning."""

    user: str
    request: str
    point: str
    """What it shows."""
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo did."""

    users: int
    days: int
    turns: int
    sessions: int
    learn_s: float
    """Wall time of marking, counting, solving and publishing, in seconds."""
    rewrites: tuple[Rewrite, ...]
    """What was learned, most users first."""
    known_requests: int
    """Requests that work, findable by sound."""
    asked: tuple[Asked, ...]


def demo(directory: Path, *, users: int = 60, days: int = 14, seed: int = 0) -> Demo:
    """Run the demo in a state directory.

    Args:
        directory: Where log, statistics and artifacts go; should be empty.
        users: How many made-up people talk.
        days: For how many days.
        seed: Of everything that is drawn.
    """
    log = TurnLog(directory / "log")
    turns = log.append(small_log(users=users, days=days, seed=seed))
    log.compact()
    store = ArtifactStore(directory / "artifacts")
    before = _decide(store, directory)
    begun = time.perf_counter()
    for report in learn(log, LocalEngine(), [MarkovRewriter(), SoundLearner()], directory / "learning"):
        publish(store, report)
    learned = time.perf_counter() - begun
    table = store.load(RewriteTable)
    after = _decide(store, directory)
    return Demo(
        users=users,
        days=days,
        turns=turns,
        sessions=log.stats().sessions,
        learn_s=learned,
        rewrites=tuple(sorted(table.rows(), key=lambda row: (-row.evidence.users, row.request))),
        known_requests=_known(store),
        asked=tuple(
            Asked(user=user, request=request, point=point, before=before[at], after=after[at])
            for at, (user, request, point) in enumerate(_QUESTIONS)
        ),
    )


def _decide(store: ArtifactStore, directory: Path) -> list[Outcome]:
    pipeline = Pipeline.serving(store, overrides=directory / "overrides.json")
    return [pipeline.decide(Request(text=request, user_id=user)) for user, request, _ in _QUESTIONS]


def _known(store: ArtifactStore) -> int:
    from uptake.artifacts.sounds import SoundIndex

    return len(store.load(SoundIndex))
