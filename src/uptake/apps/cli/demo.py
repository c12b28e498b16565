"""`uptake demo`: from a synthetic log to learned rewrites, offline, in seconds."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import json_option, print_json
from uptake.apps.cli.table import print_table
from uptake.errors import BadConfig

if TYPE_CHECKING:
    from uptake.simulate.demo import Asked, Demo

__all__ = ["command"]

_YOUR_OWN = """
On a log of your own (see docs/capabilities/log.md for the format):

  uptake ingest --format turns my_log.ndjson
  uptake learn
  uptake rewrites list"""


@click.command(epilog="Example: uptake demo --keep demo-state")
@click.option("--users", type=click.IntRange(10, 1_000), default=60, show_default=True, help="How many made-up people.")
@click.option("--days", type=click.IntRange(1, 60), default=14, show_default=True, help="For how many days they talk.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that is drawn.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Keep the state in this new directory.")
@json_option
def command(users: int, days: int, seed: int, keep: Path | None, as_json: bool) -> None:
    """Learn rewrites from a small synthetic log and show requests before and after."""
    from uptake.simulate.demo import demo

    if keep is not None and keep.exists():
        raise BadConfig(f"--keep {keep}: exists already; name a new directory")
    click.echo("making a synthetic log and learning from it …", err=True)
    directory = Path(tempfile.mkdtemp(prefix="uptake-demo-")) if keep is None else keep
    try:
        done = demo(directory, users=users, days=days, seed=seed)
    finally:
        if keep is None:
            shutil.rmtree(directory, ignore_errors=True)
    if as_json:
        print_json(_figures(done))
    else:
        _show(done, keep)


def _figures(done: Demo) -> dict[str, Any]:
    return {
        "synthetic": True,
        "users": done.users,
        "days": done.days,
        "turns": done.turns,
        "sessions": done.sessions,
        "learn_s": round(done.learn_s, 3),
        "known_requests": done.known_requests,
        "rewrites": [
            {
                "request": row.request,
                "acted_on": row.acted_on,
                "user_id": row.user_id,
                **asdict(row.evidence),
            }
            for row in done.rewrites
        ],
        "asked": [
            {
                "user_id": one.user,
                "request": one.request,
                "before": _acted_on(one, after=False),
                "after": _acted_on(one, after=True),
                "must_confirm": bool(one.after.decision and one.after.decision.must_confirm),
            }
            for one in done.asked
        ],
    }


def _acted_on(one: Asked, *, after: bool) -> str:
    outcome = one.after if after else one.before
    return outcome.decision.acted_on if outcome.decision else outcome.normalized


def _show(done: Demo, keep: Path | None) -> None:
    click.echo(
        f"A synthetic log: {done.users} made-up users, {done.days} days, "
        f"{done.turns} turns in {done.sessions} sessions.\n"
        f"Learned from it in {done.learn_s:.1f} s: {len(done.rewrites)} rewrites, "
        f"and {done.known_requests} requests that work.\n"
    )
    print_table(
        ("heard", "acted on", "for", "users", "sessions", "success without", "with"),
        (
            (
                row.request,
                row.acted_on,
                row.user_id or "everybody",
                str(row.evidence.users),
                str(row.evidence.sessions),
                f"at most {row.evidence.success_before:.0%}",
                f"at least {row.evidence.success_after:.0%}",
            )
            for row in done.rewrites
        ),
    )
    click.echo("\nOne request after the other, before and after:\n")
    for one in done.asked:
        click.echo(f'  {one.user} says "{one.request}" ({one.point})')
        click.echo(f"    before  {_acted_on(one, after=False)}")
        click.echo(f"    after   {_acted_on(one, after=True)}  [{_why(one)}]")
    click.echo(_YOUR_OWN)
    if keep is not None:
        click.echo(f"\nThe state was kept: try `uptake rewrites list --state {keep}`.")


def _why(one: Asked) -> str:
    decision = one.after.decision
    if decision is not None:
        return decision.reason + ("; asks first" if decision.must_confirm else "")
    refused = [entry.reason for entry in one.after.trace if entry.verdict == "refused"]
    return f"left alone: {refused[0]}" if refused else "left alone"
