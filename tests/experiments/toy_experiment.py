"""A made-up log of an experiment, with its truth: who was rewritten, what would have failed, what did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from uptake.experiments.assignment import Experiment
from uptake.rewriting.table.artifact import Rewrite, RewriteTable, rewrite_id
from uptake.types import Evidence, Interpretation, Truth, Turn

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
GOOD = {f"play song number {at} pleas": f"play song number {at} please" for at in range(6)}
BAD = {"turn on the porch light": "turn off the porch light"}


@dataclass
class Toy:
    """A log, the table that was served, and the experiment behind it."""

    turns: list[Turn]
    table: RewriteTable
    experiment: Experiment


def toy(users=300, before=4, after=5, seed=0, *, per_day=3.0, effect=True, experiment=None):
    """Users talk for `before` days without rewrites, then for `after` days in an experiment.

    A good rewrite brings the chance of a defect from 0.75 to 0.1; the bad one from 0.1 to 0.95.
    """
    generator = np.random.default_rng(seed)
    experiment = experiment or Experiment(name="toy")
    rewrites = GOOD | BAD
    evidence = Evidence(users=9, sessions=20, success_before=0.3, success_after=0.8)
    table = RewriteTable.from_rows([Rewrite(a, b, evidence, domain="music") for a, b in rewrites.items()])
    nature = generator.beta(1.2, 6.0, users)
    turns = []
    for user in range(users):
        name = f"user-{user}"
        given = experiment.assign(name)
        for day in range(before + after):
            for at in range(generator.poisson(per_day)):
                text, chance = _request(generator, nature[user])
                target = rewrites.get(text) if day >= before else None
                acted = target is not None and given.rewrites
                if acted and effect:
                    chance = 0.95 if text in BAD else 0.1
                failed = bool(generator.random() < chance)
                turns.append(
                    Turn(
                        turn_id=f"{name}-{day}-{at}",
                        user_id=name,
                        said_at=START + timedelta(days=day, minutes=37 * at, seconds=user),
                        request=text,
                        acted_on=target if acted else None,
                        rewrite_id=rewrite_id(text, target) if target else None,
                        artifact_version="000001-00000000" if target else None,
                        arm=given.arm,
                        propensity=given.propensity,
                        status="failed" if failed and generator.random() < 0.5 else "ok",
                        barge_in_ms=400.0 if failed and generator.random() < 0.4 else None,
                        interpretation=Interpretation(
                            domain="music" if "song" in text else "lights", intent="do", confidence=0.9
                        ),
                        truth=Truth(defect=failed),
                    )
                )
    return Toy(turns=turns, table=table, experiment=experiment)


def _request(generator, nature):
    """(request, chance of a defect when it is left alone)."""
    kind = generator.random()
    if kind < 0.25:
        return list(GOOD)[generator.integers(len(GOOD))], 0.75
    if kind < 0.32:
        return next(iter(BAD)), 0.1
    return f"turn on light {generator.integers(20)}", float(nature)
