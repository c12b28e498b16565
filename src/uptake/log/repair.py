"""Examine a log byte by byte, and restore the undamaged rest of a damaged one.

Repairing removes nothing: damaged parts are renamed `….damaged`, damaged rows of the journal go to `damaged-….jsonl`,
and parts that no manifest names are joined with the others again. Forgetting a user removes these files, since one
person cannot be removed from them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

from uptake.errors import StorageFailed
from uptake.log.disk import replace
from uptake.log.parts import Manifest, Part, read_manifest, scan_parts, unlisted_files, write_manifest
from uptake.log.store import TurnLog

__all__ = ["examine", "repair"]

_OTHER_GAP = -1.0
"""A pause that no log is opened with: its next compaction joins all parts, and finds their sessions again."""


def examine(log: TurnLog) -> list[str]:
    """Read every byte of a log; returns the problems found, one line each.

    Raises:
        StorageFailed: The directory cannot be read.
    """
    return list(_problems(log))


def _problems(log: TurnLog) -> Iterator[str]:
    try:
        if not log.exists():
            return
        manifest = read_manifest(log.directory)
    except StorageFailed as error:
        yield str(error)
        return
    try:
        yield from log.journal.problems()
        with log.journal.reading() as journal:
            journal.taken(manifest)
            journal.records(0)
    except StorageFailed as error:
        yield str(error)
    for part in manifest.parts:
        problem = _problem(part)
        if problem is not None:
            yield problem
    names = {part.name for part in manifest.parts}.union(manifest.retired)
    yield from (f"{path}: no manifest names this part" for path in unlisted_files(log.directory, names))


def _problem(part: Part) -> str | None:
    """Return the problem of a part, after reading all of it and comparing its checksum; None if there is none."""
    try:
        part.check(anew=True)
        rows = sum(table.num_rows for table in part.batches())
    except FileNotFoundError:
        return f"{part.path}: missing; restore it from a copy"
    except (StorageFailed, OSError) as error:
        return str(error)
    return None if rows == part.rows else f"{part.path}: holds {rows} turns, and {part.rows} are written down"


def repair(log: TurnLog) -> list[str]:
    """Make a damaged log usable again; returns a report, one line per repair, empty for an intact log.

    Raises:
        StorageFailed: The disk refused.
    """
    if not log.directory.exists():
        return []
    done: list[str] = []
    with log.journal.alone():
        log.close()
        try:
            manifest = read_manifest(log.directory)
        except StorageFailed:
            done.append(f"{log.directory / 'manifest.json'}: made again from the parts")
            manifest = Manifest(generation=1)
        manifest = _parts_again(log.directory, manifest, done)
        done += log.journal.salvage()
        lost = log.journal.lost()
        if lost:
            manifest = msgspec.structs.replace(manifest, journal="", through=0)
            done.append(f"{log.journal.place}: begun anew; what it held is lost")
        if done:
            write_manifest(log.directory, msgspec.structs.replace(manifest, generation=manifest.generation + 1))
        if lost:
            log.journal.give_up()
        elif done and not manifest.journal and log.journal.exists:
            log.journal.rejoin()
    if log.exists():
        bad = log.journal.set_aside()
        if bad:
            path = log.directory / f"damaged-{uuid.uuid4().hex[:8]}.jsonl"
            replace(path, b"\n".join(bad) + b"\n")
            done.append(f"{log.journal.place}: {len(bad)} damaged rows moved to {path.name}")
        if done:
            log.compact()
    return done


def _parts_again(directory: Path, manifest: Manifest, done: list[str]) -> Manifest:
    """Return a manifest of all intact parts; damaged ones are set aside."""
    known = {part.name: part for part in manifest.parts}
    bad = {name: part for name, part in known.items() if _problem(part) is not None}
    for path in sorted((directory / "turns").glob("date=*/*.parquet")):
        try:
            whole = path.stem not in bad and (path.stem in known or bool(scan_parts(directory, only=path.stem)))
        except StorageFailed:
            whole = False
        if not whole and path.stem not in manifest.retired:
            path.rename(path.with_name(f"{path.name}.damaged"))
            done.append(f"{path}: damaged, set aside as {path.name}.damaged")
    loose = {path.stem for path in unlisted_files(directory, {*known, *manifest.retired})}
    if not (bad or loose or done):
        return manifest
    done.extend(f"{name}: joined with the log again" for name in sorted(loose))
    parts = [part for name, part in known.items() if name not in bad]
    parts += [part for name in sorted(loose) for part in scan_parts(directory, only=name)]
    return msgspec.structs.replace(manifest, parts=tuple(parts), gap_s=_OTHER_GAP)
