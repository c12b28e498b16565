"""Load tables that were fitted on real data, and draw values from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord

__all__ = ["FITTED", "load_table", "quantile"]

FITTED = Path(__file__).parent / "fitted"
"""Folder of the tables that ship, each with its provenance."""


def load_table(path: Path, parts: Sequence[str]) -> Mapping[str, Any]:
    """Load a fitted table.

    Raises:
        BadRecord: The file is not a table with these parts.
    """
    try:
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {name: table[name] for name in ("version", "fitted", "sources", *parts)}
    except (OSError, ValueError, KeyError) as error:
        problem = f"is not a table of fitted {path.stem}; write one with uptake train simulator"
        raise BadRecord(problem, file=str(path)) from error


def quantile(values: Sequence[float], draw: float) -> float:
    """Return the value at a share of a distribution given by evenly spaced quantiles."""
    place = draw * (len(values) - 1)
    at = min(int(place), len(values) - 2)
    return float(values[at] + (values[at + 1] - values[at]) * (place - at))
