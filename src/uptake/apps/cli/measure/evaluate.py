"""Run `uptake evaluate NAME`: evaluate a method on a corpus."""

from __future__ import annotations

from pathlib import Path

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.table import working
from uptake.lab.evaluate import EVALUATIONS, evaluate
from uptake.report import figures as report

__all__ = ["command"]

_ROOT = click.Path(path_type=Path)


class _Evaluate(click.Command):
    """Command whose help lists the evaluations, with their corpora."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Names (corpora, the default first)"):
            formatter.write_dl([(name, f"{one.help} ({', '.join(one.corpora)})") for name, one in EVALUATIONS.items()])
        super().format_options(ctx, formatter)


@click.command(
    "evaluate",
    cls=_Evaluate,
    epilog="Example: uptake evaluate signals --corpus dstc2 --train data/train --data data/held_out",
)
@click.argument("name", type=click.Choice(list(EVALUATIONS)), metavar="NAME")
@click.option("--corpus", help="Corpus to evaluate on [default: the first one listed for NAME].")
@click.option("--train", type=_ROOT, metavar="ROOT", help="Training data: a root with one folder per corpus.")
@click.option(
    "--data", type=_ROOT, metavar="ROOT", help="Test data, never learned from: a root with one folder per corpus."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@click.option(
    "--runs", type=click.IntRange(min=1), help="Repetitions of an attack (privacy) [default: the evaluation's own]."
)
@json_option
def command(  # noqa: PLR0913, PLR0917 - one an option
    name: str, corpus: str | None, train: Path | None, data: Path | None, seed: int, runs: int | None, as_json: bool
) -> None:
    """Evaluate a method on a corpus: sample sizes, metrics, baselines, 95 % intervals by bootstrap over users.

    The files in a corpus's folder may have any name; they are recognised by their fields. --train and --data are needed
    only by evaluations that read them.
    """
    with working(f"evaluating {name}") as tell:
        figures = report.rounded(evaluate(name, corpus=corpus, train=train, data=data, seed=seed, runs=runs, tell=tell))
    if figures.get("held_out") is False:
        click.echo(
            f"WARNING: {figures['shared_callers']} callers are in both --train and --data: these figures are "
            "cross-validated, not held out.",
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
