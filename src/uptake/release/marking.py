"""Make the view `turns` of one closed part of the log, for any engine, on this machine or another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from uptake.feedback.turns_view import TURNS, Marker
from uptake.protocols import View

if TYPE_CHECKING:
    from uptake.log.parts import Part

__all__ = ["Marking", "learner_view"]


class Marking:
    """Function that marks parts one after the other, and caches normalised texts; pickled without the cache."""

    def __init__(self) -> None:
        self._marker = Marker()

    def __call__(self, part: Part, source: Path | pa.Buffer, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Mark a part, after its file is checked against its digest.

        Args:
            part: The part, as the manifest describes it.
            source: Its file: the path where this process sees it, or its bytes.
            columns: Columns of the view that are wanted.

        Raises:
            StorageFailed: The file is damaged.
        """
        if isinstance(source, Path):
            part.check()
            yield from self._marker.mark_part(source, columns)
        else:
            part.check_bytes(source)
            yield from self._marker.mark_part(pa.BufferReader(source), columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return _marking, ()


@cache
def _marking() -> Marking:
    """Return the `Marking` of this process, which keeps its cache between tasks of a Spark executor."""
    return Marking()


def learner_view() -> View:
    """Return the view that the learners' statistics read."""
    return View(name="turns", schema=TURNS, make=Marking())
