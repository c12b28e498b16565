"""What was learned, ready to be asked: one artifact a file, and `store` that publishes them.

`KINDS` is the table of contents. An artifact's class is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from uptake.errors import ArtifactRefused

__all__ = ["KINDS", "artifact_class"]

KINDS = {
    "goal_labels": "uptake.artifacts.goal_labels:GoalLabels",
    "carriers": "uptake.artifacts.carriers:Carrier",
    "failures": "uptake.artifacts.failures:FailureModel",
    "intents": "uptake.artifacts.intents:IntentModel",
    "labels": "uptake.artifacts.labels:Labels",
    "rewrites": "uptake.artifacts.rewrites:RewriteTable",
    "sounds": "uptake.artifacts.sounds:SoundIndex",
    "repairs": "uptake.artifacts.repairs:RepairModel",
    "contexts": "uptake.artifacts.contexts:ContextCounts",
    "rankers": "uptake.artifacts.ranker:Ranker",
    "index": "uptake.artifacts.index:RequestIndex",
    "readers": "uptake.artifacts.readers:ReaderModel",
}
"""Kind of artifact (also its folder) and where its class lives."""


def artifact_class(kind: str) -> Any:
    """The class of a kind of artifact.

    >>> artifact_class("rewrites").__name__
    'RewriteTable'

    Raises:
        ArtifactRefused: Nobody answers to that kind.
    """
    if kind not in KINDS:
        raise ArtifactRefused(f"unknown kind of artifact; there is {', '.join(KINDS)}")
    module, name = KINDS[kind].split(":")
    return getattr(import_module(module), name)
