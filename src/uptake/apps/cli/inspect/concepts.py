"""Run `uptake concepts`: list, edit and forget the concepts that people taught."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from uptake.apps.cli.inspect.taught import book_of, edited, input_rows
from uptake.apps.cli.state import State, json_option, print_json, readable, state_option, user_option
from uptake.apps.cli.table import print_rows, rows_option
from uptake.assistant.teaching.book import Book
from uptake.errors import BadRecord
from uptake.teaching.concepts.artifact import Concept, key_of
from uptake.teaching.concepts.saying import meaning

if TYPE_CHECKING:
    from uptake.assistant.edit import Edit
    from uptake.assistant.loop import Agent

__all__ = ["command"]

_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")


@click.group(name="concepts", epilog="Example: uptake concepts list --user ann")
def command() -> None:
    """List, show, edit, forget, export and import concepts.

    A concept is a word or phrase whose meaning a person taught, such as "study mode".
    """


@command.command(name="list", epilog="Example: uptake concepts list --user ann")
@user_option(help="Show this user's concepts and those of the household [default: the household's only].")
@rows_option
@state_option
def list_(user_id: str | None, form: str, state: State) -> None:
    """List every concept with its meaning. Personal concepts are shown with --user only."""
    rows = [row for each in book_of(state).concepts.visible(user_id).values() for row in each]
    print_rows(
        form,
        rows,
        fields=Concept.as_json,
        header=("concept", "type", "for", "meaning"),
        cells=lambda row: (row.phrase, row.slot_type, row.scope, meaning(row)),
    )
    click.echo(f"{len(rows)} concepts", err=True)


@command.command(epilog='Example: uptake concepts show "study mode" --user ann')
@click.argument("concept", callback=readable)
@user_option(help="Show the meaning for this user [default: for the household].")
@json_option
@state_option
def show(concept: str, user_id: str | None, as_json: bool, state: State) -> None:
    """Show the meaning of one concept."""
    rows = book_of(state).concepts.lookup(user_id, concept)
    if not rows:
        click.echo("no such concept; see: uptake concepts list", err=True)
        raise SystemExit(1)
    for row in rows:
        if as_json:
            print_json(row.as_json())
        else:
            click.echo(f"{row.phrase}: {meaning(row)} ({row.slot_type}, {row.scope})")


@command.command(epilog='Example: uptake concepts edit "study mode" "lounge lamp at 40 percent" --user ann')
@click.argument("concept", callback=readable)
@click.argument("definition", callback=readable)
@user_option(help="Whose concept it is.")
@_dry_run_option
@json_option
@state_option
def edit(concept: str, definition: str, user_id: str | None, dry_run: bool, as_json: bool, state: State) -> None:
    """Define a concept, or change its definition, in the words a person would say to the assistant."""
    from uptake.assistant.edit import understood_concept

    def understand(agent: Agent, user: str) -> Edit[Concept]:
        return understood_concept(agent, user, concept, definition)

    edited(state, user_id, understand, Book.add_concepts, dry_run=dry_run, as_json=as_json)


@command.command(epilog='Example: uptake concepts forget "study mode" --user ann')
@click.argument("concept", callback=readable)
@user_option(help="Whose concept it is.")
@_dry_run_option
@json_option
@state_option
def forget(concept: str, user_id: str | None, dry_run: bool, as_json: bool, state: State) -> None:
    """Forget a concept of a user."""
    book = book_of(state)
    gone = [row for row in book.concepts.rows() if (row.user_id, row.key) == (user_id, key_of(concept))]
    if not gone:
        click.echo("this user taught no such concept; see: uptake concepts list --user USER", err=True)
        raise SystemExit(1)
    if not dry_run:
        book.forget_concepts(gone)
    if as_json:
        print_json({"forgotten": len(gone)})
    click.echo(f"{len(gone)} concepts{' would be' if dry_run else ''} forgotten", err=True)


@command.command(epilog="Example: uptake concepts export --user ann > concepts.jsonl")
@user_option(help="Export this user's concepts [default: those shared with the household].")
@state_option
def export(user_id: str | None, state: State) -> None:
    """Print concepts as JSON lines, for `uptake concepts import`."""
    for row in book_of(state).concepts.rows():
        if row.user_id == user_id or (user_id is None and row.scope == "household"):
            print_json(row.as_json())


@command.command(name="import", epilog="Example: uptake concepts import concepts.jsonl --user ann")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@user_option(help="User who taught them [default: the user in each line].")
@_dry_run_option
@state_option
def import_(file: IO[str], user_id: str | None, dry_run: bool, state: State) -> None:
    """Import concepts from JSON lines ("-" for stdin): all of them, or none if a line is wrong."""

    def row(fields: object) -> Concept:
        if user_id is not None and isinstance(fields, dict):
            fields = {**fields, "user": user_id}
        return Concept.from_json(fields)

    rows: list[Concept] = input_rows(file, row)
    if not rows:
        raise BadRecord("holds no concept; expected one JSON object per line", file=file.name)
    if not dry_run:
        book_of(state).add_concepts(rows)
    click.echo(f"{len(rows)} concepts{' would be' if dry_run else ''} imported", err=True)
