"""Keep the file of what was withdrawn, which `uptake.experiments.withdrawal.Watch` writes."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.store.durable import editing, read_json, replace_text

__all__ = ["forget_withdrawn", "read_withdrawn"]


def forget_withdrawn(path: Path, own: Collection[str]) -> None:
    """Take the words out of what was withdrawn for one user alone; that it was withdrawn stays.

    Args:
        path: The file that `Watch.save` writes.
        own: Identifiers of the rewrites.

    Raises:
        BadRecord: The file is not what `Watch.save` writes.
        StorageFailed: The disk refused.
    """
    if not path.exists():
        return
    with editing(path):
        rows = read_withdrawn(path)
        cleared = [
            row | {"request": None, "user_id": None, "acted_on": None} if row["rewrite_id"] in own else row
            for row in rows
        ]
        if cleared != rows:
            replace_text(path, json.dumps(cleared, indent=1, ensure_ascii=False) + "\n")


def read_withdrawn(path: Path) -> list[dict[str, Any]]:
    """Read what `Watch.save` wrote; nothing where there is no such file.

    Raises:
        BadRecord: It is damaged.
    """
    rows = read_json(path, missing=[])
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "rewrite_id" in row for row in rows):
        raise BadRecord("must be a list of objects with a rewrite_id", file=str(path))
    return rows
