"""What is printed: plain tables for a terminal or a pipe, and on a terminal what long work is at."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

__all__ = ["print_table", "working"]


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns to stdout; columns of numbers are aligned to the right."""
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


@contextmanager
def working(doing: str) -> Iterator[Callable[[str], None] | None]:
    """Show on a terminal what is being done and for how long; yields what is told of each stage, None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    begun = time.monotonic()
    with Console(stderr=True).status(f"{doing}; this takes minutes") as status:
        yield lambda stage: status.update(f"{doing}: {stage} (after {time.monotonic() - begun:.0f} s)")
