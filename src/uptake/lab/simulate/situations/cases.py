"""Test cases of `uptake evaluate context`: situations with a known right interpretation.

A group holds one text in two or more situations, each with another right interpretation, so that a reader that ignores
the situation is right in at most one of them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord, NotReady
from uptake.types import Context, Exchange, Habit, Interpretation, Situation

__all__ = ["Case", "Group", "grouped", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Request in a situation, with its right interpretation."""

    case_id: str
    """Identifier, unique in its file."""
    text: str
    """Text that is said."""
    situation: Situation
    """Place, time, and what was said before."""
    reading: Interpretation
    """Meaning there."""
    group: str
    """Identifier of its group: that of the group's first case."""


Group = tuple[Case, ...]
"""Cases with the same text and different right readings."""


def load(root: Path) -> list[Group]:
    """Return the groups of every `context_cases/*.jsonl.gz` below a root.

    Raises:
        NotReady: There is no such file.
        BadRecord: A line is no case; `line` is its number.
    """
    paths = sorted((root / "context_cases").glob("*.jsonl.gz"))
    if not paths:
        raise NotReady(f"{root}: no context_cases/*.jsonl.gz below it")
    cases: list[Case] = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    cases.append(_case(json.loads(line)))
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    raise BadRecord(f"is no context case ({type(error).__name__})", line=number) from error
    return grouped(cases)


def grouped(cases: Iterable[Case]) -> list[Group]:
    """Return cases by group, in the order of their first ones; groups of a single case are left out."""
    by_group: dict[str, list[Case]] = {}
    for case in cases:
        by_group.setdefault(case.group, []).append(case)
    return [tuple(group) for group in by_group.values() if len(group) > 1]


def _case(record: Mapping[str, Any]) -> Case:
    expect = record["expect"]
    slots = tuple((name, str(value)) for name, value in expect["slots"].items())
    return Case(
        case_id=record["id"],
        text=record["text"],
        situation=_situation(record["context"]),
        reading=Interpretation(intent=expect["intent"], slots=slots),
        group=record["contrast_of"] or record["id"],
    )


def _situation(context: Mapping[str, Any]) -> Situation:
    device, local = context["device"], datetime.fromisoformat(context["local_time"])
    return Situation(
        context=Context(
            device_type=device["type"],
            room=device["room"],
            local_time=local.strftime("%H:%M"),
            place=context["place"],
        ),
        has_screen=device["has_screen"],
        states=tuple(context["states"].items()),
        recent=tuple(Exchange(request=turn["user"], response=turn["agent"]) for turn in context["recent_turns"]),
        habits=tuple(
            Habit(request=habit["request"], at=datetime.fromisoformat(habit["at"])) for habit in context["habit"]
        ),
        local=local,
    )
