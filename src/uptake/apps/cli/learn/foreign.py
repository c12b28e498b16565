"""Messages and options of `uptake ingest` for the log of another assistant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from uptake.apps.cli.state import print_json

if TYPE_CHECKING:
    from uptake.log.files import OnBad
    from uptake.log.intake import Foreign
    from uptake.platforms.any_log.explain import Explained
    from uptake.types import Turn

__all__ = ["explain", "foreign_options", "reader_of"]

_TRACES = "otel"
_TIMEZONE = "timezone"
_WIDE = 24


def foreign_options(command: Any) -> Any:
    """Add the options for logs of others to a command."""
    for option in (
        click.option("--explain", is_flag=True, help="Guess what the columns of a foreign log are, store nothing."),
        click.option(
            "--map",
            "maps",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="Column of a foreign log that fills a field of a turn; repeat.",
        ),
        click.option(
            "--fill", "fills", multiple=True, metavar="FIELD=VALUE", help="Value of a field that no column has."
        ),
        click.option(
            "--outcome",
            "outcomes",
            multiple=True,
            metavar="VALUE=STATUS",
            help="What a value of the status column means: ok, failed, unsupported, cancelled or unknown.",
        ),
        click.option("--time-format", metavar="FORMAT", help="How moments are written, like %d.%m.%Y %H:%M."),
    ):
        command = option(command)
    return command


def reader_of(path: Path | None, form: str | None, options: dict[str, Any]) -> Foreign | None:
    """Return how to read a foreign log; None where no option speaks of one.

    Raises:
        BadConfig: An option is wrong.
    """
    from uptake.log.schema import zone
    from uptake.platforms.any_log.mapping import Mapped, pairs_of
    from uptake.platforms.any_log.traces import COLUMNS, read_traces

    columns, traces = pairs_of(options["maps"], option="--map"), form == _TRACES
    if not columns and not traces:
        if options["fills"] or options["outcomes"] or options["time_format"]:
            raise click.UsageError(
                "--fill, --outcome and --time-format go with --map; uptake ingest --explain guesses it"
            )
        return None
    if path is None:
        raise click.UsageError("a foreign log is read from a file; standard input has to be in our own form")
    if columns and form is not None:
        raise click.UsageError("--map finds out by itself whether a file is CSV, JSON or Parquet; leave --format out")
    log = Mapped(
        columns=COLUMNS if traces else columns,
        fills=pairs_of(options["fills"], option="--fill"),
        outcomes=pairs_of(options["outcomes"], option="--outcome"),
        time_format=options["time_format"],
        timezone=zone(options["timezone"]) if options["timezone"] else None,
    )

    def read(_name: str, file: Path, on_bad: OnBad) -> Iterator[Turn]:
        return log.turns(read_traces(file, on_bad=on_bad), on_bad=on_bad) if traces else log.read(file, on_bad=on_bad)

    return read


def explain(path: Path | None, options: dict[str, Any]) -> int:
    """Print what a foreign log holds; returns 1 where something must be said before it can be read."""
    from uptake.platforms.any_log.explain import StatedMapping
    from uptake.platforms.any_log.explain import explain as explained
    from uptake.platforms.any_log.mapping import FIELDS, pairs_of

    if path is None:
        raise click.UsageError("--explain looks at a file; give one")
    columns = pairs_of(options["maps"], option="--map")
    _check(columns, FIELDS)
    found = explained(
        path,
        StatedMapping(
            columns=columns,
            fills=pairs_of(options["fills"], option="--fill"),
            outcomes=pairs_of(options["outcomes"], option="--outcome"),
            time_format=options["time_format"],
            timezone=options["timezone"],
        ),
    )
    if options["as_json"]:
        print_json(asdict(found))
    else:
        _print(found, path)
    return 1 if found.needed else 0


def _check(columns: dict[str, str], known: tuple[str, ...]) -> None:
    from uptake.config import nearest
    from uptake.errors import BadConfig

    for name in columns:
        if name not in known:
            raise BadConfig(f"{name} is not a field of a turn{nearest(name, list(known))}")


def _print(found: Explained, path: Path) -> None:
    click.echo(f"{path}: {found.kind}; looked at {found.rows:,} rows")
    if found.ours:
        click.echo(f"It is in our own form already: uptake ingest {path}")
        return
    click.echo("\nWhat its columns seem to be")
    for name, column in found.found.columns.items():
        click.echo(f"  {name:<{_WIDE}} {column:<{_WIDE}} {found.values[name]}")
    for name, value in found.fills.items():
        click.echo(f"  {name:<{_WIDE}} {'always ' + value:<{_WIDE}}")
    if found.unused:
        click.echo(f"  not used: {', '.join(found.unused[:20])}{' …' if len(found.unused) > 20 else ''}")
    _print_all("Look at this", found.found.doubts)
    if found.turns:
        click.echo("\nRows as turns")
        for turn in found.turns:
            click.echo(f"  {msgspec.json.encode(turn).decode()}")
    _print_all("Rows that are no turns", [f"{times:,} times: {why}" for why, times in found.refused.items()])
    _print_all("What is missing, and what it costs", [f"{name}: {cost}" for name, cost in found.missing.items()])
    if _TIMEZONE in found.needed:
        _print_all("Say the zone", ["moments carry none; they are shown as if in UTC: --timezone Europe/Berlin"])
    click.echo(
        f"\n{'To store it, once what is needed is filled in' if found.needed else 'To store it'}\n  {found.command}"
    )


def _print_all(title: str, lines: Any) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")
