"""Labels that were inferred from a log, with their evidence; no human annotated them.

A label says of one turn whether it failed and what the user meant, with its confidence, its evidence (the turn it was
taken from, the reactions) and the model that interpreted it. Labels below the threshold are abstentions: they are
stored, since they show what to ask about next, but are not used for training.

Limit: labels hold what users said, so they stay on the machine, belong to their users and are removed with them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, get_args

from uptake.errors import BadRecord

__all__ = ["Label", "Labels", "Origin"]

Origin = Literal["accepted", "rephrase", "neighbour", "alternatives", "answer"]
"""Evidence that a label rests on: the turn's own reading, which nobody complained about; the reading of what the user
said instead; the reading of another user's similar request; agreement of the recogniser's other hypotheses; the
user's own answer."""

_ORIGINS = frozenset(get_args(Origin))
_FILE = "labels.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Meaning of one turn, as inferred from the log."""

    turn_id: str
    """The turn."""
    user_id: str
    """Pseudonym of the user."""
    request: str
    """Text as heard."""
    intent: str
    """Intent of the turn."""
    slots: tuple[tuple[str, int, int], ...] = ()
    """(name, start, end) in the request."""
    values: tuple[tuple[str, str], ...] = ()
    """(name, value) as the reading behind the label has them: resolved names where it resolved them."""
    p_defect: float | None = None
    """Probability, in [0, 1], that the turn failed its user."""
    confidence: float
    """Calibrated probability, in [0, 1], that intent and slots are right."""
    origin: Origin
    """Evidence that the label rests on."""
    source_turn_id: str
    """The turn whose reading it is; its own for "accepted"."""
    signals: tuple[str, ...] = ()
    """Names of the signals that support it."""
    users: int = 1
    """Distinct users whose turns support the same meaning of the same request."""
    read_before: str | None = None
    """Key of what the assistant read at the time; None where it read nothing."""

    def __post_init__(self) -> None:
        if self.origin not in _ORIGINS:
            raise BadRecord(f"must be one of {', '.join(sorted(_ORIGINS))}", field="origin")
        for name in ("confidence", "p_defect"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise BadRecord("must be in [0, 1]", field=name)
        if any(not 0 <= start < end <= len(self.request) for _, start, end in self.slots):
            raise BadRecord("a slot must lie in the request", field="slots")

    @property
    def meaning(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Intent, and slots with what is said of them: equal for equal labels of one request."""
        return self.intent, tuple(sorted((name, self.request[start:end]) for name, start, end in self.slots))


@dataclass(frozen=True, slots=True, eq=True, kw_only=True, unsafe_hash=False)
class Labels:
    """The labels of a log, in the order of their turns.

    >>> sure = Label(turn_id="1", user_id="ann", request="jazz", intent="play", confidence=0.97, origin="accepted",
    ...              source_turn_id="1")
    >>> len(list(Labels(rows=(sure,), threshold=0.9).accepted()))
    1
    """

    kind: ClassVar[str] = "labels"
    schema_version: ClassVar[int] = 1

    rows: tuple[Label, ...] = ()
    """Every label, abstentions too."""
    threshold: float = 1.0
    """Confidence from which on a label is trusted."""
    precision: float = 0.85
    """Precision, in [0, 1], that the trusted labels must have by their own confidence."""
    answers: int = 0
    """Users' answers that the confidences were fitted to."""
    model: str | None = None
    """Version of the model that read the turns; None for the one that comes with the package."""
    defects: Mapping[str, float] = field(default_factory=dict)
    """Turn -> probability, in [0, 1], that it failed its user: of every turn of the log, labelled or not."""

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.rows)

    def without(self, user_id: str) -> Labels:
        """Return the labels that rest on nothing a user said."""
        own = {row.turn_id for row in self.rows if row.user_id == user_id}
        rows = tuple(row for row in self.rows if row.user_id != user_id and row.source_turn_id not in own)
        kept = {row.turn_id for row in rows}
        return replace(self, rows=rows, defects={turn: p for turn, p in self.defects.items() if turn in kept})

    def accepted(self) -> Iterator[Label]:
        """Return the labels to train on."""
        return (row for row in self.rows if row.confidence >= self.threshold)

    def counts(self) -> dict[str, int]:
        """Count the labels by origin, and the trusted ones."""
        trusted = Counter(row.origin for row in self.accepted())
        every = Counter(row.origin for row in self.rows)
        return {
            "labels": len(self.rows),
            "accepted": sum(trusted.values()),
            **{f"{origin}_labels": every[origin] for origin in get_args(Origin)},
            **{f"{origin}_accepted": trusted[origin] for origin in get_args(Origin)},
        }

    def save(self, directory: Path) -> None:
        """Write `labels.json`: the head, and the columns of the labels."""
        columns = [asdict(row) for row in self.rows]
        head = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("rows", "defects")}
        table = {one.name: [row[one.name] for row in columns] for one in fields(Label)}
        written = {**head, "defects": dict(self.defects), "columns": table}
        (directory / _FILE).write_text(
            json.dumps(written, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8", errors="surrogatepass"
        )

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `save` wrote."""
        text = (directory / _FILE).read_text(encoding="utf-8", errors="surrogatepass")
        written: dict[str, Any] = json.loads(text)
        columns: dict[str, list[Any]] = written.pop("columns")
        rows = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
        return cls(rows=tuple(Label(**_tuples(row)) for row in rows), **written)


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "slots": tuple((name, start, end) for name, start, end in row["slots"]),
        "values": tuple((name, value) for name, value in row["values"]),
        "signals": tuple(row["signals"]),
    }
