"""Estimate the value of a new policy from a log of the old one (off-policy evaluation), before it is served.

A log of an experiment holds turns in which a rewrite was acted on with probability p and left alone otherwise. If the
new policy would take the logged action, the turn counts with weight 1/p; if not, it counts nothing. Three estimates of
the mean success:

- IPS: the mean of the weighted successes; unbiased, wide.
- SNIPS: the same over the sum of weights; a little bias, much narrower.
- DR (doubly robust): a simple reward model predicts each turn, and weighted errors correct it; consistent if either the
  propensities or the model are right. The model is the success of the text acted on, shrunk to its domain's and then to
  everybody's, fitted on the other half of the users.

A turn in which nothing fired would have been left alone in every arm, so its propensity is 1 in any arm.

Source: Dudík, Langford and Li, "Doubly Robust Policy Evaluation and Learning" (ICML 2011); Swaminathan and Joachims
(NIPS 2015) for SNIPS; used before publishing as in Kachuee et al. (NAACL 2022). Limit: a rewrite that the log never
tried has no support. If more than `max_unsupported` of the turns have none, the estimate is refused; below that, IPS
and SNIPS leave those turns out and DR uses the model. Changes in what people say next are not modelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray
from scipy import special

from uptake.errors import BadConfig, NotReady
from uptake.experiments.outcomes import Outcomes
from uptake.protocols import Step
from uptake.types import Request, Situation

__all__ = ["Estimate", "Value", "chooser", "value"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Chosen = Callable[[str, str], tuple[str, str] | None]
"""(request, user_id) -> (rewrite_id, text to act on), or None to leave the request alone."""

_SHRINK = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Mean success with its interval, clustered by user."""

    value: float
    """Expected success of a turn, in [0, 1] but for noise."""
    low: float
    high: float
    gain: float
    """Value minus that of the policy that made the log."""
    gain_low: float
    gain_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Estimated value of a policy."""

    turns: int
    """Turns whose success is known."""
    users: int
    """Users who said them."""
    logged: float
    """Mean success under the policy that made the log."""
    changed: int
    """Turns that the new policy would treat in another way than was done."""
    unsupported: int
    """Turns in which it would do what the log never tried."""
    effective: float
    """Effective sample size, (sum w)^2 / sum w^2."""
    ips: Estimate
    snips: Estimate
    dr: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def chooser(steps: Sequence[Step]) -> Chosen:
    """Return the policy of some steps: the first step that proposes a decision wins."""

    def choose(request: str, user_id: str) -> tuple[str, str] | None:
        asked = Request(text=request, user_id=user_id)
        for step in steps:
            decision = step(asked, Situation())
            if decision is not None:
                return decision.rewrite_id, decision.acted_on
        return None

    return choose


def value(
    outcomes: Outcomes,
    policy: Chosen | Sequence[Step],
    *,
    max_unsupported: float = 0.05,
    min_effective: float = 100.0,
    level: float = 0.95,
) -> Value:
    """Estimate the value of a policy from a log of another one.

    Args:
        outcomes: Turns of an experiment: rewrite ids in every arm, propensities below 1 for randomised turns.
        policy: Steps of the new artifacts, or a function (request, user) -> (rewrite_id, text) or None.
        max_unsupported: Largest share, in [0, 1], of turns in which the policy may act as the log never did.
        min_effective: Smallest effective sample size, in turns.
        level: Coverage of the intervals.

    Raises:
        NotReady: The log has no propensities, or does not support the estimate; the message says what is missing.
    """
    if not (0.0 <= max_unsupported <= 1.0 and 0.0 < level < 1.0):
        raise BadConfig("max_unsupported must be in [0, 1] and level in (0, 1)")
    kept = outcomes.where(outcomes.known)
    _refuse_without_propensities(kept)
    chosen = _choose(kept, policy if callable(policy) else chooser(policy))
    chance = np.where(kept.triggered, kept.propensity, 1.0)
    done = np.where(kept.acted, kept.rewrite.codes, -1)
    weight = np.where(chosen.rewrite == done, 1.0 / chance, 0.0)
    tried = (chosen.rewrite == -1) | (chosen.rewrite == kept.rewrite.codes)
    could = (chosen.rewrite == done) | (tried & kept.triggered & (chance < 1.0))
    unsupported = int((~could).sum())
    effective = float(weight.sum() ** 2 / max((weight**2).sum(), 1e-300))
    if unsupported > max_unsupported * len(kept) or effective < min_effective:
        raise NotReady(
            f"the log does not support the question: in {unsupported} of {len(kept)} turns the policy would do what "
            f"the log never tried (at most {max_unsupported:.1%} are allowed), and the others are worth "
            f"{effective:.0f} turns (at least {min_effective:.0f} are needed). Release it to a small arm of an "
            "experiment first"
        )
    success = 1.0 - kept.defect
    predicted, baseline = _model(kept, chosen, success)
    corrected = predicted + weight * (success - baseline)
    weights = weight / max(weight.mean(), 1e-300)
    estimates = {
        "ips": _estimate(weight * success, success, kept, level),
        "snips": _estimate(weights * success, success, kept, level, weights=weights),
        "dr": _estimate(corrected, success, kept, level),
    }
    return Value(
        turns=len(kept),
        users=len(np.unique(kept.user.codes)),
        logged=float(success.mean()),
        changed=int((chosen.rewrite != done).sum()),
        unsupported=unsupported,
        effective=effective,
        **estimates,
    )


@dataclass(frozen=True, slots=True)
class _Choices:
    """Decisions of the policy for each turn."""

    rewrite: NDArray[np.int64]
    """(n,) code of the rewrite among those of the log, -1: leave it alone, -2: one that the log does not know."""
    text: tuple[str | None, ...]
    """Text it would act on, by number; None for leaving it alone."""
    which: NDArray[np.int64]
    """(n,) number of the text."""


def _refuse_without_propensities(outcomes: Outcomes) -> None:
    fired = outcomes.triggered
    if not len(outcomes) or not fired.any():
        raise NotReady(
            "the log has no turn in which a rewrite fired or would have fired (rewrite_id): nothing was tried, so "
            "nothing can be learned of another policy. Serve rewrites under an experiment first"
        )
    if not (outcomes.propensity[fired] < 1.0).any():
        raise NotReady(
            f"propensities are missing: all {int(fired.sum())} turns in which a rewrite fired have propensity 1, so "
            "the log does not say what else could have happened. Log Turn.propensity from an experiment "
            "(uptake.experiments.assignment), and rewrite_id in its control, too"
        )


def _choose(outcomes: Outcomes, policy: Chosen) -> _Choices:
    """Call the policy once for each pair of request and user."""
    codes = {name: at for at, name in enumerate(outcomes.rewrite.names)}
    pairs = np.stack([outcomes.request.codes, outcomes.user.codes])
    distinct, which = np.unique(pairs, axis=1, return_inverse=True)
    rewrites: list[int] = []
    texts: list[str | None] = []
    for request, user in distinct.T.tolist():
        found = policy(outcomes.request.names[request], outcomes.user.names[user])
        rewrites.append(-1 if found is None else codes.get(found[0], -2))
        texts.append(None if found is None else found[1])
    at = np.asarray(which, dtype=np.int64).reshape(-1)
    return _Choices(np.array(rewrites, dtype=np.int64)[at], tuple(texts), at)


def _model(outcomes: Outcomes, chosen: _Choices, success: Floats) -> tuple[Floats, Floats]:
    """Predict the success of the policy's and the logged decisions, by models of the other half of the users."""
    texts: dict[str, int] = {}

    def numbered(names: Iterable[str | None]) -> NDArray[np.int64]:
        return np.array([-1 if name is None else texts.setdefault(name, len(texts)) for name in names], dtype=np.int64)

    requests = numbered(outcomes.request.names)[outcomes.request.codes]
    targets = np.append(numbered(outcomes.target.names), -1)[outcomes.target.codes]
    done = np.where(outcomes.acted & (targets >= 0), targets, requests)
    wanted = numbered(chosen.text)[chosen.which]
    wanted = np.where(wanted >= 0, wanted, requests)
    halves = np.array(
        [xxhash.xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) & 1 for name in outcomes.user.names],
        dtype=np.int64,
    )
    half = halves[outcomes.user.codes]
    domains = np.where(outcomes.domain.codes < 0, len(outcomes.domain.names), outcomes.domain.codes)
    sizes = len(texts), len(outcomes.domain.names) + 1
    predicted, baseline = np.zeros(len(success)), np.zeros(len(success))
    for side in (0, 1):
        fit, ask = half != side, half == side
        overall = float(success[fit].mean()) if fit.any() else float(success.mean())
        by_domain = _shrunk(domains[fit], success[fit], np.full(sizes[1], overall))
        home = np.full(sizes[0], overall)
        home[done[fit]] = by_domain[domains[fit]]
        by_text = _shrunk(done[fit], success[fit], home)
        predicted[ask], baseline[ask] = by_text[wanted[ask]], by_text[done[ask]]
    return predicted, baseline


def _shrunk(codes: NDArray[np.int64], success: Floats, prior: Floats) -> Floats:
    """Return the mean success by code, with `_SHRINK` pseudo-observations of its prior."""
    turns = np.bincount(codes, minlength=len(prior))
    wins = np.bincount(codes, weights=success, minlength=len(prior))
    return np.asarray((wins + _SHRINK * prior) / (turns + _SHRINK))


def _estimate(
    terms: Floats, success: Floats, outcomes: Outcomes, level: float, *, weights: Floats | None = None
) -> Estimate:
    """Return the mean of some terms and its gain over the logged success, with intervals clustered by user."""
    centre = float(terms.mean())
    errors = terms - centre * (1.0 if weights is None else weights)
    own = _spread(errors, outcomes)
    gain = centre - float(success.mean())
    gained = _spread(errors - (success - success.mean()), outcomes)
    users = len(np.unique(outcomes.user.codes))
    reach = float(special.stdtrit(max(users - 1, 1), (1 + level) / 2))
    return Estimate(
        value=centre,
        low=centre - reach * own,
        high=centre + reach * own,
        gain=gain,
        gain_low=gain - reach * gained,
        gain_high=gain + reach * gained,
    )


def _spread(errors: Floats, outcomes: Outcomes) -> float:
    """Return the standard error of the mean of errors with mean 0, clustered by user."""
    totals = np.bincount(outcomes.user.codes, weights=errors)
    users = max(len(np.unique(outcomes.user.codes)), 2)
    return float(np.sqrt(totals @ totals * users / (users - 1)) / len(errors))
