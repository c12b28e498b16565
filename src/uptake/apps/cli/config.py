"""`uptake config`: every option, its value, and where the value comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import click

from uptake import config as configuration
from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.catalogue import learnable

__all__ = ["command", "tables"]

_TABLES = {
    "log": "uptake.log.store:TurnLog",
    "engine": "uptake.engine.local:LocalEngine",
    "release": "uptake.release.night:Options",
    "guard": "uptake.rewriting.guard:Guard",
    "agent": "uptake.assistant.loop:Agent",
    "home": "uptake.assistant.build:home_of",
    "llm": "uptake.assistant.build:llm_of",
    "feedback": "uptake.assistant.asking.feedback:AskPolicy",
    "explore": "uptake.assistant.asking.policy:Explorer",
    "traces": "uptake.assistant.traces:TraceStore",
    "serve": "uptake.apps.http.options:Options",
}
"""Tables of `uptake.toml` that are no capability's, and the constructor each is passed to."""


def tables() -> dict[str, str]:
    """List every table of `uptake.toml` with the constructor it is passed to."""
    return {**_TABLES, **{one.table: one.learner for one in learnable() if one.learner is not None}}


@click.group(name="config", invoke_without_command=True, epilog="Example: uptake config show")
@json_option
@state_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, state: State) -> None:
    """Show every option and where its value comes from."""
    if ctx.invoked_subcommand is None:
        _show(as_json, state)


@command.command(epilog="Example: uptake config show --json")
@json_option
@state_option
def show(as_json: bool, state: State) -> None:
    """Show every option and where its value comes from; exit 1 where `uptake.toml` has unknown names."""
    _show(as_json, state)


def _show(as_json: bool, state: State) -> None:
    path = state.directory / configuration.FILE_NAME
    rows, unknown = list(_effective(state)), list(_unknown(state))
    if as_json:
        print_json({"state": str(state.directory), "file": str(path), "options": rows, "unknown": unknown})
    else:
        print_table(
            ("table", "option", "value", "from"),
            ((row["table"], row["option"], _plain(row["value"]), row["from"]) for row in rows),
        )
    for row in unknown:
        click.echo(f"{path}: {row['name']} is unknown{row['hint']}", err=True)
    if unknown:
        raise click.exceptions.Exit(1)


def _effective(state: State) -> Iterator[dict[str, Any]]:
    for table in tables():
        given = state.config.get(table, {})
        for name, default in configuration.options(_maker(table)).items():
            value = given.get(name, default)
            value = value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
            source = configuration.FILE_NAME if name in given else "default"
            yield {"table": table, "option": name, "value": value, "from": source}


def _unknown(state: State) -> Iterator[dict[str, str]]:
    for table, given in state.config.items():
        if table not in tables():
            yield {"name": f"[{table}]", "hint": configuration.nearest(table, list(tables()))}
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
