"""Format figures as text: flat keys become a table; `x.f1`, `x.f1_low` and `x.f1_high` become one line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["rounded", "text"]


def rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures with floats rounded to four digits, and None where there is no number."""
    return {name: _rounded(value) for name, value in figures.items()}


def _rounded(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return round(value, 4) if math.isfinite(value) else None


def text(figures: Mapping[str, Any]) -> str:
    """Return the figures as lines of text, grouped by what stands before the first dot.

    >>> print(text({"turns": 3, "rephrase.f1": 0.8, "rephrase.f1_low": 0.7, "rephrase.f1_high": 0.9}))
    turns                      3
    <BLANKLINE>
    rephrase
      f1                       0.800   [0.700, 0.900]
    """
    lines: list[str] = []
    group = ""
    for name, value in figures.items():
        head, dot, tail = name.partition(".")
        if name.endswith(("_low", "_high")) and name.rpartition("_")[0] in figures:
            continue
        if dot and head != group:
            lines += ["", head] if lines else [head]
        group = head if dot else ""
        label = f"  {tail}" if dot else name
        low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
        around = f"   [{_shown(low)}, {_shown(high)}]" if low is not None and high is not None else ""
        lines.append(f"{label:<26} {_shown(value)}{around}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
