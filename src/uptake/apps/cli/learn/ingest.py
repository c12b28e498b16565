"""Run `uptake ingest`: read turns into the log."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from uptake.apps.cli.learn.foreign import explain, foreign_options, reader_of
from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.errors import BadRecord

if TYPE_CHECKING:
    from uptake.log.intake import Intake, Report
    from uptake.types import Turn

__all__ = ["command"]

_STATES = "states"
_FOREIGN = "foreign"


@click.command(epilog="Example: uptake ingest --format dstc2 data/dstc2/train.jsonl.gz")
@click.argument("path", metavar="PATH|-")
@click.option(
    "--format",
    "form",
    metavar="NAME",
    help="turns (NDJSON), csv, parquet, otel (OpenTelemetry traces), a corpus (dstc2, almond, getgoing, slurp), or "
    "states (state changes of devices) [default: by the ending of PATH].",
)
@click.option(
    "--ack",
    is_flag=True,
    help="Store each turn as it arrives, and print its turn_id once it is durable (as JSON if it is not plain text).",
)
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="stop: store nothing if one record is bad. skip: store the others, and print how many were bad and why.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with a secret: store users, homes and devices under keyed pseudonyms. Keep it outside the state "
    "directory.",
)
@click.option("--timezone", metavar="ZONE", help="Time zone of time stamps that carry none, such as Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Read and check, but store nothing.")
@foreign_options
@json_option
@state_option
def command(
    path: str, form: str | None, ack: bool, on_error: Literal["stop", "skip"], state: State, **options: Any
) -> int:
    """Read the turns of a file, or of standard input (-), into the log.

    A file is stored whole or not at all. With --ack, acknowledged turns stay stored even if a later record is bad.
    A turn that is sent twice is stored once.

    Read the log of another assistant with --map, OpenTelemetry traces with --format otel. --explain FILE guesses the
    columns and prints the command.
    """
    as_json, source = options["as_json"], None if path == "-" else Path(path)
    if options["explain"]:
        return explain(source, options)
    foreign = reader_of(source, form, options)
    renamed = _renamed(options["key"], state, form)
    if form == _STATES:
        _store_changes(path, on_error, state, options)
        return 0
    if ack and options["dry_run"]:
        raise click.UsageError("--ack confirms stored turns and --dry-run stores none; choose one")
    with _progress(source) as on_progress, state.log as log:
        intake = replace(_intake(form, on_error, options, on_progress), renamed=renamed)
        if foreign is not None:
            intake = replace(intake, form=_FOREIGN, corpora=(_FOREIGN,), foreign=foreign)
        report = intake.follow(log, source, _acknowledge(as_json)) if ack else intake.store(log, source)
    _print_report(report, path, as_json=as_json, dry_run=options["dry_run"])
    return 0


def _renamed(key: Path | None, state: State, form: str | None) -> Callable[[Turn], Turn] | None:
    """Return the function that puts a turn under pseudonyms; None without a key."""
    if key is None:
        return None
    if form == _STATES:
        raise click.UsageError("--key applies to turns only; state changes are stored under the home's own name")
    from uptake.release.export import read_key, under_pseudonyms

    return partial(under_pseudonyms, key=read_key(key, beside=state.directory))


def _store_changes(path: str, on_error: str, state: State, options: dict[str, Any]) -> None:
    """Store the state changes in a file, all of them or none."""
    from uptake.log.schema import zone
    from uptake.log.timeline import change_of
    from uptake.release.state import StateMaterial

    home, place = StateMaterial(state).home, zone(options["timezone"]) if options["timezone"] else None
    found, bad = [], 0
    with click.open_file(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                if line.strip():
                    found.append(change_of(json.loads(line), home_id=home.home_id, zone=place))
            except ValueError as error:
                reason = str(error) if isinstance(error, BadRecord) else "not JSON; expected one object per line"
                if on_error == "stop":
                    raise BadRecord(f"line {number}: {reason}", file=path) from None
                bad += 1
    if not options["dry_run"]:
        state.timeline.append(found)
    if options["as_json"]:
        print_json({"changes": len(found), "skipped": bad, "dry_run": options["dry_run"]})
    what = "read and checked, nothing stored" if options["dry_run"] else "stored"
    click.echo(f"{path}: {len(found):,} changes {what}{f', {bad:,} bad records skipped' if bad else ''}", err=True)


def _intake(
    form: str | None, on_error: Literal["stop", "skip"], options: dict[str, Any], on_progress: Callable[[int], None]
) -> Intake:
    from uptake.lab.corpora import CORPORA, read
    from uptake.log.intake import Intake
    from uptake.log.schema import zone

    return Intake(
        form=form,
        on_error=on_error,
        timezone=zone(options["timezone"]) if options["timezone"] else None,
        dry_run=options["dry_run"],
        corpora=tuple(CORPORA),
        foreign=lambda name, path, on_bad: read(name, path, on_bad=on_bad),
        on_progress=on_progress,
    )


def _acknowledge(as_json: bool) -> Callable[[list[str]], None]:
    def acknowledge(ids: list[str]) -> None:
        for turn_id in ids:
            if as_json:
                print_json({"acknowledged": turn_id})
            else:
                sys.stdout.write(f"{_on_a_line(turn_id)}\n")
        sys.stdout.flush()

    return acknowledge


def _on_a_line(turn_id: str) -> str:
    """Return an id as it is, or as a JSON string if it has characters that make it ambiguous on a line."""
    plain = turn_id.isprintable() and turn_id.strip() == turn_id and not turn_id.startswith('"')
    return turn_id if plain else json.dumps(turn_id)


@contextmanager
def _progress(path: Path | None) -> Iterator[Callable[[int], None]]:
    """Show the number of turns read on a terminal; show nothing elsewhere."""
    if path is None or not sys.stderr.isatty():
        yield lambda _turns: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading turns") as status:
        yield lambda turns: status.update(f"reading turns: {turns:,}")


def _print_report(report: Report, path: str, *, as_json: bool, dry_run: bool) -> None:
    reasons = dict(report.reasons.most_common())
    if as_json:
        print_json({"turns": report.turns, "skipped": report.skipped, "reasons": reasons, "dry_run": dry_run})
    what = "read and checked, nothing stored" if dry_run else "stored"
    click.echo(f"{path}: {report.turns:,} turns {what}" if report.turns else f"{path}: no turns to store", err=True)
    if report.skipped:
        click.echo(f"{report.skipped:,} bad records skipped:", err=True)
        for reason, times in reasons.items():
            click.echo(f"  {times:,} times: {reason}", err=True)
