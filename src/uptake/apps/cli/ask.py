"""`uptake ask`: decide what to do with one request, and say why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

import click

from uptake import config as configuration
from uptake.apps.cli.state import State, json_option, print_json, state_option
from uptake.apps.cli.table import print_table
from uptake.decide.guard import Guard
from uptake.decide.pipeline import Outcome, Pipeline
from uptake.types import Request

__all__ = ["command", "pipeline_of", "readable", "user_option"]

F = TypeVar("F", bound=Callable[..., Any])


def readable(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """An argument whose bytes were not text can still be looked up and printed: bad bytes become U+FFFD."""
    return None if value is None else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _user(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.BadParameter("must be a pseudonym, not empty", ctx, parameter)
    return readable(ctx, parameter, value)


def user_option(**settings: Any) -> Callable[[F], F]:
    """Add `--user U`; the command receives `user_id`."""
    return click.option("--user", "user_id", metavar="U", callback=_user, **settings)


def pipeline_of(state: State) -> Pipeline:
    """The pipeline over what a state directory has published, with its guard and its overrides."""
    guard = configuration.build(Guard, "guard", state.config)
    return Pipeline.serving(state.artifacts, overrides=state.directory / "overrides.json", guard=guard)


@click.command(name="ask", epilog='Example: uptake ask "play harry porter" --user ann --trace')
@click.argument("text", callback=readable)
@user_option(required=True, help="Pseudonym of the person who asks.")
@click.option("--trace", is_flag=True, help="Show what every step said, and how long it took.")
@json_option
@state_option
def command(text: str, user_id: str, trace: bool, as_json: bool, state: State) -> None:
    """Decide what to act on for one request, and say why."""
    outcome = pipeline_of(state).decide(Request(text=text, user_id=user_id))
    for entry in outcome.trace:
        if entry.verdict == "broken":
            click.echo(f"uptake: {entry.step}: {entry.reason}", err=True)
    if as_json:
        print_json(_as_json(text, outcome))
        return
    decision = outcome.decision
    if decision is None:
        spoke = [entry for entry in outcome.trace if entry.verdict in ("refused", "blocked", "broken")]
        last = (spoke or outcome.trace)[-1].reason
        rows = [("acted on", outcome.normalized), ("layer", "none: left as it is"), ("reason", last)]
    else:
        ask = ("; the user is asked first" * decision.must_confirm).strip()
        rows = [("acted on", decision.acted_on), ("layer", decision.layer), ("reason", decision.reason + ask)]
    for label, value in rows:
        click.echo(f"{label:8}  {value}")
    if trace:
        click.echo()
        print_table(
            ("step", "verdict", "µs", "reason"),
            ((entry.step, entry.verdict, f"{entry.time_us:.1f}", entry.reason) for entry in outcome.trace),
        )


def _as_json(text: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "request": text,
        "normalised": outcome.normalized,
        "acted_on": outcome.decision.acted_on if outcome.decision else None,
        "decision": asdict(outcome.decision) if outcome.decision else None,
        "trace": [entry._asdict() for entry in outcome.trace],
    }
