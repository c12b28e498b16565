"""Collect exposures: turns in which a learned rewrite fired, with the outcomes of the same request left alone.

A complaint (said again, undone, answered no, failed) counts as a failure, whatever P(defect) is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from uptake.experiments.pooled import MILLION, Pooled
from uptake.rewriting.table.artifact import Rewrite

__all__ = ["SURE", "Baseline", "Exposure", "Past", "baselines", "exposures"]

SURE = 0.9
"""Confidence from which the assistant's own reading stands."""
_PSEUDO = 4.0
_PER_HOME = 3  # turns of a request with which a home counts

Asked = tuple[str, str | None, int | None]
"""A request; whose turns of it, None for everybody's; before which moment, None for all."""

_WANTED = "AND request IN (SELECT request FROM asked)"
_HOW_READ = f"""
    SELECT request, failing, turns, CASE WHEN known = 0 THEN 'unread'
           WHEN confidence >= {round(SURE * MILLION)} * known THEN 'sure' ELSE 'unsure' END AS how
    FROM (
        SELECT request, CAST(sum(failing) AS BIGINT) AS failing, CAST(count(*) AS BIGINT) AS turns,
               CAST(count(confidence) AS BIGINT) AS known, CAST(sum(confidence) AS BIGINT) AS confidence
        FROM statistics WHERE acted_on IS NULL AND failing IS NOT NULL {{which}} GROUP BY request
    ) AS left_alone
"""
_LEFT_ALONE = f"""
    WITH alone AS (
        SELECT user_id, request, said_at, failing,
               row_number() OVER (
                   PARTITION BY request, coalesce(home_id, user_id) ORDER BY said_at ASC, user_id ASC, failing ASC
               ) AS place
        FROM statistics WHERE acted_on IS NULL AND failing IS NOT NULL {_WANTED}
    )
    SELECT number, CAST(sum(failing) AS BIGINT) AS failing, CAST(count(*) AS BIGINT) AS turns
    FROM (
        SELECT number, failing, before_us, said_at
        FROM asked JOIN alone ON asked.request = alone.request
        WHERE asked.user_id IS NULL AND place <= {_PER_HOME}
        UNION ALL
        SELECT number, failing, before_us, said_at
        FROM asked JOIN alone ON asked.request = alone.request AND asked.user_id = alone.user_id
    ) AS counted
    WHERE before_us IS NULL OR said_at < before_us
    GROUP BY number
"""

_FAILURES = f"""
    SELECT request
    FROM (
        SELECT request, coalesce(home_id, user_id) AS home, failing,
               row_number() OVER (
                   PARTITION BY request, coalesce(home_id, user_id) ORDER BY said_at ASC, user_id ASC, failing ASC
               ) AS place
        FROM statistics WHERE acted_on IS NULL AND failing IS NOT NULL
    ) AS alone
    WHERE place <= {_PER_HOME} GROUP BY request
    HAVING count(*) >= {{turns}} AND count(DISTINCT home) >= {{homes}} AND sum(failing) >= {{failing}} * count(*)
"""


class Exposure(NamedTuple):
    """Turn in which a rewrite fired, or would have fired in another arm."""

    rewrite_id: str
    """The rewrite."""
    user_id: str
    """Whose turn it was."""
    acted: bool
    """Whether it was acted on unasked."""
    defect: float
    """Whether, or with what probability, the turn failed its user; in [0, 1]. A complaint counts as a failure."""
    propensity: float
    """Probability, in (0, 1], with which what was done was done; 1 where nothing was dealt at random."""
    request: str | None = None
    """Normalised request, where known: what to block."""
    acted_on: str | None = None
    """Normalised text that was acted on instead, or asked about, where it was."""
    asked: bool = False
    """Whether the person was asked "did you mean …?" instead."""
    answer: bool | None = None
    """What they said to that; None where they said nothing, or were not asked."""
    at_us: int = 0
    """When, in microseconds since 1970."""


class Baseline(NamedTuple):
    """Outcomes of a request that was left alone: the baseline of a watched rewrite."""

    success: float
    """Success without it, in [0, 1], at least: less one standard error."""
    user_id: str | None
    """Whose rewrite it is; None for everybody's."""
    request: str
    """Normalised request that it replaces."""
    failed: float = 0.0
    """Defects of turns left alone, as far as they were counted; may be fractions."""
    turns: float = 0.0
    """Those turns, pseudo-turns among them."""


class Past:
    """Estimator of the outcomes of requests left alone, from the log: the baseline of any treatment.

    A home counts with at most `_PER_HOME` turns of a request, so that no single home makes a past. A mean is shrunk by
    four pseudo-turns towards the mean of all untouched requests with the same certainty of interpretation (surely,
    unsurely, not at all; a request that was never left alone counts as unsure). One standard error is added, so that
    nothing is held against a rewrite that few turns made by chance.

    Each question reads the log, unless `look_up` read it for many at once.
    """

    def __init__(self, log: Pooled) -> None:
        self._log = log
        self._seen: dict[Asked, tuple[float, int]] = {}  # defects and turns
        self._read: dict[str, str] = {}
        found = log.query(f"""
            SELECT how, CAST(sum(failing) AS BIGINT) AS failing, CAST(sum(turns) AS BIGINT) AS turns
            FROM ({_HOW_READ.format(which="")}) AS requests GROUP BY how
        """)
        rows = zip(*(found[name].to_pylist() for name in ("how", "failing", "turns")), strict=True)
        self._priors = {how: failing / MILLION / turns for how, failing, turns in rows}

    def look_up(self, asked: Iterable[Asked]) -> None:
        """Read the answers to many questions at once.

        A question is (request, user whose turns alone count or None, microseconds before which turns count or None).

        Args:
            asked: The questions, with the arguments of the other methods.
        """
        import pyarrow as pa

        wanted = sorted(set(asked) - self._seen.keys(), key=repr)
        if not wanted:
            return
        requests, users, moments = zip(*wanted, strict=True)
        self._seen |= dict.fromkeys(wanted, (0.0, 0))
        self._read |= dict.fromkeys(requests, "unsure")
        text = pa.string()
        table = pa.table({"number": range(len(wanted)), "request": pa.array(requests, text),
                          "user_id": pa.array(users, text), "before_us": pa.array(moments, pa.int64())})  # fmt: skip
        read = self._log.query(_HOW_READ.format(which=_WANTED), asked=table)
        self._read |= dict(zip(read["request"].to_pylist(), read["how"].to_pylist(), strict=True))
        found = self._log.query(_LEFT_ALONE, asked=table)
        for number, failing, turns in zip(*(column.to_pylist() for column in found.columns), strict=True):
            self._seen[wanted[number]] = failing / MILLION, turns

    def turns(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> int:
        """Count how often a normalised request was left alone, as far as it counts."""
        return self._of((request, user_id, before_us))[1]

    def counts(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> tuple[float, float]:
        """Return (defects, turns) of a request left alone, pseudo-turns included."""
        defects, turns = self._of((request, user_id, before_us))
        return self._priors.get(self.how_read(request), 0.5) * _PSEUDO + defects, _PSEUDO + turns

    def failing(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> float:
        """Return the upper defect rate, in [0, 1], of a request left alone: the shrunk mean and one standard error.

        Args:
            request: Normalised text.
            user_id: User whose turns alone count; None for everybody's.
            before_us: Count only turns before this time, in microseconds since 1970.
        """
        defects, size = self.counts(request, user_id, before_us=before_us)
        mean = defects / size
        return min(mean + float(np.sqrt(mean * (1.0 - mean) / size)), 1.0)

    def failures(self, rate: float, *, turns: int = 5, homes: int = 3) -> dict[str, float]:
        """Return the requests that fail where they are left alone, with their (shrunk) rate.

        Args:
            rate: Smallest defect rate, in [0, 1].
            turns: Fewest turns, of which a home counts with a few.
            homes: Fewest homes that made the request.
        """
        query = _FAILURES.format(turns=turns, homes=homes, failing=round(rate * MILLION))
        wanted = self._log.query(query)["request"].to_pylist()
        self.look_up((text, None, None) for text in wanted)
        rates = {text: defects / size for text in sorted(wanted) for defects, size in (self.counts(text),)}
        return {text: found for text, found in rates.items() if found >= rate}

    def how_read(self, request: str) -> str:
        """Return how the assistant interprets a request: "sure", "unsure" or "unread"; "unsure" if unknown."""
        if request not in self._read:
            self.look_up([(request, None, None)])
        return self._read[request]

    def _of(self, asked: Asked) -> tuple[float, int]:
        if asked not in self._seen:
            self.look_up([asked])
        return self._seen[asked]


def baselines(log: Pooled, rows: Mapping[str, Rewrite] | None = None, past: Past | None = None) -> dict[str, Baseline]:
    """Return, for each rewrite, the outcomes of leaving its request alone before the rewrite first fired.

    Only the log's own past counts, not the evidence that a rewrite was published with.

    Args:
        log: The log.
        rows: Identifier -> row of a table, if known; it tells whose rewrite it is.
        past: Past outcomes in the same log; None to compute them.
    """
    firsts, found = log.firsts, {}
    if not firsts:
        return {}
    past = past or Past(log)
    past.look_up((one.request, None, one.at_us) for one in firsts)
    for one in firsts:
        known = (rows or {}).get(one.rewrite_id)
        found[one.rewrite_id] = Baseline(
            1.0 - past.failing(one.request, before_us=one.at_us),
            known.user_id if known is not None else one.only_user,
            known.request if known is not None else one.request,
            *past.counts(one.request, before_us=one.at_us),
        )
    return found


def exposures(log: Pooled) -> Iterator[Exposure]:
    """Yield the exposures of a log, in time order; turns whose defect is unknown are left out."""
    for row in log.fired():
        asked = bool(row["asked"])
        yield Exposure(
            rewrite_id=row["rewrite_id"],
            user_id=row["user_id"],
            acted=row["acted_on"] is not None and not asked,
            defect=row["failing"] / MILLION,
            propensity=row["propensity"],
            request=row["request"],
            acted_on=row["acted_on"],
            asked=asked,
            answer=row["answer"] if asked else None,
            at_us=row["said_at"],
        )
