"""The shape of a reader of releases, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora.files import OnBad, Place, lines

__all__ = ["Release", "entries", "read_document", "read_lines"]


def read_document(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
    """Read a file as one document of JSON, whatever it is called."""
    return lines(file, whole=True, on_bad=on_bad)


def read_lines(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
    """Read a file of JSON, or of JSON lines, as it stands."""
    return lines(file, on_bad=on_bad)


def _by_path(file: Path) -> tuple[str, ...]:
    return file.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Form in which one corpus is published."""

    folder: str
    """Folder of the corpus below a root."""
    marks: tuple[str, ...]
    """Patterns of the files that hold its records."""
    records: Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]
    """Turn one published record into those that are known here; raises `BadRecord`."""
    identifier: str
    """Field by which a list of records names them."""
    read: Callable[[Path, Path, OnBad | None], Iterator[Place]] = read_lines
    """Read one file; the second argument is the release's folder."""
    order: Callable[[Path], Any] = _by_path
    """Key by which its files are put in order."""
    derived: Mapping[str, Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]] = field(default_factory=dict)
    """Kind of record -> what derives records of that kind from each of the release's."""


def entries(record: Mapping[str, Any], name: str, *, within: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each object of a list that must be there, with its place: ("turns[0]", {...})."""
    from uptake.lab.corpora import fields

    for at, one in enumerate(fields.items(record, name, within=within)):
        where = f"{within}.{name}[{at}]" if within else f"{name}[{at}]"
        if not isinstance(one, Mapping):
            raise BadRecord("must be an object", field=where)
        yield where, one
