"""Plain tables for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

__all__ = ["print_table"]


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
