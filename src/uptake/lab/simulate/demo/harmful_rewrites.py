"""Plant harmful rewrites, which turn requests that work into others, as a faulty learner might publish them.

Their evidence looks good, so only the log's past of the request, and their effect on people, can reveal them. There are
three kinds, in order of difficulty:

    past      requests that people used a lot before anything was learned, and that worked
    nopast    requests that nobody used before; the assistant interprets them surely
    unsure    requests that nobody used before, and that the assistant interprets with a confidence below 0.9

Unused requests are held back: until the first release people express the same goal in other words. These wordings are
drawn from a rehearsal of two days, without an assistant. The demo's figures of withdrawal count how many planted
rewrites are withdrawn, and after how many turns.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from uptake.errors import BadConfig
from uptake.experiments.exposures import SURE
from uptake.lab.simulate.answered import Utterance
from uptake.lab.simulate.households import household
from uptake.lab.simulate.people import goals_of_day, say
from uptake.lab.simulate.run import Town, stand_of
from uptake.log.store import TurnLog
from uptake.rewriting.guard import Guard
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.durable import replace_text
from uptake.text.normalize import normalize
from uptake.types import Decision, Evidence

__all__ = ["KINDS", "HarmKind", "held_back", "kept", "plant_rewrites", "planted"]

HarmKind = Literal["past", "nopast", "unsure"]
KINDS: tuple[HarmKind, ...] = get_args(HarmKind)

_EVIDENCE = Evidence(users=60, sessions=120, success_before=0.3, success_after=0.9)
_USED = 150  # of the requests that are used most
_REHEARSED = 2  # days
_FILE = "planted.json"


def kept(directory: Path) -> list[Rewrite]:
    """Read the rewrites planted in a state directory."""
    path = directory / _FILE
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [Rewrite(request, acted_on, _EVIDENCE) for request, acted_on in rows]


def plant_rewrites(town: Town, *, directory: Path, count: int, seed: int, kind: HarmKind) -> None:
    """Draw the harmful rewrites of requests that are to be held back, once; those of the past are drawn at night.

    Args:
        town: Who lives.
        directory: The state directory, where they are remembered.
        count: How many.
        seed: Of which ones.
        kind: What sort of request.

    Raises:
        BadConfig: The town says too few such requests.
    """
    if kind == "past" or (directory / _FILE).exists():
        return
    said = [text for text, _ in _rehearsed(town).most_common() if len(text.split()) > 1]
    wanted = (text for text in said if _is_sure(town, text) is (kind == "nopast"))
    found = _drawn(wanted, said[:_USED], count, seed)
    if len(found) < count:
        raise BadConfig(f"harm: this town says only {len(found)} requests of the kind {kind}; ask for fewer")
    _keep(directory, found)


def held_back(directory: Path, kind: HarmKind) -> frozenset[str]:
    """Return the wordings that nobody uses before the first release."""
    return frozenset(row.request for row in kept(directory)) if kind != "past" else frozenset()


def planted(table: RewriteTable, *, directory: Path, count: int, seed: int) -> list[Rewrite]:
    """Draw harmful rewrites of frequent requests, once; then return the same ones every night.

    Args:
        table: What was learned; its requests are left out.
        directory: The state directory: its log says what is used much, and they are remembered there.
        count: How many.
        seed: Of which ones.
    """
    if (directory / _FILE).exists():
        return kept(directory)
    rows = [text for text in _used(directory) if len(text.split()) > 1]
    taken = {row.request for row in table.rows() if row.user_id is None}
    found = _drawn((text for text in rows if text not in taken), rows, count, seed)
    _keep(directory, found)
    return found


def _drawn(requests: Iterable[str], others: list[str], count: int, seed: int) -> list[Rewrite]:
    """Turn requests into other ones that share no word with them, where no rule of the guard stops it or asks."""
    rng, guard = np.random.default_rng([seed, 77]), Guard(budget_share=1.0)
    found: list[Rewrite] = []
    for request in requests:
        if len(found) == count:
            break
        other = others[int(rng.integers(len(others)))]
        if not set(request.split()) & set(other.split()) and _passes(guard, request, other):
            found.append(Rewrite(request, other, _EVIDENCE))
    return found


def _keep(directory: Path, rows: list[Rewrite]) -> None:
    replace_text(directory / _FILE, json.dumps([[row.request, row.acted_on] for row in rows]) + "\n")


def _rehearsed(town: Town) -> Counter[str]:
    """Count what people would say for their wishes in two days, were everything understood."""
    return Counter(text for number in range(town.homes) for text in _said_at_home(town, number))


def _said_at_home(town: Town, number: int) -> Iterator[str]:
    home = household(town.seed, number)
    for member, person in enumerate(home.members):
        rng = np.random.default_rng([town.seed, 78, number, member])
        for day in range(_REHEARSED):
            midnight = datetime.combine(town.start + timedelta(days=day), time())
            yield from (say(moment.goal, person, rng) for moment in goals_of_day(home, person, midnight, rng))


def _is_sure(town: Town, text: str) -> bool | None:
    """Tell whether the assistant of the first home reads a text surely; None where it does not understand it."""
    home = household(town.seed, 0)
    sure = stand_of(home.layout).hear(home.listeners[0].origin, Utterance(text)).sure
    return sure >= SURE if sure else None


def _used(directory: Path) -> list[str]:
    """Return the requests that were used most and worked, most used first."""
    with TurnLog(directory / "log") as log:
        said = Counter(normalize(turn.request) for turn in log.read() if turn.status == "ok")
    return [text for text, _ in said.most_common(_USED)]


def _passes(guard: Guard, request: str, other: str) -> bool:
    """Tell whether nothing would stop it or ask first."""
    proposal = Decision(
        step="rewrite",
        acted_on=other,
        rewrite_id="planted",
        artifact_version=None,
        layer="global",
        reason="planted",
        evidence=_EVIDENCE,
    )
    return guard.check(request, proposal).verdict == "allowed"
