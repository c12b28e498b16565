"""Run `uptake experiments`: measure the effect of rewrites or suggestions with a control arm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from uptake.apps.cli.state import State, defect_option, json_option, print_json, state_option
from uptake.apps.cli.table import print_csv, print_table, rows_option
from uptake.experiments.assignment import Experiment
from uptake.experiments.registry import StopRules

__all__ = ["command"]

_HOLDOUT = 0.05


@click.group(name="experiments", epilog="Example: uptake experiments start spring")
def command() -> None:
    """Run A/B experiments: measure the effect of rewrites, or of suggestions.

    Users are assigned to arms by a hash of their pseudonym. In the control arm and in the permanent holdout (users who
    are in no experiment), rewrites are logged but not acted on. With --without-offers control, the control arm gets no
    suggestions, and rewrites are on in all arms. Running assistants follow without a restart.
    """


def _shares(ctx: click.Context, parameter: click.Parameter, values: Iterable[str]) -> dict[str, float]:
    arms: dict[str, float] = {}
    for value in values:
        name, _, share = value.partition("=")
        try:
            arms[name] = float(share)
        except ValueError:
            raise click.BadParameter(f"expected NAME=SHARE, such as control=0.5, got {value}", ctx, parameter) from None
    return arms


@command.command(epilog="Example: uptake experiments start spring --arm control=0.2 --arm treatment=0.8")
@click.argument("name")
@click.option(
    "--arm",
    "arms",
    multiple=True,
    callback=_shares,
    metavar="NAME=SHARE",
    help="Arm and its share of users, in (0, 1); repeat it [default: control=0.5, treatment=0.5].",
)
@click.option(
    "--without",
    multiple=True,
    metavar="ARM",
    help="Arm without rewrites [default: control; none with --without-offers].",
)
@click.option("--without-offers", multiple=True, metavar="ARM", help="Arm without suggestions [default: none].")
@click.option(
    "--holdout",
    type=float,
    metavar="SHARE",
    help="Permanent holdout: share of users who are in no experiment [default: as before, else 0.05].",
)
@click.option("--stop-after-days", type=float, default=28.0, show_default=True, help="Most days.")
@click.option("--stop-after-users", type=int, help="Most users [default: no limit].")
@click.option("--stop-after-turns", type=int, help="Most turns [default: no limit].")
@click.option(
    "--alpha", type=float, default=0.05, show_default=True, help="Probability of a false stop for harm, at any time."
)
@click.option("--dry-run", is_flag=True, help="Print the size of each arm; start nothing.")
@json_option
@state_option
def start(  # noqa: PLR0913, PLR0917 - one a flag
    name: str,
    arms: Mapping[str, float],
    without: tuple[str, ...],
    without_offers: tuple[str, ...],
    holdout: float | None,
    stop_after_days: float,
    stop_after_users: int | None,
    stop_after_turns: int | None,
    alpha: float,
    dry_run: bool,
    as_json: bool,
    state: State,
) -> None:
    """Start an experiment: assign users to arms. Arms and shares are fixed while it runs."""
    permanent = state.experiments.holdout
    experiment = Experiment(
        name=name,
        arms=arms or {"control": 0.5, "treatment": 0.5},
        unchanged=without or (() if without_offers else ("control",)),
        silent=without_offers,
        holdout=holdout if holdout is not None else _HOLDOUT if permanent is None else permanent,
    )
    experiment.compared  # noqa: B018 - refuses one arm alone
    rules = StopRules(max_days=stop_after_days, max_users=stop_after_users, max_turns=stop_after_turns, alpha=alpha)
    if dry_run:
        state.experiments.check(experiment)
    else:
        experiment = state.experiments.start(experiment, at=datetime.now(UTC), rules=rules).experiment
    users = _users(state, experiment)
    if as_json:
        print_json({"name": name, "dry_run": dry_run, "users": users, **experiment.to_json()})
        return
    print_table(
        ("arm", "share", "rewrites", "offers", "users in the log"),
        (
            (
                arm,
                f"{share:.1%}",
                "yes" if experiment.rewrites(arm) else "only logged",
                "yes" if experiment.offers(arm) else "no",
                users[arm],
            )
            for arm, share in experiment.probabilities.items()
        ),
    )
    click.echo(f"nothing was started: {name} would be" if dry_run else f"{name} runs", err=True)


def _users(state: State, experiment: Experiment) -> dict[str, int]:
    """Count the users of the log in each arm."""
    names: set[str] = set()
    if state.log.exists():
        for table in state.log.tables():
            names.update(table.column("user_id").unique().to_pylist())
    counts = Counter(experiment.assign(user).arm for user in names)
    return {arm: counts[arm] for arm in experiment.probabilities}


@command.command(epilog="Example: uptake experiments status")
@click.argument("name", required=False)
@defect_option
@rows_option
@state_option
def status(name: str | None, defect: str, form: str, state: State) -> None:
    """Show the results of the experiment NAME [default: the running one, else the last one].

    The intervals are valid at any time: you may look as often as you like. Exit 1 if a stop rule is met, if the sizes
    of the arms do not match their shares, or if the log cannot be analysed (users changed arms). --csv prints the arms
    only.
    """
    from uptake.experiments.outcomes import outcomes_of_log
    from uptake.experiments.standing import experiment_status

    started = state.experiments.get(name)
    results = experiment_status(outcomes_of_log(state.log, defect=defect), started, at=datetime.now(UTC))  # type: ignore[arg-type]
    if form == "json":
        print_json(
            {**results, "is_running": started.is_running, "known": [one.name for one in state.experiments.all()]}
        )
    elif form == "csv":
        arms = results.get("by_arm", {})
        print_csv({"name": started.name, "arm": arm, **one} for arm, one in arms.items())
    else:
        _show(results)
    if results["refused"] or results["stop"] or not results["is_balanced"]:
        raise click.exceptions.Exit(1)


def _show(results: Mapping[str, Any]) -> None:
    from uptake.report.experiment import interval, sentences, share

    since = f"started {results['started_at'][:16]}" if results["started_at"] else "start unknown"
    ended = f"stopped {results['stopped_at'][:16]}: {results['reason']}" if results["stopped_at"] else "running"
    click.echo(f"{results['name']}, {since}, {ended if results['started_at'] else 'not running'}\n")
    if results["refused"]:
        click.echo(f"Not analysed: {results['refused']}")
        return
    print_table(
        ("arm", "users", "turns", "defect rate", ""),
        (
            (arm, one["users"], one["turns"], share(one["rate"]), interval(one["low"], one["high"]))
            for arm, one in results["by_arm"].items()
        ),
    )
    for heading, lines in sentences(results).items():
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"- {line}")
    if results["stop"]:
        click.echo(f"\nTo be stopped: {results['stop']} (uptake experiments stop {results['name']})")


@command.command(epilog='Example: uptake experiments stop spring --reason "answered"')
@click.argument("name")
@click.option("--reason", default="by hand", show_default=True, help="Reason to show in status and report.")
@json_option
@state_option
def stop(name: str, reason: str, as_json: bool, state: State) -> None:
    """Stop an experiment. From now on everybody but the permanent holdout gets rewrites."""
    stopped = state.experiments.stop(name, at=datetime.now(UTC), reason=reason)
    if as_json:
        print_json(stopped.to_json())
    click.echo(f"{name} stopped; its results: uptake experiments status {name}", err=True)
