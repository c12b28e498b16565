"""Sizes in the configuration: a number with a unit."""

from __future__ import annotations

import re

from uptake.errors import BadConfig

__all__ = ["size_in_bytes"]

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B", re.IGNORECASE)


def size_in_bytes(text: str, option: str) -> float:
    """Read a size.

    >>> size_in_bytes("1.5 GB", "memory_limit"), size_in_bytes("2KiB", "memory_limit")
    (1500000000.0, 2048.0)

    Args:
        text: A number with a unit: KB, MB, GB, TB, or KiB, MiB, GiB, TiB.
        option: The option that it is given for.

    Raises:
        BadConfig: It is no size.
    """
    match = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise BadConfig(f'engine: {option} must be a number with a unit, for example "1GB" or "512MiB"')
    base = 1024.0 if match[3] else 1000.0
    size: float = float(match[1]) * base ** (1 + "KMGT".index(match[2].upper()))
    return size
