"""Catalogue of all capabilities that can be learned: one line per capability.

A line names a folder, and the folder's `CAPABILITY` names its artifact, its learner, its gate and its steps. Learning,
publishing, serving, hot reload, listing, rolling back, forgetting and the laws in `tests/contracts` follow from the
line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uptake.capability import Capability
from uptake.errors import ArtifactRefused, BadConfig

if TYPE_CHECKING:
    from uptake.rewriting.guard import Guard
    from uptake.rewriting.pipeline import Pipeline
    from uptake.store.served import Served
    from uptake.store.store import ArtifactStore

__all__ = [
    "CATALOGUE",
    "artifact_class",
    "by_kind",
    "capabilities",
    "capability",
    "daily",
    "kinds",
    "learnable",
    "open_pipeline",
    "open_proposer",
    "open_proposers",
]

CATALOGUE: list[str] = [
    "uptake.rewriting.table",
    "uptake.understanding.situation",
    "uptake.rewriting.retrieval",
    "uptake.rewriting.ranking",
    "uptake.rewriting.repair",
    "uptake.rewriting.contextual",
    "uptake.insight.failures",
    "uptake.insight.dialogues",
    "uptake.insight.goals",
    "uptake.understanding.labels",
    "uptake.understanding.intents",
    "uptake.teaching.concepts",
    "uptake.teaching.preferences",
    "uptake.proactive.offers",
    "uptake.proactive.latent_goals",
    "uptake.proactive.routines",
    "uptake.proactive.hunches",
]
"""Folders of capabilities, in the order in which they are learned and listed."""


def capabilities() -> list[Capability]:
    """Return every capability.

    Raises:
        BadConfig: A line of the catalogue names no capability.
    """
    return [_described(folder) for folder in CATALOGUE]


def capability(name: str) -> Capability:
    """Return the capability with a name.

    Raises:
        BadConfig: There is none.
    """
    for one in capabilities():
        if one.name == name:
            return one
    raise BadConfig(f"nothing called {name} can be learned; there is {', '.join(one.name for one in learnable())}")


def learnable() -> list[Capability]:
    """Return the names that `uptake learn` can learn."""
    return [one for one in capabilities() if one.learner is not None]


def daily() -> list[Capability]:
    """Return the names that plain `uptake learn` learns."""
    return [one for one in capabilities() if one.daily]


def kinds() -> list[str]:
    """Return the kinds of artifacts."""
    return [one.kind for one in capabilities()]


def by_kind(kind: str) -> Capability:
    """Return the capability of a kind of artifact.

    Raises:
        ArtifactRefused: The kind is unknown.
    """
    for one in capabilities():
        if one.kind == kind:
            return one
    raise ArtifactRefused(f"unknown kind of artifact; there is {', '.join(kinds())}")


def artifact_class(kind: str) -> Any:
    """Return the class of a kind of artifact.

    >>> artifact_class("rewrites").__name__
    'RewriteTable'

    Raises:
        ArtifactRefused: The kind is unknown.
    """
    return by_kind(kind).artifact_class()


def open_pipeline(
    store: ArtifactStore, *, overrides: Path, learning: Path | None = None, guard: Guard | None = None
) -> Pipeline:
    """Open the pipeline of all steps of all capabilities over the published artifacts, with hot reload.

    Args:
        store: Store of the published artifacts; its stamps also cover the other files.
        overrides: File of blocks and pins, beside which the states of canaries are stored; both may be missing.
        learning: Directory of learning, beside which the latest user histories are stored; None for none.
        guard: Judge of every proposal; None for one with the default options.
    """
    from uptake.rewriting.canaries import CanaryFile
    from uptake.rewriting.opinions import Opinions
    from uptake.rewriting.overrides import OverridesFile
    from uptake.rewriting.pipeline import PRECEDENCE, Pipeline
    from uptake.store.served import ServedStep

    steps = {step.name: (one, step) for one in capabilities() for step in _steps(one, store, learning)}
    names = [*(name for name in PRECEDENCE if name in steps), *(name for name in steps if name not in PRECEDENCE)]
    return Pipeline(
        *(steps[name][1] for name in names),
        optional=[step for one, step in steps.values() if not one.daily and isinstance(step, ServedStep)],
        guard=guard,
        overrides=OverridesFile(overrides, store.stamps),
        opinions=Opinions.beside(learning, store.stamps) if learning is not None else None,
        canaries=CanaryFile(overrides.with_name("canaries.json"), store.stamps),
        stamps=store.stamps,
    )


def open_proposers(store: ArtifactStore) -> tuple[Served[Any], ...]:
    """Return the steps that propose offers, over the published artifacts, with hot reload."""
    from uptake.store.served import Served

    found = ((one, one.proposer_class()) for one in capabilities())
    return tuple(
        Served(store, one.kind, partial(_opened, one, cls), missing=None) for one, cls in found if cls is not None
    )


def open_proposer(store: ArtifactStore, name: str, version: str) -> Any:
    """Open the proposer of a kind of offers, over one version."""
    one = next(one for one in capabilities() if one.name == name)
    return _opened(one, one.proposer_class(), store, version)


def _steps(one: Capability, store: ArtifactStore, learning: Path | None) -> Iterator[Any]:
    """Return the steps of a capability over the served artifacts."""
    from uptake.store.served import ServedStep

    for cls in one.step_classes():
        if hasattr(cls, "serving"):
            yield cls.serving(store, learning)
        else:
            yield ServedStep(store, kind=one.kind, name=cls.name, opener=partial(_opened, one, cls))


def _opened(one: Capability, cls: Any, store: ArtifactStore, version: str) -> Any:
    return cls(store.load(one.artifact_class(), version), version)


def _described(folder: str) -> Capability:
    try:
        described = import_module(folder).CAPABILITY
    except (ImportError, AttributeError) as error:
        raise BadConfig(f"the catalogue names {folder}, which describes no capability: {error}") from error
    if not isinstance(described, Capability):
        raise BadConfig(f"{folder}.CAPABILITY must be a Capability, is {type(described).__name__}")
    return described
