"""Read turns from a file or a stream into the log."""

from __future__ import annotations

import itertools
import os
import re
import select
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Literal, TypeVar

import pyarrow as pa

from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord, UnknownFormat
from uptake.log.files import FORMATS, OnBad, guess_format, read_csv, read_json, read_parquet
from uptake.log.lines import Lines, open_reader
from uptake.log.rows import from_table, to_table
from uptake.log.store import TurnLog
from uptake.types import Turn

__all__ = ["Foreign", "Intake", "Report"]

Foreign = Callable[[str, Path, OnBad], Iterator[Turn]]
"""Reads a corpus: its name, where it lies, and what to do with a bad record."""

T = TypeVar("T")

_INDEX = re.compile(r"\[\d+\]")
_AT_ONCE = 10_000
_ACK_AT_MOST = 2_000
_ACK_BETWEEN_COMPACTIONS = 200_000
_KINDS = 20
_READ_BYTES = 256 * 1024


@dataclass(slots=True)
class Report:
    """Number of turns stored, and of records skipped by reason."""

    turns: int = 0
    """Turns read and, unless it was a dry run, stored; one that was here already counts."""
    skipped: int = 0
    """Records that were bad and passed over."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Counts of skipped turns by reason: field and problem, never anybody's words."""

    def skip(self, refused: BadRecord) -> None:
        """Count a skipped record."""
        self.skipped += 1
        where = _INDEX.sub("[]", refused.field or "")
        reason = f"{where}: {refused.problem}" if where else refused.problem
        self.reasons[reason if reason in self.reasons or len(self.reasons) < _KINDS else "other reasons"] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Reader of turns from a file, or from standard input, into a log.

    Args:
        form: "turns" (NDJSON), "csv", "parquet" or the name of a corpus; None: by the file's name.
        on_error: "stop" at the first bad record, and store nothing; or "skip" it and count it.
        timezone: Time zone of time stamps without one; if None, they are bad.
        dry_run: Whether to read and check only.
        corpora: Names of the corpora that `foreign` reads.
        foreign: Reader of the corpora.
        renamed: Function that changes each turn before it is stored; None for none.
        on_progress: Called from time to time with the number of turns read.
    """

    form: str | None = None
    on_error: Literal["stop", "skip"] = "stop"
    timezone: tzinfo | None = None
    dry_run: bool = False
    corpora: tuple[str, ...] = ()
    foreign: Foreign | None = None
    renamed: Callable[[Turn], Turn] | None = None
    on_progress: Callable[[int], None] = lambda _turns: None

    def store(self, log: TurnLog, path: Path | None) -> Report:
        """Store the turns of a file, all or none.

        Args:
            log: The log to write to.
            path: The file; None is standard input.

        Raises:
            BadRecord: A record is bad and `on_error` is "stop", or the file cannot be read at all.
            UnknownFormat: The format is unknown.
            NotReady: There is no such file.
            StorageFailed: The disk refused.
        """
        report, form = Report(), self._form(path)
        with ExitStack() as stack:
            if form == "parquet":
                tables = self._tables(path, report)
            else:
                turns = self._turns(form, path, report, stack)
                first = list(itertools.islice(turns, _AT_ONCE))
                if len(first) < _AT_ONCE:
                    report.turns = len(first)
                    if not self.dry_run:
                        log.append(first)
                        log.compact_if_due()
                    return report
                tables = map(to_table, _batches(itertools.chain(first, turns)))
            counted = self._counted(tables, report)
            if self.dry_run:
                for _ in counted:
                    pass
            else:
                log.load(counted)
                if log.fresh_rows():
                    log.compact()
        return report

    def follow(self, log: TurnLog, path: Path | None, acknowledge: Callable[[list[str]], None]) -> Report:
        """Store turns as they arrive, and acknowledge each once it is durable.

        Acknowledged turns stay stored even if a later record is bad. When the sender pauses, all turns so far are
        stored and acknowledged at once.

        Args:
            log: The log to write to.
            path: The file; None is standard input.
            acknowledge: Called with the ids of turns that are durable.

        Raises:
            BadRecord: A record is bad and `on_error` is "stop"; the turns before it are stored.
            UnknownFormat: The format is unknown.
            NotReady: There is no such file.
            StorageFailed: The disk refused.
        """
        report, form = Report(), self._form(path)
        waiting: list[Turn] = []
        turns: Iterator[Turn]

        def flush() -> None:
            if waiting:
                log.append(waiting)
                ids = [turn.turn_id for turn in waiting]
                before, report.turns = report.turns, report.turns + len(waiting)
                waiting.clear()
                acknowledge(ids)
                self.on_progress(report.turns)
                if report.turns // _ACK_BETWEEN_COMPACTIONS > before // _ACK_BETWEEN_COMPACTIONS:
                    log.compact()

        with ExitStack() as stack:
            if form == "parquet":
                turns = (turn for table in self._tables(path, report) for turn in from_table(table))
            else:
                turns = self._turns(form, path, report, stack, before_waiting=flush)
            try:
                for turn in turns:
                    waiting.append(turn)
                    if len(waiting) >= _ACK_AT_MOST:
                        flush()
            finally:
                flush()
        log.compact_if_due()
        return report

    def _form(self, path: Path | None) -> str:
        if self.form is None:
            if path is None:
                raise UnknownFormat("standard input has no name to guess a format from; give --format turns or csv")
            return guess_format(path)
        known = [*FORMATS, *self.corpora]
        if self.form not in known:
            raise UnknownFormat(f"unknown format {self.form}{nearest(self.form, known)}")
        if path is None and self.form not in ("turns", "csv"):
            raise BadConfig(f"{self.form} cannot be read from standard input; give a file")
        return self.form

    def _turns(
        self,
        form: str,
        path: Path | None,
        report: Report,
        stack: ExitStack,
        before_waiting: Callable[[], None] = lambda: None,
    ) -> Iterator[Turn]:
        turns = self._read(form, path, report, stack, before_waiting)
        return turns if self.renamed is None else map(self.renamed, turns)

    def _read(
        self, form: str, path: Path | None, report: Report, stack: ExitStack, before_waiting: Callable[[], None]
    ) -> Iterator[Turn]:
        on_bad = self._on_bad(path, report)
        if form not in FORMATS and path is not None and self.foreign is not None:
            return self.foreign(form, path, on_bad)
        read = _standard_input(before_waiting) if path is None else stack.enter_context(open_reader(path))
        reader = read_csv if form == "csv" else read_json
        return _named(reader(Lines(read), on_bad=on_bad, timezone=self.timezone), path)

    def _tables(self, path: Path | None, report: Report) -> Iterator[pa.Table]:
        place = path or Path("-")
        tables = _named(read_parquet(place, on_bad=self._on_bad(path, report), timezone=self.timezone), path)
        renamed = self.renamed
        return tables if renamed is None else (to_table(list(map(renamed, from_table(table)))) for table in tables)

    def _on_bad(self, path: Path | None, report: Report) -> OnBad:
        def stop(refused: BadRecord) -> None:
            raise refused.at(file=refused.file or str(path or "-"))

        return stop if self.on_error == "stop" else report.skip

    def _counted(self, tables: Iterable[pa.Table], report: Report) -> Iterator[pa.Table]:
        for table in tables:
            yield table
            report.turns += table.num_rows
            self.on_progress(report.turns)


def _batches(turns: Iterator[Turn]) -> Iterator[list[Turn]]:
    while batch := list(itertools.islice(turns, _AT_ONCE)):
        yield batch


def _named(items: Iterator[T], path: Path | None) -> Iterator[T]:
    """Read with the same reader, and add the name of the file to every error."""
    try:
        yield from items
    except BadRecord as refused:
        raise refused.at(file=refused.file or str(path or "-")) from None


def _standard_input(before_waiting: Callable[[], None]) -> Callable[[], bytes]:
    """Read the available standard input; call a function before waiting for more."""

    def read() -> bytes:
        if not select.select([0], [], [], 0)[0]:
            before_waiting()
        return os.read(0, _READ_BYTES)

    return read
