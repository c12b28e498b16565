"""`uptake learn`: from the log to what is served."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from uptake import config as configuration
from uptake.apps.cli.beside import With, detector
from uptake.apps.cli.models import MODELS, learn_model
from uptake.apps.cli.state import State, json_option, print_json, state_option

if TYPE_CHECKING:
    from uptake.learn.incremental import LearnReport
    from uptake.protocols import Learner

__all__ = ["NAMES", "command", "learners"]

NAMES = ("rewrites", "sounds", "contexts", "index")
"""What can be learned: kinds of artifacts."""
_INTERVAL_S = 0.5
"""How often --follow looks at the log, in seconds."""


@click.command(epilog="Example: uptake learn --follow")
@click.argument("name", required=False, type=click.Choice((*NAMES, *MODELS)))
@click.option("--follow", is_flag=True, help="Go on: learn and publish again whenever the log changes. Ctrl-C ends it.")
@click.option("--full", is_flag=True, help="Count and solve everything again, whatever was kept from before.")
@click.option("--dry-run", is_flag=True, help="Learn, say what would change, and publish nothing.")
@json_option
@state_option
def command(name: str | None, follow: bool, full: bool, dry_run: bool, as_json: bool, state: State) -> None:
    """Learn from the log and publish what was learned.

    NAME says what to learn; without it, everything: rewrites (from what people say again), sounds (an index of
    requests that work, by their sound), contexts (what requests mean where and when) and index (what works for all and
    for each user). Only what changed since the last time is done again.

    By name alone: ranker (weighs what may have been meant, by what came of it), repairs (other readings of what was
    heard, from recognisers' lists), failures (how often each stage fails here), reader (which turns failed and which
    say which again, taught by the log itself), labels (what turns meant, as far as the log tells) and intent (the model
    that reads requests, trained again with the labels, if it reads no worse). They are made anew each time.
    """
    if name in MODELS:
        if follow:
            raise click.UsageError(f"--follow goes with {', '.join(NAMES)}; {name} is trained anew each time")
        row = learn_model(state, name, dry_run=dry_run)
        if as_json:
            print_json(row)
        else:
            if "says" in row:
                _note(row["says"])
            click.echo(f"{row['kind']} {row['published'] or 'unchanged'}")
        return
    chosen = learners(state, (name,) if name else NAMES)
    beside = detector(state, tell=_note)

    def once(full: bool, evidence_too: bool) -> None:
        for row in _learn(state, chosen, full=full, dry_run=dry_run, evidence_too=evidence_too, beside=beside):
            (print_json if as_json else _say)(row)

    if follow:
        _follow(state, once, full=full)
    else:
        once(full, True)


def learners(state: State, names: tuple[str, ...]) -> list[Learner]:
    """The learners of these artifacts, with their options from the configuration."""
    from uptake.learn.context import ContextLearner
    from uptake.learn.markov import MarkovRewriter
    from uptake.learn.retrieve import RetrieveLearner
    from uptake.learn.sound import SoundLearner

    makers: dict[str, tuple[Callable[..., Learner], str]] = {
        "rewrites": (MarkovRewriter, "markov"),
        "sounds": (SoundLearner, "sound"),
        "contexts": (ContextLearner, "context"),
        "index": (RetrieveLearner, "retrieve"),
    }
    return [configuration.build(*makers[name], state.config) for name in names]


def _learn(
    state: State, chosen: list[Learner], *, full: bool, dry_run: bool, evidence_too: bool, beside: With | None = None
) -> Iterator[dict[str, Any]]:
    """Learn once; one row of figures for each artifact."""
    from uptake.learn.incremental import learn, publish

    with _progress() as progress:
        reports = learn(
            state.log, state.engine, chosen, state.directory / "learning", full=full, progress=progress
        )  # fmt: skip
    for report in reports if beside is None else map(beside, reports):
        version = None if dry_run else publish(state.artifacts, report, evidence_too=evidence_too)
        yield {
            **_figures(report),
            "published": version,
            "served": state.artifacts.current_version(report.artifact.kind),
        }


def _note(said: str) -> None:
    click.echo(said, err=True)


def _figures(report: LearnReport) -> dict[str, Any]:
    return {
        "kind": report.artifact.kind,
        "rows": len(report.artifact),  # type: ignore[arg-type]
        **{name: report.made_by[name] for name in ("found_by",) if name in report.made_by},
        "turns": report.turns,
        "parts": report.parts,
        "parts_new": report.parts_new,
        "components_total": report.components_total,
        "components_solved": report.components_solved,
        "count_s": round(report.count_s, 3),
        "solve_s": round(report.solve_s, 3),
    }


def _say(row: dict[str, Any]) -> None:
    chain = (
        f", {row['components_solved']} of {row['components_total']} components solved"
        if row["components_total"]
        else ""
    )
    click.echo(
        f"{row['kind']}: {row['rows']} rows from {row['turns']} turns"
        f" ({row['parts_new']} of {row['parts']} parts counted{chain}; {row['count_s'] + row['solve_s']:.1f} s)",
        err=True,
    )
    click.echo(f"{row['kind']} {row['published'] or 'unchanged'}")


def _follow(state: State, once: Callable[[bool, bool], None], *, full: bool) -> None:
    """Learn whenever the log has changed, until interrupted."""
    click.echo("following the log; Ctrl-C ends it", err=True)
    seen: str | None = None
    try:
        while True:
            mark = state.log.watermark()
            if mark != seen and mark:
                once(full and seen is None, seen is None)
                seen = mark
            time.sleep(_INTERVAL_S)
    except KeyboardInterrupt:
        click.echo("stopped; what was published is served", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
