"""States of rewrites that are not simply acted on: on trial, asked about first, paused, or proven.

    trial     acted on a few times; beyond that asked about, until a release has seen the outcomes
    asking    "did you mean …?", until people said yes or no often enough
    paused    proposed to nobody, until it is asked about again
    proven    people said yes: acted on; one person in ten is still asked first, until they say yes

A release writes the states (`uptake.release.watching`), the pipeline reads them at the next request. A rewrite without
a state is acted on. A whole version of an artifact may have the state asking: then all its decisions are asked about.

    canaries.json     identifiers, states, times of the log and reasons in counts; nobody's words

A person who said yes to a meaning is not asked again (`uptake.rewriting.opinions`). While the file cannot be read,
every learned rewrite is asked about.

Source: a canary release, with a question instead of the exposure; the constraint on exploration of Kachuee et al.
(arXiv:2204.07135). Limit: the people who are asked about a proven rewrite are chosen by a hash of both identifiers, not
drawn anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import xxhash

from uptake.errors import BadRecord
from uptake.store.durable import editing, read_json, replace_text
from uptake.store.stamps import Stamp, Stamps

__all__ = ["MOST_TRIED", "Canaries", "Canary", "CanaryFile", "CanaryState"]

CanaryState = Literal["trial", "asking", "paused", "proven"]

MOST_TRIED = 4
"""Times that one process acts on what is on trial, between two releases."""

_FORMAT = 1
_ASKED_AGAIN = 10  # one person in so many is asked about what is proven
_REPAIR = "repair it, or remove it: then the next release writes it anew"


class Canary(NamedTuple):
    """State of one rewrite, or of all decisions of one version of an artifact."""

    name: str
    """Identifier that is logged with the turn, or the version."""
    state: CanaryState
    since: datetime
    """Moment of the log, with its zone, from which it holds: what people said before counts no more."""
    reason: str
    """One sentence, in counts."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """States by identifier.

    >>> from datetime import UTC
    >>> asked = Canary("r1", "asking", datetime(2026, 1, 5, tzinfo=UTC), "too little past")
    >>> Canaries({"r1": asked}).state("r1", None, "ann"), Canaries({"r1": asked}).state("r2", None, "ann")
    ('asking', None)
    """

    by_name: Mapping[str, Canary] = field(default_factory=dict)
    """Identifier or version -> state."""
    unread: bool = False
    """Whether the file could not be read: then everything is asked about."""

    def state(self, rewrite_id: str, version: str | None, user_id: str) -> CanaryState | None:
        """Say what happens to one person's decision; None where it is acted on, never "proven"."""
        if self.unread:
            return "asking"
        found = self.by_name.get(rewrite_id) or self.by_name.get(version or "")
        if found is None:
            return None
        if found.state == "proven":
            drawn = xxhash.xxh3_64_intdigest(f"{rewrite_id}\0{user_id}".encode("utf-8", "surrogatepass"))
            return "asking" if drawn % _ASKED_AGAIN == 0 else None
        return found.state


@dataclass(frozen=True, slots=True)
class CanaryFile:
    """File of states, as readable JSON.

    Args:
        path: The file; a missing file holds none.
        stamps: Tells whether the file changed.
    """

    path: Path
    stamps: Stamps = field(default_factory=Stamps, repr=False, compare=False)

    def read(self) -> Canaries:
        """Read and check the file.

        Raises:
            BadRecord: It is not what `write` writes; says which field.
        """
        body = read_json(
            self.path, missing={"format": _FORMAT, "canaries": []}, damaged=f"cannot be read as JSON; {_REPAIR}"
        )
        rows = body.get("canaries") if isinstance(body, dict) else None
        if not isinstance(rows, list) or body.get("format") != _FORMAT:
            raise self._wrong(f"must be an object with format {_FORMAT} and a list; {_REPAIR}", "canaries")
        found = [self._canary(row, f"canaries[{at}]") for at, row in enumerate(rows)]
        return Canaries({one.name: one for one in found})

    def write(self, canaries: Iterable[Canary]) -> None:
        """Replace the file; where there is none and nothing to write, there is none afterwards.

        Raises:
            StorageFailed: The disk refused; the file is as it was.
        """
        rows = [one._asdict() | {"since": one.since.isoformat()} for one in sorted(canaries)]
        text = json.dumps({"format": _FORMAT, "canaries": rows}, indent=1, ensure_ascii=False) + "\n"
        with editing(self.path):
            if rows or self.path.exists():
                replace_text(self.path, text)

    def stamp(self) -> Stamp | None:
        """Return something that changes whenever the file does; None where there is no file."""
        return self.stamps.of(str(self.path))

    def _canary(self, row: Any, place: str) -> Canary:
        if not isinstance(row, dict) or set(row) != set(Canary._fields):
            raise self._wrong(f"must be an object with {', '.join(Canary._fields)} alone", place)
        if not all(isinstance(row[name], str) for name in Canary._fields) or not row["name"]:
            raise self._wrong("every field must be a text, and the name must not be empty", place)
        if row["state"] not in get_args(CanaryState):
            raise self._wrong(f"must be one of {', '.join(get_args(CanaryState))}", f"{place}.state")
        try:
            since = datetime.fromisoformat(row["since"])
        except ValueError as error:
            raise self._wrong("must be a time in ISO 8601", f"{place}.since") from error
        if since.tzinfo is None:
            raise self._wrong("must be a time with its zone", f"{place}.since")
        return Canary(row["name"], row["state"], since, row["reason"])

    def _wrong(self, problem: str, place: str) -> BadRecord:
        return BadRecord(problem, file=str(self.path), field=place)
