"""Repair interpretations: features of a turn, shared by training and serving.

heard   the turn: all hypotheses, all interpretations, the dialogue before it values  which words name which value gists
acts without their values tables  counts of a training log; a gist_model is trained on one source of labels pieces
candidate acts whole   candidate meanings, combined from acts trees   boosted trees with the names of their features
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
