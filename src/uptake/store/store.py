"""Versions of what was learned, and the pointer that says which one is served.

    <directory>/<kind>/000001-1f2e3d4c/   one version: its files and `manifest.json`, never changed again
    <directory>/<kind>/CURRENT            one line a pointer move; the last one says what is served

Publishing writes beside, flushes to the disk and renames, then replaces CURRENT by a rename: a reader sees the
old version or the new one, and a process killed at any point leaves the old one served.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from uptake.errors import ArtifactRefused, NotReady
from uptake.protocols import Artifact
from uptake.store.diff import Difference, difference
from uptake.store.durable import locked, replace_text, storage, sync
from uptake.store.manifest import FILE_NAME, FileEntry, Manifest, Seen, check_files, describe, read_manifest, share
from uptake.store.stamps import Stamps

__all__ = ["ArtifactStore", "PointerMove"]

A = TypeVar("A", bound=Artifact)

_POINTER, _NOTHING = "CURRENT", "# nothing is served yet\n"
_INCOMING = ".incoming"
_VERSION = re.compile(r"\d{6,}-[0-9a-f]{8}")
_MOVE = re.compile(rf"(\S+) (publish|rollback) ({_VERSION.pattern})")
_MAX_HISTORY = 1_000
_SYNCED_AT_ONCE = 8


class PointerMove(NamedTuple):
    """One move of the pointer."""

    at: datetime
    """Time, UTC."""
    action: str
    """"publish" or "rollback"."""
    version: str
    """Version served from then on."""


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """Publishes artifacts and finds the one to serve. Safe to use from many processes.

    Args:
        directory: Where the kinds live; made when something is published.
        keep: Versions of a kind that publishing leaves there, the latest ones and the one that is served.
        stamps: Tells whether a pointer moved.
        seen: Large files that were found whole: they are not read again when another version that has them is opened.
    """

    directory: Path
    keep: int = 50
    stamps: Stamps = field(default_factory=Stamps, repr=False, compare=False)
    seen: Seen = field(default_factory=dict, repr=False, compare=False)

    def publish(
        self,
        artifact: Artifact,
        *,
        parents: Sequence[str] | None = None,
        made_by: Mapping[str, Any] | None = None,
        created_at: datetime | None = None,
    ) -> str:
        """Store an artifact as a new version and serve it from now on.

        Equal content makes no new version: the version that has it is served.

        Args:
            artifact: What was learned.
            parents: Versions it was made from; None for the one that is served now.
            made_by: What made it and with which options, as JSON values.
            created_at: None for now.

        Returns:
            The version's name.

        Raises:
            StorageFailed: The disk refused; what was served is still served.
        """
        kind, home, now = artifact.kind, self.directory / artifact.kind, created_at or datetime.now(UTC)
        with self._writing(home), storage(home):
            incoming = home / _INCOMING
            shutil.rmtree(incoming, ignore_errors=True)  # what a killed publisher left
            incoming.mkdir()
            try:
                artifact.save(incoming)
                beside = self._beside(kind)
                files = describe(incoming, *beside)
                version = self._with_files(type(artifact), files)
                if version is None:
                    version = f"{self._next_number(kind):06d}-{_content(files)}"
                    before = self._served(kind)
                    manifest = Manifest(
                        kind=kind,
                        schema_version=artifact.schema_version,
                        version=version,
                        created_at=now,
                        parents=tuple(parents) if parents is not None else (before,) if before else (),
                        made_by=made_by or {},
                        files=files,
                    )
                    if not (home / _POINTER).exists() and not self.versions(kind):
                        replace_text(home / _POINTER, _NOTHING)  # versions without a pointer mean that it was lost
                    if beside:
                        share(incoming, files, *beside)
                    _seal(incoming, manifest, home / version)
            finally:
                shutil.rmtree(incoming, ignore_errors=True)
            self._point(kind, version, "publish", now)
            self._prune(kind, self.keep)
        return version

    def current(self, kind: str) -> Path | None:
        """Return the directory of the version that is served; None where nothing was published.

        Raises:
            ArtifactRefused: The pointer is broken.
        """
        version = self.current_version(kind)
        return None if version is None else self.directory / kind / version

    def current_version(self, kind: str) -> str | None:
        """Name of the version that is served; None where nothing was published."""
        history = self.history(kind)
        return history[-1].version if history else None

    def pointer(self, kind: str) -> Path:
        """Return the file that changes whenever the pointer moves."""
        return self.directory / kind / _POINTER

    def size(self, kind: str) -> int:
        """Return bytes of the version that is served; 0 where there is none, or where it cannot be told."""
        try:
            directory = self.current(kind)
            return 0 if directory is None else sum(path.stat().st_size for path in directory.iterdir())
        except (ArtifactRefused, OSError):
            return 0

    def history(self, kind: str) -> list[PointerMove]:
        """Return moves of the pointer, oldest first (the last thousand of them).

        Raises:
            ArtifactRefused: The pointer is broken, or lost.
        """
        path = self.directory / kind / _POINTER
        try:
            text = path.read_text(encoding="utf-8")
            return [] if text == _NOTHING else [_parse_move(line) for line in text.splitlines() or [text]]
        except (FileNotFoundError, NotADirectoryError) as error:
            if not self.versions(kind):
                return []
            raise ArtifactRefused(
                f"{path}: missing, but there are versions beside it; `uptake doctor --repair` serves the latest whole "
                "one, or choose one with `uptake artifacts publish VERSION`"
            ) from error
        except (OSError, ValueError) as error:
            raise ArtifactRefused(
                f"{path}: not a pointer; choose what to serve with `uptake artifacts publish VERSION`"
            ) from error

    def versions(self, kind: str) -> list[str]:
        """Return names of all versions, oldest first."""
        try:
            names = [path.name for path in (self.directory / kind).iterdir() if _VERSION.fullmatch(path.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(names, key=lambda name: (_number(name), name))

    def kinds(self) -> list[str]:
        """Return kinds that have a version, by name."""
        try:
            there = sorted(path.name for path in self.directory.iterdir() if path.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [kind for kind in there if self.versions(kind)]

    def held(self, kind: str) -> PointerMove | None:
        """Return the rollback that nothing is published past, until somebody lifts it; None where there is none."""
        history = self.history(kind)
        return history[-1] if history and history[-1].action == "rollback" else None

    def manifest(self, kind: str, version: str) -> Manifest:
        """Read the manifest of a version."""
        return read_manifest(self._directory(kind, version), kind=kind)

    def load(self, cls: type[A], version: str | None = None) -> A:
        """Open an artifact: its manifest and the fast digest of every file are checked.

        Args:
            cls: Class of the artifact.
            version: None for the one that is served.

        Raises:
            NotReady: Nothing was published.
            ArtifactRefused: It is not whole, was altered, or is of another kind or a newer schema.
        """
        version = version or self.current_version(cls.kind)
        if version is None:
            raise NotReady(f"no {cls.kind} were published in {self.directory}; run `uptake learn` first")
        directory = self._directory(cls.kind, version)
        manifest = read_manifest(directory, kind=cls.kind, schema_version=cls.schema_version)
        check_files(directory, manifest, seen=self.seen)
        return cls.load(directory)

    def verify(self, cls: type[Artifact], version: str | None = None) -> Manifest:
        """Compare every byte of a version with its manifest (SHA-256), and open it.

        Args:
            cls: Class of the artifact.
            version: None for the one that is served.

        Raises:
            NotReady: Nothing was published.
            ArtifactRefused: Something is wrong with it.
        """
        kind = cls.kind
        version = version or self.current_version(kind)
        if version is None:
            raise NotReady(f"no {kind} were published in {self.directory}; run `uptake learn` first")
        directory = self._directory(kind, version)
        manifest = read_manifest(directory, kind=kind, schema_version=cls.schema_version)
        check_files(directory, manifest, proof=True)
        cls.load(directory)
        return manifest

    def diff(self, cls: type[Any], a: str, b: str) -> Difference:
        """Return rows that version `b` has and `a` has not, the reverse, and rows that changed."""
        return difference(self.load(cls, a), self.load(cls, b))

    def point(self, cls: type[Artifact], version: str, *, action: str = "publish", at: datetime | None = None) -> None:
        """Serve a version that exists, after verifying it. A publish lifts a rollback."""
        with self._writing(self.directory / cls.kind):
            self.verify(cls, version)
            self._point(cls.kind, version, action, at or datetime.now(UTC))

    def rollback(self, cls: type[Artifact], to: str | None = None, *, at: datetime | None = None) -> str:
        """Serve an older version again: `to`, else the parent of the one that is served. It stays until it is lifted.

        Returns:
            The version that is served now.

        Raises:
            NotReady: There is nothing to go back to.
        """
        version = to or self.parent(cls.kind)
        self.point(cls, version, action="rollback", at=at)
        return version

    def parent(self, kind: str) -> str:
        """Return the version a rollback goes to: the newest existing ancestor of the one that is served."""
        version = self.current_version(kind)
        if version is None:
            raise NotReady(f"no {kind} were published in {self.directory}; run `uptake learn` first")
        try:
            candidates = self.manifest(kind, version).parents
        except ArtifactRefused:  # what is served is broken: go back to what was served before
            candidates = tuple(move.version for move in reversed(self.history(kind)) if move.version != version)
        there = set(self.versions(kind))
        for parent in candidates:
            if parent in there:
                return parent
        raise NotReady(f"{kind} {version} has no parent to go back to; name one with --to VERSION")

    def resolve(self, kind: str, name: str) -> str:
        """Return the full name of a version from its beginning, for example "000002" or "2"."""
        found = [version for version in self.versions(kind) if version.startswith(name)]
        if not found and name.isdecimal():
            found = [version for version in self.versions(kind) if _number(version) == int(name)]
        if len(found) != 1:
            there = ", ".join(self.versions(kind)[-5:]) or "none"
            raise NotReady(f"{len(found)} versions of {kind} match; the latest are {there}")
        return found[0]

    def prune(self, kind: str, *, keep: int) -> list[str]:
        """Remove all but the latest versions; the one that is served always stays.

        Returns:
            Names of the removed versions.
        """
        home = self.directory / kind
        with self._writing(home), storage(home):
            return self._prune(kind, keep)

    def leftovers(self) -> list[Path]:
        """Return what killed publishers left."""
        return sorted(self.directory.glob(f"*/{_INCOMING}"))

    def sweep(self) -> int:
        """Remove what killed publishers left; returns of how many."""
        left = self.leftovers()
        for incoming in left:
            with self._writing(incoming.parent), storage(incoming):
                shutil.rmtree(incoming, ignore_errors=True)
        return len(left)

    @contextmanager
    def _writing(self, home: Path) -> Iterator[None]:
        with locked(home / ".lock"):
            yield

    def _directory(self, kind: str, version: str) -> Path:
        directory = self.directory / kind / version
        if not _VERSION.fullmatch(version) or not directory.is_dir():
            there = ", ".join(self.versions(kind)[-5:]) or "none"
            raise ArtifactRefused(f"{directory}: there is no such version; the latest are {there}")
        return directory

    def _served(self, kind: str) -> str | None:
        """Return what is served, for a publisher: a broken pointer is about to be replaced, so it is no obstacle."""
        try:
            return self.current_version(kind)
        except ArtifactRefused:
            return None

    def _beside(self, kind: str) -> tuple[Path, tuple[FileEntry, ...]] | tuple[()]:
        """Return the version that is served and its files, where it is there and can be read."""
        version = self._served(kind)
        try:
            return (self.directory / kind / version, self.manifest(kind, version).files) if version else ()
        except ArtifactRefused:
            return ()

    def _next_number(self, kind: str) -> int:
        versions = self.versions(kind)
        return _number(versions[-1]) + 1 if versions else 1

    def _with_files(self, cls: type[Artifact], files: tuple[FileEntry, ...]) -> str | None:
        """Return a whole version with these files, where there is one."""
        for version in reversed(self.versions(cls.kind)):
            try:
                if self.manifest(cls.kind, version).files == files:
                    self.verify(cls, version)
                    return version
            except ArtifactRefused:
                continue
        return None

    def _prune(self, kind: str, keep: int) -> list[str]:
        home, served = self.directory / kind, self._served(kind)
        versions = [version for version in self.versions(kind) if version != served]
        removed = versions[: max(0, len(versions) - max(0, keep - 1))]
        for version in removed:
            gone = home / _INCOMING
            shutil.rmtree(gone, ignore_errors=True)
            (home / version).rename(gone)  # never half a version under its own name
            shutil.rmtree(gone)
        return removed

    def _point(self, kind: str, version: str, action: str, at: datetime) -> None:
        try:
            before = self.history(kind)
        except ArtifactRefused:
            before = []
        if before and before[-1].version == version and before[-1].action == action:
            return
        moves = [*before[-_MAX_HISTORY + 1 :], PointerMove(at, action, version)]
        lines = [f"{move.at.astimezone(UTC).isoformat()} {move.action} {move.version}\n" for move in moves]
        replace_text(self.directory / kind / _POINTER, "".join(lines))


def _seal(incoming: Path, manifest: Manifest, final: Path) -> None:
    """Flush a directory with its manifest to the disk and give it its name."""
    (incoming / FILE_NAME).write_text(manifest.to_text(), encoding="utf-8")
    with ThreadPoolExecutor(
        _SYNCED_AT_ONCE, thread_name_prefix="uptake-sync"
    ) as several:  # the disk takes them together
        list(several.map(sync, incoming.iterdir()))
    sync(incoming)
    incoming.rename(final)
    sync(final.parent)


def _content(files: Sequence[FileEntry]) -> str:
    """Return eight digits that stand for the content of all files."""
    return hashlib.sha256("\n".join(f"{entry.name} {entry.sha256}" for entry in files).encode()).hexdigest()[:8]


def _number(version: str) -> int:
    return int(version.partition("-")[0])


def _parse_move(line: str) -> PointerMove:
    move = _MOVE.fullmatch(line)
    if move is None:
        raise ValueError("a line is not a pointer move")
    return PointerMove(datetime.fromisoformat(move[1]), move[2], move[3])
