"""What the commands share: the `--state` and `--json` options and the things a state directory holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from uptake import config as configuration

if TYPE_CHECKING:
    from uptake.artifacts.store import ArtifactStore
    from uptake.engine.local import LocalEngine
    from uptake.log.store import TurnLog

__all__ = ["State", "json_option", "print_json", "state_option"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class State:
    """One state directory: log, statistics, artifacts, overrides, and the configuration beside them."""

    directory: Path

    @cached_property
    def config(self) -> dict[str, dict[str, Any]]:
        """What `uptake.toml` in the state directory says."""
        return configuration.read(self.directory / configuration.FILE_NAME)

    @cached_property
    def log(self) -> TurnLog:
        """The interaction log."""
        from uptake.log.store import TurnLog

        return configuration.build(TurnLog, "log", self.config, self.directory / "log")

    @cached_property
    def engine(self) -> LocalEngine:
        """The relational engine."""
        from uptake.engine.local import LocalEngine

        return configuration.build(LocalEngine, "engine", self.config)

    @cached_property
    def artifacts(self) -> ArtifactStore:
        """What was learned, by version."""
        from uptake.artifacts.store import ArtifactStore

        return ArtifactStore(self.directory / "artifacts")


def _to_state(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> State:
    return State(configuration.state_directory(value))


def state_option(command: F) -> F:
    """Add `--state DIR`; the command receives a `State` as `state`."""
    return click.option(
        "--state",
        callback=_to_state,
        metavar="DIR",
        help="Directory of all state [default: $UPTAKE_STATE, else the platform's data directory].",
    )(command)


def json_option(command: F) -> F:
    """Add `--json`; the command receives `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout and nothing else there.")(command)


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))
