"""Make a differentially private release: count users by cell, add noise, and keep texts that enough users share.

A cell is a subject, such as a request, and its outcome, such as what was said next. A user counts in at most `keys`
cells, one per subject, by one each, so that all of a user's turns together change the counts by at most sqrt(keys) in
L2. Outcomes that the method itself names ("success") are counted for every subject, even if they are zero. A text is
named only if its noisy count reaches the threshold. A subject is named if one of its cells reaches it, and then all its
counts are released. Post-processing of these counts costs no privacy.

Source: bounded contributions and thresholds as in Wilson et al., "Differentially Private SQL with Bounded User
Contribution" (PoPETs 2020); noise: the discrete Gaussian of Canonne, Kamath and Steinke (NeurIPS 2020), sampled exactly
by OpenDP from the system's entropy, so that no seed can be reused and no floating-point number leaks it. Limit: the
choice of a user's cells depends on that user's own log only, so rare words take places of common ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.errors import BadConfig
from uptake.privacy.budget import Cost, opendp
from uptake.protocols import Statistics

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Cells", "Noise", "copies", "counts", "noise", "noised", "released"]

_ROUNDING = 1e-9
_REACH = 40.0  # standard deviations beyond which a tail is nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Conversion of a learner's global counts to cells, and of cells to counts."""

    told: str
    """SQL over `statistics` with user_id, home_id, the columns of the subject, outcome (text), weight (a number)."""
    subject: tuple[str, ...]
    """Names of the text columns of the subject."""
    outcomes: tuple[str, ...]
    """Outcomes that the method names itself; any other outcome is somebody's text."""
    rows: str
    """SQL over `released` (user_id, the subject, outcome: a row a counted user) with the columns of the statistics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Scale of the noise on counts, and the threshold for naming a text."""

    keys: int
    """Most cells that one user counts in."""
    scale: float
    """Standard deviation of the noise, in users."""
    threshold: int
    """Least noisy count that names a text."""


def noise(cost: Cost, *, keys: int, outcomes: int) -> Noise:
    """Work out the least noise that costs no more than allowed.

    A text of one user alone is named only if the noise lifts its cell, or one of the other cells of its subject, to the
    threshold: for all cells of a user together with a probability of at most `cost.delta`.

    Args:
        cost: What the release may cost.
        keys: Most cells that one user counts in.
        outcomes: Outcomes that the method names itself.

    Raises:
        MissingExtra: OpenDP is not installed.
        BadConfig: The cost leaves nothing to release.
    """
    if not (cost.rho > 0.0 and cost.delta > 0.0):
        raise BadConfig("a release must cost more than nothing: raise epsilon or delta, or plan fewer releases")
    distance = math.nextafter(math.sqrt(keys), math.inf)
    scale = distance / math.sqrt(2.0 * cost.rho) * (1.0 + _ROUNDING)
    if _gaussian(scale).map(distance) > cost.rho:
        raise BadConfig(f"no noise was found that costs no more than rho {cost.rho:.3g}; raise epsilon")
    return Noise(keys=keys, scale=scale, threshold=1 + _tail(scale, cost.delta / (keys * (outcomes + 1))))


def counts(cells: Cells, keys: int) -> str:
    """Write the SQL over `statistics` that counts homes by cell; one user adds at most 1 to at most `keys` of them.

    A user counts with one outcome of a subject, the most frequent, and in the most frequent subjects, those whose
    outcome is a text by turns with the others. Users of one home count once.
    """
    subject = ", ".join(cells.subject)
    ordered = ", ".join(f"{name} ASC NULLS LAST" for name in (*cells.subject, "outcome"))
    known = ", ".join(f"'{name}'" for name in cells.outcomes)
    return f"""
        WITH told AS ({cells.told}),
        totals AS (
            SELECT user_id, {subject}, outcome, sum(weight) AS weight FROM told GROUP BY user_id, {subject}, outcome
        ),
        best AS (
            SELECT user_id, {subject}, outcome, weight,
                   row_number() OVER (PARTITION BY user_id, {subject} ORDER BY weight DESC, outcome ASC) AS place
            FROM totals
        ),
        ranked AS (
            SELECT user_id, {subject}, outcome, weight, row_number() OVER (
                       PARTITION BY user_id, CASE WHEN outcome IN ({known}) THEN 0 ELSE 1 END
                       ORDER BY weight DESC, {ordered}
                   ) AS round
            FROM best WHERE place = 1
        ),
        chosen AS (
            SELECT user_id, {subject}, outcome,
                   row_number() OVER (PARTITION BY user_id ORDER BY round ASC, weight DESC, {ordered}) AS nth
            FROM ranked
        ),
        homes AS (SELECT user_id, max(home_id) AS home_id FROM told WHERE home_id IS NOT NULL GROUP BY user_id)
        SELECT {subject}, outcome,
               CAST(count(DISTINCT coalesce(homes.home_id, chosen.user_id)) AS BIGINT) AS users
        FROM chosen LEFT JOIN homes ON chosen.user_id = homes.user_id
        WHERE nth <= {keys} GROUP BY {subject}, outcome
    """


def noised(statistics: Statistics, cells: Cells, noise: Noise) -> pa.Table:
    """Count cells and release the counts; each call draws new noise and costs again."""
    return released(statistics.query(counts(cells, noise.keys)), cells, noise)


def released(table: pa.Table, cells: Cells, noise: Noise) -> pa.Table:
    """Release counts: add noise to each, and keep those that may be named.

    Args:
        table: The subject, outcome and users of every cell that somebody counts in, as `counts` makes them.
        cells: What is counted.
        noise: How much noise, and from where on a text is named.

    Returns:
        The same columns; users are noisy, and above 0.
    """
    import pyarrow as pa

    names = [*cells.subject, "outcome"]
    texts = zip(*(table[name].to_pylist() for name in names), strict=True)
    users = dict(zip(texts, table["users"].to_pylist(), strict=True))
    subjects = {cell[:-1] for cell in users}
    full = {(*subject, outcome): 0 for subject in subjects for outcome in cells.outcomes} | users
    ordered = sorted(full, key=lambda cell: tuple((text is not None, text or "") for text in cell))
    drawn = _gaussian(noise.scale)([full[cell] for cell in ordered]) if ordered else []
    noisy = dict(zip(ordered, drawn, strict=True))
    named = {cell[:-1] for cell, count in noisy.items() if count >= noise.threshold}
    shown = [
        (*cell, count)
        for cell, count in noisy.items()
        if count > 0 and (count >= noise.threshold or (cell[-1] in cells.outcomes and cell[:-1] in named))
    ]
    schema = pa.schema([*((name, pa.string()) for name in names), ("users", pa.int64())])
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in shown], schema=schema)


def copies(released: pa.Table) -> pa.Table:
    """Write a release as one row a counted user, under made-up names: what `Cells.rows` reads."""
    import pyarrow as pa

    times = np.asarray(released["users"].to_numpy(), dtype=np.int64)
    rows = released.drop_columns(["users"]).take(pa.array(np.repeat(np.arange(len(times)), times)))
    return rows.append_column("user_id", pa.array([f"released-{at}" for at in range(len(rows))], pa.string()))


def _gaussian(scale: float) -> Any:
    dp = opendp()
    return dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=float), scale=scale)


def _tail(scale: float, probability: float) -> int:
    """Return the least number that discrete Gaussian noise reaches with no more than this probability."""
    values = np.arange(math.ceil(_REACH * scale) + 2, dtype=np.float64)
    weights = np.exp(-(values**2) / (2.0 * scale**2))
    reached = np.cumsum(weights[::-1])[::-1] / (2.0 * weights.sum() - 1.0) * (1.0 + _ROUNDING)
    return int(np.flatnonzero(reached <= probability)[0])
