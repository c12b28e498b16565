"""Run `uptake tokens`: create, list and remove the access tokens of the service."""

from __future__ import annotations

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.apps.http.access import SCOPES, TokenFile

__all__ = ["command"]


@click.group(name="tokens", epilog="Example: uptake tokens add kitchen --scope rewrite --scope observe --home h1")
def command() -> None:
    """Create, list and remove the access tokens of the service. A running service applies changes at once."""


@command.command(epilog="Example: uptake tokens add kitchen --scope rewrite --scope observe --home h1")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    help=f"Permission. {'; '.join(f'{name}: {text}' for name, text in SCOPES.items())}. May be repeated "
    "[default: all].",
)
@click.option(
    "--home", "homes", multiple=True, metavar="HOME", help="Home that it gives access to; repeatable [default: all]."
)
@json_option
@state_option
def add(name: str, scopes: tuple[str, ...], homes: tuple[str, ...], as_json: bool, state: State) -> None:
    """Create a token and print its secret. The secret is not stored and cannot be shown again."""
    state.directory.mkdir(parents=True, exist_ok=True)
    secret = TokenFile(state.directory / "tokens.json").add(name, scopes, homes)
    if as_json:
        print_json({"name": name, "secret": secret})
    else:
        click.echo(secret)
    click.echo(f"token {name}: send it as Authorization: Bearer …; it cannot be shown again", err=True)


@command.command(name="list", epilog="Example: uptake tokens list")
@rows_option
@state_option
def list_(form: str, state: State) -> None:
    """List the tokens, without their secrets."""
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
        click.echo("there is no token: the service is open, and may listen on this machine only", err=True)


@command.command(epilog="Example: uptake tokens remove kitchen")
@click.argument("name")
@state_option
def remove(name: str, state: State) -> None:
    """Remove a token. Its secret is refused from the next request on."""
    TokenFile(state.directory / "tokens.json").remove(name)
    click.echo(f"token {name} removed", err=True)
