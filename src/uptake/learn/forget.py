"""Forgetting a user: out of the log, out of the statistics, out of every artifact.

Statistics keep the user as a key, so nothing has to be guessed: the user's turns go from the log, the parts they
were in are counted again without them, everything is solved again, and older versions of the artifacts, which
were made with the user, are removed. There is no way back past a forgetting.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from uptake.artifacts.intents import IntentModel
from uptake.artifacts.labels import Labels
from uptake.artifacts.ranker import Ranker
from uptake.artifacts.readers import ReaderModel
from uptake.artifacts.repairs import RepairModel
from uptake.artifacts.shelves import FreshShelves
from uptake.artifacts.store import ArtifactStore
from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import ArtifactRefused
from uptake.learn.incremental import learn, publish
from uptake.log.store import TurnLog
from uptake.protocols import Learner
from uptake.signals.marks import TURNS

__all__ = ["forget"]


def forget(
    user_id: str,
    *,
    log: TurnLog,
    engine: LocalEngine,
    learners: Sequence[Learner],
    store: ArtifactStore,
    directory: Path,
) -> int:
    """Remove a user from the log and from all that was learned.

    Args:
        user_id: Pseudonym of the user; asking again for somebody unknown finishes what was interrupted.
        log: Where the turns are.
        engine: Where they are counted again.
        learners: What has been learned from the log.
        store: Where it was published. What was never published is not published now.
        directory: Where statistics and solutions are kept.

    Returns:
        Turns removed from the log.
    """
    turns = log.forget(user_id)
    FreshShelves.beside(directory).forget(user_id)
    learned = [learner for learner in learners if (directory / learner.name).is_dir()]
    if log.stats().turns:
        for report in learn(log, engine, learned, directory):
            if store.current_version(report.artifact.kind) is not None:
                publish(store, report)
    else:
        shutil.rmtree(directory, ignore_errors=True)
        for learner in learned:
            nothing = engine.table(learner.statistics, turns=TURNS.empty_table())
            artifact = learner.solve(EngineStatistics(engine, nothing))
            if store.current_version(artifact.kind) is not None:
                store.publish(artifact, made_by={"learner": learner.name})
    _forget_labels(user_id, store)
    _forget_ranker(user_id, store)
    shutil.rmtree(store.directory / RepairModel.kind, ignore_errors=True)  # learn it again from those who stay
    shutil.rmtree(store.directory / ReaderModel.kind, ignore_errors=True)  # likewise
    for kind in store.kinds():
        store.prune(kind, keep=1)
    return turns


def _forget_labels(user_id: str, store: ArtifactStore) -> None:
    """Labels go with their user, and so does a model trained with labels: the one that ships reads again."""
    shutil.rmtree(store.directory / IntentModel.kind, ignore_errors=True)
    if store.current_version(Labels.kind) is None:
        return
    try:
        labels = store.load(Labels).without(user_id)
    except ArtifactRefused:  # what cannot be read cannot be cleared
        labels = Labels()
    store.publish(labels, made_by={"learner": "label"})


def _forget_ranker(user_id: str, store: ArtifactStore) -> None:
    """What is known of the person goes; the trees, which name nobody, stay. One that cannot be read goes as a whole."""
    if store.current_version(Ranker.kind) is None:
        shutil.rmtree(store.directory / Ranker.kind, ignore_errors=True)
        return
    try:
        ranker = store.load(Ranker)
    except ArtifactRefused:
        shutil.rmtree(store.directory / Ranker.kind, ignore_errors=True)
        return
    store.publish(ranker.without(user_id), made_by={"learner": "ranker"})
