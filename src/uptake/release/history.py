"""Record past releases: versions, withdrawals, canaries and refusals, by identifier, without anybody's words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from uptake.capability import Refused
from uptake.errors import BadRecord
from uptake.release.state import State
from uptake.rewriting.canaries import Canary
from uptake.store.durable import read_json, replace_text

__all__ = ["record", "releases"]

_FILE = "releases.json"
_MOST = 1_000  # releases that are remembered


def releases(state: State) -> list[dict[str, Any]]:
    """Return the past releases of a state directory, the oldest first: versions, withdrawals, refusals, by identifier.

    Raises:
        BadRecord: The file was not written by `release`.
    """
    path = state.directory / _FILE
    rows = read_json(path, missing=[], damaged="is not the record of releases; remove it to start a new one")
    if not isinstance(rows, list):
        raise BadRecord("must be a list of releases; remove it to start a new one", file=str(path))
    return rows


def record(
    state: State,
    *,
    turns: int,
    published: Mapping[str, str],
    withdrawn: Sequence[str],
    canaries: Sequence[Canary],
    refused: Sequence[Refused],
) -> None:
    """Record a release that changed or refused something.

    Args:
        state: The state directory.
        turns: Turns in the log.
        published: Kind of artifact -> its new version.
        withdrawn: Identifiers of withdrawn rewrites.
        canaries: Rewrites that are asked about, paused or proven from now on.
        refused: Rows that the gates refused.
    """
    row = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "turns": turns,
        "published": dict(published),
        "withdrawn": list(withdrawn),
        "canaries": [one._asdict() | {"since": one.since.isoformat()} for one in canaries],
        "refused": [{"what": one.what, "gate": one.gate, "reason": one.reason} for one in refused],
    }
    known = releases(state)
    same = known and all(known[-1].get(name) == row[name] for name in ("published", "withdrawn", "canaries", "refused"))
    if same or not (published or withdrawn or canaries or refused):
        return
    replace_text(state.directory / _FILE, json.dumps([*known, row][-_MOST:], indent=1) + "\n")
