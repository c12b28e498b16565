"""Run `uptake train`: train the models that ship with the package again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from uptake.lab.train.bundled import SHIPPED, train

__all__ = ["command"]

_ROOT = click.Path(path_type=Path)


@click.command("train", epilog="Example: uptake train reader signals --data data --out made")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--data", type=_ROOT, metavar="ROOT", help="Root of the corpora, one folder per corpus, for models fitted on them."
)
@click.option("--out", type=_ROOT, metavar="DIR", required=True, help="Write below DIR, in the layout of the package.")
@click.option("--date", metavar="YYYY-MM-DD", help="Day to record in provenance.json [default: today, UTC].")
def command(names: tuple[str, ...], data: Path | None, out: Path, date: str | None) -> None:
    """Train the models that ship with the package again: each NAME, or all of them.

    In a checkout, --out src/uptake replaces the shipped models. failures and ranker first simulate days of homes, which
    takes long; the others take a few minutes.
    """
    day = date or datetime.now(UTC).date().isoformat()
    for name, path in train(names, data=data, out=out, date=day, tell=lambda said: click.echo(said, err=True)).items():
        click.echo(f"{name}: {path} ({SHIPPED[name].data})")
