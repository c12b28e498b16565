"""Store decisions of people: blocked requests, blocked meanings, and pinned rewrites.

A user's own override wins over a global one, and both win over learned rewrites. There is one override per user and
request: a pin replaces a block and the reverse. A block of a meaning applies to every wording that leads to it
(`uptake.rewriting.identity`). If a person undid such a block, or took a complaint back, a *lift* replaces it: evidence
against the meaning up to that turn is ignored (`uptake.rewriting.opinions.replay`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from uptake.errors import BadRecord
from uptake.rewriting.identity import Meaning
from uptake.store.durable import editing, read_json, replace_text
from uptake.store.stamps import Stamp, Stamps
from uptake.text.normalize import normalize

__all__ = ["FORMAT", "Override", "Overrides", "OverridesFile"]

_REPAIR = "repair it, or remove it to start without overrides"
FORMAT = 1
"""Version of the form of the file."""
_FIELDS = {
    "blocks": {"user", "request", "meant"},
    "pins": {"user", "request", "rewrite"},
    "lifts": {"user", "request", "meant", "until"},
}


class Override(NamedTuple):
    """Block (`rewrite` is None), pin, or lift of a former block."""

    request: str
    """Normalised request that it is about; of a meaning, what is heard."""
    rewrite: str | None = None
    """Normalised text to act on instead; None to leave the request alone."""
    user_id: str | None = None
    """User that it applies to; None for everybody."""
    meant: str | None = None
    """For the block of a meaning: what is never to be meant; None for the block of a request, and for a pin."""
    lifted: str | None = None
    """For a lift: when the person said the last turn that it forgives, as ISO 8601; None for blocks and pins."""

    @property
    def key(self) -> tuple[str | None, str, str | None]:
        """Per key there is one override."""
        return self.user_id, self.request, self.meant


@dataclass(frozen=True, slots=True)
class Overrides:
    """Blocks and pins, looked up by user and request.

    >>> both = Overrides.of([Override("play jas", "play jazz"), Override("play jas", None, "ann")])
    >>> both.find("play jas", "bo").rewrite, both.find("play jas", "ann").rewrite
    ('play jazz', None)
    """

    by_key: Mapping[tuple[str | None, str, str | None], Override] = field(default_factory=dict)
    """Overrides by (user or None, request, what is never to be meant or None)."""
    _meanings: Mapping[str | None, tuple[Meaning, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str | None, tuple[Meaning, ...]] = {}
        for one in self.by_key.values():
            if one.meant is not None and one.lifted is None:
                found[one.user_id] = (*found.get(one.user_id, ()), Meaning(one.request, one.meant))
        object.__setattr__(self, "_meanings", found)

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> Overrides:
        """Collect overrides; a later one replaces an earlier one of the same user and request."""
        return cls({each.key: each for each in overrides})

    def find(self, request: str, user_id: str | None) -> Override | None:
        """Return the override of a normalised request: the user's own, else everybody's, else None."""
        if not self.by_key:
            return None
        return self.by_key.get((user_id, request, None)) or self.by_key.get((None, request, None))

    def blocks(self, meaning: Meaning, user_id: str | None) -> bool:
        """Tell whether a meaning is blocked, for the user or for everybody, in whatever wording."""
        if not self._meanings:
            return False
        return any(blocked.covers(meaning) for whose in {user_id, None} for blocked in self._meanings.get(whose, ()))

    def lifts(self) -> dict[str, tuple[Override, ...]]:
        """User -> the lifts of theirs."""
        found: dict[str, tuple[Override, ...]] = {}
        for one in self:
            if one.lifted is not None and one.user_id is not None:
                found[one.user_id] = (*found.get(one.user_id, ()), one)
        return found

    def __iter__(self) -> Iterator[Override]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)


@dataclass(frozen=True, slots=True)
class OverridesFile:
    """File of overrides, as readable JSON.

    Args:
        path: The file; a missing file holds none.
        stamps: Tells whether the file changed.
    """

    path: Path
    stamps: Stamps = field(default_factory=Stamps, repr=False, compare=False)

    def read(self) -> Overrides:
        """Read and check the file.

        Raises:
            BadRecord: It is not what `put` writes; says which field.
        """
        body = read_json(self.path, missing=None, damaged=f"cannot be read as JSON; {_REPAIR}")
        return Overrides() if body is None else Overrides.of(self._parse(body))

    def stamp(self) -> Stamp | None:
        """Return something that changes whenever the file does; None where there is no file."""
        return self.stamps.of(str(self.path))

    def put(self, override: Override, *, dry_run: bool = False) -> Override:
        """Add or replace one override; returns it normalised.

        Args:
            override: A block or a pin.
            dry_run: Check everything and write nothing.

        Raises:
            BadRecord: The request or the rewrite is empty, or they are the same, or the file is broken.
            StorageFailed: The disk refused; the file is as it was.
        """
        clean = self._clean(override._asdict(), "request")
        if dry_run:
            self.read()
            return clean
        with editing(self.path):
            self._write(Overrides.of([*self.read(), clean]))
        return clean

    def drop(self, override: Override, *, dry_run: bool = False) -> bool:
        """Remove the override of the same user and request, if it is of the same sort (block or pin).

        Args:
            override: Any rewrite that is not None stands for a pin.
            dry_run: Look and write nothing.

        Returns:
            Whether there was one.
        """
        key = (override.user_id, normalize(override.request), override.meant)
        found = self.read().by_key.get(key)
        if found is None or found.lifted or (found.rewrite is None) != (override.rewrite is None):
            return False
        if not dry_run:
            with editing(self.path):
                self._write(Overrides({at: each for at, each in self.read().by_key.items() if at != key}))
        return True

    def forget(self, user_id: str) -> int:
        """Remove all overrides of one user; returns how many there were."""
        with editing(self.path):
            before = self.read()
            kept = Overrides.of(each for each in before if each.user_id != user_id)
            if len(kept) != len(before):
                self._write(kept)
        return len(before) - len(kept)

    def _write(self, overrides: Overrides) -> None:
        rows = sorted(overrides, key=lambda each: (each.user_id or "", each.request, each.meant or ""))
        body = {
            "format": FORMAT,
            "blocks": [
                {"user": each.user_id, "request": each.request} | ({"meant": each.meant} if each.meant else {})
                for each in rows
                if each.rewrite is None and each.lifted is None
            ],
            "pins": [
                {"user": each.user_id, "request": each.request, "rewrite": each.rewrite}
                for each in rows
                if each.rewrite is not None
            ],
        }
        lifts = [
            {"user": one.user_id, "request": one.request, "meant": one.meant, "until": one.lifted}
            for one in rows
            if one.lifted
        ]
        body |= {"lifts": lifts} if lifts else {}
        replace_text(self.path, json.dumps(body, indent=1, ensure_ascii=False) + "\n")

    def _parse(self, body: Any) -> Iterator[Override]:
        if not isinstance(body, dict) or not isinstance(body.get("format"), int):
            raise self._wrong(f"must be an object with a number; {_REPAIR}", "format")
        if body["format"] > FORMAT:
            raise self._wrong(
                f"is {body['format']}, this version reads up to {FORMAT}; install a newer uptake", "format"
            )
        for sort, fields in _FIELDS.items():
            rows = body.get(sort, [])
            if not isinstance(rows, list):
                raise self._wrong(f"must be a list; {_REPAIR}", sort)
            for at, row in enumerate(rows):
                place = f"{sort}[{at}]"
                if not isinstance(row, dict) or set(row) - fields:
                    raise self._wrong(f"must be an object with {', '.join(sorted(fields))} alone", place)
                if sort == "pins" and row.get("rewrite") is None:
                    raise self._wrong("a pin needs a rewrite", f"{place}.rewrite")
                if sort == "lifts" and not (row.get("user") and row.get("meant") and _is_time(row.get("until"))):
                    raise self._wrong("a lift needs user, meant and until, a time in ISO 8601", place)
                yield self._clean({**row, "user_id": row.get("user"), "lifted": row.get("until")}, f"{place}.request")

    def _clean(self, row: Mapping[str, Any], place: str) -> Override:
        """Return an override with normalised texts, or BadRecord."""
        prefix = place.removesuffix("request")
        for name, label in (("request", "request"), ("rewrite", "rewrite"), ("user_id", "user"), ("meant", "meant")):
            value = row.get(name)
            if (value is None and name == "request") or (value is not None and not isinstance(value, str)):
                raise self._wrong("must be a text", f"{prefix}{label}")
        request, rewrite = normalize(row["request"]), row.get("rewrite")
        if not request:
            raise self._wrong("must hold a word", place)
        if row.get("user_id") == "":
            raise self._wrong("must be a pseudonym, or null for everybody", f"{prefix}user")
        if rewrite is not None:
            rewrite = normalize(rewrite)
            if not rewrite or rewrite == request:
                raise self._wrong("must hold a word and differ from the request", f"{prefix}rewrite")
        meant = normalize(row["meant"]) if row.get("meant") else None
        return Override(request, rewrite, row.get("user_id"), meant, row.get("lifted"))

    def _wrong(self, problem: str, place: str | None = None) -> BadRecord:
        return BadRecord(problem, file=str(self.path), field=place)


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
