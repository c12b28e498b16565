"""Define the options that commands share: `--state`, `--store`, `--json`, `--defect` and `--user`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from uptake import config as configuration
from uptake.release.state import State

__all__ = ["State", "defect_option", "json_option", "print_json", "readable", "state_option", "user_option"]

F = TypeVar("F", bound=Callable[..., Any])


_STORE = "uptake.store"


def _to_state(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> State:
    store = ctx.meta.get(_STORE)
    return State(configuration.state_directory(value), log_options={} if store is None else {"store": store})


def _keep_store(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_STORE] = value


def state_option(command: F) -> F:
    """Add `--state DIR` and `--store URL`; the command receives a `State` as `state`."""
    command = click.option(
        "--store",
        callback=_keep_store,
        expose_value=False,
        is_eager=True,
        metavar="URL",
        help="Postgres that several servers share for fresh turns, postgresql://… [default: a file in --state].",
    )(command)
    return click.option(
        "--state",
        callback=_to_state,
        metavar="DIR",
        help="State directory: log, artifacts, memory [default: $UPTAKE_STATE, else the platform's data directory].",
    )(command)


def json_option(command: F) -> F:
    """Add `--json`; the command receives `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on stdout.")(command)


def defect_option(command: F) -> F:
    """Add `--defect`; the command receives, as `defect`, the source that decides which turns failed."""
    return click.option(
        "--defect",
        type=click.Choice(["signals", "verdict", "truth"]),
        default="signals",
        show_default=True,
        help="How failed turns are counted. signals: P(defect) from reactions; verdict: P(defect) as yes or no; "
        "truth: the simulator's truth.",
    )(command)


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))


def readable(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Make an argument printable: bytes that are not UTF-8 become U+FFFD."""
    return None if value is None else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _user(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value == "":
        raise click.BadParameter("must not be empty; expected a user's pseudonym", ctx, parameter)
    return readable(ctx, parameter, value)


def user_option(**settings: Any) -> Callable[[F], F]:
    """Add `--user U`; the command receives `user_id`."""
    return click.option("--user", "user_id", metavar="U", callback=_user, **settings)
