"""`uptake train`: train the models again that ship with the package."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from uptake.lab.train.bundled import SHIPPED, train

__all__ = ["command"]

_ROOT = click.Path(path_type=Path)


@click.command("train", epilog="Example: uptake train reader signals --data data --out made")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--data", type=_ROOT, metavar="ROOT", help="Corpora, one folder a corpus, for what is fitted on them.")
@click.option("--out", type=_ROOT, metavar="DIR", required=True, help="Write below DIR, laid out as the package.")
@click.option("--date", help="Day to note [default: today].")
def command(names: tuple[str, ...], data: Path | None, out: Path, date: str | None) -> None:
    """Train the models again that ship with the package: all of them, or each NAME.

    In a checkout, --out src/uptake replaces what ships. failures and ranker live through days of simulated homes first,
    which takes long; the others take a few minutes.
    """
    day = date or datetime.now(UTC).date().isoformat()
    for name, path in train(names, data=data, out=out, date=day, tell=lambda said: click.echo(said, err=True)).items():
        click.echo(f"{name}: {path} ({SHIPPED[name].data})")
