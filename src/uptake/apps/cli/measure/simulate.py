"""Run `uptake simulate`: simulated households use the real assistant; the truth is stored beside the log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.apps.cli.town import town_options

if TYPE_CHECKING:
    from uptake.lab.simulate.history import Progress
    from uptake.lab.simulate.run import Town

__all__ = ["command"]


@click.group(
    invoke_without_command=True, epilog="Example: uptake simulate --homes 50 --days 3 --seed 1 --state simulated"
)
@click.option("--homes", type=int, default=100, show_default=True, help="Number of homes.")
@click.option("--days", type=int, default=7, show_default=True, help="Number of days in the log at the end.")
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), default="2026-01-05", show_default=True, help="First day.")
@click.option(
    "--workers", type=int, default=2, show_default=True, help="Number of processes; it does not change the log."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="STAGE=SHARE",
    help="Inject faults: false_wake (times per person and day), asr, nlu, entity or result (share of requests). "
    "May be repeated.",
)
@click.option("--check-realism", is_flag=True, help="Compare simulated with real figures instead of writing a log.")
@town_options("fitted")
@click.option(
    "--routines",
    type=float,
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Share of homes, in [0, 1], with planted routines.",
)
@click.option(
    "--pairs",
    type=float,
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Share of people, in [0, 1], with planted latent goals.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), metavar="ROOT", help="Root of real corpora, for --check-realism."
)
@json_option
@state_option
@click.pass_context
def command(
    context: click.Context,
    /,
    state: State,
    as_json: bool,
    check_realism: bool,
    data: Path | None,
    days: int,
    **options: Any,
) -> None:
    """Simulate households that use the assistant for some days, and write their log.

    The people, their goals and their homes are simulated; the assistant is real; the recogniser and the reactions are
    fitted on real data (docs/capabilities/simulation.md). An interrupted run continues where it stopped.
    """
    if context.invoked_subcommand is not None:
        return
    with _town(**options) as town:
        if check_realism:
            _check(town, days, data, as_json)
        else:
            _write(town, days, state, as_json)


@command.command(
    epilog="Example: uptake simulate hear --hearings hearings.jsonl --most 200",
    short_help="Make a book of hearings: real recogniser output on synthetic voices in rooms.",
)
@click.option(
    "--hearings",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="File of hearings; an interrupted run continues from it.",
)
@click.option(
    "--sentences", type=click.IntRange(1), default=1_000, show_default=True, help="Fewest sentences to be said."
)
@click.option("--most", type=click.IntRange(1), help="Stop at this many hearings [default: when all are done].")
@click.option(
    "--book",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the book here at the end [default: write none].",
)
@json_option
def hear(hearings: Path, sentences: int, most: int | None, book: Path | None, as_json: bool) -> None:
    """Make a book of hearings: synthetic voices say the town's sentences in rooms, Whisper tiny.en transcribes them.

    A hearing takes 0.2 to 0.5 s of CPU. Needs pip install 'uptake[hear]' and the programs flite and espeak-ng. The book
    holds the goals of which every wording was transcribed; --channel book uses it as the recogniser.
    """
    from uptake.lab.simulate.hearing.hear import bound
    from uptake.lab.simulate.hearing.hear import hear as listen

    count = listen(hearings, sentences=sentences, most=most, tell=_progress(most))
    figures = {"hearings": count}
    if book is not None:
        figures |= {"in_book": bound(hearings, book, sentences=sentences)["hearings"]}
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        click.echo(f"{name:<12} {value}")


def _progress(most: int | None) -> Callable[[int], None]:
    """Return a function that prints the progress on stderr, every thousand hearings."""

    def tell(count: int) -> None:
        if count % 1_000 == 0:
            click.echo(f"{count:,}{f' of {most:,}' if most else ''} hearings", err=True)

    return tell


def _town(*, start: datetime, faults: tuple[str, ...], habits: tuple[str, ...], **options: Any) -> Town:
    from uptake.lab.simulate.faults import Faults
    from uptake.lab.simulate.reactions import Habits
    from uptake.lab.simulate.run import Town

    return Town(start=start.date(), faults=Faults.parse(faults), habits=Habits.parse(habits), **options)


def _write(town: Town, days: int, state: State, as_json: bool) -> None:
    from functools import partial

    from uptake.lab.simulate.history import write_days
    from uptake.lab.simulate.run import Assistant, serving

    assistant = Assistant(pipeline=partial(serving, state.directory))
    with _shown() as progress:
        done = write_days(state.directory, town, days, assistant=assistant, progress=progress)
    figures = {
        "simulated": True,
        "homes": town.homes,
        "people": town.people,
        "days": done.days,
        "first_day": done.first_day,
        "turns": done.turns,
        "defect_rate": round(done.defects / done.turns, 4) if done.turns else None,
        "turns_per_s": round(done.turns / done.seconds, 1) if done.turns else None,
        "seconds": round(done.seconds, 1),
    }
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        click.echo(f"{name:<12} {value}")


def _check(town: Town, days: int, data: Path | None, as_json: bool) -> None:
    from uptake.lab.evaluate.realism import realism

    if data is None:
        raise click.UsageError("--check-realism needs --data ROOT, the folder with slurp_asr and dstc2")
    rows = realism(data, town, days=days)
    if as_json:
        print_json({"homes": town.homes, "days": days, "rows": [row.as_json() for row in rows]})
        return
    header = ("figure", "real", "replayed", "simulated", "source of the real figure")
    print_table(header, ((row.name, *map(_share, (row.real, row.replayed, row.simulated)), row.source) for row in rows))


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None] | None]:
    """Show progress on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting; the first requests take longest, while caches fill") as status:
        yield lambda at: status.update(f"day {at.day + 1}: {at.turns:,} turns, {at.share:.0%}")
