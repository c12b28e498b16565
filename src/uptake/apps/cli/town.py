"""The options that commands with simulated homes share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["town_options"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--list", "listed", type=click.IntRange(1, 5), default=5, show_default=True, help="Entries of its list."
    ),
    click.option(
        "--habit",
        "habits",
        multiple=True,
        metavar="NAME=VALUE",
        help="Assume otherwise of people: plainly, official, gives_up, answers, … May be repeated.",
    ),
)


def town_options(channel: str) -> Callable[[F], F]:
    """Add `--channel`, `--list` and `--habit`: the recogniser of a town and its people.

    Args:
        channel: The recogniser where none is named: "book" or "fitted".
    """
    recogniser = click.option(
        "--channel",
        type=click.Choice(["book", "fitted"]),
        default=channel,
        show_default=True,
        help="The recogniser: a real one's hearings of synthetic voices, or error rates and lists fitted on real ones.",
    )

    def added(command: F) -> F:
        for option in (*reversed(_OPTIONS), recogniser):
            command = option(command)
        return command

    return added
