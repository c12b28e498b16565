"""Compare two versions of an artifact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Difference", "difference"]


class _HasRows(Protocol):
    def rows(self) -> Iterator[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Rows by which two versions differ."""

    added: tuple[Any, ...]
    """Rows of the new version whose key the old one did not have."""
    removed: tuple[Any, ...]
    """Rows of the old version whose key the new one does not have."""
    changed: tuple[tuple[Any, Any], ...]
    """(old row, new row) of equal key that are not equal."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(old: _HasRows, new: _HasRows) -> Difference:
    """Compare two artifacts row by row.

    A row's `user_id`, where it has one, and its `key`, else its first field, say what it is about.
    """
    before = {_key(row): row for row in old.rows()}
    added, changed = [], []
    for row in new.rows():
        earlier = before.pop(_key(row), None)
        if earlier is None:
            added.append(row)
        elif earlier != row:
            changed.append((earlier, row))
    return Difference(added=tuple(added), removed=tuple(before.values()), changed=tuple(changed))


def _key(row: Any) -> Any:
    about = row.key if hasattr(row, "key") else row[0]
    return getattr(row, "user_id", None), about
