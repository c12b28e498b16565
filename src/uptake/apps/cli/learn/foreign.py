"""Define the options and messages of `uptake ingest` for the log of another assistant."""

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
    """Add the options for logs of other assistants to a command."""
    for option in (
        click.option(
            "--explain", is_flag=True, help="Guess the columns of a foreign log and print the command; store nothing."
        ),
        click.option(
            "--map",
            "maps",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="Read a field of a turn from this column of a foreign log. May be repeated.",
        ),
        click.option(
            "--fill",
            "fills",
            multiple=True,
            metavar="FIELD=VALUE",
            help="Give a field that has no column this value in every turn. May be repeated.",
        ),
        click.option(
            "--outcome",
            "outcomes",
            multiple=True,
            metavar="VALUE=STATUS",
            help="Read a value of the status column as ok, failed, unsupported, cancelled or unknown. May be repeated.",
        ),
        click.option("--time-format", metavar="FORMAT", help="Format of time stamps, such as %d.%m.%Y %H:%M."),
    ):
        command = option(command)
    return command


def reader_of(path: Path | None, form: str | None, options: dict[str, Any]) -> Foreign | None:
    """Return the reader of a foreign log; None if no option asks for one.

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
                "--fill, --outcome and --time-format need --map; uptake ingest --explain FILE guesses it"
            )
        return None
    if path is None:
        raise click.UsageError("a foreign log must be a file; standard input must hold turns in uptake's own format")
    if columns and form is not None:
        raise click.UsageError("--map detects CSV, JSON and Parquet by itself; leave --format out")
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
    """Print the guessed columns of a foreign log; returns 1 if an option is still needed before it can be read."""
    from uptake.platforms.any_log.explain import StatedMapping
    from uptake.platforms.any_log.explain import explain as explained
    from uptake.platforms.any_log.mapping import FIELDS, pairs_of

    if path is None:
        raise click.UsageError("--explain needs a file, not standard input")
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
    click.echo(f"{path}: {found.kind}; {found.rows:,} rows examined")
    if found.ours:
        click.echo(f"It is in uptake's own format already: uptake ingest {path}")
        return
    click.echo("\nGuessed columns")
    for name, column in found.found.columns.items():
        click.echo(f"  {name:<{_WIDE}} {column:<{_WIDE}} {found.values[name]}")
    for name, value in found.fills.items():
        click.echo(f"  {name:<{_WIDE}} {'always ' + value:<{_WIDE}}")
    if found.unused:
        click.echo(f"  not used: {', '.join(found.unused[:20])}{' …' if len(found.unused) > 20 else ''}")
    _print_all("Check these", found.found.doubts)
    if found.turns:
        click.echo("\nFirst rows as turns")
        for turn in found.turns:
            click.echo(f"  {msgspec.json.encode(turn).decode()}")
    _print_all("Rows that are not turns", [f"{times:,} times: {why}" for why, times in found.refused.items()])
    _print_all("Missing fields, and their consequence", [f"{name}: {cost}" for name, cost in found.missing.items()])
    if _TIMEZONE in found.needed:
        _print_all(
            "Time zone needed", ["the time stamps carry none and are shown as if in UTC: --timezone Europe/Berlin"]
        )
    click.echo(
        f"\n{'To store it, once the needed options are filled in' if found.needed else 'To store it'}"
        f"\n  {found.command}"
    )


def _print_all(title: str, lines: Any) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")
