"""Rewrites from what a reader of dialogues points at: this request failed, and that one said it again and worked.

The chain of `uptake.learn.markov` follows texts wherever they recur; the reader looks at one dialogue at a time and
says which later turn says which earlier one again. They err for different reasons, so a rewrite that both propose is
worth more than one that either does: `agreed` keeps those, and `merged` lets them pass lower gates than the others.

Source: feeding detected rephrases to a rewrite table, Wang et al., "Contextual Rephrase Detection" (EMNLP 2021).
Differs: a pair counts by the reader's probabilities, and only from the fewest users on.
Limit: the reader's probabilities are taken at their word; calibrate it on the log's own kind of dialogues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.errors import BadConfig
from uptake.learn.bounds import lower, upper
from uptake.signals.reading import DialogueReader
from uptake.text.normalize import normalize
from uptake.types import Evidence, Session

__all__ = ["Counted", "RephraseRewriter", "agreed", "merged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RephraseRewriter:
    """Learn a `RewriteTable` from pairs that a reader points at.

    Args:
        min_users: Fewest users in whose dialogues a pair was pointed at.
        min_gain: Least rise of the chance of success that the evidence supports, in [-1, 1).
        min_share: Least share, in [0, 1] and by its lower bound, of what a request is said again as.
        max_success: A request whose own success may be above this, by its upper bound in [0, 1], is left alone.
        confidence: Of the one-sided bounds, in [0.5, 1).
        max_moves: Most dialogues of one user that count for a pair.
    """

    min_users: int = 3
    min_gain: float = 0.1
    min_share: float = 0.4
    max_success: float = 0.5
    confidence: float = 0.9
    max_moves: int = 2

    def __post_init__(self) -> None:
        if not 0.5 <= self.confidence < 1.0:
            raise BadConfig(f"confidence must be in [0.5, 1), got {self.confidence}")
        if not -1.0 <= self.min_gain < 1.0:
            raise BadConfig(f"min_gain must be in [-1, 1), got {self.min_gain}")
        if not (0.0 <= self.min_share <= 1.0 and 0.0 <= self.max_success <= 1.0):
            raise BadConfig("min_share and max_success must be in [0, 1]")
        if self.min_users < 1 or self.max_moves < 1:
            raise BadConfig("min_users and max_moves must be at least 1")

    def rewrites(self, reader: DialogueReader, sessions: Sequence[Session]) -> RewriteTable:
        """The table of the best rewrite of each request; equal sessions in any order give equal tables.

        Args:
            reader: Must read "rephrase" and "defect".
            sessions: Whole sessions.

        Raises:
            BadConfig: The reader lacks a head.
        """
        return self.solve(self.count(reader, sessions))

    def solve(self, counted: Counted) -> RewriteTable:
        """The best rewrite of each request that passes every gate; equal counts give equal tables."""
        totals: defaultdict[str, float] = defaultdict(float)
        for (request, _), by_user in sorted(counted.pairs.items()):
            totals[request] += _total(by_user)
        found: dict[str, Rewrite] = {}
        for (request, acted_on), by_user in sorted(counted.pairs.items()):
            if len(by_user) < self.min_users:
                continue
            evidence = self._evidence(by_user, counted.works[request], counted.works[acted_on])
            share = float(lower(_total(by_user), totals[request], self.confidence))
            passes = evidence.gain >= self.min_gain and evidence.success_before <= self.max_success
            rival = found.get(request)
            if passes and share >= self.min_share and (rival is None or evidence.gain > rival.evidence.gain):
                found[request] = Rewrite(request, acted_on, evidence, found_by="rephrase")
        return RewriteTable.from_rows(found.values())

    def count(self, reader: DialogueReader, sessions: Sequence[Session]) -> Counted:
        """What the reader points at in some sessions.

        Raises:
            BadConfig: The reader lacks a head.
        """
        missing = {"rephrase", "defect"} - set(reader.heads)
        if missing:
            raise BadConfig(f"the reader must know rephrase and defect; it lacks {', '.join(sorted(missing))}")
        pairs: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        works: defaultdict[str, _Worked] = defaultdict(_Worked)
        for session, reading in zip(sessions, reader.read(sessions), strict=True):
            defect, spans, rephrase = reading.defect, reading.spans, reading.rephrase
            if defect is None or spans is None or rephrase is None:
                continue
            texts = [normalize(turn.request) for turn in session.turns]
            for at, text in enumerate(texts):
                user = session.turns[at].user_id
                works[text].add(user, float(1.0 - defect[at]), self.max_moves)
                later = int(rephrase[at])
                if later >= 0 and texts[later] and text and texts[later] != text:
                    share = float(spans[at, later - at] * defect[at] * (1.0 - defect[later]))
                    by_user = pairs[text, texts[later]]
                    by_user[user] = min(by_user[user] + share, float(self.max_moves))
        return Counted(pairs=pairs, works=works)

    def _evidence(self, by_user: Mapping[str, float], before: _Worked, after: _Worked) -> Evidence:
        return Evidence(
            users=len(by_user),
            sessions=max(round(_total(by_user)), 1),
            success_before=float(np.round(upper(before.wins, before.trials, self.confidence), 6)),
            success_after=float(np.round(lower(after.wins, after.trials, self.confidence), 6)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a reader pointed at."""

    pairs: Mapping[tuple[str, str], Mapping[str, float]]
    """(request, what it was said again as) -> user -> dialogues that speak for it, in part."""
    works: Mapping[str, _Worked]
    """How often each request worked."""


def _total(by_user: Mapping[str, float]) -> float:
    return float(sum(by_user[user] for user in sorted(by_user)))


@dataclass(slots=True)
class _Worked:
    """How often a request worked, each user counting so often at most."""

    by_user: dict[str, list[float]] = field(default_factory=dict)

    def add(self, user: str, chance: float, most: int) -> None:
        told = self.by_user.setdefault(user, [])
        if len(told) < 4 * most:
            told.append(chance)

    @property
    def trials(self) -> float:
        return float(sum(len(told) for told in self.by_user.values()))

    @property
    def wins(self) -> float:
        return float(sum(sum(self.by_user[user]) for user in sorted(self.by_user)))


def agreed(table: RewriteTable, other: RewriteTable) -> RewriteTable:
    """The rewrites for everybody that both tables have, with the more cautious evidence of the two."""
    theirs = {row.request: row for row in other.rows() if row.user_id is None}
    rows = []
    for row in table.rows():
        same = theirs.get(row.request)
        if row.user_id is None and same is not None and same.acted_on == row.acted_on:
            one, two = row.evidence, same.evidence
            evidence = Evidence(
                users=min(one.users, two.users),
                sessions=min(one.sessions, two.sessions),
                success_before=max(one.success_before, two.success_before),
                success_after=min(one.success_after, two.success_after),
            )
            rows.append(row._replace(evidence=evidence, found_by="both"))
    return RewriteTable.from_rows(rows)


def merged(chain: RewriteTable, detector: RewriteTable, agreeing: RewriteTable) -> RewriteTable:
    """The chain's table with what the detector adds to it; each row says who found it.

    A request that the chain rewrites keeps that rewrite, whatever the detector says; where both say the same, the row
    is "both". Where the chain says nothing, what both say at lower gates comes before what the detector says alone.

    Args:
        chain: Rewrites of the chain at its gates, users' own ones too.
        detector: Rewrites of the detector at the same gates.
        agreeing: What both say at lower gates (`agreed`).
    """
    same = {(row.request, row.acted_on) for table in (detector, agreeing) for row in table.rows()}
    rows = {row.key: row for row in chain.rows()}
    for key, row in rows.items():
        if row.user_id is None and (row.request, row.acted_on) in same:
            rows[key] = row._replace(found_by="both")
    for table in (agreeing, detector):
        for row in table.rows():
            rows.setdefault(row.key, row)
    return RewriteTable.from_rows(rows.values(), moves=chain.moves())
