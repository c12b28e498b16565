"""`uptake forget`: remove a user from the log."""

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
    """Remove every turn of a user from the log, and from the disk it lies on.

    What was learned with their turns is learned anew, without them, by the next `uptake learn`.
    """
    with state.log as log:
        turns = log.turns_of(user) if dry_run else log.forget(user)
    if as_json:
        print_json({"turns": turns, "dry_run": dry_run})
    what = "would be removed" if dry_run else "removed; run `uptake learn` again, so that what was learned forgets too"
    click.echo(f"{turns:,} turns {what}", err=True)
