"""Run `uptake preferences`: list, edit and forget the preferences that people stated."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from uptake.apps.cli.inspect.taught import book_of, edited, input_rows
from uptake.apps.cli.state import State, json_option, print_json, readable, state_option, user_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.assistant.teaching.book import Book
from uptake.errors import BadRecord
from uptake.teaching.preferences.artifact import TYPES, Preference
from uptake.teaching.preferences.saying import described

if TYPE_CHECKING:
    from uptake.assistant.edit import Edit
    from uptake.assistant.loop import Agent

__all__ = ["command"]

_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")


@click.group(name="preferences", epilog="Example: uptake preferences list --user ann")
def command() -> None:
    """List, show, edit, forget, export and import preferences.

    A preference is what a person stated about themselves or their household, such as "use celsius" or "I'm vegan".
    """


@command.command(name="list", epilog="Example: uptake preferences list --user ann")
@user_option(help="Show this user's preferences and those of the household [default: the household's only].")
@rows_option
@state_option
def list_(user_id: str | None, form: str, state: State) -> None:
    """List every preference. Personal preferences are shown with --user only."""
    _show(list(book_of(state).preferences.visible(user_id)), form)


@command.command(epilog="Example: uptake preferences show unit --user ann")
@click.argument("kind", metavar="TYPE", type=click.Choice(TYPES))
@user_option(help="Show this user's preferences and those of the household [default: the household's only].")
@rows_option
@state_option
def show(kind: str, user_id: str | None, form: str, state: State) -> None:
    """Show the preferences of one type."""
    _show([row for row in book_of(state).preferences.visible(user_id) if row.type == kind], form)


@command.command(epilog='Example: uptake preferences edit "use celsius" --user ann')
@click.argument("statement", callback=readable)
@user_option(help="User who states it.")
@_dry_run_option
@json_option
@state_option
def edit(statement: str, user_id: str | None, dry_run: bool, as_json: bool, state: State) -> None:
    """State or change a preference, in the words a person would say to the assistant."""
    from uptake.assistant.edit import understood_preferences

    def understand(agent: Agent, user: str) -> Edit[Preference]:
        return understood_preferences(agent, user, statement)

    edited(state, user_id, understand, Book.add_preferences, dry_run=dry_run, as_json=as_json)


@command.command(epilog="Example: uptake preferences forget likes jazz --user ann")
@click.argument("kind", metavar="TYPE", type=click.Choice(TYPES))
@click.argument("value", callback=readable)
@user_option(help="Whose preference it is.")
@_dry_run_option
@state_option
def forget(kind: str, value: str, user_id: str | None, dry_run: bool, state: State) -> None:
    """Forget one preference of a user."""
    rows = [row for row in book_of(state).preferences.rows() if row.user_id == user_id]
    gone = [row for row in rows if row.type == kind and row.value == value.lower()]
    if not gone:
        click.echo("this user stated no such preference; see: uptake preferences list --user USER", err=True)
        raise SystemExit(1)
    if not dry_run:
        book_of(state).withdraw(gone)
    click.echo(f"{len(gone)} preferences{' would be' if dry_run else ''} forgotten", err=True)


@command.command(epilog="Example: uptake preferences export --user ann > preferences.jsonl")
@user_option(help="Export this user's preferences [default: the household's].")
@state_option
def export(user_id: str | None, state: State) -> None:
    """Print preferences as JSON lines, for `uptake preferences import`."""
    for row in book_of(state).preferences.rows():
        if row.user_id == user_id or (user_id is None and row.scope == "household"):
            print_json(row.as_json())


@command.command(name="import", epilog="Example: uptake preferences import preferences.jsonl --user ann")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@user_option(help="User who stated them [default: the user in each line].")
@_dry_run_option
@state_option
def import_(file: IO[str], user_id: str | None, dry_run: bool, state: State) -> None:
    """Import preferences from JSON lines ("-" for stdin): all of them, or none if a line is wrong."""

    def row(fields: object) -> Preference:
        if user_id is not None and isinstance(fields, dict):
            fields = {**fields, "user": user_id}
        one = Preference.from_json(fields)
        if not one.user_id:
            raise BadRecord("missing the user who stated it; add it, or give --user USER", field="user")
        return one

    rows: list[Preference] = input_rows(file, row)
    if not rows:
        raise BadRecord("holds no preference; expected one JSON object per line", file=file.name)
    if not dry_run:
        book_of(state).add_preferences(rows)
    click.echo(f"{len(rows)} preferences{' would be' if dry_run else ''} imported", err=True)


def _show(rows: list[Preference], form: str) -> None:
    print_rows(
        form,
        rows,
        fields=Preference.as_json,
        header=("type", "for", "what"),
        cells=lambda row: (row.type, row.scope, described(row)),
    )
    click.echo(f"{len(rows)} preferences", err=True)
