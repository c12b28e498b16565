"""Keep what a process has loaded out of the garbage collector's way.

A full search for garbage walks over all that an assistant holds: a fifth of a second, and none of it is garbage.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["keep_too", "kept", "unsearched"]


@contextmanager
def unsearched() -> Iterator[None]:
    """Look for no garbage at all: a process that answers one request ends before there is any worth a search."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # what was made is old now, else the next new object would have all searched
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Look for no garbage in what is loaded by now, until this is left."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def keep_too() -> None:
    """Nor in what was loaded since, where the process keeps what it loads."""
    if gc.get_freeze_count():
        gc.collect()
        gc.freeze()
