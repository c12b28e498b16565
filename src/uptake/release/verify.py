"""Verify that a user is forgotten: search all files, learn again and compare, and write a certificate.

The keys and texts to search for are collected before anything is removed, and kept in the state directory until the
certificate is written, so that an interrupted call can be repeated. The certificate holds no word of the user, and the
name only as a salted digest.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from uptake.capability import Capability
from uptake.catalogue import capabilities
from uptake.errors import ArtifactRefused, MissingExtra, StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY
from uptake.protocols import Artifact, Learner
from uptake.release.forget import forget
from uptake.release.gates import judge, without_new
from uptake.release.solve import learn
from uptake.release.state import State
from uptake.release.traces import SHORT, SOUGHT, Needles, needles_of, search
from uptake.release.watching import gates_of
from uptake.store.durable import replace_text

__all__ = ["Certificate", "forget_verified"]

_DIRECTORY = "certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Record of what was removed, searched and compared."""

    path: Path
    """Where it was written."""
    turns: int
    """Turns removed."""
    left: tuple[str, ...]
    """Files in which something of the user was found."""
    differing: tuple[str, ...]
    """Capabilities whose artifact is not what learning without the user makes."""

    unsearched: str = ""
    """What was not searched, and may hold something; "" where all was."""

    @property
    def clean(self) -> bool:
        """Tell whether nothing is left, and all served artifacts equal those learned without the user."""
        return not self.left and not self.differing


def forget_verified(user_id: str, state: State, *, now: datetime, backups: Sequence[Path] = ()) -> Certificate:
    """Forget a user and verify it. Running it again is harmless, and finishes an interrupted run.

    Args:
        user_id: Pseudonym of the user.
        state: The state directory.
        now: Time to write in the certificate.
        backups: Copies of the directory that are searched too; nothing is removed from them.

    Raises:
        StorageFailed: The disk refused, or a backup cannot be read; call again to finish.
        NotForgotten: Something of the user is left; the message says what and why.
    """
    for backup in backups:
        if not backup.is_dir():
            raise StorageFailed(f"{backup}: no such directory; name a copy of a state directory")
    sought = state.directory / SOUGHT
    needles, turns = _needles(user_id, state, sought)
    forget(user_id, state)
    with state.alone():
        compared = dict(_compared(user_id, state))
        found = search(state.directory, needles, leave=[sought])
        parts = state.log.directory
        outside = [parts] if parts.is_dir() and not parts.resolve().is_relative_to(state.directory.resolve()) else []
        elsewhere = [search(place, needles) for place in (*outside, *backups)]
        salt = secrets.token_hex(16)
        path = state.directory / _DIRECTORY / f"{now:%Y%m%dT%H%M%S}-{salt[:8]}.json"
        path.parent.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
        left = [*found.places, *(place for one in elsewhere for place in one.places)]
        written = {
            "user": hashlib.sha256(f"{salt}{user_id}".encode()).hexdigest(),
            "salt": salt,
            "at": now.isoformat(),
            "turns_removed": turns,
            "searched_for": {"keys": len(needles.keys), "texts": len(needles.texts), "short_in_text_only": SHORT},
            "searched": asdict(found) | {"places": len(found.places)},
            "not_searched": state.log.journal.elsewhere,
            "backups": [asdict(one) | {"places": len(one.places)} for one in elsewhere],
            "left": left,
            "capabilities": compared,
            "older_versions": "removed with everything that was learned with the user",
            "differential_privacy": _released(state),
        }
        replace_text(path, json.dumps(written, indent=1) + "\n")
        differing = tuple(name for name, what in compared.items() if what.startswith("differs"))
        if not found.places:
            sought.unlink(missing_ok=True)
    return Certificate(
        path=path, turns=turns, left=tuple(left), differing=differing, unsearched=state.log.journal.elsewhere
    )


def _needles(user_id: str, state: State, sought: Path) -> tuple[Needles, int]:
    """Collect the keys and texts to search for, and the number of turns; include those of an interrupted call."""
    needles, turns = needles_of(user_id, state.log), state.log.turns_of(user_id)
    earlier = _read(sought)
    if earlier.get("user") == user_id:
        needles = Needles(
            keys=tuple(sorted({*needles.keys, *earlier["keys"]})),
            texts=tuple(sorted({*needles.texts, *earlier["texts"]})),
        )
        turns = max(turns, int(earlier["turns"]))
    if state.directory.is_dir():
        replace_text(sought, json.dumps({"user": user_id, "turns": turns, **asdict(needles)}) + "\n")
    return needles, turns


def _read(sought: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(sought.read_text(encoding="utf-8"))
        return found if {"user", "keys", "texts", "turns"} <= found.keys() else {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise StorageFailed(f"{sought}: damaged; remove it, and restore the log from a copy to verify again") from error


def _compared(user_id: str, state: State) -> Iterator[tuple[str, str]]:
    """Learn every capability from the log as it is now, and compare the result with the served artifact."""
    counting: list[tuple[Capability, Learner]] = []
    for one in capabilities():
        served = _served(one, state)
        if served is None:
            yield one.name, "nothing is served: what was learned with the user is gone, or was never there"
            continue
        learner = _counts(one, state)
        if learner is not None:
            counting.append((one, learner))
            continue
        left = served.without(user_id)
        if left is None:
            yield one.name, "differs: it cannot be computed without the user; learn it again"
        else:
            yield one.name, "equal: removing the user changes nothing" if left == served else "differs: subtract again"
    if not counting:
        return
    evidence = gates_of(state)
    for (one, _), artifact in zip(counting, _learned_anew(state, [learner for _, learner in counting]), strict=True):
        served = _served(one, state)
        equal = judge(one, without_new(artifact, served), None, evidence).artifact == served
        yield one.name, "equal: learned again from the log without the user" if equal else "differs: learn it again"


def _learned_anew(state: State, learners: Sequence[Learner]) -> list[Artifact]:
    from uptake.engine.local import EngineStatistics
    from uptake.feedback.turns_view import TURNS

    if not state.log.stats().turns:
        engine, empty = state.engine, TURNS.empty_table()
        return [one.solve(EngineStatistics(engine, engine.table(one.statistics, turns=empty))) for one in learners]
    with tempfile.TemporaryDirectory() as elsewhere:
        private = state.private(spends=False)
        made = learn(state.log, state.engine, learners, Path(elsewhere), full=True, private=private)
        return [report.artifact for report in made]


def _counts(one: Capability, state: State) -> Learner | None:
    if one.learner is None or (not (state.learning / one.learner_class().name).is_dir() and state.log.stats().turns):
        return None
    learner = one.make_learner(state.config)
    return learner if isinstance(learner, Learner) else None


def _served(one: Capability, state: State) -> Artifact | None:
    """Return the served versions that were published here."""
    try:
        if state.artifacts.current_version(one.kind) is None:
            return None
        return state.artifacts.load(one.artifact_class())
    except (ArtifactRefused, MissingExtra):
        return None


def _released(state: State) -> dict[str, Any] | str:
    private = state.private(spends=False)
    if not private.on:
        return "off: nothing was released with noise"
    return {
        **private.spent(),
        "kept": "released counts stand: they hold texts that the threshold let pass, and none of this user's own",
    }
