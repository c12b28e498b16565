"""List the tables of `uptake.toml`, with the constructor that takes the options of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uptake import config as configuration
from uptake.catalogue import capabilities, learnable
from uptake.errors import BadConfig

__all__ = ["hint", "read", "tables"]

_TABLES = {
    "log": "uptake.log.store:TurnLog",
    "engine": "uptake.engine.choice:open_engine",
    "privacy": "uptake.privacy.budget:Budget",
    "release": "uptake.release.night:Options",
    "canaries": "uptake.experiments.canaries:Rules",
    "guard": "uptake.rewriting.guard:Guard",
    "agent": "uptake.assistant.loop:Agent",
    "home": "uptake.assistant.build:home_of",
    "understand.llm": "uptake.assistant.build:llm_of",
    "feedback": "uptake.assistant.asking.feedback:AskPolicy",
    "explore": "uptake.assistant.asking.policy:Explorer",
    "proactive": "uptake.proactive.offers.policy:OfferPolicy",
    "traces": "uptake.assistant.record.traces:TraceStore",
    "serve": "uptake.apps.http.options:Options",
}
"""Tables of `uptake.toml` that are no capability's, and the constructor each is passed to."""


def tables() -> dict[str, str]:
    """List every table of `uptake.toml` with the constructor it is passed to."""
    return {**_TABLES, **{one.table: one.learner for one in learnable() if one.learner is not None}}


def hint(table: str) -> str:
    """Return a hint for an unknown table: the table of the capability of that name, else the nearest name."""
    known = tables()
    for one in capabilities():
        if one.name == table and one.table in known:
            return f"; the options of {one.name} are in [{one.table}]"
    return configuration.nearest(table, list(known))


def read(directory: Path) -> Mapping[str, dict[str, Any]]:
    """Read the configuration of a state directory.

    Raises:
        BadConfig: It cannot be read, or has an unknown table.
    """
    path = directory / configuration.FILE_NAME
    content = configuration.read(path)
    for table in content:
        if table not in tables():
            raise BadConfig(f"{path}: there is no table [{table}]{hint(table)}")
    return content
