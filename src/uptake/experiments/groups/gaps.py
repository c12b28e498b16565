"""Compare each group with everybody else: rates, and gaps with intervals, corrected for many comparisons.

A gap is the group's rate minus that of all other known groups of the grouping. People are the unit. All gaps of an
audit are tested together. With the correction of Benjamini and Hochberg, at most 5 % of the reported gaps are expected
to be false; Holm's correction, printed beside it, bounds the probability of a single false one.

Source: Benjamini and Hochberg (JRSS B 1995), Holm (Scand. J. Statist. 1979); rates as in `experiments.rates`. Limit:
groups overlap (people who are misheard may live alone), so one cause may show in several groupings. If a person is in
several groups (by room, say), the two sides are treated as independent, which makes intervals too wide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from uptake.experiments.groups.membership import Grouping
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.rates import Difference, UserTotals, compare

__all__ = ["Gap", "TooFew", "gaps", "holm", "measures"]

Floats = NDArray[np.float64]

LEVEL = 0.05
"""Share of false discoveries among the gaps that are called one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """Group with too few people to compare."""

    grouping: str
    group: str
    measure: str
    people: int
    """People in it with such a turn."""
    others: int
    """People outside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Comparison of a group with everybody else."""

    grouping: str
    group: str
    measure: str
    difference: Difference
    """Others (`control`) and the group (`treatment`)."""
    adjusted_p: float
    """p-value after Benjamini and Hochberg."""
    holm_p: float
    """p-value after Holm."""

    @property
    def is_gap(self) -> bool:
        """Tell whether the group differs, with at most 5 % false discoveries expected."""
        return self.adjusted_p < LEVEL


def measures(outcomes: Outcomes, failed_as_heard: Floats | None = None) -> dict[str, Floats]:
    """Return the measures to compare: name -> (n,) in [0, 1], NaN for a turn without a value.

    Args:
        outcomes: The turns.
        failed_as_heard: (n,) whether a rewritten turn would have failed without the rewrite; None if no truth is known.
    """
    triggered = outcomes.acted & ~outcomes.asked
    found = {
        "defect": outcomes.defect,
        "repaired": triggered.astype(np.float64),
        "asked": outcomes.asked.astype(np.float64),
        "complaint": np.any([*outcomes.friction.values(), np.zeros(len(outcomes), dtype=bool)], axis=0) * 1.0,
    }
    if failed_as_heard is not None and outcomes.known.any():
        judged = triggered & outcomes.known & np.isfinite(failed_as_heard)
        was, became = failed_as_heard > 0.5, outcomes.defect > 0.5
        found["win"] = np.where(judged, was & ~became, np.nan)
        found["loss"] = np.where(judged, ~was & became, np.nan)
    return {name: column for name, column in found.items() if np.nansum(column) > 0.0}


def gaps(
    outcomes: Outcomes,
    groupings: Sequence[Grouping],
    columns: Mapping[str, Floats],
    *,
    min_users: int,
) -> tuple[list[Gap], list[TooFew]]:
    """Compare each group with the others, on each measure.

    Args:
        outcomes: The turns.
        groupings: Groupings of the turns.
        columns: Measure -> (n,) its value for each turn.
        min_users: Fewest people inside and outside a group for a comparison.
    """
    found: list[tuple[str, str, str, Difference]] = []
    few: list[TooFew] = []
    for measure, column in columns.items():
        measured = replace(outcomes, defect=column)
        for grouping in groupings:
            codes = grouping.of_turn.codes
            for at, group in enumerate(grouping.of_turn.names):
                inside = UserTotals.of(measured, codes == at)
                outside = UserTotals.of(measured, (codes >= 0) & (codes != at))
                if not len(inside):
                    continue
                if min(len(inside), len(outside)) < min_users:
                    few.append(
                        TooFew(
                            grouping=grouping.name,
                            group=group,
                            measure=measure,
                            people=len(inside),
                            others=len(outside),
                        )
                    )
                    continue
                found.append((grouping.name, group, measure, compare(outside, inside)))
    values = np.array([one.p for *_, one in found])
    adjusted = stats.false_discovery_control(values) if len(values) else values
    return [
        Gap(
            grouping=grouping,
            group=group,
            measure=measure,
            difference=difference,
            adjusted_p=float(adjusted[at]),
            holm_p=strict,
        )
        for at, ((grouping, group, measure, difference), strict) in enumerate(zip(found, holm(values), strict=True))
    ], few


def holm(values: Sequence[float] | Floats) -> list[float]:
    """Correct p-values after Holm.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(values, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(len(given), 0, -1)
    corrected = np.empty(len(given))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(given) else steps
    return [float(one) for one in corrected]
