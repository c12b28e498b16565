"""Compact a log in a separate process, so that the assistant keeps its memory and its response time.

Compaction takes 100 to 200 MB for a while, and its process does not release all of that. The process started here reads
the options of the log from standard input and ends with the compaction. If it is killed, nothing is lost, and the next
one does the work.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.errors import StorageFailed

if TYPE_CHECKING:
    from uptake.log.store import TurnLog

__all__ = ["compact_apart"]

_NICE = 5


def compact_apart(log: TurnLog) -> None:
    """Compact in a separate process if enough fresh rows wait, and wait for it; in this process if none can be started.

    Raises:
        StorageFailed: The disk refused, in this process; a failed separate process leaves the work to the next one.
    """
    if log.fresh_rows() < log.compact_at:
        return
    import subprocess  # seldom, and slow to load

    options = {
        "directory": str(log.directory.resolve()),
        "session_gap_s": log.session_gap_s,
        "compact_at": log.compact_at,
        "part_rows": log.part_rows,
        "store": log.store,
    }
    try:
        subprocess.run(  # noqa: S603 - this program, with options from its standard input
            [sys.executable, "-m", __name__],
            input=json.dumps(options).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        log.compact_if_due()


def _main() -> None:
    from uptake.log.store import TurnLog

    os.nice(_NICE)
    options = json.load(sys.stdin)
    with suppress(StorageFailed), TurnLog(Path(options.pop("directory")), **options) as log:
        log.compact_if_due()


if __name__ == "__main__":
    _main()
