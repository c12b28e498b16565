"""A synthetic log of any size, written as parts of the log: no person said any of it.

Requests are Zipf-distributed over 200 000 texts, 50 000 users, about 2.7 turns a session; 7 % of the turns fail
and are said again, mostly in a wording close to the first. Session ids are given, as a device gives them. Such a log is
text only, or has every column that an assistant can fill (`full`): readings, runners-up, entities, answers, context.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uptake.log.parts import Part, write_part
from uptake.log.schema import PART_SCHEMA

PART_ROWS = 500_000
TEXTS, USERS = 200_000, 50_000
_WORDS = (
    "turn on the kitchen light|play music by queen|set a timer for ten minutes|what is the weather in berlin|"
    "add milk to my list|call the office|read the news|lock the garage|dim the hall|wake me tomorrow"
).split("|")
_ROOMS = ("kitchen", "hall", "office", "garage", "bedroom", "attic", "bathroom")


def texts() -> pa.Array:
    """Requests in pairs: 2i and 2i + 1 are two wordings of one wish."""
    rows = np.arange(TEXTS)
    said = [f"{_WORDS[(i // 2) % len(_WORDS)]} {i // 2}{' please' if i % 2 else ''}" for i in rows]
    return pa.array(said, type=pa.string())


def parts(
    directory: Path, *, turns: int, full: bool = False, part_rows: int = PART_ROWS, seed: int = 0
) -> Iterator[Part]:
    """Write the log, one part after the other; sessions end with their part."""
    more = _Full() if full else None
    rng = np.random.default_rng(seed)
    wordings = texts()
    users = pa.array([f"user{i:05d}" for i in range(USERS)], type=pa.string())
    cumulated = np.cumsum(1.0 / np.arange(1, TEXTS + 1))
    begin, session = 0, 0
    while begin < turns:
        rows = min(part_rows, turns - begin)
        table, session = _table(rng, rows, begin, session, (wordings, users, more), cumulated)
        yield write_part(directory, table, "2026-01-01", gap_s=45.0)
        begin += rows


def _table(rng, rows, begin, session, names, cumulated):  # type: ignore[no-untyped-def]
    wordings, users, more = names
    text = np.minimum(np.searchsorted(cumulated, rng.random(rows) * cumulated[-1]), TEXTS - 1)
    failed = rng.random(rows) < 0.07
    starts = rng.random(rows) < 0.37
    starts[0] = True
    starts[1:] &= ~failed[:-1]
    again = np.flatnonzero(failed[:-1]) + 1
    for at in range(2):  # two steps, so that chains of three exist
        chain = again[(failed[again - 1]) & ((at == 0) | failed[np.maximum(again - 2, 0)])]
        near = rng.random(len(chain)) < 0.8
        text[chain] = np.where(near, text[chain - 1] ^ 1, text[chain])
    number = session + np.cumsum(starts)
    owner = rng.integers(0, USERS, number[-1] + 1 - session)[number - session]
    said_at = 1_767_225_600_000_000 + (begin + np.arange(rows)) * 8_000_000 // 1
    known = {
        "turn_id": _numbered("t", begin + np.arange(rows)),
        "user_id": _named(users, owner),
        "said_at": pa.array(said_at),
        "request": _named(wordings, text),
        "session_id": _numbered("s", number),
        "session": _numbered("s", number),
        "propensity": pa.array(np.ones(rows)),
        "status": _named(pa.array(["ok", "failed"]), failed.astype(np.int64)),
    }
    if more is not None:
        known |= more.columns(rng, text, owner, failed)
    columns = [
        known[field.name].cast(field.type) if field.name in known else _empty(field, rows) for field in PART_SCHEMA
    ]
    return pa.table(columns, schema=PART_SCHEMA), int(number[-1]) + 1


class _Full:
    """Columns beside text and time, as an assistant that reads, acts and answers fills them; nothing was rewritten."""

    def __init__(self) -> None:
        wishes = [(_WORDS[i % len(_WORDS)].split(), i) for i in range(TEXTS // 2)]
        read = [
            {
                "intent": words[0],
                "domain": words[-1],
                "slots": [{"name": "name", "value": f"{words[-1]} {i}"}, {"name": "area", "value": _ROOMS[i % 7]}],
            }
            for words, i in wishes
        ]
        self._read = _struct("interpretation", [{**one, "confidence": 0.9} for one in read])
        self._unsure = _struct("interpretation", [{**one, "confidence": 0.4} for one in read])
        self._runners_up = _struct("runners_up", [[{**one, "confidence": 0.1}] for one in reversed(read)])
        candidates = [{"value": "one", "score": 0.9}, {"value": "other", "score": 0.5}]
        self._entities = _struct(
            "entities",
            [[{"slot": "name", "value": f"thing.{i}", "score": 0.9, "candidates": candidates}] for _, i in wishes],
        )
        self._answers = pa.array([f"Done: {' '.join(words)} {i}." for words, i in wishes])
        self._alternatives = _struct(
            "alternatives",
            [[{"text": said, "score": -1.0}, {"text": f"{said} now", "score": -4.0}] for said in texts().to_pylist()],
        )
        self._context = _struct(
            "context",
            [
                {"device_type": "speaker", "device_state": state, "room": room, "local_time": f"{hour:02d}:30"}
                for state in ("idle", "playing")
                for room in _ROOMS
                for hour in range(24)
            ],
        )

    def columns(self, rng: np.random.Generator, text: np.ndarray, owner: np.ndarray, failed: np.ndarray) -> dict:
        """Name -> column, of some turns."""
        rows, wish = len(text), text // 2
        known = rng.random(rows) < 0.97
        sure = pa.array(~failed)
        read = pc.if_else(sure, self._read.take(pa.array(wish)), self._unsure.take(pa.array(wish)))
        home = pa.array([f"home{i:05d}" for i in range(USERS // 2)])
        return {
            "home_id": _named(home, owner // 2),
            "device_id": _named(pc.binary_join_element_wise(home, "1", "-"), owner // 2),
            "language": pa.repeat("en", rows),
            "wake_score": pa.array(np.round(rng.random(rows), 3)),
            "spoken_ms": pa.array(np.round(rng.random(rows) * 3000)),
            "alternatives": self._alternatives.take(pa.array(text)),
            "interpretation": pc.if_else(pa.array(known), read, None),
            "runners_up": self._runners_up.take(pa.array(wish)),
            "entities": self._entities.take(pa.array(wish)),
            "action": _named(pa.array(["light.turn_on", "media.play"]), wish % 2),
            "response": pc.if_else(sure, self._answers.take(pa.array(wish)), "Sorry, what did you mean?"),
            "response_ms": pa.array(np.round(rng.random(rows) * 300)),
            "context": self._context.take(pa.array(rng.integers(0, len(self._context), rows))),
            "barge_in_ms": pa.array(np.full(rows, 400.0), mask=~(failed & (rng.random(rows) < 0.3))),
            "answer": pa.array(~failed, mask=rng.random(rows) < 0.98),
            "undone": pa.array(failed, mask=rng.random(rows) < 0.9),
            "arm": _named(pa.array(["control", "treatment"]), owner % 2),
        }


def _struct(name: str, values: list) -> pa.Array:
    return pa.array(values, type=PART_SCHEMA.field(name).type)


def _named(values: pa.Array, codes: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), values).cast(pa.string())


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Names of equal length, so that they sort as their numbers do."""
    digits = np.char.zfill(numbers.astype("U10"), 10)
    return pa.array(np.char.add(prefix, digits).tolist(), type=pa.string())


def _empty(field: pa.Field, rows: int) -> pa.Array:
    if field.name == "context":
        return pa.array([{}], type=field.type).take(pa.array(np.zeros(rows, dtype=np.int32)))
    return pa.nulls(rows, type=field.type)
