"""Hand-made records of the corpora, as small as they can be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def said(
    heard: str, *, read: Any = (), meant: Any = None, text: str | None = None, start: float = 10.0, null: float = 0.1
) -> dict[str, Any]:
    """The user side of a DSTC2 turn; acts are [[act, [[slot, value]]]]; `meant` is what was read unless given."""
    return {
        "start": start,
        "end": start + 2.0,
        "asr_live": [[heard, -0.2], [f"{heard} please", -2.0]],
        "asr_batch": [],
        "slu_live": [[list(read), 1 - null], [[], null]] if read else [[[], 0.9]],
        "transcription": heard if text is None else text,
        "acts": list(read if meant is None else meant),
    }


def prompt(text: str, *acts: Any, start: float = 1.0, cut: bool = False) -> dict[str, Any]:
    """The system side of a DSTC2 turn."""
    return {"text": text, "acts": list(acts), "start": start, "end": start + 4.0, "barged_in": cut}


def call(*turns: tuple[dict[str, Any], dict[str, Any]], name: str = "call-1", caller: str = "ann") -> dict[str, Any]:
    """One DSTC2 call from (prompt, said) pairs."""
    return {
        "dialogue_id": name,
        "date": "2013-03-22",
        "time": "22:12:56",
        "caller": caller,
        "feedback": {"success": True},
        "turns": [{"turn": at, "system": system, "user": user} for at, (system, user) in enumerate(turns)],
    }


def pair(name: str, first: int, kind: str) -> dict[str, Any]:
    """A DSTC2 turn pair."""
    return {"dialogue_id": name, "turn_a": first, "turn_b": first + 1, "kind": kind, "gap_s": 4.0}


def write(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records as gzipped JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)
    return path


THAI = ["inform", [["food", "thai"]]]
NORTH = ["inform", [["area", "north"]]]
ANY = ["inform", [["this", "dontcare"]]]
ASK_AREA = ["request", [["slot", "area"]]]
