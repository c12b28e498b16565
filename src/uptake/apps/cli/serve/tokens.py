"""`uptake tokens`: who may use the service, and for what."""

from __future__ import annotations

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.apps.http.access import SCOPES, TokenFile

__all__ = ["command"]


@click.group(name="tokens", epilog="Example: uptake tokens add kitchen --scope rewrite --scope observe --home h1")
def command() -> None:
    """Make, list and remove the tokens of the service. A running service follows at once."""


@command.command(epilog="Example: uptake tokens add kitchen --scope rewrite --scope observe --home h1")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), help="What it lets one do [default: all]."
)
@click.option("--home", "homes", multiple=True, metavar="HOME", help="Home it is for [default: all].")
@json_option
@state_option
def add(name: str, scopes: tuple[str, ...], homes: tuple[str, ...], as_json: bool, state: State) -> None:
    """Make a token and print its secret, this once: it is kept nowhere."""
    state.directory.mkdir(parents=True, exist_ok=True)
    secret = TokenFile(state.directory / "tokens.json").add(name, scopes, homes)
    if as_json:
        print_json({"name": name, "secret": secret})
    else:
        click.echo(secret)
    click.echo(f"token {name}: send it as Authorization: Bearer …; it is not shown again", err=True)


@command.command(name="list", epilog="Example: uptake tokens list")
@rows_option
@state_option
def list_(form: str, state: State) -> None:
    """Show the tokens, without their secrets."""
    known = TokenFile(state.directory / "tokens.json").read().values()
    print_rows(
        form,
        known,
        fields=lambda one: {
            "name": one.name,
            "scopes": sorted(one.scopes),
            "homes": None if one.homes is None else sorted(one.homes),
        },
        header=("name", "scopes", "homes"),
        cells=lambda one: (one.name, ", ".join(sorted(one.scopes)), ", ".join(sorted(one.homes or ())) or "all"),
    )
    if not known:
        click.echo("there is no token: the service is open on 127.0.0.1, and refuses to be served elsewhere", err=True)


@command.command(epilog="Example: uptake tokens remove kitchen")
@click.argument("name")
@state_option
def remove(name: str, state: State) -> None:
    """Remove a token: from the next request on its secret is worth nothing."""
    TokenFile(state.directory / "tokens.json").remove(name)
    click.echo(f"token {name} is removed", err=True)
