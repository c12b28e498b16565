"""Fit the simulator's recogniser and its people on real data, and write both tables with where they come from.

    python -m uptake.simulate.fit --data ROOT --date 2026-11-21 --out src/uptake/simulate/fitted

The tables hold rates, quantiles and aggregated confusions of sound units: no sentence of the data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uptake.simulate.fit_channel import fit_channel
from uptake.simulate.fit_reactions import fit_reactions

__all__ = ["fit", "main"]

VERSION = 1
_SLURP = {
    "corpus": "SLURP test half (sentence, recogniser text)",
    "cite": "Bastianelli et al., EMNLP 2020",
    "licence": "CC BY 4.0",
}
_DSTC2 = {
    "corpus": "DSTC2 train (lists, scores, transcription, acts)",
    "cite": "Henderson, Thomson and Williams, SIGDIAL 2014",
    "licence": "GPL-3.0; figures only, no text of it is in this table",
}


def fit(root: Path, out: Path, *, date: str) -> dict[str, Path]:
    """Fit both tables on the corpora below a root and write them.

    Args:
        root: Folder with `slurp_asr` and `dstc2`.
        out: Folder to write `channel.json` and `reactions.json` to.
        date: The day of the fit, for the record.

    Returns:
        The files, by name.

    Raises:
        NotReady: A corpus is missing.
        BadRecord: A record is malformed.
    """
    out.mkdir(parents=True, exist_ok=True)
    sources = {"channel": [_SLURP, _DSTC2], "reactions": [_DSTC2]}
    tables = {"channel": fit_channel(root), "reactions": fit_reactions(root)}
    written = {}
    for name, table in tables.items():
        command = "python -m uptake.simulate.fit --data ROOT --date DATE --out DIR"
        record = {"version": VERSION, "fitted": date, "command": command, "sources": sources[name], **table}
        written[name] = out / f"{name}.json"
        written[name].write_text(_lines(record), encoding="utf-8")
    return written


def _lines(record: dict[str, Any]) -> str:
    """One key a line: a table that a person can compare with the last one."""
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items()) + "\n}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m uptake.simulate.fit", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with slurp_asr and dstc2")
    parser.add_argument("--date", required=True, help="day of the fit, for the record")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    for name, path in fit(given.data, given.out, date=given.date).items():
        sys.stderr.write(f"{name}: {path} ({path.stat().st_size:,} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
