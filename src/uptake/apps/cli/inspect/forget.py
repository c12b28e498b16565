"""Run `uptake forget`: remove a user from the log and from everything that was learned."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from uptake.apps.cli.state import State, json_option, print_json, state_option

__all__ = ["command"]


@click.command(epilog="Example: uptake forget ann --verify")
@click.argument("user", metavar="USER")
@click.option("--dry-run", is_flag=True, help="Print how many turns would be removed; remove nothing.")
@click.option(
    "--verify",
    is_flag=True,
    help="Afterwards search all files for the user, compare the artifacts with ones learned from scratch without the "
    "user, and write a certificate.",
)
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --verify: also search this copy of the state directory; nothing is removed from it. May be repeated.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Secret file that `uptake ingest --key` used; USER is then the real name, not the pseudonym.",
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
    """Remove a user: from the log on disk, from learned artifacts, blocks and pins, and the assistant's memory.

    Artifacts are learned again without the user, and their older versions are removed. This cannot be undone.
    Exit 1 if something is left because another process reads it; the message says what, and a second run removes it.
    """
    from uptake.release.forget import forget

    if (verify and dry_run) or (backups and not verify):
        raise click.UsageError("--verify cannot be combined with --dry-run, and --backup needs --verify")
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
    what = "would be removed" if dry_run else "removed, and everything learned from them"
    click.echo(f"{turns:,} turns {what}", err=True)


def _verified(user: str, state: State, backups: tuple[Path, ...], *, as_json: bool) -> None:
    from uptake.release.verify import forget_verified

    done = forget_verified(user, state, now=datetime.now(UTC), backups=backups)
    if as_json:
        print_json(json.loads(done.path.read_text(encoding="utf-8")) | {"clean": done.clean})
    click.echo(f"{done.turns:,} turns removed, and everything learned from them; certificate: {done.path}", err=True)
    for place in done.left:
        click.echo(f"something of the user is left: {place}", err=True)
    for name in done.differing:
        click.echo(f"{name}: differs from the artifact learned without the user", err=True)
    if not done.clean:
        raise click.exceptions.Exit(1)
    where = f"in the files searched ({done.unsearched} could not be)" if done.unsearched else "in any file"
    click.echo(f"nothing is left {where}; the served artifacts equal those learned without the user", err=True)
