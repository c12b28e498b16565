"""Forget a user: out of the log, out of the statistics, out of every artifact and every file beside them.

Statistics keep the user as a key, so nothing has to be guessed: the user's turns go from the log, the parts they were
in are counted again without them and solved again. Other artifacts say themselves what they are without the user
(`Artifact.without`); those that cannot tell go as a whole, and are learned again from those who stay. Older versions,
which were made with the user, are removed: there is no way back past a forgetting.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

from uptake.capability import Capability
from uptake.catalogue import capabilities
from uptake.engine.local import EngineStatistics
from uptake.errors import ArtifactRefused, MissingExtra
from uptake.feedback.turns_view import TURNS
from uptake.protocols import Artifact, Learner
from uptake.release.gates import Evidence, judge
from uptake.release.kept import forget_outcomes
from uptake.release.solve import learn
from uptake.release.state import State
from uptake.release.watching import gates_of
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.retrieval.history import FreshHistory

__all__ = ["RETIRED", "forget"]

RETIRED = {"sounds": "sound"}
"""Kinds of artifacts that nobody makes or reads any more, and the learner whose counts they came from."""


def forget(user_id: str, state: State) -> int:
    """Remove a user from a state directory.

    Args:
        user_id: Pseudonym of the user; asking again for somebody unknown finishes what was interrupted.
        state: The state directory. What was never published is not published now.

    Returns:
        Turns removed from the log.

    Raises:
        StorageFailed: The disk refused; ask again to finish.
    """
    with state.alone():  # a release that runs beside would publish what the user taught again
        state.overrides.forget(user_id)
        state.incidents.forget(user_id)
        _forget_conversation(user_id, state)
        turns = state.log.forget(user_id)
        forget_outcomes(state.log, state.learning)
        FreshHistory.beside(state.learning).forget(user_id)
        Opinions.beside(state.learning).forget(user_id)
        evidence = gates_of(state)
        counting = [one for one in capabilities() if _counts(one, state)]
        for one, artifact in _solved(counting, state):
            _publish(one, artifact, state, evidence)
        for one in capabilities():
            if one not in counting and state.artifacts.versions(one.kind):
                _without(one, user_id, state)
        _drop_retired(state)
        for kind in state.artifacts.kinds():
            state.artifacts.prune(kind, keep=1)
    return turns


def _counts(one: Capability, state: State) -> bool:
    """Whether the capability has counted this log before."""
    if one.learner is None:
        return False
    try:
        cls: Any = one.learner_class()
    except MissingExtra:  # what cannot be loaded cannot be counted again: its artifact goes as a whole
        return False
    return hasattr(cls, "statistics") and (state.learning / cls.name).is_dir()


def _solved(counting: Sequence[Capability], state: State) -> list[tuple[Capability, Artifact]]:
    """What the log teaches now."""
    learners = [learner for one in counting if isinstance(learner := one.make_learner(state.config), Learner)]
    if state.log.stats().turns:
        reports = learn(state.log, state.engine, learners, state.learning)
        return [(one, report.artifact) for one, report in zip(counting, reports, strict=True)]
    shutil.rmtree(state.learning, ignore_errors=True)
    return [(one, _of_nothing(learner, state)) for one, learner in zip(counting, learners, strict=True)]


def _of_nothing(learner: Learner, state: State) -> Artifact:
    statistics = state.engine.table(learner.statistics, turns=TURNS.empty_table())
    return learner.solve(EngineStatistics(state.engine, statistics))


def _publish(one: Capability, artifact: Artifact, state: State, evidence: Evidence) -> None:
    """Publish what is left, also past a rollback: what was served before was made with the user."""
    if state.artifacts.current_version(one.kind) is None:
        return
    judged = judge(one, artifact, None, evidence)
    if judged.artifact is None:
        shutil.rmtree(state.artifacts.directory / one.kind, ignore_errors=True)
    else:
        state.artifacts.publish(judged.artifact, made_by={"learner": one.name})


def _without(one: Capability, user_id: str, state: State) -> None:
    """Publish what an artifact is without the user, or remove it."""
    store = state.artifacts
    try:
        left = store.load(one.artifact_class()).without(user_id) if store.current_version(one.kind) else None
    except (ArtifactRefused, MissingExtra):  # what cannot be read cannot be cleared
        left = None
    if left is None:
        shutil.rmtree(store.directory / one.kind, ignore_errors=True)
    else:
        store.publish(left, made_by={"learner": one.name})


def _drop_retired(state: State) -> None:
    """Remove what learners of older versions counted and published: nobody can clear it of a user any more."""
    for kind, learner in RETIRED.items():
        shutil.rmtree(state.artifacts.directory / kind, ignore_errors=True)
        shutil.rmtree(state.learning / learner, ignore_errors=True)


def _forget_conversation(user_id: str, state: State) -> None:
    """Drop what the assistant remembers of a user: habits, conversation, own timers and alarms, traces of turns."""
    memory, traces = state.directory / "memory.sqlite", state.directory / "traces.sqlite"
    if memory.exists():
        from uptake.assistant.memory import Memory

        Memory(memory).forget(user_id)
    if traces.exists():
        from uptake.assistant.traces import TraceStore

        TraceStore(traces).forget(user_id)
