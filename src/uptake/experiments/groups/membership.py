"""Assign people to groups: by the log, by a field of it, or by a file of the operator.

A *grouping* divides the turns: mostly by person, sometimes by where or how they were said. The log's own groupings are
home size, amount of use, and recognition quality. Recognition quality is the word error rate if the truth is known
(simulations, corpora), else the confidence of the interpretation.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.experiments.coded import Coded, Codes, distinct_pairs
from uptake.experiments.outcomes import Outcomes
from uptake.text.normalize import normalize

__all__ = ["FIELDS", "Grouping", "field_of", "groupings_of_file", "groupings_of_log", "word_errors"]

FIELDS = (
    "language", "arm", "context.device_type", "context.device_state", "context.room",
    "context.activity", "context.place",
)  # fmt: skip
"""Fields of a turn that can part it: `--field`."""

_THIRDS = 3
_MOST_GROUPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Division of the turns into groups."""

    name: str
    """What it parts them by."""
    of_turn: Coded
    """Group of each turn; unknown where it belongs to none."""


def groupings_of_log(outcomes: Outcomes, heard: NDArray[np.float64] | None = None) -> list[Grouping]:
    """Group turns by what the log shows of their people.

    Args:
        outcomes: The turns.
        heard: (n,) float64: word error rate, NaN if unknown; None if no truth is known.
    """
    users = outcomes.user.codes
    size = len(outcomes.user.names)
    found = [_by_home_size(outcomes)]
    days = np.maximum(outcomes.day.max() - outcomes.day.min() + 1, 1) if len(outcomes) else 1
    use = np.bincount(users, minlength=size) / days
    found.append(_thirds("use", use, users, ("light", "middling", "heavy")))
    if heard is not None and np.isfinite(heard).any():
        found.append(_thirds("recogniser error", _means(heard, users, size), users, ("low", "middling", "high")))
    elif np.isfinite(outcomes.confidence).any():
        sure = _means(outcomes.confidence, users, size)
        found.append(_thirds("confidence of the readings", sure, users, ("low", "middling", "high")))
    return found


def field_of(name: str, tables: Sequence[Any]) -> Grouping:
    """Group turns by a field of the log.

    Args:
        name: One of `FIELDS`.
        tables: Rows of the log, in the order of the outcomes.

    Raises:
        BadConfig: No turn has such a field.
    """
    if name not in FIELDS:
        raise BadConfig(f"no field {name} parts turns{nearest(name, list(FIELDS))}")
    import pyarrow.compute as pc

    column, _, inner = name.partition(".")
    values: list[str | None] = []
    for table in tables:
        one = table.column(column)
        values += (pc.struct_field(one, inner) if inner else one).cast("string").to_pylist()
    coded = Coded.of(values)
    if len(coded.names) > _MOST_GROUPS:
        raise BadConfig(f"the field {name} has {len(coded.names)} values; at most {_MOST_GROUPS} can be compared")
    return Grouping(name=name, of_turn=coded)


def groupings_of_file(path: Path, outcomes: Outcomes) -> list[Grouping]:
    """Group turns by a file that names the groups of people: columns `user_id` and one per grouping.

    Args:
        path: CSV with a header, UTF-8. An empty cell means no group.
        outcomes: The turns; people of the file without turns are skipped.

    Raises:
        NotReady: The file is missing or none of its people are in the log.
        BadRecord: The file is no such table.
    """
    rows = _rows(path)
    place = {name: at for at, name in enumerate(outcomes.user.names)}
    if not any(user in place for user in rows):
        raise NotReady(f"{path}: none of its {len(rows)} people is in the log; user_id must be the log's pseudonyms")
    found = []
    for name in next(iter(rows.values())):
        of_user: list[str | None] = [None] * len(place)
        for user, row in rows.items():
            if user in place and row[name]:
                of_user[place[user]] = row[name]
        found.append(_of_users(name, Coded.of(of_user), outcomes.user.codes))
    return found


def _rows(path: Path) -> dict[str, Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = [name for name in reader.fieldnames or () if name != "user_id"]
            if "user_id" not in (reader.fieldnames or ()) or not names:
                raise BadRecord("needs a header with user_id and at least one group", file=str(path), line=1)
            rows: dict[str, Mapping[str, str]] = {}
            for row in reader:
                if None in row or any(row[name] is None for name in ("user_id", *names)):
                    raise BadRecord(f"must have {1 + len(names)} cells", file=str(path), line=reader.line_num)
                if row["user_id"] in rows:
                    raise BadRecord("names a person twice", file=str(path), line=reader.line_num, field="user_id")
                rows[row["user_id"]] = {name: row[name].strip() for name in names}
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRecord("must be a table of comma-separated values in UTF-8", file=str(path)) from error
    except OSError as error:
        raise NotReady(f"{path}: {error.strerror or error}") from error
    if not rows:
        raise BadRecord("names nobody; a line a person is expected", file=str(path), line=2)
    return rows


def word_errors(said: Sequence[str | None], heard: Sequence[str]) -> NDArray[np.float64]:
    """Return (n,) word error rates, at most 1; NaN if the truth is unknown or empty."""
    found = np.full(len(heard), np.nan)
    for at, (true, text) in enumerate(zip(said, heard, strict=True)):
        if words := normalize(true or "").split():
            found[at] = min(Levenshtein.distance(words, normalize(text).split()) / len(words), 1.0)
    return found


def _by_home_size(outcomes: Outcomes) -> Grouping:
    homes, _ = distinct_pairs(outcomes.home.codes, outcomes.user.codes)
    people = np.bincount(homes, minlength=len(outcomes.home.names))
    sizes = ("1 person", "2 people", "3 people or more")
    codes = (np.minimum(people, len(sizes)) - 1).astype(np.int8)
    return Grouping(name="home size", of_turn=Coded(sizes, codes[outcomes.home.codes]))


def _means(values: NDArray[np.float64], users: Codes, size: int) -> NDArray[np.float64]:
    known = np.isfinite(values)
    counts = np.bincount(users[known], minlength=size)
    sums = np.bincount(users[known], weights=values[known], minlength=size)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _thirds(name: str, values: NDArray[np.float64], users: Codes, labels: tuple[str, ...]) -> Grouping:
    """Divide people into thirds by a value; equal values stay together."""
    codes = np.full(len(values), -1, dtype=np.int8)
    known = np.isfinite(values)
    if known.any():
        cuts = np.quantile(values[known], [1 / _THIRDS, 2 / _THIRDS])
        codes[known] = np.searchsorted(cuts, values[known], side="left")
    return _of_users(name, Coded(labels, codes), users)


def _of_users(name: str, groups: Coded, users: Codes) -> Grouping:
    return Grouping(name=name, of_turn=groups.at(users))
