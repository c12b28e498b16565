"""Evaluate preferences: a new user says each statement to the real assistant, and the log is read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from uptake.assistant.build import open_agent
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.log.store import TurnLog
from uptake.ml.bootstrap import interval
from uptake.teaching.preferences.events import preferences_in
from uptake.types import Request

__all__ = ["Stated", "f1", "prefer", "wanted"]

_HOME: Mapping[str, Any] = {
    "areas": ["Living Room", "Kitchen"],
    "entities": [
        {"name": "Ceiling Light", "area": "Living Room", "domain": "light"},
        {"name": "Fan", "area": "Living Room", "domain": "fan"},
        {"name": "Kitchen Speaker", "area": "Kitchen", "domain": "media_player"},
    ],
}
Stated = frozenset[tuple[str, str, str, int, str | None]]
"""(type, value, scope, polarity, what it is about) of each preference."""


def prefer(rows: Sequence[Mapping[str, Any]], *, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Compute precision, recall and F1 of what is stored from statements."""
    with tempfile.TemporaryDirectory() as directory:
        log = TurnLog(Path(directory) / "log")
        agent = open_agent(Path(directory), home=home_of(_HOME), log=log)
        for number, row in enumerate(rows):
            agent.answer(Request(text=row["text"], user_id=f"person-{number}"))
        found: dict[str, set[Any]] = {}
        for turn in log.read():
            found.setdefault(turn.user_id, set()).update(one for one in preferences_in(turn))
    got = [_compared(one.as_json() for one in found.get(f"person-{number}", ())) for number in range(len(rows))]
    want = [wanted(row) for row in rows]
    for row, stored, expected in zip(rows, got, want, strict=True):
        if stored != expected and tell is not None:
            tell(f"{row.get('id', '')}: {'missed' if expected - stored else 'stored too much'}")
    low, high = interval(
        lambda at: f1([got[one] for one in at], [want[one] for one in at]),
        [str(number) for number in range(len(rows))],
        seed=0,
    )
    quiet = [stored for stored, expected in zip(got, want, strict=True) if not expected]
    return {
        "prefer.f1": f1(got, want),
        "prefer.f1_low": low,
        "prefer.f1_high": high,
        "prefer.false_rate": sum(map(bool, quiet)) / len(quiet) if quiet else None,
        "prefer.statements": len(rows),
    }


def wanted(row: Mapping[str, Any]) -> Stated:
    """Return what a statement is expected to come to, as it is compared."""
    return _compared(row["expect"])


def _compared(stated: Iterable[Mapping[str, Any]]) -> Stated:
    return frozenset(map(_canonical, stated))


def _canonical(one: Mapping[str, Any]) -> tuple[str, str, str, int, str | None]:
    """Return a preference as it is compared: (likes, v, -1) is (dislikes, v, 1), without articles and plurals."""
    kind, polarity = one["type"], one.get("polarity", 1)
    if (kind, polarity) == ("likes", -1):
        kind, polarity = "dislikes", 1
    words = str(one["value"]).lower().split()
    while len(words) > 1 and words[0] in ("the", "a", "an"):
        words.pop(0)
    return (
        kind,
        " ".join(word.removesuffix("s") for word in words),
        one.get("scope", "person"),
        polarity,
        one.get("about"),
    )


def f1(got: Sequence[Stated], want: Sequence[Stated]) -> float:
    """Return F1 over all statements; being a fan of what is no team counts as liking it."""
    right = sum(_shared(mine, theirs) for mine, theirs in zip(got, want, strict=True))
    total = sum(map(len, got)) + sum(map(len, want))
    return 2 * right / total if total else 1.0


def _shared(got: Stated, want: Stated) -> int:
    loose = {("likes", *rest) if kind == "is_fan_of" else (kind, *rest) for kind, *rest in got}
    return sum(
        ("likes", *rest) in loose if kind in ("likes", "is_fan_of") else (kind, *rest) in loose for kind, *rest in want
    )
