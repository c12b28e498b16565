"""Evaluate differentially private releases: `uptake evaluate privacy`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import norm

from uptake.engine.local import LocalEngine
from uptake.errors import BadConfig
from uptake.lab.evaluate.privacy.artifacts import published
from uptake.lab.evaluate.privacy.attacks import Target, attack_auc, counted, epsilon_seen, membership, shown
from uptake.lab.evaluate.privacy.population import statistics_of
from uptake.lab.evaluate.privacy.utility import World, slurp_world, town_world, utility
from uptake.privacy.budget import ASSUMPTION, Budget, epsilon_of
from uptake.privacy.cells import noise
from uptake.release.private import releasable_names
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.types import Interpretation, Turn
from uptake.understanding.situation.learn import ContextLearner

__all__ = ["attacked", "auc_bound", "privacy"]

CANARY = "my rare phrase is violet heron on a kite"
"""Request that one person alone makes, every day; normalising leaves it as it is."""
LEARNERS: tuple[Any, ...] = (MarkovRewriter(personal_sessions=0), RetrieveLearner(own_most=0), ContextLearner())
_EPSILON, _RELEASES, _MEMBERS, _HOMES = 2.0, 1, 10, 2_400
_LEAST_RUNS = 100
_SOLVED = 20  # runs in which whole artifacts are made
_ASKED = 0.55


def privacy(
    *, data: Path, seed: int = 0, runs: int = 1_000, tell: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Measure what releases are worth by epsilon and number of people, and attack them.

    Args:
        data: Root that holds the folder slurp_asr.
        seed: Of the populations; noise is never seeded.
        runs: Releases with the target, and as many without, of each attack.
        tell: Is told what is being done.

    Returns:
        Flat figures: `slurp.N.eps_E.*` and `town.N.eps_E.*` for N people (simulated) and a budget of E that one release
        of each capability spends; `privacy.wins_kept_eps4` (SLURP, the most people); `privacy.attack_auc` at epsilon 2
        of the best of these attacks: is a user drawn at random in it, by one who knows that user's whole log, the noise
        and what homes are like, but not what the others said; does a rare phrase show, in the counts or in what is
        published (`*_published_bytes`: in its files, `*_published_asked`: by look-up); `*_informed` where the attacker
        knows what all others said, beside what theory allows for these users (`*_informed_bound`), `*_worst`
        of the user that can be seen best, by that attacker, beside the largest that the bound lets any attack reach;
        `privacy.epsilon_seen_over_claimed`, from the last, with exact intervals;
        `privacy.epsilon_no_attack_above_055`: the epsilon at which no attack whatever has an AUC above 0.55.
    """
    if runs < _LEAST_RUNS:
        raise BadConfig(f"--runs must be at least {_LEAST_RUNS}, got {runs}: fewer prove nothing")
    say = tell or (lambda _: None)
    budget = {"releases": _RELEASES}
    town = town_world(seed=seed)
    figures: dict[str, Any] = {"privacy.people_simulated": True, "privacy.assumption": ASSUMPTION}
    figures |= attacked(town, runs=runs, seed=seed, tell=say)
    figures |= utility(town, budget=budget, seed=seed, tell=say)
    slurp = slurp_world(data, seed=seed)
    figures |= utility(slurp, budget=budget, seed=seed, tell=say)
    figures["privacy.wins_kept_eps4"] = figures["slurp.wins_kept_eps4"]
    return figures


def attacked(world: World, *, runs: int, seed: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Attack releases at epsilon 2: people of a world, a rare phrase, and the user that can be seen best.

    Args:
        world: Whose people are attacked, as one home of many.
        runs: Releases with the target, and as many without.
        seed: Of who is drawn.
        tell: Is told what is being done.
    """
    budget, rng = Budget(epsilon=_EPSILON, releases=_RELEASES), np.random.default_rng([seed, 13])
    each = max(runs // _MEMBERS, _LEAST_RUNS // 2)
    outside, informed, bounds = [], [], []
    with closing(LocalEngine()) as engine:
        told = [statistics_of(engine, one, world.turns) for one in LEARNERS]
        homes = _homes(engine, told, world.blocks, budget)
        users = sorted({turn.user_id for turn in world.turns})
        for at, user in enumerate(rng.choice(users, size=_MEMBERS, replace=False).tolist()):
            tell(f"attacks: member {at + 1} of {_MEMBERS}")
            targets = _targets(
                engine, [table.filter(pc.equal(table["user_id"], user)) for table in told], homes, budget
            )
            outside.append(attack_auc(membership(targets, each, people=_HOMES, rng=rng)))
            informed.append(attack_auc(membership(targets, each, people=_HOMES)))
            bounds.append(auc_bound(sum(len(one.own) / one.noise.scale**2 for one in targets) / 2.0))
        hidden = _of_canary(engine, world.turns[0], budget, runs, tell)
        tell("attacks: the user that can be seen best")
        alike = [statistics_of(engine, one, _alike(world.turns[0])) for one in LEARNERS]
        same = [[counted(engine, one.cells, table, budget.keys)] for one, table in zip(LEARNERS, alike, strict=True)]
        worst = membership(_targets(engine, alike, same, budget), runs, people=_HOMES)
    seen, member = epsilon_seen(worst, budget.delta), float(np.mean(outside))
    return {
        "privacy.epsilon": _EPSILON,
        "privacy.runs": runs,
        "privacy.homes": _HOMES,
        "privacy.attack_auc": max(member, *hidden.values()),
        "privacy.attack_auc_members": member,
        **hidden,
        "privacy.attack_auc_informed": float(np.mean(informed)),
        "privacy.attack_auc_informed_bound": float(np.mean(bounds)),
        "privacy.attack_auc_worst": attack_auc(worst),
        "privacy.attack_auc_worst_possible": auc_bound(budget.whole.rho),
        "privacy.epsilon_no_attack_above_055": epsilon_of(float(norm.ppf(_ASKED)) ** 2, budget.delta / 2),
        "privacy.epsilon_seen": seen,
        "privacy.epsilon_seen_over_claimed": seen / _EPSILON,
    }


def _of_canary(
    engine: LocalEngine, example: Turn, budget: Budget, runs: int, tell: Callable[[str], None]
) -> dict[str, float]:
    """Look for a rare phrase in the released counts, in the files of what is published, and by look-up."""
    tell("attacks: a rare phrase")
    turns = list(_canary(example))
    alone = [statistics_of(engine, one, turns) for one in LEARNERS]
    hidden = _targets(engine, alone, [()] * len(LEARNERS), budget)
    found = {"canary": max(attack_auc(shown(one, CANARY, runs)) for one in hidden)}
    tell("attacks: what is published")
    looked = published(engine, LEARNERS, hidden, turns, min(runs, _SOLVED))
    found |= {f"published_{name}": attack_auc(one) for name, one in looked.items()}
    return {f"privacy.attack_auc_{name}": value for name, value in found.items()}


def auc_bound(rho: float) -> float:
    """Return the largest area under the curve of any attack on releases that cost rho together.

    Who knows all else sees Gaussian noise around one of two points sqrt(2 rho) standard deviations apart, so the best
    test there is has the area Phi(sqrt(rho)), whatever `keys` is: noise grows with what a user may add.
    """
    return float(norm.cdf(math.sqrt(rho)))


def _homes(
    engine: LocalEngine, told: Sequence[pa.Table], blocks: Sequence[str], budget: Budget
) -> list[list[dict[Any, int]]]:
    """Return the counts that each home contributes to, by learner."""
    return [
        [
            counted(engine, one.cells, table.filter(pc.equal(table["home_id"], home)), budget.keys)
            for home in (blocks if len(table) else ())
        ]
        for one, table in zip(LEARNERS, told, strict=True)
    ]


def _targets(
    engine: LocalEngine, users: Sequence[pa.Table], homes: Sequence[Sequence[Any]], budget: Budget
) -> list[Target]:
    """A user in the releases of all learners."""
    cost = budget.share(len(releasable_names()))
    return [
        Target.of(engine, one.cells, noise(cost, keys=budget.keys, outcomes=len(one.cells.outcomes)), user, others)
        for one, user, others in zip(LEARNERS, users, homes, strict=True)
    ]


def _canary(example: Turn) -> Iterator[Turn]:
    """A person who makes a request that nobody else makes, and is understood only at the second attempt."""
    for day in range(10):
        for attempt, status in enumerate(("failed", "ok")):
            name = f"canary-{day}"
            yield replace(
                example,
                turn_id=f"{name}-{attempt}",
                user_id="canary",
                home_id="canary",
                session_id=name,
                request=f"{'please ' * attempt}{CANARY}",
                status="ok" if status == "ok" else "failed",
                truth=None,
            )


def _alike(example: Turn) -> list[Turn]:
    """A person who makes as many requests as count, which everybody makes: all of their cells are shown."""
    return [
        replace(
            example,
            turn_id=f"alike-{said}",
            user_id="alike",
            home_id=None,
            session_id=f"alike-{said}",
            request=f"request number {said}",
            interpretation=Interpretation(domain="home", intent=f"do_{said}"),
            status="ok",
            truth=None,
        )
        for said in range(Budget().keys)
    ]
