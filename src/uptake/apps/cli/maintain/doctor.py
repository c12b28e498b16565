"""Run `uptake doctor`: check an installation and a state directory, and repair them."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec

import click

from uptake.apps.cli.state import State, print_json, state_option
from uptake.apps.cli.table import print_csv, rows_option
from uptake.capability import EXTRAS

__all__ = ["command"]


@click.command(epilog="Example: uptake doctor --repair")
@click.option("--repair", is_flag=True, help="Repair what can be repaired; files that uptake did not write stay.")
@rows_option
@state_option
def command(repair: bool, form: str, state: State) -> None:
    """Check every file against its digest; find files that are missing, left over or readable by other users.

    It also lists the extras that are not installed; that is not an error. Exit 1 if a problem is left.
    """
    from uptake.release.doctor import examine

    found = examine(state, repair=repair)
    lacking = _lacking()
    if form == "json":
        print_json({"lacking": lacking, "findings": [asdict(one) for one in found], "state": str(state.directory)})
    elif form == "csv":
        print_csv(map(asdict, found))
    else:
        for one in found:
            click.echo(f"{one.place}: {one.problem}{' [repaired]' * one.repaired}")
    if lacking:
        click.echo(f"extras not installed: {', '.join(lacking)} (pip install 'uptake[{lacking[0]}]' …)", err=True)
    if repair and found:
        found = examine(state)
    click.echo(f"{len(found)} problems left" if found else f"{state.directory}: no problem found", err=True)
    if found:
        raise click.exceptions.Exit(1)


def _lacking() -> list[str]:
    """List the extras that have a library missing."""
    return sorted({extra for library, extra in EXTRAS.items() if find_spec(library) is None})
