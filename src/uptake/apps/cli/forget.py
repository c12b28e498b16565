"""`uptake forget`: remove a user from the log and from all that was learned."""

from __future__ import annotations

from pathlib import Path

import click

from uptake.apps.cli.learn import NAMES, learners
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
    """
    from uptake.decide.overrides import OverridesFile
    from uptake.learn.forget import forget

    if dry_run:
        turns = state.log.turns_of(user)
    else:
        OverridesFile(state.directory / "overrides.json").forget(user)
        _forget_conversation(user, state.directory)
        turns = forget(
            user,
            log=state.log,
            engine=state.engine,
            learners=learners(state, NAMES),
            store=state.artifacts,
            directory=state.directory / "learning",
        )
    if as_json:
        print_json({"turns": turns, "dry_run": dry_run})
    what = "would be removed" if dry_run else "removed, and what was learned from them forgotten"
    click.echo(f"{turns:,} turns {what}", err=True)


def _forget_conversation(user: str, directory: Path) -> None:
    """Drop what the assistant remembers of a user: habits, conversation, own timers and alarms, traces of turns."""
    memory, traces = directory / "memory.sqlite", directory / "traces.sqlite"
    if memory.exists():
        from uptake.agent.memory import Memory

        Memory(memory).forget(user)
    if traces.exists():
        from uptake.agent.record import TraceStore

        TraceStore(traces).forget(user)
