"""Gate of known incidents: refuse artifacts that repeat a rewrite that went wrong before.

Incidents are stored in a file as (request, text that it must never become). Before an artifact is published, its steps
are run on each of these requests. An artifact that repeats an incident is refused; the message has the ids of the
incidents and nobody's words. The steps run without the guard and the overrides: an artifact must be right by itself.

Source: the gate of known incidents of Kachuee et al., "Scalable and Robust Self-Learning for Skill Routing" (NAACL
2022). Limit: texts are compared word for word, except politeness, articles and fillers; an incident in other words is
another incident.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from uptake.errors import ArtifactRefused, BadRecord
from uptake.protocols import Step
from uptake.store.durable import editing, read_json, replace_text
from uptake.text.lexicon import COURTESY, FILLERS
from uptake.text.normalize import normalize
from uptake.types import Request, Situation

__all__ = ["ANYTHING", "KNOWN", "Incident", "IncidentFile", "Repeat", "refuse_repeats", "repeated_incidents"]

ANYTHING = "*"
"""In `never`: the request must be left alone."""

_FORMAT = 1
_SOMEBODY = "somebody"
_UNSAID = COURTESY | FILLERS | {"the", "a", "an"}


class Incident(NamedTuple):
    """Rewrite that must not happen again."""

    id: str
    """Its name, free of anybody's words."""
    request: str
    """Normalised request."""
    never: tuple[str, ...]
    """Normalised texts that it must not become; `ANYTHING` alone: it must be left alone."""
    user_id: str | None = None
    """User that it applies to; None for anybody."""
    note: str = ""
    """For people."""


KNOWN = (Incident("front-door", "lock the front door", ("unlock the front door",), None, "known from the start"),)
"""Rewrites that must never happen anywhere."""


class Repeat(NamedTuple):
    """Incident that an artifact would repeat."""

    incident: str
    """Its id."""
    step: str
    """The step that would repeat it."""
    rewrite_id: str
    """The rewrite that would."""
    request: str
    """Normalised request of the incident."""
    acted_on: str
    """Text that it would become."""


class IncidentFile:
    """File of incidents, as readable JSON.

    Args:
        path: The file; a missing file holds none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Incident, ...]:
        """Read and check the file.

        Raises:
            BadRecord: It was not written by `add`; the message names the field.
        """
        body = read_json(self.path, missing={"incidents": []})
        rows = body.get("incidents") if isinstance(body, dict) else None
        if not isinstance(rows, list):
            raise BadRecord("must be a list", file=str(self.path), field="incidents")
        if body.get("format", _FORMAT) != _FORMAT:
            raise BadRecord(f"must be {_FORMAT}; install a newer uptake", file=str(self.path), field="format")
        found = [self._incident(row, f"incidents[{at}]") for at, row in enumerate(rows)]
        if len({one.id for one in found}) < len(found):
            raise BadRecord("two incidents have the same id", file=str(self.path), field="incidents")
        return tuple(found)

    def add(self, incident: Incident) -> Incident:
        """Add an incident, or replace the one of the same id; returns it normalised.

        Raises:
            BadRecord: A field is empty or of the wrong type.
            StorageFailed: The disk refused.
        """
        row = {**incident._asdict(), "user": incident.user_id}
        clean = self._incident({name: row[name] for name in ("id", "request", "never", "user", "note")}, "incident")
        with editing(self.path):
            kept = {one.id: one for one in self.read()} | {clean.id: clean}
            self._write(kept.values())
        return clean

    def forget(self, user_id: str, own: Collection[str] = ()) -> int:
        """Remove a user's own incidents; returns the number removed.

        Args:
            user_id: The user.
            own: Ids of the user's incidents, even if they do not name the user.

        Raises:
            StorageFailed: The disk refused.
        """
        with editing(self.path):
            known = self.read()
            kept = [one for one in known if one.user_id != user_id and one.id not in own]
            if len(kept) < len(known):
                self._write(kept)
        return len(known) - len(kept)

    def _write(self, incidents: Iterable[Incident]) -> None:
        rows = [
            {"id": one.id, "request": one.request, "never": list(one.never), "user": one.user_id, "note": one.note}
            for one in sorted(incidents, key=lambda one: one.id)
        ]
        text = json.dumps({"format": _FORMAT, "incidents": rows}, indent=1, ensure_ascii=False)
        replace_text(self.path, text + "\n")

    def _incident(self, row: Any, place: str) -> Incident:
        if not isinstance(row, dict) or set(row) - {"id", "request", "never", "user", "note"}:
            raise self._wrong("must be an object with id, request, never, user, note alone", place)
        never = row.get("never")
        never = [never] if isinstance(never, str) else list(never) if isinstance(never, list | tuple) else None
        texts = (row.get("id"), row.get("request"), row.get("note", ""), *(never or [None]))
        if not all(isinstance(text, str) for text in texts) or not isinstance(row.get("user"), str | None):
            raise self._wrong("id, request and never must be texts; never may be a list of them", place)
        request = normalize(row["request"])
        forbidden = tuple(text if text == ANYTHING else normalize(text) for text in never or ())
        if not row["id"] or not request or not all(forbidden):
            raise self._wrong("id, request and never must hold a word", place)
        return Incident(row["id"], request, forbidden, row.get("user"), row.get("note", ""))

    def _wrong(self, problem: str, place: str) -> BadRecord:
        return BadRecord(problem, file=str(self.path), field=place)


def repeated_incidents(incidents: Iterable[Incident], steps: Sequence[Step]) -> list[Repeat]:
    """Return the incidents that any of the steps would repeat."""
    found = []
    for incident in incidents:
        request = Request(text=incident.request, user_id=incident.user_id or _SOMEBODY)
        for step in steps:
            decision = step(request, Situation())
            if decision is not None and _forbidden(decision.acted_on, incident.never):
                found.append(Repeat(incident.id, step.name, decision.rewrite_id, incident.request, decision.acted_on))
    return found


def refuse_repeats(incidents: Iterable[Incident], *steps: Step) -> int:
    """Raise if the steps over an artifact repeat an incident. Call it before publishing.

    Args:
        incidents: Rewrites that must not happen again.
        steps: Steps that would serve the artifact.

    Returns:
        How many incidents were tried.

    Raises:
        ArtifactRefused: Some would happen again; names their ids and the rewrites, without anybody's words.
    """
    known = list(incidents)
    found = repeated_incidents(known, steps)
    if found:
        named = "; ".join(f"{one.incident} (step {one.step}, rewrite {one.rewrite_id})" for one in found[:10])
        more = f" and {len(found) - 10} more" if len(found) > 10 else ""
        again = len({one.incident for one in found})
        raise ArtifactRefused(
            f"repeats {again} of {len(known)} known incidents: {named}{more}. What is served stays; "
            "block the requests with `uptake rewrites block`, or learn again without them"
        )
    return len(known)


def _forbidden(text: str, never: Sequence[str]) -> bool:
    said = _said(text)
    return any(each == ANYTHING or _said(each) == said for each in never)


def _said(text: str) -> list[str]:
    return [word for word in text.split() if word not in _UNSAID] or text.split()
