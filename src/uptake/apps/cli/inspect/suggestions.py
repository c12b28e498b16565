"""Run `uptake suggestions`: list and explain unasked suggestions, and switch them on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from uptake.apps.cli.state import State, json_option, print_json, readable, state_option, user_option
from uptake.apps.cli.table import print_rows, rows_option

if TYPE_CHECKING:
    from uptake.assistant.suggesting.book import Row, SuggestionBook
    from uptake.experiments.offered import Moment, Worth
    from uptake.proactive.offers.offer import Offer

__all__ = ["command"]

_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)
_FIGURES = ("accepted", "anyway", "reached", "unwelcome")

_kind_option = click.option(
    "--kind", default="all", show_default=True, metavar="KIND", help="Kind of suggestion, such as latent_goals."
)
_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")


@click.group(name="suggestions", epilog="Example: uptake suggestions list --user ann")
def command() -> None:
    """List and explain unasked suggestions, and switch them on or off.

    The assistant suggests nothing to a user until suggestions are switched on for that user.
    """


@command.command(name="list", epilog="Example: uptake suggestions list --user ann --json")
@user_option(help="Show suggestions for this user, with this user's answers [default: those for everybody].")
@_kind_option
@rows_option
@state_option
def list_(user_id: str | None, kind: str, form: str, state: State) -> None:
    """List the learned suggestions: P(accept), P(asked for anyway), and whether each is made or suppressed."""
    rows = [row for row in _book(state).rows(user_id) if kind in ("all", row.kind)]
    header = ("kind", "offer", "welcome", "anyway", "verdict")
    print_rows(form, rows, fields=lambda row: row.as_json(), header=header, cells=_cells)
    click.echo(f"{len(rows)} suggestions", err=True)


@command.command(epilog='Example: uptake suggestions why "latent_goals:|AskTea => |HassStartTimer" --user ann')
@click.argument("offer", callback=readable)
@user_option(help="User to whom it would be made [default: everybody].")
@json_option
@state_option
def why(offer: str, user_id: str | None, as_json: bool, state: State) -> None:
    """Explain one suggestion: its evidence, and how people answered."""
    row = next((row for row in _book(state).rows(user_id) if row.offer_id == offer), None)
    if row is None:
        click.echo("there is no such suggestion; see: uptake suggestions list", err=True)
        raise SystemExit(1)
    if as_json:
        print_json(row.as_json())
    else:
        for label, value in row.account():
            click.echo(f"{label:9} {value}")


@command.command(epilog="Example: uptake suggestions value --threshold 0.5 --threshold 0.7")
@click.option(
    "--threshold",
    "thresholds",
    type=float,
    multiple=True,
    metavar="P",
    help="Threshold of P(accept) to evaluate ([proactive] least_welcome); may be repeated "
    "[default: 0.4, 0.5, 0.6, 0.7, 0.8].",
)
@rows_option
@state_option
def value(thresholds: tuple[float, ...], form: str, state: State) -> None:
    """Estimate off-policy, from the log, the outcome of other thresholds of P(accept).

    Columns: accepted, anyway (asked for without the suggestion), reached (either of the two), unwelcome.
    """
    from uptake.experiments.offered import offer_moments, offer_values

    book = _book(state)

    def offer_of(moment: Moment) -> Offer | None:
        return book.offer_at(moment.user_id, moment.offer_id, moment.at)

    turns = state.log.read() if state.log.exists() else ()
    found = offer_values(offer_moments(turns), book.policy, thresholds or _THRESHOLDS, offers=offer_of)
    header = ("threshold", "offers", *_FIGURES)
    print_rows(form, found, fields=lambda one: one.to_json(), header=header, cells=_worth_cells)
    if not all(one.complete for one in found):
        click.echo(
            f"the log was made with threshold {book.policy.least_welcome:g}; below it, only the suggestions that were "
            "tried at random can be evaluated",
            err=True,
        )


@command.command(epilog="Example: uptake suggestions on --user ann --kind latent_goals")
@user_option(required=True, help="User who wants suggestions.")
@_kind_option
@_dry_run_option
@json_option
@state_option
def on(user_id: str, kind: str, dry_run: bool, as_json: bool, state: State) -> None:
    """Switch suggestions on for a user: of one kind, or of all."""
    _switch(state, user_id, kind, on=True, dry_run=dry_run, as_json=as_json)


@command.command(epilog="Example: uptake suggestions off --user ann")
@user_option(required=True, help="User who wants no suggestions.")
@_kind_option
@click.option("--offer", metavar="OFFER", callback=readable, help="Never make this one suggestion again.")
@_dry_run_option
@json_option
@state_option
def off(user_id: str, kind: str, offer: str | None, dry_run: bool, as_json: bool, state: State) -> None:
    """Switch suggestions off for a user: of one kind, of all, or one suggestion with --offer."""
    if offer is not None and not dry_run:
        _book(state).stop(user_id, offer)
    elif offer is None:
        _switch(state, user_id, kind, on=False, dry_run=dry_run, as_json=as_json)


def _switch(state: State, user_id: str, kind: str, *, on: bool, dry_run: bool, as_json: bool) -> None:
    book = _book(state)
    if kind not in (known := book.kinds()):
        raise click.BadParameter(f"unknown kind; expected one of {', '.join(known)}", param_hint="--kind")
    standing = book.standing(user_id).switched(kind, on=on) if dry_run else book.switch(user_id, kind, on=on)
    fields = {"user": user_id, "on": list(standing.on), "off": list(standing.off)}
    if as_json:
        print_json(fields)
    allowed = ", ".join(standing.on) or "none"
    click.echo(f"{'would be ' * dry_run}on: {allowed}; off: {', '.join(standing.off) or 'none'}", err=True)


def _worth_cells(one: Worth) -> tuple[str, ...]:
    shown = one.to_json()

    def figure(name: str) -> str:
        if shown[name] is None:
            return "unknown"
        return f"{shown[name]:.2f} [{shown[f'{name}_low']:.2f}, {shown[f'{name}_high']:.2f}]"

    return f"{one.least_welcome:g}", f"{one.offers:.0f}", *map(figure, _FIGURES)


def _cells(row: Row) -> tuple[str, ...]:
    return row.kind, row.meaning, f"{row.welcome:.0%}", f"{row.anyway:.0%}", row.verdict


def _book(state: State) -> SuggestionBook:
    from uptake.assistant.suggesting.book import SuggestionBook

    return SuggestionBook(state.directory, state.config, state.artifacts)
