"""`uptake forget`: remove a user from the log and from all that was learned."""

from __future__ import annotations

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option

__all__ = ["command"]


@click.command(epilog="Example: uptake forget ann --dry-run")
@click.argument("user", metavar="USER")
@click.option("--dry-run", is_flag=True, help="Say how many turns would go, but remove nothing.")
@json_option
@state_option
def command(user: str, dry_run: bool, as_json: bool, state: State) -> None:
    """Remove a user: from the log and its disk, from what was learned, from blocks and pins, from the assistant.

    Everything is learned again without the user, and older versions of it are removed: it cannot be undone.
    Exit 1 where something is left, because another process reads it: it is said what, and asking again finishes it.
    """
    from uptake.release.forget import forget

    turns = state.log.turns_of(user) if dry_run else forget(user, state)
    if as_json:
        print_json({"turns": turns, "dry_run": dry_run})
    what = "would be removed" if dry_run else "removed, and what was learned from them forgotten"
    click.echo(f"{turns:,} turns {what}", err=True)
