"""Fit the simulated recogniser and people on real data, and write the tables with their provenance.

    uptake train simulator --data ROOT --out DIR

The tables hold rates, quantiles and aggregated confusions of sound units: no sentence of the data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from uptake.lab.train.simulator_channel import fit_channel
from uptake.lab.train.simulator_lists import check_lists
from uptake.lab.train.simulator_reactions import fit_reactions

__all__ = ["make"]

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
_DSTC10 = {
    "corpus": "DSTC10 track 2, validation dialogues with n-best lists",
    "licence": "Apache-2.0; figures only",
}


def make(out: Path, *, data: Path, date: str) -> None:
    """Fit both tables on the corpora below a root and write them, and how the lists compare with real ones.

    Args:
        out: Folder to write `channel.json`, `reactions.json` and `list_figures.json` to.
        data: Folder with `slurp_asr` and `dstc2`, and `dstc10_spoken` where it is there.
        date: The day of the fit, for the record.

    Raises:
        NotReady: A corpus is missing.
        BadRecord: A record is malformed.
    """
    out.mkdir(parents=True, exist_ok=True)
    sources = {"channel": [_SLURP, _DSTC2], "reactions": [_DSTC2], "list_figures": [_DSTC2, _DSTC10]}
    tables = {"channel": fit_channel(data), "reactions": fit_reactions(data)}
    tables["list_figures"] = {"rows": check_lists(data, tables["channel"])}
    for name, table in tables.items():
        command = "uptake train simulator --data ROOT --out DIR"
        record = {"version": VERSION, "fitted": date, "command": command, "sources": sources[name], **table}
        (out / f"{name}.json").write_text(_lines(record), encoding="utf-8")


def _lines(record: dict[str, Any]) -> str:
    """Return one key a line: a table that a person can compare with the last one."""
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items()) + "\n}\n"
