"""Store the requests that an operator hides among the failures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from uptake.errors import BadRecord
from uptake.store.durable import editing, read_json, replace_text
from uptake.text.normalize import normalize

__all__ = ["Ignored"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Hidden requests of a state directory.

    Args:
        path: A JSON list; a missing file holds none.
    """

    path: Path

    def read(self) -> frozenset[str]:
        """Read them.

        Raises:
            BadRecord: The file is damaged.
        """
        rows = read_json(self.path, missing=[], damaged="is no list of requests; remove it to ignore none")
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            raise BadRecord("must be a list of requests; remove it to ignore none", file=str(self.path))
        return frozenset(rows)

    def put(self, request: str, *, ignored: bool) -> None:
        """Ignore a request from now on, or no longer.

        Raises:
            BadRecord: The file is damaged.
            StorageFailed: The disk refused.
        """
        with editing(self.path):
            known = self.read() - {normalize(request)}
            left = known | {normalize(request)} if ignored else known
            replace_text(self.path, json.dumps(sorted(left), ensure_ascii=False, indent=1) + "\n")
