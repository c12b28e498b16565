"""Manifest of a published directory: kind, version, parents, and a digest of every file.

The manifest is written in one canonical form and carries a digest of its own, so any changed byte, in it
or in a file it lists, is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from uptake.errors import ArtifactRefused
from uptake.log.disk import checksum

__all__ = ["FILE_NAME", "FORMAT", "FileEntry", "Manifest", "check_files", "describe", "read_manifest"]

FILE_NAME = "manifest.json"
FORMAT = 1
"""Version of the manifest's own form."""

_AGAIN = "make it again with `uptake learn`, or serve another version with `uptake artifacts rollback`"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of an artifact."""

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


def describe(directory: Path) -> tuple[FileEntry, ...]:
    """Digest every file of a directory."""
    entries = []
    for path in sorted(directory.iterdir()):
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        entries.append(FileEntry(name=path.name, bytes=path.stat().st_size, sha256=sha256, xxh3=checksum(path)))
    return tuple(entries)


def read_manifest(directory: Path, *, kind: str, schema_version: int | None = None) -> Manifest:
    """Read and check the manifest of a published directory.

    Args:
        directory: One version of an artifact.
        kind: What it must be.
        schema_version: Newest form of the files that the caller can read; None to read the manifest alone.

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


def check_files(directory: Path, manifest: Manifest, *, proof: bool = False) -> None:
    """Compare every file of a directory with its manifest.

    Args:
        directory: One version of an artifact.
        manifest: What `read_manifest` returned for it.
        proof: Compare SHA-256 as well; slower, and safe against intent, not only against accidents.

    Raises:
        ArtifactRefused: A file is missing, cut short, altered, or there is one too many.
    """
    try:
        names = {path.name for path in directory.iterdir()}
    except OSError as error:
        raise ArtifactRefused(f"{directory}: cannot be read ({error.strerror}); {_AGAIN}") from error
    extra = names - {entry.name for entry in manifest.files} - {FILE_NAME}
    if extra:
        raise ArtifactRefused(f"{directory / min(extra)}: not part of the artifact; remove it")
    for entry in manifest.files:
        _check_file(directory / entry.name, entry, proof=proof)


def _check_file(path: Path, entry: FileEntry, *, proof: bool) -> None:
    try:
        size = path.stat().st_size
        same = size == entry.bytes and checksum(path) == entry.xxh3
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
