"""Run `uptake corpora`: list the public corpora that can be read, and convert their releases to JSON lines."""

from __future__ import annotations

from pathlib import Path

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.table import print_rows, rows_option

__all__ = ["command"]

_PATH = click.Path(path_type=Path)


@click.group("corpora", epilog="Example: uptake corpora list")
def command() -> None:
    """List public corpora, and convert their releases.

    Evaluations read a release as it is published, unpacked into ROOT/NAME below --data ROOT. Conversion is optional.
    """


@command.command("list", epilog="Example: uptake corpora list")
@rows_option
def list_(form: str) -> None:
    """List the corpora, with the files by which a release is recognised."""
    from uptake.lab.corpora.releases import RELEASES

    print_rows(
        form,
        RELEASES.items(),
        fields=lambda row: {"name": row[0], "files": list(row[1].marks), "derived": list(row[1].derived)},
        header=("corpus", "files"),
        cells=lambda row: (row[0], "  ".join(row[1].marks)),
    )


@command.command("convert", epilog="Example: uptake corpora convert dstc2 downloads/dstc2_traindev data/mine")
@click.argument("name")
@click.argument("release", type=_PATH)
@click.argument("root", type=_PATH)
@json_option
def convert(name: str, release: Path, root: Path, as_json: bool) -> None:
    """Convert the RELEASE of the corpus NAME to gzipped JSON lines below ROOT, with derived data.

    Data is derived for dstc2 only: pairs of turns, with labels for repeats and rephrases.
    """
    from uptake.lab.corpora.releases import convert as written

    files = {str(file): rows for file, rows in written(name, release, root).items()}
    if as_json:
        print_json(files)
    else:
        for file, rows in files.items():
            click.echo(f"{file}: {rows:,} records")
