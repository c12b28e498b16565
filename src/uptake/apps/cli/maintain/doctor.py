"""`uptake doctor`: examine an installation and a state directory, and repair them."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec

import click

from uptake.apps.cli.state import State, print_json, state_option
from uptake.apps.cli.table import print_csv, rows_option
from uptake.capability import EXTRAS

__all__ = ["command"]


@click.command(epilog="Example: uptake doctor --repair")
@click.option("--repair", is_flag=True, help="Repair what can be repaired; nothing that is not ours is removed.")
@rows_option
@state_option
def command(repair: bool, form: str, state: State) -> None:
    """Compare every file with its digest, and look for what is missing, left over or open to others.

    It also says which extras are not installed; that is no fault.

    Exit 1 where something is wrong and was not repaired.
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
        click.echo(f"not installed: {', '.join(lacking)} (pip install 'uptake[{lacking[0]}]' and so on)", err=True)
    if repair and found:
        found = examine(state)
    click.echo(f"{len(found)} problems left" if found else f"{state.directory}: nothing is wrong", err=True)
    if found:
        raise click.exceptions.Exit(1)


def _lacking() -> list[str]:
    """List the extras of which a library is not installed."""
    return sorted({extra for library, extra in EXTRAS.items() if find_spec(library) is None})
