"""Check an installation and a state directory, and repair what can be repaired without loss.

Every file that has a digest is compared with it: files of the package, the log, the artifacts and the kept statistics.
Remains of killed processes are removed, and an interrupted forgetting is finished.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from uptake.catalogue import capabilities
from uptake.errors import ArtifactRefused, BadConfig, MissingExtra, NotForgotten, UptakeError
from uptake.experiments.withdrawn import read_withdrawn
from uptake.log.disk import PRIVATE_DIRECTORY, PRIVATE_FILE
from uptake.log.repair import examine as examine_log
from uptake.log.repair import repair as repair_log
from uptake.release.forget import finish_forgetting, forgetting, leftovers
from uptake.release.history import releases
from uptake.release.retention import expire, expiry, overdue
from uptake.release.state import State
from uptake.release.traces import SOUGHT

__all__ = ["Finding", "examine"]

_DATABASES = ("memory.sqlite", "timeline.sqlite", "traces.sqlite")
_OURS = ("log", "artifacts", "learning", "privacy", "certificates", "uptake.toml", *_DATABASES)
_GRACE = timedelta(days=1)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Problem that was found."""

    place: str
    """Part of the installation or of the state directory."""
    problem: str
    """What is wrong, and where."""
    repaired: bool = False
    """Whether it was repaired."""


def examine(state: State, *, repair: bool = False) -> list[Finding]:
    """Check an installation and a state directory.

    Args:
        state: The state directory; if it does not exist, nothing in it is wrong.
        repair: Whether to repair what can be repaired; other problems are returned all the same.

    Raises:
        StorageFailed: The disk refused.
    """
    found = list(_package())
    if not state.directory.is_dir():
        return found
    for place, check in _CHECKS.items():
        try:
            found += [Finding(place=place, problem=problem, repaired=done) for problem, done in check(state, repair)]
        except UptakeError as error:
            found.append(Finding(place=place, problem=str(error)))
    return found


_Told = Iterator[tuple[str, bool]]


def _package() -> Iterator[Finding]:
    """Compare the files of the package with the digests they were installed with."""
    try:
        files = importlib.metadata.files("uptake") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if file.hash is None or file.hash.mode != "sha256" or not str(file).startswith("uptake/"):
            continue
        if not path.is_file():
            yield Finding(place="package", problem=f"{path}: missing; install uptake again")
        elif (
            base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).decode().rstrip("=") != file.hash.value
        ):
            yield Finding(place="package", problem=f"{path}: changed since it was installed; install uptake again")


def _configuration(state: State, _repair: bool) -> _Told:
    try:
        _ = state.config
    except BadConfig as error:
        yield str(error), False


def _log(state: State, repair: bool) -> _Told:
    for problem in examine_log(state.log):
        yield problem, False
    if repair:
        yield from ((line, True) for line in repair_log(state.log))


def _artifacts(state: State, repair: bool) -> _Told:
    store = state.artifacts
    for path in store.leftovers():
        yield f"{path}: left by a killed process", repair
    if repair:
        store.sweep()
    for one in capabilities():
        if not store.versions(one.kind):
            continue
        try:
            cls = one.artifact_class()
        except MissingExtra:
            continue
        whole = []
        for version in store.versions(one.kind):
            try:
                store.verify(cls, version)
                whole.append(version)
            except ArtifactRefused as error:
                yield str(error), False
        try:
            served = store.current_version(one.kind)
            if served is not None and served not in whole:
                raise ArtifactRefused(f"{store.directory / one.kind}: {served} is served, and is incomplete or altered")
        except ArtifactRefused as error:
            if repair and whole:
                store.point(cls, whole[-1])
            yield str(error), repair and bool(whole)


def _databases(state: State, _repair: bool) -> _Told:
    for path in (state.directory / name for name in _DATABASES):
        if not path.exists():
            continue
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
                found = [text for (text,) in database.execute("PRAGMA integrity_check(3)")]
        except sqlite3.Error as error:
            found = [str(error)]
        if found != ["ok"]:
            yield f"{path}: damaged ({found[0]}); restore it from a copy, or remove it: the log has every turn", False


def _decisions(state: State, _repair: bool) -> _Told:
    reads: tuple[Callable[[], object], ...] = (
        state.overrides.read,
        state.incidents.read,
        partial(read_withdrawn, state.withdrawn),
        partial(releases, state),
        state.experiments.all,
        state.private(spends=False).ledger.entries,
    )
    for read in reads:
        try:
            read()
        except UptakeError as error:
            yield str(error), False


def _forgetting(state: State, repair: bool) -> _Told:
    due = forgetting(state)
    if due:
        if repair:
            try:
                finish_forgetting(state)
            except NotForgotten as error:
                yield str(error), False
                return
        yield f"{len(due)} users still have to be forgotten", repair
    if (state.directory / SOUGHT).exists():
        yield (
            f"{state.directory / SOUGHT}: a forgetting is not verified yet; run `uptake forget USER --verify` again",
            False,
        )
    for path in leftovers(state):
        if repair:
            path.unlink(missing_ok=True)
        yield f"{path}: left by a killed process", repair


def _retention(state: State, repair: bool) -> _Told:
    """Report data that is older than the retention period by more than one day; learning removes it."""
    before = expiry(state, datetime.now(UTC) - _GRACE)
    if before is None:
        return
    found = overdue(state, before)
    if repair and (found.turns or found.changes):
        expire(state, before)
    if found.turns or found.changes:
        yield (
            f"{found.turns:,} turns and {found.changes:,} changes of devices are older than [log] keep_days; "
            "`uptake log expire` removes them, and so does `uptake learn`",
            repair,
        )


def _permissions(state: State, repair: bool) -> _Told:
    """Report files that other users of the machine can read; a directory without state is left unchanged."""
    if not any((state.directory / name).exists() for name in _OURS):
        return
    ours = [state.directory, *(path for name in _OURS for path in _under(state.directory / name))]
    open_ = [path for path in ours if not path.is_symlink() and path.stat().st_mode & _OTHERS]
    if not open_:
        return
    if repair:
        for path in open_:
            path.chmod(PRIVATE_DIRECTORY if path.is_dir() else PRIVATE_FILE)
    yield f"{state.directory}: other users of this machine can read {len(open_)} of its files and directories", repair


def _under(path: Path) -> list[Path]:
    return [path, *path.rglob("*")] if path.exists() else []


_CHECKS: dict[str, Callable[[State, bool], _Told]] = {
    "uptake.toml": _configuration,
    "log": _log,
    "artifacts": _artifacts,
    "memory": _databases,
    "decisions": _decisions,
    "forgetting": _forgetting,
    "retention": _retention,
    "permissions": _permissions,
}
