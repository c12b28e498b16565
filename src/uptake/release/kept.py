"""Cache of each closed part of the log: a part never changes, so what was made of it is made once.

One file a part, named after the part and after what made it: the text that says how, and the version of the view.
Like the log, these files hold single users' words; those of a part that is gone go with it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.experiments.outcomes import COLUMNS, Outcomes, outcomes_of_tables
from uptake.feedback.turns_view import VIEW_VERSION, Marker
from uptake.log.disk import checksum, locked
from uptake.store.durable import replace_text, storage

if TYPE_CHECKING:
    from uptake.log.store import Snapshot, TurnLog

__all__ = ["alone", "forget_outcomes", "keep_digests", "kept_files", "outcomes_of_parts"]

_OUTCOMES, _DIGESTS = "outcomes", "digests.json"
_KEPT = (".parquet", ".arrow")
_logger = logging.getLogger(__name__)
_MADE_BY = ",".join([*COLUMNS, *(each.name for each in fields(Outcomes))])


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Wait until no other process learns here."""
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory / "lock"):
        yield


def kept_files(
    snapshot: Snapshot, directory: Path, made_by: str, *beside: str, suffix: str = "parquet"
) -> dict[str, Path]:
    """Name the file of each part; files that belong to no part any more are removed.

    Args:
        snapshot: The log.
        directory: Where the files are; made where missing.
        made_by: What makes a file out of a part, as text.
        beside: Names of other files that stay.
        suffix: Format of the files.
    """
    directory.mkdir(parents=True, exist_ok=True)
    maker = hashlib.sha256(f"{made_by}{VIEW_VERSION}".encode()).hexdigest()[:12]
    files = {
        part.name: directory / f"{hashlib.sha256(part.name.encode()).hexdigest()[:24]}.{maker}.{suffix}"
        for part in snapshot.parts
    }
    for stale in set(directory.iterdir()) - set(files.values()) - {directory / name for name in (_DIGESTS, *beside)}:
        stale.unlink(missing_ok=True)  # also what a killed process left half written
    _drop_damaged(directory)
    return files


def keep_digests(directory: Path) -> None:
    """Keep a digest of each file of a directory, for the next use to compare."""
    digests = {path.name: checksum(path) for path in sorted(directory.iterdir()) if path.suffix in _KEPT}
    replace_text(directory / _DIGESTS, json.dumps(digests, indent=1) + "\n")


def _drop_damaged(directory: Path) -> None:
    """Remove the files that are not what was written: they are made again."""
    try:
        digests = json.loads((directory / _DIGESTS).read_text(encoding="utf-8"))
    except FileNotFoundError:  # an earlier version kept none
        digests = {}
    except (OSError, ValueError):
        digests = None
    for path in sorted(path for path in directory.iterdir() if path.suffix in _KEPT):
        if digests is None or (path.name in digests and checksum(path) != digests[path.name]):
            _logger.warning("%s: damaged; it is made again", path)
            path.unlink()


def outcomes_of_parts(log: TurnLog, learning: Path) -> Outcomes:
    """The outcomes of a whole log, by signals; those of a closed part are marked once and kept.

    Args:
        log: The log.
        learning: Where is kept what learning needs again.

    Raises:
        StorageFailed: The directory could not be written to.
    """
    import pyarrow as pa

    with storage(learning), alone(learning):
        snapshot = log.snapshot()
        files, marker, found = _outcome_files(snapshot, learning), Marker(), []
        for part in snapshot.parts:
            path = files[part.name]
            try:
                found.append(Outcomes.of_table(pa.ipc.open_file(path.read_bytes()).read_all()))
                continue
            except (FileNotFoundError, pa.ArrowInvalid):  # not made yet, or broken: made now
                found.append(outcomes_of_tables([part.table(list(COLUMNS))], marker=marker))
            partial = path.with_name(f".{path.name}")
            table = found[-1].to_table()
            with pa.OSFile(str(partial), "wb") as file, pa.ipc.new_file(file, table.schema, options=_options()) as out:
                out.write_table(table)
            partial.replace(path)
        keep_digests(learning / _OUTCOMES)
        return Outcomes.joined([*found, outcomes_of_tables([snapshot.fresh], marker=marker)])


def forget_outcomes(log: TurnLog, learning: Path) -> None:
    """Remove what was kept of parts that are gone from the log."""
    if (learning / _OUTCOMES).is_dir():
        _outcome_files(log.snapshot(), learning)


def _outcome_files(snapshot: Snapshot, learning: Path) -> dict[str, Path]:
    return kept_files(snapshot, learning / _OUTCOMES, _MADE_BY, suffix="arrow")


def _options() -> object:
    import pyarrow as pa

    return pa.ipc.IpcWriteOptions(compression="lz4")
