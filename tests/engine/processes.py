"""Processes that a test started."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def descendants(of: int) -> dict[int, str]:
    """Processes that a process started, with their command lines."""
    parents, found = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    for process in parents:
        above = process
        while above in parents and above != of:
            above = parents[above]
        with suppress(OSError):
            if above == of and process != of:
                found[process] = Path(f"/proc/{process}/cmdline").read_text()
    return found
