"""Share code between `uptake concepts` and `uptake preferences`: open the book of a state directory and change it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from uptake.apps.cli.state import State, print_json
from uptake.assistant.teaching.book import Book
from uptake.errors import BadRecord
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.preferences.artifact import Preference

if TYPE_CHECKING:
    from uptake.assistant.edit import Edit
    from uptake.assistant.loop import Agent

__all__ = ["book_of", "edited", "input_rows"]

T = TypeVar("T", Concept, Preference)


def book_of(state: State) -> Book:
    """Open the concepts and preferences of a state directory. Every change is recorded in the log as an event."""
    return Book(state.directory / "memory.sqlite", log=state.log, home_id=state.home_id)


def input_rows(lines: Iterable[str], row: Callable[[object], T]) -> list[T]:
    """Read JSON lines.

    Raises:
        BadRecord: A line is wrong; the message says which.
    """
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(row(json.loads(line)))
        except BadRecord as error:
            raise BadRecord(f"line {number}: {error}") from error
        except ValueError as error:
            raise BadRecord(f"line {number}: not JSON; expected one object per line") from error
    return rows


def edited(
    state: State,
    user_id: str | None,
    understand: Callable[[Agent, str], Edit[T]],
    keep: Callable[[Book, Sequence[T]], None],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Change a person's concept or preference from their own words; exit 1 if the words are not understood.

    Raises:
        click.UsageError: No user is given.
    """
    if user_id is None:
        raise click.UsageError("this command needs --user USER, the person whom it belongs to")
    rows, speech = understand(state.assistant(), user_id)
    if rows and not dry_run:
        keep(book_of(state), rows)
    if as_json:
        print_json({"response": speech, "status": "ok" if rows else "failed", "rows": [row.as_json() for row in rows]})
    else:
        click.echo(speech, err=True)
    if not rows:
        raise SystemExit(1)
