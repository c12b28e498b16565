"""Define the options that say where a request is made: `--room`, `--device`, `--screen` and `--place`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from uptake.assistant.context.situation import Origin

__all__ = ["DEVICES", "origin_options"]

F = TypeVar("F", bound=Callable[..., Any])

DEVICES = ("speaker", "display", "tv", "phone", "watch", "car")
"""Kinds of devices that hear requests. All but the speaker and the car have a screen."""


def origin_options(command: F) -> F:
    """Add the options; the command receives a function `origin()` as `origin`."""

    @click.option("--room", metavar="ROOM", help="Room in which the request is made [default: the home's first].")
    @click.option(
        "--device", type=click.Choice(DEVICES), default="speaker", show_default=True, help="Device that hears it."
    )
    @click.option("--screen/--no-screen", default=None, help="Whether the device has a screen [default: by --device].")
    @click.option(
        "--place", default="home", show_default=True, metavar="PLACE", help="Where the person is, such as pharmacy."
    )
    @wraps(command)
    def wrapped(*args: Any, room: str | None, device: str, screen: bool | None, place: str, **named: Any) -> Any:
        def origin() -> Origin:
            from uptake.assistant.context.situation import Origin

            has_screen = device not in ("speaker", "car") if screen is None else screen
            return Origin(
                device_id=f"{device}:{room}" if room else device,
                device_type=device,
                has_screen=has_screen,
                room=room,
                place=place,
            )

        return command(*args, origin=origin, **named)

    return wrapped  # type: ignore[return-value]
