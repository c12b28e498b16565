"""Score reactions with scorers fitted without the test callers.

The shipped scorers were fitted on DSTC2; an evaluation on these calls fits its own on other callers.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from uptake.feedback.learn import fit_light
from uptake.feedback.reactions import REACTIONS
from uptake.feedback.scorer import Judgement, judge
from uptake.feedback.weights import Weights
from uptake.lab.corpora.judged_calls import Judged
from uptake.lab.evaluate.harness import apart

__all__ = ["judgement_apart", "weights_without"]


def weights_without(learn: Judged, callers: Set[str], *, seed: int = 0) -> Weights:
    """Fit the light scorers on the calls of everybody but some callers.

    Raises:
        NotReady: Fewer than two callers are left.
    """
    rest = learn.of(learn.callers - callers)
    return fit_light(rest.frame, rest.labels, seed=seed).weights


def judgement_apart(learn: Judged, judged: Judged, *, seed: int = 0) -> Judgement:
    """Judge calls by scorers fitted on other callers' calls (3 folds where callers are in both).

    Returns:
        One judgement of all judged turns, in their order.
    """
    users = np.array([turn.user_id for turn in judged.turns])
    size = len(users)
    partner, rephrased, p_defect = np.full(size, -1), np.zeros(size), np.zeros(size)
    retried, defect = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    reacted = {name: np.zeros(size, dtype=bool) for name in REACTIONS}
    for part in apart(learn.callers, judged.callers, seed=seed):
        rows = np.flatnonzero(np.isin(users, sorted(part)))
        found = judge(judged.of(part).frame, weights=weights_without(learn, part, seed=seed))
        partner[rows] = np.where(found.partner >= 0, rows[found.partner], -1)
        rephrased[rows], p_defect[rows] = found.rephrased, found.p_defect
        retried[rows], defect[rows] = found.retried, found.defect
        for name, spoke in found.reacted.items():
            reacted[name][rows] = spoke
    return Judgement(
        partner=partner, rephrased=rephrased, retried=retried, p_defect=p_defect, defect=defect, reacted=reacted
    )
