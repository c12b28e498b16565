"""Define the options that commands with simulated homes share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["town_options"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--list",
        "listed",
        type=click.IntRange(1, 5),
        default=5,
        show_default=True,
        help="Length of the recogniser's n-best list.",
    ),
    click.option(
        "--habit",
        "habits",
        multiple=True,
        metavar="NAME=VALUE",
        help="Change an assumption about the simulated people: stop, undo, honest, answers, plainly, official, "
        "over_articulates, gives_up (shares in [0, 1]), care, most. May be repeated.",
    ),
)


def town_options(channel: str) -> Callable[[F], F]:
    """Add `--channel`, `--list` and `--habit`: the speech recogniser and the people of a simulated town.

    Args:
        channel: Default of `--channel`: "book" or "fitted".
    """
    recogniser = click.option(
        "--channel",
        type=click.Choice(["book", "fitted"]),
        default=channel,
        show_default=True,
        help="Simulated recogniser. book: recorded output of a real recogniser on synthetic voices; fitted: a model of "
        "errors and n-best lists fitted on real recognisers.",
    )

    def added(command: F) -> F:
        for option in (*reversed(_OPTIONS), recogniser):
            command = option(command)
        return command

    return added
