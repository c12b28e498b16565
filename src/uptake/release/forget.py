"""Forget a user: remove them from the log, the statistics, every artifact and every file beside them.

Statistics have the user as a key. The user's turns are removed from the log, the parts that held them are counted again
and solved again. Other artifacts compute what they are without the user (`Artifact.without`); those that cannot are
removed and learned again from the remaining users. Older versions, which were learned with the user, are removed, so a
rollback past a forgetting is impossible.

The user's name is written to a list first, and removed from it once nothing is left.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from uptake.capability import Capability
from uptake.catalogue import capabilities
from uptake.engine.local import EngineStatistics
from uptake.errors import ArtifactRefused, MissingExtra, NotForgotten, StorageFailed
from uptake.experiments.withdrawn import forget_withdrawn, read_withdrawn
from uptake.feedback.turns_view import TURNS
from uptake.protocols import Artifact, Learner
from uptake.release.gates import Evidence, judge, without_new
from uptake.release.private import DIRECTORY
from uptake.release.solve import forget_counts, learn
from uptake.release.state import State
from uptake.release.watching import gates_of
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.overrides import Override
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.store.durable import replace_text

__all__ = ["RETIRED", "finish_forgetting", "forget", "forgetting", "leftovers"]

_DUE, _TYPED = "forgetting.json", "chat_history"
_HALF = re.compile(r"\..+\.new|\.[0-9a-f]{16}\.(?:json|shelf)\.\d+|\.solution\.parquet")

RETIRED = {"sounds": "sound"}
"""Kinds of artifacts that nobody makes or reads any more, and the learner whose counts they came from."""


def forget(user_id: str, state: State) -> int:
    """Remove a user from a state directory.

    If the process is killed, the next forgetting, learning or `doctor` finishes it.

    Args:
        user_id: Pseudonym of the user.
        state: The state directory. Artifacts that were never published are not published now.

    Returns:
        Turns removed from the log.

    Raises:
        StorageFailed: The disk refused; call again to finish.
        NotForgotten: Something of the user is left; the message says what and why. Call again to finish.
    """
    if not state.directory.exists():
        return 0
    with state.alone():  # a release that runs beside would publish what the user taught again
        due = forgetting(state)
        _write_due(state, [*(one for one in due if one != user_id), user_id])
        removed = [_forget(one, state) for one in forgetting(state)]
    return removed[-1]


def forgetting(state: State) -> list[str]:
    """Return the users whose forgetting was begun and not finished.

    Raises:
        StorageFailed: The list of these users is damaged.
    """
    path = state.directory / _DUE
    try:
        return list(map(str, json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise StorageFailed(f"{path}: damaged; forget the users again, then remove it") from error


def finish_forgetting(state: State) -> list[str]:
    """Finish interrupted forgettings; returns the users that were forgotten now."""
    due = forgetting(state)
    if due:
        forget(due[-1], state)
    return due


def _write_due(state: State, users: Sequence[str]) -> None:
    path = state.directory / _DUE
    if users:
        replace_text(path, json.dumps(users) + "\n")
    else:
        path.unlink(missing_ok=True)


def _forget(user_id: str, state: State) -> int:
    """Remove a user; take them off the list of pending users once nothing is left."""
    left: list[str] = []
    turns = 0
    with _told(left):
        turns = _forget_what_was_said(user_id, state, left)
        _forget_what_was_learned(user_id, state)
        _sweep(state)
    if left:
        raise NotForgotten(f"something of the user is left: {'; '.join(left)}. Then run it again")
    _write_due(state, [one for one in forgetting(state) if one != user_id])
    return turns


@contextmanager
def _told(left: list[str]) -> Iterator[None]:
    """Collect what cannot be removed now, and continue."""
    try:
        yield
    except NotForgotten as error:
        left.append(str(error))


def _forget_what_was_said(user_id: str, state: State, left: list[str]) -> int:
    """Remove a user's turns, and what the assistant remembers of the user."""
    own, said = _own_rewrites(user_id, state)
    state.overrides.forget(user_id)
    state.incidents.forget(user_id, own)
    for row in read_withdrawn(state.withdrawn):
        if row["rewrite_id"] in own and row.get("request") and row.get("acted_on"):
            heard, meant = meaning_of(row["request"], row["acted_on"])
            state.overrides.drop(Override(heard, None, None, meant))
    forget_withdrawn(state.withdrawn, own)
    FreshHistory.beside(state.learning).forget(user_id)
    Opinions.beside(state.learning).forget(user_id)
    (state.directory / _TYPED).unlink(missing_ok=True)  # lines that were typed, of whomever
    memory, traces = state.directory / "memory.sqlite", state.directory / "traces.sqlite"
    if memory.exists():
        from uptake.assistant.forgetting import forget_person
        from uptake.assistant.memory import Memory

        with _told(left), closing(Memory(memory)) as opened:
            forget_person(opened, user_id, said)
    if traces.exists():
        from uptake.assistant.record.traces import TraceStore

        with _told(left), closing(TraceStore(traces)) as kept:
            kept.forget(user_id)
    with _told(left), closing(state.timeline) as changes:
        changes.forget(user_id)
    turns = state.log.turns_of(user_id)
    with _told(left):
        state.log.forget(user_id)
    return turns


def _own_rewrites(user_id: str, state: State) -> tuple[set[str], list[str]]:
    """Return the personal rewrites that were served to a user, and the user's requests."""
    theirs: set[str] = set()
    others: set[str] = set()
    said: set[str] = set()
    snapshot = state.log.snapshot()
    columns = ["user_id", "rewrite_id", "request"]
    for table in chain((part.table(columns) for part in snapshot.parts), (snapshot.fresh.select(columns),)):
        is_theirs = pc.equal(table.column("user_id"), user_id)
        for rows, found in ((is_theirs, theirs), (pc.invert(is_theirs), others)):
            found.update(pc.unique(table.column("rewrite_id").filter(rows)).drop_null().to_pylist())
        said.update(pc.unique(table.column("request").filter(is_theirs)).to_pylist())
    return theirs - others, sorted(said)


def _forget_what_was_learned(user_id: str, state: State) -> None:
    """Learn again without the user, and remove the artifacts learned with them."""
    forget_counts(state.log, {}, state.learning)
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


def _sweep(state: State) -> None:
    """Remove files that killed processes left half written."""
    state.artifacts.sweep()
    for path in leftovers(state):
        path.unlink(missing_ok=True)


def leftovers(state: State) -> list[Path]:
    """Return temporary files, meant to replace others, that killed processes left."""
    return sorted(path for path in state.directory.rglob(".*") if _HALF.fullmatch(path.name) and path.is_file())


def _counts(one: Capability, state: State) -> bool:
    """Tell whether the capability has kept counts of this log."""
    if one.learner is None:
        return False
    try:
        cls: Any = one.learner_class()
    except MissingExtra:  # what cannot be loaded cannot be counted again: its artifact goes as a whole
        return False
    return hasattr(cls, "statistics") and (state.learning / cls.name).is_dir()


def _solved(counting: Sequence[Capability], state: State) -> list[tuple[Capability, Artifact]]:
    """Learn again from the log without the user."""
    learners = [learner for one in counting if isinstance(learner := one.make_learner(state.config), Learner)]
    if state.log.stats().turns:
        reports = learn(state.log, state.engine, learners, state.learning, private=state.private(spends=False))
        return [(one, report.artifact) for one, report in zip(counting, reports, strict=True)]
    shutil.rmtree(state.learning, ignore_errors=True)
    for path in (state.directory / DIRECTORY).glob("*.parquet"):
        path.unlink()
    return [(one, _of_nothing(learner, state)) for one, learner in zip(counting, learners, strict=True)]


def _of_nothing(learner: Learner, state: State) -> Artifact:
    statistics = state.engine.table(learner.statistics, turns=TURNS.empty_table())
    return learner.solve(EngineStatistics(state.engine, statistics))


def _publish(one: Capability, artifact: Artifact, state: State, evidence: Evidence) -> None:
    """Publish the artifact without the user, even after a rollback, for the served version was learned with the user.

    It never adds new rows.
    """
    if state.artifacts.current_version(one.kind) is None:
        return
    try:
        served = state.artifacts.load(one.artifact_class())
    except (ArtifactRefused, MissingExtra):  # what cannot be read tells nothing
        served = None
    judged = judge(one, without_new(artifact, served), None, evidence)
    if judged.artifact is None:
        shutil.rmtree(state.artifacts.directory / one.kind, ignore_errors=True)
    else:
        state.artifacts.publish(judged.artifact, made_by={"learner": one.name})


def _without(one: Capability, user_id: str, state: State) -> None:
    """Publish an artifact without the user's share, or remove the artifact."""
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
    """Remove counts and artifacts of learners that no longer exist, because a user cannot be removed from them."""
    for kind, learner in RETIRED.items():
        shutil.rmtree(state.artifacts.directory / kind, ignore_errors=True)
        shutil.rmtree(state.learning / learner, ignore_errors=True)
