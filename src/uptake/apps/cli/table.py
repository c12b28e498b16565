"""Print rows as a table, CSV or JSON lines, and show the progress of long work on a terminal."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from uptake.apps.cli.state import print_json

__all__ = ["print_csv", "print_rows", "print_table", "rows_option", "working"]

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def rows_option(command: F) -> F:
    """Add `--table`, `--csv` and `--json`; the command receives the last one given as `form`, by its name."""
    for name, text in (
        ("json", "Print JSON, and nothing else, on stdout."),
        ("csv", "Print CSV: a header line, then one line per row, with the fields of --json."),
        ("table", "Print aligned columns [default]."),
    ):
        command = click.option(f"--{name}", "form", flag_value=name, default="table", help=text)(command)
    return command


def print_rows(
    form: str,
    rows: Iterable[T],
    *,
    fields: Callable[[T], Mapping[str, Any]],
    header: Sequence[str],
    cells: Callable[[T], Sequence[object]],
) -> None:
    """Print rows to stdout.

    Args:
        form: "table", "csv" or "json".
        rows: The rows; nothing is printed if there are none.
        fields: Returns a row as JSON values, for JSON lines and CSV.
        header: Column names of the table.
        cells: Returns a row as the cells of the table.
    """
    if form == "json":
        for row in rows:
            print_json(fields(row))
    elif form == "csv":
        print_csv(map(fields, rows))
    elif shown := [cells(row) for row in rows]:
        print_table(header, shown)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns to stdout; columns of numbers are right-aligned."""
    texts = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    right = [
        len(texts) > 1 and all(row[at].replace(".", "").replace("%", "").strip("-").isdecimal() for row in texts[1:])
        for at in range(len(header))
    ]
    for row in texts:
        cells = (
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def print_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows to stdout as CSV with a header line; print nothing if there are no rows."""
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    if names:
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)


def _flat(fields: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Flatten a row: nested objects become columns `name.inner`, lists one JSON text, None an empty cell."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{before}{name}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{before}{name}", str(value).lower() if isinstance(value, bool) else value


@contextmanager
def working(doing: str) -> Iterator[Callable[[str], None] | None]:
    """Show the current stage and the time taken on a terminal.

    Yields a function to call with the name of each stage; None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    begun = time.monotonic()
    with Console(stderr=True).status(f"{doing}; this takes minutes") as status:
        yield lambda stage: status.update(f"{doing}: {stage} (after {time.monotonic() - begun:.0f} s)")
