"""Store versions of artifacts, and the pointer to the one that is served.

    <directory>/<kind>/000001-1f2e3d4c/   one version: its files and `manifest.json`, never changed again
    <directory>/<kind>/CURRENT            one line per pointer move; the last line names the served version

Publishing writes a new directory, flushes it to disk and renames it, then replaces CURRENT by a rename. A reader sees
the old version or the new one, and a process killed at any point leaves the old one served.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from uptake.errors import ArtifactRefused, NotReady
from uptake.protocols import Artifact
from uptake.store.diff import Difference, difference
from uptake.store.durable import locked, replace_text, storage_errors, sync
from uptake.store.manifest import FILE_NAME, FileEntry, Manifest, Seen, check_files, describe, hard_link, read_manifest
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
    """Entry for one move of the pointer."""

    at: datetime
    """Time, UTC."""
    action: str
    """"publish" or "rollback"."""
    version: str
    """Version served from then on."""


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """Store that publishes artifacts and opens the served ones. Safe to use from many processes.

    Args:
        directory: Directory of the kinds; made by the first publication.
        keep: Number of versions of a kind that publishing leaves: the latest ones and the served one.
        stamps: Tells whether a pointer moved.
        seen: Large files that were verified: they are not read again when another version with the same file is opened.
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

        Equal content makes no new version: the existing version is served.

        Args:
            artifact: The artifact.
            parents: Versions that it was made from; None for the served one.
            made_by: Its learner and options, as JSON values.
            created_at: None for now.

        Returns:
            The version's name.

        Raises:
            StorageFailed: The disk refused; what was served is still served.
        """
        kind, home, now = artifact.kind, self.directory / artifact.kind, created_at or datetime.now(UTC)
        with self._writing(home), storage_errors(home):
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
                        hard_link(incoming, files, *beside)
                    _seal(incoming, manifest, home / version)
            finally:
                shutil.rmtree(incoming, ignore_errors=True)
            self._point(kind, version, "publish", now)
            self._prune(kind, self.keep)
        return version

    def current(self, kind: str) -> Path | None:
        """Return the directory of the served version; None if nothing was published.

        Raises:
            ArtifactRefused: The pointer is broken.
        """
        version = self.current_version(kind)
        return None if version is None else self.directory / kind / version

    def current_version(self, kind: str) -> str | None:
        """Name of the served version; None if nothing was published."""
        history = self.history(kind)
        return history[-1].version if history else None

    def pointer(self, kind: str) -> Path:
        """Return the file that changes with every move of the pointer."""
        return self.directory / kind / _POINTER

    def size(self, kind: str) -> int:
        """Return the size of the served version in bytes; 0 if there is none, or if it cannot be read."""
        try:
            directory = self.current(kind)
            return 0 if directory is None else sum(path.stat().st_size for path in directory.iterdir())
        except (ArtifactRefused, OSError):
            return 0

    def history(self, kind: str) -> list[PointerMove]:
        """Return the last thousand moves of the pointer, oldest first.

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
        """Return the names of all versions, oldest first."""
        try:
            names = [path.name for path in (self.directory / kind).iterdir() if _VERSION.fullmatch(path.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(names, key=lambda name: (_number(name), name))

    def kinds(self) -> list[str]:
        """Return the kinds that have a version, by name."""
        try:
            there = sorted(path.name for path in self.directory.iterdir() if path.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [kind for kind in there if self.versions(kind)]

    def held(self, kind: str) -> PointerMove | None:
        """Return the rollback that stops publication until it is lifted; None if there is none."""
        history = self.history(kind)
        return history[-1] if history and history[-1].action == "rollback" else None

    def manifest(self, kind: str, version: str) -> Manifest:
        """Read the manifest of a version."""
        return read_manifest(self._directory(kind, version), kind=kind)

    def load(self, cls: type[A], version: str | None = None) -> A:
        """Open an artifact: its manifest and the fast digest of every file are checked.

        Args:
            cls: Class of the artifact.
            version: Name of a version; None for the served one.

        Raises:
            NotReady: Nothing was published.
            ArtifactRefused: It is incomplete, altered, of another kind, or of a newer schema version.
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
            version: Name of a version; None for the served one.

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
        """Return the rows that version `b` added to `a`, removed from it, and changed."""
        return difference(self.load(cls, a), self.load(cls, b))

    def point(self, cls: type[Artifact], version: str, *, action: str = "publish", at: datetime | None = None) -> None:
        """Serve an existing version, after verifying it. A publication ends a rollback."""
        with self._writing(self.directory / cls.kind):
            self.verify(cls, version)
            self._point(cls.kind, version, action, at or datetime.now(UTC))

    def rollback(self, cls: type[Artifact], to: str | None = None, *, at: datetime | None = None) -> str:
        """Serve an older version again: `to`, else the parent of the served one. It holds until it is lifted.

        Returns:
            The version that is served now.

        Raises:
            NotReady: There is nothing to go back to.
        """
        version = to or self.parent(cls.kind)
        self.point(cls, version, action="rollback", at=at)
        return version

    def parent(self, kind: str) -> str:
        """Return the version that a rollback goes to: the newest existing ancestor of the served one."""
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
        """Return the full name of a version from its prefix or number, for example "000002" or "2"."""
        found = [version for version in self.versions(kind) if version.startswith(name)]
        if not found and name.isdecimal():
            found = [version for version in self.versions(kind) if _number(version) == int(name)]
        if len(found) != 1:
            there = ", ".join(self.versions(kind)[-5:]) or "none"
            raise NotReady(f"{len(found)} versions of {kind} match; the latest are {there}")
        return found[0]

    def prune(self, kind: str, *, keep: int) -> list[str]:
        """Remove all but the latest versions; the served one always stays.

        Returns:
            Names of the removed versions.
        """
        home = self.directory / kind
        with self._writing(home), storage_errors(home):
            return self._prune(kind, keep)

    def leftovers(self) -> list[Path]:
        """Return the remains of killed publishers."""
        return sorted(self.directory.glob(f"*/{_INCOMING}"))

    def sweep(self) -> int:
        """Remove the remains of killed publishers; returns their number."""
        left = self.leftovers()
        for incoming in left:
            with self._writing(incoming.parent), storage_errors(incoming):
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
        """Return the served version for a publisher; a broken pointer counts as none, since it will be replaced."""
        try:
            return self.current_version(kind)
        except ArtifactRefused:
            return None

    def _beside(self, kind: str) -> tuple[Path, tuple[FileEntry, ...]] | tuple[()]:
        """Return the served version and its files, if it can be read."""
        version = self._served(kind)
        try:
            return (self.directory / kind / version, self.manifest(kind, version).files) if version else ()
        except ArtifactRefused:
            return ()

    def _next_number(self, kind: str) -> int:
        versions = self.versions(kind)
        return _number(versions[-1]) + 1 if versions else 1

    def _with_files(self, cls: type[Artifact], files: tuple[FileEntry, ...]) -> str | None:
        """Return a complete version with these files; None if there is none."""
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
    """Flush a directory with its manifest to disk and rename it to its final name."""
    from concurrent.futures import ThreadPoolExecutor  # who only serves needs none

    (incoming / FILE_NAME).write_text(manifest.to_text(), encoding="utf-8")
    with ThreadPoolExecutor(
        _SYNCED_AT_ONCE, thread_name_prefix="uptake-sync"
    ) as several:  # the disk takes them together
        list(several.map(sync, incoming.iterdir()))
    sync(incoming)
    incoming.rename(final)
    sync(final.parent)


def _content(files: Sequence[FileEntry]) -> str:
    """Return eight hexadecimal digits computed from the content of all files."""
    return hashlib.sha256("\n".join(f"{entry.name} {entry.sha256}" for entry in files).encode()).hexdigest()[:8]


def _number(version: str) -> int:
    return int(version.partition("-")[0])


def _parse_move(line: str) -> PointerMove:
    move = _MOVE.fullmatch(line)
    if move is None:
        raise ValueError("a line is not a pointer move")
    return PointerMove(datetime.fromisoformat(move[1]), move[2], move[3])
