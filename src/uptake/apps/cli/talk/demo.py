"""Run `uptake demo`: the closed learning loop on simulated people, offline, from an empty log to a measured effect."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.town import town_options
from uptake.errors import BadConfig

if TYPE_CHECKING:
    from uptake.lab.simulate.demo.demo import Plan, Stage

__all__ = ["command"]

_PAGE = Path("demo-report.html")


@click.command(epilog="Example: uptake demo --homes 100 --days 6 --seed 1")
@click.option("--homes", type=int, default=100, show_default=True, help="Number of simulated homes.")
@click.option(
    "--days",
    type=int,
    default=6,
    show_default=True,
    help="Number of days, 2 to 365; in the first half nothing is learned.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@click.option(
    "--harm", type=int, default=0, show_default=True, help="Number of harmful rewrites to plant, to see them withdrawn."
)
@click.option(
    "--harm-kind",
    type=click.Choice(["past", "nopast", "unsure"]),
    default="past",
    show_default=True,
    help="Requests for which they are planted. past: worked before; nopast: new; unsure: new, and interpreted with low "
    "confidence.",
)
@town_options("book")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep log and artifacts here; an interrupted demo continues from them [default: a temporary directory].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=f"Write the report page here [default: {_PAGE}, in --state if that is given].",
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Number of processes.")
@json_option
def command(state: Path | None, out: Path | None, workers: int, as_json: bool, **options: Any) -> None:
    """Run the learning loop on simulated people, and measure the effect.

    In the first half of the days nothing is learned. In the second half, the treatment arm gets the learned rewrites
    and the control arm does not. The demo prints the defect rate per arm and day, the relative reduction with its
    confidence interval, wins and losses, the time that learning took, and examples of what was learned; it writes a
    report page. The people are simulated (docs/capabilities/simulation.md); everything else is the real product.
    """
    from uptake.lab.simulate.demo.demo import Plan, demo, report
    from uptake.lab.simulate.demo.figures import figures, text

    plan = Plan(**options)
    page = out or (state / _PAGE if state else _PAGE)
    if page.parent != Path() and not page.parent.is_dir() and page.parent != state:
        raise BadConfig(f"--out {page}: the directory {page.parent} does not exist")
    with _directory(state) as directory, _going_on(plan, state), _shown() as progress:
        done = demo(directory, plan, workers=workers, progress=progress)
        report(directory, page)
    if as_json:
        print_json({**figures(done), "report": str(page)})
    else:
        click.echo(text(done))
        click.echo(f"\nThe report page: {page}")
        if state is not None:
            click.echo(f"The state is kept; try: uptake rewrites list --state {state}")


@contextmanager
def _directory(state: Path | None) -> Iterator[Path]:
    """Yield the state directory; remove it at the end if it is temporary."""
    directory = state or Path(tempfile.mkdtemp(prefix="uptake-demo-"))
    try:
        yield directory
    finally:
        if state is None:
            shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _going_on(plan: Plan, state: Path | None) -> Iterator[None]:
    """Print how to continue after an interruption."""
    try:
        yield
    except KeyboardInterrupt:
        options = f"--homes {plan.homes} --days {plan.days} --seed {plan.seed}"
        options += f" --harm {plan.harm} --harm-kind {plan.harm_kind}" if plan.harm else ""
        options += f" --list {plan.listed}" if plan.listed != 5 else ""
        options += "".join(f" --habit {one}" for one in plan.habits)
        options += f" --channel {plan.channel}" if plan.channel != "book" else ""
        hint = "whole days are stored; continue with" if state else "nothing was stored; to be able to continue, use"
        click.echo(f"uptake: interrupted; {hint}: uptake demo {options} --state {state or 'DIR'}", err=True)
        sys.exit(130)


@contextmanager
def _shown() -> Iterator[Callable[[Stage], None]]:
    """Show progress on stderr: a bar on a terminal, one line per day elsewhere."""
    if not sys.stderr.isatty():
        last = ""

        def tell(stage: Stage) -> None:
            nonlocal last
            if stage.text != last:
                last = stage.text
                click.echo(f"{stage.share:4.0%} {stage.text}", err=True)

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting; the first requests take longest, while caches fill", total=1.0)
        yield lambda stage: bars.update(task, description=stage.text, completed=stage.share)
