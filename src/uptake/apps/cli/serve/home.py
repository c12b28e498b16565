"""Run `uptake home`: import a home from Home Assistant, and export learned rewrites to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.errors import NotReady
from uptake.release import curate
from uptake.store.durable import storage_errors

if TYPE_CHECKING:
    from uptake.platforms.home_assistant import Socket

__all__ = ["command"]

T = TypeVar("T")

_url_option = click.option(
    "--home-assistant",
    "url",
    metavar="URL",
    required=True,
    help="Address of Home Assistant; its access token is read from $UPTAKE_HA_TOKEN.",
)
_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")


@click.group(name="home", epilog="Example: uptake home import --home-assistant http://homeassistant.local:8123")
def command() -> None:
    """Import a home from Home Assistant, and export learned rewrites to it."""


@command.command(name="import", epilog="Example: uptake home import --home-assistant http://homeassistant.local:8123")
@_url_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Home file to write [default: home.toml in --state]."
)
@_dry_run_option
@json_option
@state_option
def import_(url: str, out: Path | None, dry_run: bool, as_json: bool, state: State) -> None:
    """Write a home file with the areas, exposed entities, aliases and states of a Home Assistant.

    The assistant uses the file once uptake.toml in the state directory has file = "home.toml" under [home].
    """
    from uptake.assistant.home.file import read
    from uptake.platforms.home_assistant.registry import home_file, read_registries

    made = home_file(_asked(url, read_registries))
    path = out or state.directory / "home.toml"
    if not dry_run:
        beside = path.with_name(f".{path.name}.new")
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(made.text, encoding="utf-8")
            try:
                read(beside)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
    figures = {"areas": made.areas, "devices": made.devices, "left_out": dict(made.left_out)}
    if as_json:
        print_json({"file": str(path), "dry_run": dry_run, **figures})
    left = "".join(f"; {count} of {domain} left out" for domain, count in made.left_out.items())
    done = "would be written" if dry_run else "written"
    click.echo(f"{made.areas} areas and {made.devices} devices {done} to {path}{left}", err=True)
    if state.config.get("home", {}).get("file") is None and out is None:
        click.echo(f'to use it, set file = "home.toml" under [home] in {state.directory / "uptake.toml"}', err=True)


@command.command(epilog="Example: uptake home export --home-assistant http://homeassistant.local:8123 > uptake.yaml")
@_url_option
@click.option(
    "--user", "user_id", metavar="USER", help="Include this user's personal rewrites [default: global ones only]."
)
@click.option("--aliases", "writes", is_flag=True, help="Write the aliases into Home Assistant, not only list them.")
@click.option("--language", default="en", show_default=True, help="Language code of the sentences.")
@_dry_run_option
@json_option
@state_option
def export(  # noqa: PLR0913, PLR0917  # one argument an option, as click calls it
    url: str, user_id: str | None, writes: bool, language: str, dry_run: bool, as_json: bool, state: State
) -> None:
    """Print learned rewrites as custom sentences of Home Assistant; list those that are better written as aliases.

    Put the output into custom_sentences/LANGUAGE/uptake.yaml of Home Assistant's configuration directory. Each rewrite
    is first tested with Home Assistant's own matcher.
    """
    from uptake.platforms.home_assistant import HomeAssistant
    from uptake.platforms.home_assistant.native import Native, give_alias, native_of, sentences_yaml

    rows = curate.learned_view(state).rows(user_id, curate.decided(state, user_id))
    acting = [(row.request, row.acted_on) for row in rows if row.state in ("acts", "pinned") and row.acted_on]
    if not acting:
        raise NotReady("no rewrite is active: see `uptake rewrites list`; --user includes those of one person")

    async def tried(socket: Socket) -> Native:
        found = await native_of(HomeAssistant(socket), acting, language=language)
        for alias in found.aliases if writes and not dry_run else ():
            await give_alias(socket, alias)
        return found

    found = _asked(url, tried)
    if as_json:
        sentences = [{"heard": heard, "intent": match.reading.intent} for heard, match in found.sentences]
        told = [{"request": request, "why": why} for request, why in found.left_out]
        print_json({"aliases": [one._asdict() for one in found.aliases], "sentences": sentences, "left_out": told})
    elif found.sentences:
        click.echo(sentences_yaml(found.sentences, language=language), nl=False)
    done = "written" if writes and not dry_run else "not written; --aliases writes it"
    for alias in found.aliases:
        click.echo(f"alias of {alias.entity_id}: {alias.alias} ({done})", err=True)
    for request, why in found.left_out:
        click.echo(f"left out: {request}: {why}", err=True)


def _asked(url: str, work: Callable[[Socket], Awaitable[T]]) -> T:
    from uptake.platforms.home_assistant import Socket

    async def asked() -> Any:
        socket = Socket.of_environment(url)
        try:
            return await work(socket)
        finally:
            await socket.close()

    found: T = asyncio.run(asked())
    return found
