"""Repair of readings: features of a turn that learner and server share.

heard   the turn: all that was heard, all readings, the dialogue before it
values  which words name which value
gists   what the words are about, values left out
tables  counts of a training log; a gist_model is what one source of labels taught
pieces  single acts that may have been meant
whole   whole meanings put together from them
trees   boosted trees with the names of their features
"""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="repairs",
    kind="repairs",
    help="Corrected interpretations of misheard requests, from n-best lists.",
    artifact="uptake.rewriting.repair.artifact:RepairModel",
    learner="uptake.rewriting.repair.learn.from_log:RepairLearner",
    steps=("uptake.rewriting.repair.step:RepairReading",),
)
