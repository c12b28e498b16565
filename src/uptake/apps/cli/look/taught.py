"""Parts of both `uptake concepts` and `uptake preferences`: the book of a state directory, and saying things to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from uptake.apps.cli.state import State, print_json
from uptake.assistant.teaching.book import Book
from uptake.errors import BadRecord
from uptake.types import Request

__all__ = ["book_of", "input_rows", "said_by"]

T = TypeVar("T")


def book_of(state: State) -> Book:
    """Open what was taught in a state directory; the log gets every change as an event."""
    return Book(state.directory / "memory.sqlite", log=state.log)


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
            raise BadRecord(f"line {number}: not JSON; expected one object a line") from error
    return rows


def said_by(state: State, user_id: str | None, text: str, *, dry_run: bool, as_json: bool, agree: bool = False) -> None:
    """Say something to the assistant for a user, and agree to what it understood.

    Raises:
        click.UsageError: Nobody says it.
    """
    if user_id is None:
        raise click.UsageError("this needs --user USER: what is taught belongs to somebody")
    agent = state.assistant(logged=not dry_run)
    reply = agent.answer(Request(text=text, user_id=user_id), dry_run=dry_run)
    if agree and reply.question == "teach" and not dry_run:
        click.echo(reply.speech, err=True)
        understood = reply.turn.interpretation
        if understood is not None and dict(understood.slots).get("action"):
            reply = agent.answer(Request(text="yes", user_id=user_id))
    if as_json:
        print_json({"response": reply.speech, "status": reply.turn.status, "question": reply.question})
    else:
        click.echo(reply.speech, err=True)
    taught = reply.turn.interpretation is not None and reply.turn.interpretation.domain in ("teaching", "preferences")
    if not taught or (reply.question is not None and not dry_run):
        raise SystemExit(1)
