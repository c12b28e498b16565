"""Corpora as their authors publish them, read as the records that the rest of the package knows.

A corpus's folder holds either JSON lines (`.jsonl`, gzipped or not) or the unpacked release or clone, whatever the
folders inside it. Each release has a reader of its files and a function that turns what they hold into records:

    calls       DSTC2, GetGoing
    commands    SLURP (sentences joined with recognisers and parsers), HWU64
    dialogues   STAR, SGD, ConTurE, Almond
    rewrites    CQR, GECOR, CANARD
    home        the tests of Home Assistant's intents

A file `*.flist` directly in the folder lists the records to read, one identifier a line (before it, a path may stand,
as in DSTC2's own lists); without one, everything is read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord, NotReady, UnknownFormat
from uptake.lab.corpora.files import OnBad, Place, lines, record_files
from uptake.lab.corpora.releases import calls, commands, dialogues, home, rewrites
from uptake.lab.corpora.releases.release import Release

__all__ = ["RELEASES", "Source", "convert", "released", "sources"]

RELEASES: Mapping[str, Release] = {
    release.folder: release for room in (calls, commands, dialogues, rewrites, home) for release in room.RELEASES
}
"""Every release that can be read, by the folder of its corpus below a root."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a corpus."""

    path: Path
    read: Callable[[OnBad | None], Iterator[Place]]
    """Yield its records, streaming; bad ones go to the function given, else they raise `BadRecord`."""


def sources(name: str, path: Path) -> list[Source]:
    """Return the files of a corpus at a path: JSON lines, or a release, or one file of JSON lines.

    Args:
        name: Folder of the corpus below a root, for example "dstc2".
        path: That folder, or one file.

    Raises:
        NotReady: There is nothing to read.
    """
    if found := released(name, path):
        return found
    release = RELEASES.get(name)
    try:
        return [Source(file, partial(_plain, file)) for file in record_files(path)]
    except NotReady as error:
        if release is None or not path.is_dir():
            raise
        raise NotReady(f"{error}, and nothing of the release of {name}: {', '.join(release.marks)}") from error


def released(name: str, path: Path) -> list[Source]:
    """Return the files of a corpus's release at a path; none where JSON lines lie beside it."""
    release = RELEASES.get(name)
    if release is None or not path.is_dir() or _holds_lines(path):
        return []
    listed = _listed(path)
    found = sorted({file for mark in release.marks for file in path.glob(mark)}, key=release.order)
    return [Source(file, partial(_converted, release, file, path, listed)) for file in found]


def convert(name: str, path: Path, out: Path) -> dict[Path, int]:
    """Write a release as gzipped JSON lines, with what is derived from it; records without an identifier stand apart.

    Args:
        name: A key of `RELEASES`.
        path: The unpacked release.
        out: Root to write below, in the corpus's folder. Equal releases give equal files, byte for byte.

    Returns:
        File -> number of records.

    Raises:
        UnknownFormat: No release has that name.
        NotReady: There is nothing to read.
        BadRecord: A file is malformed.
    """
    if name not in RELEASES:
        raise UnknownFormat(f"no release is called {name}; there is {', '.join(RELEASES)}")
    release = RELEASES[name]
    tables: dict[str, list[Mapping[str, object]]] = {name: []}
    for source in sources(name, path):
        for place in source.read(None):
            tables.setdefault(name if release.identifier in place.record else "others", []).append(place.record)
    for kind, derive in release.derived.items():
        tables[f"{kind}s"] = [one for record in tables[name] for one in derive(record)]
    written = {}
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        file = folder / f"{table}.jsonl.gz"
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        file.write_bytes(gzip.compress(text.encode(), mtime=0))
        written[file] = text.count("\n")
    return written


def _holds_lines(folder: Path) -> bool:
    return any(file.name.endswith((".jsonl", ".jsonl.gz")) for file in folder.iterdir() if file.is_file())


def _listed(folder: Path) -> frozenset[str] | None:
    """Return identifiers in the folder's lists; None where it has no list."""
    files = sorted(folder.glob("*.flist"))
    names = (
        line.strip().rpartition("/")[2] for file in files for line in file.read_text("utf-8", "replace").split("\n")
    )
    return frozenset(name for name in names if name) if files else None


def _plain(file: Path, on_bad: OnBad | None) -> Iterator[Place]:
    return lines(file, on_bad=on_bad)


def _converted(
    release: Release, file: Path, folder: Path, listed: frozenset[str] | None, on_bad: OnBad | None
) -> Iterator[Place]:
    try:
        for place in release.read(file, folder, on_bad):
            try:
                records = _records(release, place)
            except BadRecord as error:
                if on_bad is None:
                    raise
                on_bad(error)
                continue
            for record in records:
                if listed is None or str(record.get(release.identifier)) in listed:
                    yield Place(record, place.file, place.line)
    except BadRecord as error:
        located = error if error.file else error.at(file=str(file))
        if on_bad is None:
            raise located from error
        on_bad(located)


def _records(release: Release, place: Place) -> list[Mapping[str, Any]]:
    try:
        return list(release.records(place.record))
    except BadRecord as error:
        raise error.at(file=place.file, line=place.line) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRecord(f"is not in the form of {release.folder}", file=place.file, line=place.line) from error
