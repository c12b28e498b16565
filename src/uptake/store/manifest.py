"""Manifest of a published directory: kind, version, parents, and a digest of every file.

The manifest is written in one canonical form and has a digest of its own, so that a changed byte, in it or in a file it
lists, is detected.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from uptake.errors import ArtifactRefused
from uptake.log.disk import checksum

__all__ = [
    "FILE_NAME",
    "FORMAT",
    "FileEntry",
    "Manifest",
    "Seen",
    "check_files",
    "describe",
    "hard_link",
    "read_manifest",
]

FILE_NAME = "manifest.json"
FORMAT = 1
"""Version of the manifest's own form."""

Seen = MutableMapping[tuple[int, ...], str]
"""Digests of files that were checked already, by what `os.stat` says of them."""
_SEEN_BYTES = 1 << 20  # smaller files are read again each time
_SETTLED_S = 2.0  # a file may be written again without a new time of change, if within one tick of the clock

_AGAIN = "make it again with `uptake learn`, or serve another version with `uptake artifacts rollback`"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """Entry for one file of an artifact."""

    name: str
    """File name, without a folder."""
    bytes: int
    """Size, in bytes."""
    sha256: str
    """Digest for proof: checked when published and by `verify`."""
    xxh3: str
    """Digest for speed (XXH3, 128 bits): checked whenever the artifact is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Kind, origin and files of one version of an artifact."""

    kind: str
    """Kind of artifact, as in `uptake.catalogue`."""
    schema_version: int
    """Version of the files' form."""
    version: str
    """Name of the version: a running number and eight digits of the content's digest."""
    created_at: datetime
    """Time of publication, UTC."""
    parents: tuple[str, ...] = ()
    """Versions it was made from; the first is where a rollback goes."""
    made_by: Mapping[str, Any] = field(default_factory=dict)
    """Command and options that made it, as JSON values."""
    files: tuple[FileEntry, ...] = ()
    """Its files, by name."""

    def to_text(self) -> str:
        """Return the one canonical text of this manifest."""
        body = {
            "format": FORMAT,
            "kind": self.kind,
            "schema_version": self.schema_version,
            "version": self.version,
            "created_at": self.created_at.astimezone(UTC).isoformat(),
            "parents": list(self.parents),
            "made_by": dict(self.made_by),
            "files": [{name: getattr(entry, name) for name in FileEntry.__slots__} for entry in self.files],
        }
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return json.dumps({**body, "digest": digest}, indent=1, ensure_ascii=False) + "\n"


def describe(directory: Path, beside: Path | None = None, known: tuple[FileEntry, ...] = ()) -> tuple[FileEntry, ...]:
    """Compute the digest of every file of a directory.

    Args:
        directory: The files.
        beside: Another version with known digests: a file that is a hard link to one of its files is not read.
        known: Entries of its files.
    """
    linked = {_inode(beside / entry.name): entry for entry in known} if beside is not None else {}
    entries = []
    for path in sorted(directory.iterdir()):
        same = linked.get(_inode(path))
        if same is not None and same.name == path.name:
            entries.append(same)
            continue
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        entries.append(FileEntry(name=path.name, bytes=path.stat().st_size, sha256=sha256, xxh3=checksum(path)))
    return tuple(entries)


def hard_link(directory: Path, files: tuple[FileEntry, ...], beside: Path, known: tuple[FileEntry, ...]) -> None:
    """Replace files by hard links to identical files of another version, to save space.

    Args:
        directory: Files that are about to be published.
        files: Their digests.
        beside: The other version.
        known: Entries of its files.
    """
    for entry in set(files) & set(known):
        here, there = directory / entry.name, beside / entry.name
        if entry.bytes < _SEEN_BYTES or _inode(here) == _inode(there):
            continue
        link = here.with_name(f".{here.name}")
        try:
            if checksum(there) == entry.xxh3:  # else ours is the last whole one
                os.link(there, link)
                link.replace(here)
        except OSError:  # a disk without links, or the other version is gone
            link.unlink(missing_ok=True)


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


def read_manifest(directory: Path, *, kind: str, schema_version: int | None = None) -> Manifest:
    """Read and check the manifest of a published directory.

    Args:
        directory: One version of an artifact.
        kind: Expected kind.
        schema_version: Newest schema version that the caller can read; None to read the manifest only.

    Raises:
        ArtifactRefused: It is missing, altered, of another kind, or too new.
    """
    path = directory / FILE_NAME
    try:
        text = path.read_bytes().decode()
        body = json.loads(text)
        form = int(body["format"])
    except FileNotFoundError as error:
        raise ArtifactRefused(f"{path}: missing, so the artifact is not whole; {_AGAIN}") from error
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ArtifactRefused(f"{path}: not a manifest ({type(error).__name__}); {_AGAIN}") from error
    if form > FORMAT:
        raise ArtifactRefused(
            f"{path}: manifest of format {form}, this version reads up to {FORMAT}; install a newer uptake"
        )
    manifest = _parse(path, body)
    if manifest.to_text() != text:
        raise ArtifactRefused(f"{path}: altered since it was published; {_AGAIN}")
    if manifest.kind != kind:
        raise ArtifactRefused(f"{path}: holds {manifest.kind}, expected {kind}; {_AGAIN}")
    if schema_version is not None and manifest.schema_version > schema_version:
        raise ArtifactRefused(
            f"{path}: {kind} of schema {manifest.schema_version}, this version reads up to {schema_version}; "
            "install a newer uptake or roll back to an older version"
        )
    return manifest


def check_files(directory: Path, manifest: Manifest, *, proof: bool = False, seen: Seen | None = None) -> None:
    """Compare every file of a directory with its manifest.

    Args:
        directory: One version of an artifact.
        manifest: Result of `read_manifest` for it.
        proof: Compare SHA-256 as well; slower, but it detects deliberate changes, not only accidents.
        seen: Large files that this process has verified, which need not be read again; updated.

    Raises:
        ArtifactRefused: A file is missing, truncated, altered, or not in the manifest.
    """
    try:
        names = {path.name for path in directory.iterdir()}
    except OSError as error:
        raise ArtifactRefused(f"{directory}: cannot be read ({error.strerror}); {_AGAIN}") from error
    extra = names - {entry.name for entry in manifest.files} - {FILE_NAME}
    if extra:
        raise ArtifactRefused(f"{directory / min(extra)}: not part of the artifact; remove it")
    for entry in manifest.files:
        _check_file(directory / entry.name, entry, proof=proof, seen=seen)


def _check_file(path: Path, entry: FileEntry, *, proof: bool, seen: Seen | None) -> None:
    try:
        found = path.stat()
        size = found.st_size
        same = size == entry.bytes and _digest(path, found, None if proof else seen) == entry.xxh3
        if same and proof:
            with path.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
    except FileNotFoundError as error:
        raise ArtifactRefused(f"{path}: missing; {_AGAIN}") from error
    except OSError as error:
        raise ArtifactRefused(f"{path}: cannot be read ({error.strerror}); {_AGAIN}") from error
    if size != entry.bytes:
        raise ArtifactRefused(f"{path}: {size} bytes, expected {entry.bytes}; {_AGAIN}")
    if not same:
        raise ArtifactRefused(f"{path}: altered since it was published; {_AGAIN}")


def _digest(path: Path, found: os.stat_result, seen: Seen | None) -> str:
    """Return the fast digest of a file; that of a large file may be cached."""
    if seen is None or found.st_size < _SEEN_BYTES or time.time() - found.st_mtime < _SETTLED_S:
        return checksum(path)
    stamp = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    if stamp not in seen:
        seen[stamp] = checksum(path)
    return seen[stamp]


def _parse(path: Path, body: Any) -> Manifest:
    try:
        return Manifest(
            kind=str(body["kind"]),
            schema_version=int(body["schema_version"]),
            version=str(body["version"]),
            created_at=datetime.fromisoformat(body["created_at"]),
            parents=tuple(map(str, body["parents"])),
            made_by=dict(body["made_by"]),
            files=tuple(FileEntry(**{name: entry[name] for name in FileEntry.__slots__}) for entry in body["files"]),
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise ArtifactRefused(f"{path}: not a whole manifest ({type(error).__name__}); {_AGAIN}") from error
