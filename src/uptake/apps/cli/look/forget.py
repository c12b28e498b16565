"""`uptake forget`: remove a user from the log and from all that was learned."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option

__all__ = ["command"]


@click.command(epilog="Example: uptake forget ann --verify")
@click.argument("user", metavar="USER")
@click.option("--dry-run", is_flag=True, help="Say how many turns would go, but remove nothing.")
@click.option("--verify", is_flag=True, help="Then search every byte for them, learn anew, compare, and certify it.")
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --verify: a copy of the state directory to search too; nothing is removed from it.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the secret that turns were stored with (ingest --key): USER is the name before it.",
)
@json_option
@state_option
def command(  # noqa: PLR0913, PLR0917 - one an option
    user: str,
    dry_run: bool,
    verify: bool,
    backups: tuple[Path, ...],
    key: Path | None,
    as_json: bool,
    state: State,
) -> None:
    """Remove a user: from the log and its disk, from what was learned, from blocks and pins, from the assistant.

    Everything is learned again without the user, and older versions of it are removed: it cannot be undone.
    Exit 1 where something is left, because another process reads it: it is said what, and asking again finishes it.
    """
    from uptake.release.forget import forget

    if (verify and dry_run) or (backups and not verify):
        raise click.UsageError("--verify does not go with --dry-run, and --backup goes with --verify alone")
    if key is not None:
        from uptake.privacy.anonymise import pseudonym
        from uptake.release.export import read_key

        user = pseudonym(read_key(key, beside=state.directory), "user", user)
    if verify:
        _verified(user, state, backups, as_json=as_json)
        return
    turns = state.log.turns_of(user) if dry_run else forget(user, state)
    if as_json:
        print_json({"turns": turns, "dry_run": dry_run})
    what = "would be removed" if dry_run else "removed, and what was learned from them forgotten"
    click.echo(f"{turns:,} turns {what}", err=True)


def _verified(user: str, state: State, backups: tuple[Path, ...], *, as_json: bool) -> None:
    from uptake.release.verify import forget_verified

    done = forget_verified(user, state, now=datetime.now(UTC), backups=backups)
    if as_json:
        print_json(json.loads(done.path.read_text(encoding="utf-8")) | {"clean": done.clean})
    click.echo(f"{done.turns:,} turns removed, and what was learned from them forgotten; {done.path}", err=True)
    for place in done.left:
        click.echo(f"something of the user is left: {place}", err=True)
    for name in done.differing:
        click.echo(f"{name}: not what learning without the user makes", err=True)
    if not done.clean:
        raise click.exceptions.Exit(1)
    where = f"in any byte searched ({done.unsearched} were not)" if done.unsearched else "in any byte"
    click.echo(f"nothing is left {where}, and what is served equals what is learned without them", err=True)
