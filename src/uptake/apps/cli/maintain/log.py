"""Run `uptake log`: export, count, compact and expire the log, and show traces."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_csv, rows_option

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["command"]


@click.group(epilog="Example: uptake log export > turns.jsonl")
def command() -> None:
    """Export, count, compact and expire the log; show traces of turns."""


@command.command("export", epilog="Example: uptake log export --format csv --out turns.csv")
@click.option(
    "--format",
    "form",
    metavar="NAME",
    help="turns (NDJSON), csv or parquet [default: by the ending of --out, else turns].",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write [default: standard output]."
)
@click.option("--sessions", is_flag=True, help="Write as session_id the sessions that were derived from time gaps.")
@click.option("--user", "user_id", metavar="U", help="Export the turns of this user only.")
@click.option(
    "--private",
    is_flag=True,
    help="Anonymise for export: keyed pseudonyms; names, numbers and rare words replaced.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the secret for pseudonyms. With --private [default: a random secret that is not kept], or with "
    "--user.",
)
@click.option(
    "--epsilon",
    type=float,
    metavar="E",
    help="With --private: also perturb each word; the differential privacy budget per word [default: no noise].",
)
@click.option(
    "--near",
    type=click.Choice(["spelling", "meaning", "any"]),
    default="spelling",
    show_default=True,
    help="With --epsilon: prefer replacements that are close in spelling or in meaning. any: all words are equally "
    "likely, and E holds for any two words.",
)
@state_option
def _export(  # noqa: PLR0913, PLR0917 - one an option
    form: str | None,
    out: Path | None,
    sessions: bool,
    user_id: str | None,
    private: bool,
    key: Path | None,
    epsilon: float | None,
    near: str,
    state: State,
) -> None:
    """Export every turn as it was recorded, ordered by time; --private anonymises the turns."""
    from uptake.log.files import guess_format, write

    form = form or (guess_format(out) if out else "turns")
    if form == "parquet" and out is None:
        raise click.UsageError("parquet cannot go to standard output; give --out FILE")
    if not private and (epsilon is not None or (key is not None and user_id is None)):
        raise click.UsageError("--epsilon needs --private, and --key needs --private or --user")
    if key is not None and user_id is not None and not private:
        from uptake.privacy.anonymise import pseudonym
        from uptake.release.export import read_key

        user_id = pseudonym(read_key(key, beside=state.directory), "user", user_id)
    with state.log as log:
        tables: Iterator[pa.Table] = (_with_sessions(table) if sessions or private else table for table in log.tables())
        if user_id is not None:
            tables = (table.filter(_said_by(table, user_id)) for table in tables)
        if private:
            from uptake.release.export import word_noise

            noise = None if epsilon is None else word_noise(epsilon, near=near)
            tables = _leaving(tables, state, key, noise)
        written = write(tables, form, out or sys.stdout.buffer)
    sys.stdout.flush()
    click.echo(f"{out or 'standard output'}: {written:,} turns", err=True)
    if private:
        click.echo(
            "names, numbers and rare words are replaced; common words and habits can still identify people: "
            "see docs/capabilities/privacy.md",
            err=True,
        )


def _leaving(
    tables: Iterator[pa.Table], state: State, key: Path | None, noise: Callable[[str], str] | None
) -> Iterator[pa.Table]:
    """Yield the turns of tables, anonymised."""
    from uptake.log.rows import from_table, to_table
    from uptake.release.export import private_turns, read_key
    from uptake.release.state import StateMaterial

    home = StateMaterial(state).home
    names = (
        [*(area.name for area in home.areas), *(device.name for device in home.devices)] if state.knows_a_home else []
    )
    secret = read_key(key, beside=state.directory)
    turns = (turn for table in tables for turn in from_table(table))
    yield to_table(list(private_turns(turns, key=secret, names=names, noise=noise)))


def _said_by(table: pa.Table, user_id: str) -> Any:
    import pyarrow.compute as pc

    return pc.equal(table.column("user_id"), user_id)


def _with_sessions(table: pa.Table) -> pa.Table:
    at = table.column_names.index("session_id")
    return table.set_column(at, "session_id", table.column("session"))


@command.command("stats", epilog="Example: uptake log stats --json")
@rows_option
@state_option
def _stats(form: str, state: State) -> None:
    """Count what the log holds: turns, users, sessions, parts."""
    with state.log as log:
        counted = dataclasses.asdict(log.stats())
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in counted.items()}
    if form != "table":
        print_json(shown) if form == "json" else print_csv([shown])
        return
    for name, value in shown.items():
        click.echo(f"{name.replace('_', ' '):<12}{value:,}" if isinstance(value, int) else f"{name:<12}{value or '-'}")


@command.command("compact", epilog="Example: uptake log compact")
@click.option("--dry-run", is_flag=True, help="Print how many turns would be moved; move nothing.")
@json_option
@state_option
def _compact(dry_run: bool, as_json: bool, state: State) -> None:
    """Move fresh turns from the journal into Parquet parts.

    It is safe to interrupt, and to run beside readers and writers.
    """
    with state.log as log:
        rows = log.fresh_rows()
        if not dry_run:
            log.compact()
        left = log.stats()
    if as_json:
        print_json({"rows": rows, "parts": left.parts, "dry_run": dry_run})
    click.echo(f"{rows:,} fresh rows {'would be moved' if dry_run else 'moved'}; {left.parts:,} parts", err=True)


@command.command("expire", epilog="Example: uptake log expire --days 90 --dry-run")
@click.option("--days", type=int, metavar="N", help="Days to keep [default: [log] keep_days of uptake.toml].")
@click.option("--dry-run", is_flag=True, help="Print what would be removed; remove nothing.")
@json_option
@state_option
def _expire(days: int | None, dry_run: bool, as_json: bool, state: State) -> None:
    """Remove turns, traces and state changes of devices that are older than N whole days.

    `uptake learn` does the same if `[log] keep_days` is set. Artifacts learned from these turns change when they are
    next learned. It is safe to interrupt. Exit 1 if another process keeps some of the data on the disk.
    """
    from uptake.release.retention import expire, expiry, overdue

    before = expiry(state, datetime.now(UTC), days=days)
    if before is None:
        raise click.UsageError("turns never expire here: give --days, or set keep_days under [log] in uptake.toml")
    done = overdue(state, before) if dry_run else expire(state, before)
    if as_json:
        print_json(dataclasses.asdict(done) | {"before": before.isoformat(), "dry_run": dry_run})
    what = "would be removed" if dry_run else "removed"
    click.echo(
        f"{done.turns:,} turns in {done.parts:,} parts and the journal, and {done.changes:,} state changes of devices, "
        f"from before {before:%Y-%m-%d %H:%M} UTC, {what}",
        err=True,
    )


@command.command("trace", epilog="Example: uptake log trace --user ann --last 3")
@click.argument("turn_id", required=False)
@click.option("--user", "user_id", metavar="U", help="Show turns of this user only.")
@click.option(
    "--last", default=1, show_default=True, type=click.IntRange(min=1), help="Number of newest turns to show."
)
@json_option
@state_option
def _trace(turn_id: str | None, user_id: str | None, last: int, as_json: bool, state: State) -> None:
    """Show the trace of TURN_ID, or of the newest turns: what each stage did. Exit 1 if no trace is stored."""
    from uptake.assistant.record.explain import explain
    from uptake.assistant.record.traces import TraceStore

    path = state.directory / "traces.sqlite"
    store = TraceStore(path if path.exists() else None)
    stages = store.find(turn_id) if turn_id else None
    turns = [(turn_id, stages)] if turn_id and stages else []
    if turn_id is None:
        turns = list(store.newest(user_id, limit=last))[::-1]
    for name, stages in turns:
        if as_json:
            print_json({"turn_id": name, "stages": stages})
        else:
            click.echo("\n".join([f"turn {name}", *explain(stages), ""]))
    if not turns:
        click.echo("no such trace: traces are stored for the newest turns only", err=True)
        raise click.exceptions.Exit(1)
