"""Run the nights of a simulated town: the product's release, once a day, with its results stored by day.

A week of a small town is little evidence, and published rewrites are watched, so the town's learners have weaker bounds
than a home's. Harm is planted after learning and before the gates, as a faulty learner would publish it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from uptake.capability import Capability
from uptake.errors import BadRecord
from uptake.protocols import Artifact
from uptake.release.night import Options, release
from uptake.release.state import State
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.store.durable import replace_text

__all__ = ["LEARNED", "Night", "Planter", "nights", "pass_nights"]

LEARNED = ("rewrites", "index")
"""What a town learns at night."""

_FILE = "nights.json"


class Planter(Protocol):
    """Function that puts planted rewrites into a table, to test whether they are withdrawn."""

    def __call__(self, table: RewriteTable) -> list[Rewrite]:
        """Return the rewrites to put in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Report on the learning after one day."""

    day: int
    """The day, from 0."""
    turns: int
    """Turns in the log."""
    rewrites: int
    """Rewrites for everybody in what was published."""
    personal: int
    """Rewrites of single users."""
    known: int
    """Requests that work, findable by likeness."""
    withdrawn: tuple[str, ...]
    """Rewrites withdrawn this night, by id."""
    version: str | None
    """Version of the table that is served afterwards."""
    index_version: str | None = None
    """Version of the index of requests that is served afterwards."""
    live_s: float
    """Wall time from the evidence in the log to what was learned from it in service, in seconds."""


def nights(directory: Path) -> list[Night]:
    """Return the nights that a state directory has behind it.

    Raises:
        BadRecord: What is written there cannot be read.
    """
    path = directory / _FILE
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Night(**{**row, "withdrawn": tuple(row["withdrawn"])}) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadRecord("is not the record of nights; name another directory", file=str(path)) from error


def pass_nights(directory: Path, day: int, *, plant: Planter | None = None) -> Night:
    """Run the learning of the night after a day. Doing it again is harmless.

    Args:
        directory: The state directory; its log holds the day.
        day: Number of the day, from 0.
        plant: Puts rewrites into the table that nobody learned; None for none.

    Raises:
        StorageFailed: The disk refused.
    """
    state = State(directory)
    done = release(
        state,
        LEARNED,
        learners={"rewrites": MarkovRewriter(confidence=0.6, min_share=0.2, max_success=0.7)},
        revise=partial(_planted, plant) if plant is not None else None,
        options=Options(),
    )
    table = state.artifacts.load(RewriteTable)
    personal = sum(row.user_id is not None for row in table.rows())
    found = Night(
        day=day,
        turns=done.turns,
        rewrites=len(table) - personal,
        personal=personal,
        known=next((one.rows or 0 for one in done.learned if one.name == "index"), 0),
        withdrawn=tuple(one.rewrite_id for one in done.withdrawn),
        version=state.artifacts.current_version(RewriteTable.kind),
        index_version=state.artifacts.current_version(RequestIndex.kind),
        live_s=done.live_s,
    )
    _note(directory, found)
    return found


def _planted(plant: Planter, one: Capability, artifact: Artifact) -> Artifact:
    """Add the planted rewrites to the table."""
    if one.name != "rewrites" or not isinstance(artifact, RewriteTable):
        return artifact
    added: Iterable[Any] = plant(artifact)
    keys = {row.key for row in added}
    return RewriteTable.from_rows([*added, *(row for row in artifact.rows() if row.key not in keys)])


def _note(directory: Path, found: Night) -> None:
    kept = [night for night in nights(directory) if night.day != found.day]
    rows = [asdict(night) for night in sorted([*kept, found], key=lambda night: night.day)]
    replace_text(directory / _FILE, json.dumps(rows, indent=1) + "\n")
