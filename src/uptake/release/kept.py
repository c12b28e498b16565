"""Cache results for closed parts of the log. A part never changes, so each result is computed once.

Each part has one file, named after the part, the text of the query and the version of the view. Like the log, these
files hold single users' words; they are removed together with their part.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.feedback.turns_view import VIEW_VERSION
from uptake.log.disk import checksum, locked, stamp
from uptake.store.durable import replace_text

if TYPE_CHECKING:
    from uptake.log.store import Snapshot

__all__ = ["alone", "keep_digests", "kept_files"]

_DIGESTS = "digests.json"
_compared: dict[str, tuple[tuple[int, int, int], str]] = {}
"""File whose digest was compared in this process -> what the disk said of it then, and the digest."""
_logger = logging.getLogger(__name__)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Wait until no other process learns here."""
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory / "lock"):
        yield


def kept_files(snapshot: Snapshot, directory: Path, made_by: str, *beside: str) -> dict[str, Path]:
    """Return the name of each part's file; files of parts that are gone are removed.

    Args:
        snapshot: The log.
        directory: Directory of the files; made if missing.
        made_by: Text that identifies the computation, such as its query.
        beside: Names of other files to leave alone.
    """
    directory.mkdir(parents=True, exist_ok=True)
    maker = hashlib.sha256(f"{made_by}{VIEW_VERSION}".encode()).hexdigest()[:12]
    files = {
        part.name: directory / f"{hashlib.sha256(part.name.encode()).hexdigest()[:24]}.{maker}.parquet"
        for part in snapshot.parts
    }
    for stale in set(_names(directory)).difference((path.name for path in files.values()), (_DIGESTS, *beside)):
        (directory / stale).unlink(missing_ok=True)  # also what a killed process left half written
    _drop_damaged(directory)
    return files


def keep_digests(directory: Path) -> None:
    """Store a digest of each file of a directory, to compare at the next use."""
    digests = {}
    for name, path in _parquet(directory):
        seen, digest = _compared.pop(path, (None, ""))
        digests[name] = digest if seen == stamp(path) else checksum(path)
    replace_text(directory / _DIGESTS, json.dumps(digests) + "\n")


def _drop_damaged(directory: Path) -> None:
    """Remove files that differ from their digests; they are computed again."""
    try:
        digests = json.loads((directory / _DIGESTS).read_text(encoding="utf-8"))
    except FileNotFoundError:  # an earlier version kept none
        digests = {}
    except (OSError, ValueError):
        digests = None
    for name, path in _parquet(directory):
        seen, digest = stamp(path), checksum(path)
        if digests is None or digests.get(name, digest) != digest:
            _logger.warning("%s: damaged; it is made again", path)
            (directory / name).unlink()
        else:
            _compared[path] = seen, digest


def _parquet(directory: Path) -> list[tuple[str, str]]:
    """Map the name of each Parquet file to its path."""
    return [(name, f"{directory}/{name}") for name in _names(directory) if name.endswith(".parquet")]


def _names(directory: Path) -> list[str]:
    """Return the names in a directory, as text; a thousand `Path` objects would cost more than reading their files."""
    return sorted(os.listdir(directory))  # noqa: PTH208
