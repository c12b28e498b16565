"""What people decided themselves: requests never to be rewritten (blocks) and rewrites that are fixed (pins).

A user's own override wins over everybody's, and both win over what was learned. Per user and request there is
one override: a pin replaces a block and the reverse.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from uptake.artifacts.durable import locked, replace_text
from uptake.errors import BadRecord
from uptake.text.normalize import normalize

__all__ = ["FORMAT", "Override", "Overrides", "OverridesFile"]

_REPAIR = "repair it, or remove it to start without overrides"
FORMAT = 1
"""Version of the form of the file."""


class Override(NamedTuple):
    """A block (`rewrite` is None) or a pin."""

    request: str
    """Normalised request that it is about."""
    rewrite: str | None = None
    """Normalised text to act on instead; None to leave the request alone."""
    user_id: str | None = None
    """Whose it is; None for everybody's."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Blocks and pins, looked up by user and request.

    >>> both = Overrides.of([Override("play jas", "play jazz"), Override("play jas", None, "ann")])
    >>> both.find("play jas", "bo").rewrite, both.find("play jas", "ann").rewrite
    ('play jazz', None)
    """

    by_key: Mapping[tuple[str | None, str], Override] = field(default_factory=dict)
    """Overrides by (user or None, request)."""

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> Overrides:
        """Collect overrides; a later one replaces an earlier one of the same user and request."""
        return cls({(each.user_id, each.request): each for each in overrides})

    def find(self, request: str, user_id: str | None) -> Override | None:
        """The override of a normalised request: the user's own, else everybody's, else None."""
        if not self.by_key:
            return None
        return self.by_key.get((user_id, request)) or self.by_key.get((None, request))

    def __iter__(self) -> Iterator[Override]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)


@dataclass(frozen=True, slots=True)
class OverridesFile:
    """Overrides on the disk, as readable JSON.

    Args:
        path: The file; a missing one holds no overrides.
    """

    path: Path

    def read(self) -> Overrides:
        """Read and check the file.

        Raises:
            BadRecord: It is not what `put` writes; says which field.
        """
        try:
            text = self.path.read_bytes().decode()
        except FileNotFoundError:
            return Overrides()
        except (OSError, UnicodeDecodeError) as error:
            raise self._wrong(f"cannot be read ({type(error).__name__})") from error
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadRecord(f"not JSON; {_REPAIR}", file=str(self.path), line=getattr(error, "lineno", None)) from error
        return Overrides.of(self._parse(body))

    def stamp(self) -> tuple[int, int, int] | None:
        """Something that changes whenever the file does; None where there is no file."""
        try:
            seen = self.path.stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

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
        with locked(self._lock):
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
        key = (override.user_id, normalize(override.request))
        found = self.read().by_key.get(key)
        if found is None or (found.rewrite is None) != (override.rewrite is None):
            return False
        if not dry_run:
            with locked(self._lock):
                self._write(Overrides({at: each for at, each in self.read().by_key.items() if at != key}))
        return True

    def forget(self, user_id: str) -> int:
        """Remove all overrides of one user; returns how many there were."""
        with locked(self._lock):
            before = self.read()
            kept = Overrides.of(each for each in before if each.user_id != user_id)
            if len(kept) != len(before):
                self._write(kept)
        return len(before) - len(kept)

    @property
    def _lock(self) -> Path:
        return self.path.with_name(f".{self.path.name}.lock")

    def _write(self, overrides: Overrides) -> None:
        rows = sorted(overrides, key=lambda each: (each.user_id or "", each.request))
        body = {
            "format": FORMAT,
            "blocks": [{"user": each.user_id, "request": each.request} for each in rows if each.rewrite is None],
            "pins": [
                {"user": each.user_id, "request": each.request, "rewrite": each.rewrite}
                for each in rows
                if each.rewrite is not None
            ],
        }
        replace_text(self.path, json.dumps(body, indent=1, ensure_ascii=False) + "\n")

    def _parse(self, body: Any) -> Iterator[Override]:
        if not isinstance(body, dict) or not isinstance(body.get("format"), int):
            raise self._wrong(f"must be an object with a number; {_REPAIR}", "format")
        if body["format"] > FORMAT:
            raise self._wrong(
                f"is {body['format']}, this version reads up to {FORMAT}; install a newer uptake", "format"
            )
        for sort, fields in (("blocks", {"user", "request"}), ("pins", {"user", "request", "rewrite"})):
            rows = body.get(sort, [])
            if not isinstance(rows, list):
                raise self._wrong(f"must be a list; {_REPAIR}", sort)
            for at, row in enumerate(rows):
                place = f"{sort}[{at}]"
                if not isinstance(row, dict) or set(row) - fields:
                    raise self._wrong(f"must be an object with {', '.join(sorted(fields))} alone", place)
                if sort == "pins" and row.get("rewrite") is None:
                    raise self._wrong("a pin needs a rewrite", f"{place}.rewrite")
                yield self._clean({**row, "user_id": row.get("user")}, f"{place}.request")

    def _clean(self, row: Mapping[str, Any], place: str) -> Override:
        """An override with normalised texts, or BadRecord."""
        prefix = place.removesuffix("request")
        for name, label in (("request", "request"), ("rewrite", "rewrite"), ("user_id", "user")):
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
        return Override(request, rewrite, row.get("user_id"))

    def _wrong(self, problem: str, place: str | None = None) -> BadRecord:
        return BadRecord(problem, file=str(self.path), field=place)
