"""Run `uptake config`: show every option, its value, and where the value comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from uptake import config as configuration
from uptake.apps.cli.state import State, print_json, state_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.release.options import hint, tables

__all__ = ["command"]
_Config = Mapping[str, Mapping[str, Any]]
_PASSWORD = re.compile(r"(?<=://).*(?=@)|(?<=password=)[^&]*")
"""Parts of an address that are not shown."""


@click.group(name="config", invoke_without_command=True, epilog="Example: uptake config show")
@rows_option
@state_option
@click.pass_context
def command(ctx: click.Context, form: str, state: State) -> None:
    """Show every option, its value, and where the value comes from."""
    if ctx.invoked_subcommand is None:
        _show(form, state)


@command.command(epilog="Example: uptake config show --json")
@rows_option
@state_option
def show(form: str, state: State) -> None:
    """Show every option, its value, and where the value comes from. Exit 1 if `uptake.toml` has unknown names."""
    _show(form, state)


def _show(form: str, state: State) -> None:
    path = state.directory / configuration.FILE_NAME
    config = configuration.read(path)
    rows, unknown = list(_effective(config)), list(_unknown(config))
    if form == "json":
        print_json({"state": str(state.directory), "file": str(path), "options": rows, "unknown": unknown})
    else:
        print_rows(
            form,
            rows,
            fields=dict,
            header=("table", "option", "value", "from"),
            cells=lambda row: (row["table"], row["option"], _plain(row["value"]), row["from"]),
        )
    for row in unknown:
        click.echo(f"{path}: unknown {row['name']}{row['hint']}", err=True)
    if unknown:
        raise click.exceptions.Exit(1)


def _effective(config: _Config) -> Iterator[dict[str, Any]]:
    for table in tables():
        given = config.get(table, {})
        for name, default in configuration.options(_maker(table)).items():
            value = given.get(name, default)
            value = _PASSWORD.sub("***", value) if isinstance(value, str) else value
            value = value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
            source = configuration.FILE_NAME if name in given else "default"
            yield {"table": table, "option": name, "value": value, "from": source}


def _unknown(config: _Config) -> Iterator[dict[str, str]]:
    for table, given in config.items():
        if table not in tables():
            yield {"name": f"[{table}]", "hint": hint(table)}
            continue
        options = configuration.options(_maker(table))
        for name in given:
            if name not in options:
                yield {"name": f"[{table}] {name}", "hint": configuration.nearest(name, options)}


def _maker(table: str) -> Callable[..., Any]:
    module, name = tables()[table].split(":")
    maker: Callable[..., Any] = getattr(import_module(module), name)
    return maker


def _plain(value: Any) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
