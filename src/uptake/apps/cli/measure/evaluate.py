"""`uptake evaluate NAME`: measure a method on a corpus."""

from __future__ import annotations

from pathlib import Path

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.table import working
from uptake.lab.evaluate import EVALUATIONS, evaluate
from uptake.report import figures as report

__all__ = ["command"]

_ROOT = click.Path(path_type=Path)


@click.command(
    "evaluate", epilog="Example: uptake evaluate signals --corpus dstc2 --train data/train --data data/held_out"
)
@click.argument("name", type=click.Choice(list(EVALUATIONS)))
@click.option("--corpus", help="Corpus to measure on [default: the first that the evaluation knows].")
@click.option("--train", type=_ROOT, metavar="ROOT", help="Learn from this root: one folder a corpus.")
@click.option("--data", type=_ROOT, metavar="ROOT", help="Measure on this root; nothing is learned from it.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that draws.")
@click.option(
    "--runs", type=click.IntRange(min=1), help="How often an attack is tried [default: the evaluation's own]."
)
@json_option
def command(  # noqa: PLR0913, PLR0917 - one an option
    name: str, corpus: str | None, train: Path | None, data: Path | None, seed: int, runs: int | None, as_json: bool
) -> None:
    """Measure a method on a corpus: sizes, figures, baselines, 95 % intervals by user bootstrap.

    NAME says what is measured, such as signals (repeated requests and failed turns) or rewrites (wins and losses).
    Files in a corpus's folder are recognised by their fields, whatever their names.
    """
    with working(f"evaluating {name}") as tell:
        figures = report.rounded(evaluate(name, corpus=corpus, train=train, data=data, seed=seed, runs=runs, tell=tell))
    if figures.get("held_out") is False:
        click.echo(
            f"WARNING: {figures['shared_callers']} callers are in both --train and --data: these figures are "
            "cross-validated within them, not held out.",
            err=True,
        )
    roots = "".join(f" --{option} {root}" for option, root in (("train", train), ("data", data)) if root)
    made_by = (
        f"uptake evaluate {name} --corpus {figures['corpus']}{roots} --seed {seed}{f' --runs {runs}' if runs else ''}"
    )
    if as_json:
        print_json({**figures, "command": made_by})
    else:
        click.echo(f"{report.text(figures)}\n\n{made_by}")
