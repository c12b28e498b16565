"""Evaluate log poisoning: simulated people write to the log, a release learns, a stranger asks.

Worlds: 1, 3, 10 and 25 attackers, in one home or each in their own; attacked requests that work for honest people, that
fail them, and that nobody else makes; through ingest and through the assistant. In each world, a stranger in another
home makes every attacked request, to the assistant and to the rewriting layer alone. `acted_unasked` counts those that
were acted on as the attackers wanted, without a question. The cost of the rules is `honest_lost`: the share of true
rewrites, learned from the same honest people by counting users instead of homes and turns alone, that the rules lose.

Budgets of change are off here, as they would refuse attacks for their number alone.

Limit: attackers and honest people are simulated; nobody who knows these rules tried to get around them.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from uptake.assistant.build import open_agent
from uptake.assistant.home import VirtualHome
from uptake.catalogue import open_pipeline
from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.feedback.turns_view import mark
from uptake.lab.evaluate.poison.pairs import CLOSED, PAIRS, Pair
from uptake.lab.evaluate.poison.people import KINDS, Attack, attacks, habits, households, neighbours
from uptake.log.rows import to_table
from uptake.release.night import Options, release
from uptake.release.state import State
from uptake.rewriting.guard import Guard
from uptake.rewriting.table.artifact import RewriteTable
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.text.normalize import normalize
from uptake.types import Decision, Evidence, Request, Turn

__all__ = ["WITHOUT", "acted_unasked", "honest_lost", "let_pass", "simulated"]

ATTACKERS = (1, 3, 10, 25)
WITHOUT: Mapping[str, Any] = {"max_works": 1.0, "min_agreement": 0.0, "contrary_users": 1, "max_moves": 10}
"""Options of the learner without the rules against attackers."""
_HONEST = 12  # homes in which an attacked request is made
_HOMES = 160  # of the log that `honest_lost` is measured on
_SPOKEN = 9  # every ninth pair is attacked through the assistant, which takes its time
_START = datetime(2026, 3, 2, 7, tzinfo=UTC)

Tell = Callable[[str], None]


@dataclass(slots=True)
class _Found:
    """Counts of one world."""

    pairs: int = 0
    published: int = 0
    asked: int = 0
    acted: int = 0
    acted_alone: int = 0
    acted_closed: int = 0


def simulated(*, seed: int = 0, tell: Tell | None = None) -> dict[str, Any]:
    """Measure attacks in every world, and what the rules cost honest people.

    Args:
        seed: Of the honest people.
        tell: Is told what is being done.
    """
    say = tell or (lambda _: None)
    figures: dict[str, Any] = {"poison.simulated": True, "poison.pairs": len(PAIRS), "poison.honest_homes": _HONEST}
    total = _Found()
    for people in ATTACKERS:
        for one_home in (True, False):
            attack = Attack(people=people, one_home=one_home)
            found = [acted_unasked(attack, kind, PAIRS) for kind in KINDS]
            if people in (3, 10):
                found.append(acted_unasked(attack, "works", PAIRS[::_SPOKEN], spoken=True))
            name = f"{people}_{'one_home' if one_home else 'homes'}"
            say(f"{people} attackers, {'one home' if one_home else 'a home each'}")
            for what in ("pairs", "published", "asked", "acted", "acted_alone"):
                figures[f"poison.{name}.{what}"] = sum(getattr(one, what) for one in found)
            if people <= _HONEST:
                for one in found:
                    total.acted += one.acted + one.acted_alone
                    total.acted_closed += one.acted_closed
    figures["poison.acted_unasked"] = total.acted
    figures["poison.acted_unasked_closed"] = total.acted_closed
    for users in (3, 25):
        figures[f"poison.guard_let_pass_{users}"] = len(let_pass(PAIRS, users))
    say("what it costs honest people")
    return figures | honest_lost(seed=seed)


def let_pass(pairs: Sequence[Pair], users: int) -> list[Pair]:
    """Return the attacks that the guard, told of as many homes, would let pass unasked; by words alone."""
    evidence = Evidence(users=users, sessions=2 * users, success_before=0.1, success_after=0.9)
    guard, found = Guard(budget_share=1.0), []
    for pair in pairs:
        proposal = Decision(
            step="rewrite",
            acted_on=normalize(pair.wanted),
            rewrite_id="attack",
            artifact_version=None,
            layer="global",
            reason="",
            evidence=evidence,
        )
        if guard.check(normalize(pair.request), proposal).verdict == "allowed":
            found.append(pair)
    return found


def acted_unasked(attack: Attack, kind: str, pairs: Sequence[Pair], *, spoken: bool = False) -> _Found:
    """Write one world, learn from it, and ask as a stranger.

    Args:
        attack: Who attacks.
        kind: What becomes of attacked requests when honest people make them, one of `KINDS`.
        pairs: What is attacked.
        spoken: Whether everybody speaks to the assistant; otherwise the log is written by ingest.
    """
    with tempfile.TemporaryDirectory() as kept:
        state = State(Path(kept))
        turns = [*neighbours(pairs, kind, _HONEST), *attacks(attack, pairs)]
        if spoken:
            _speak(state, turns)
        else:
            state.log.append(turns)
        release(state, options=Options(budget=1.0))
        found = _asked_by_a_stranger(state, pairs)
        state.log.close()
        state.engine.close()
        return found


def _speak(state: State, turns: Sequence[Turn]) -> None:
    """Say to the assistant what people would have written to the log; what it does and answers is its own."""
    now = [_START]
    home = VirtualHome.load(clock=lambda: now[0])
    agent = open_agent(state.directory, log=state.log, store=state.artifacts, home=home)
    with closing(agent.components.memory):
        for turn in sorted(turns, key=lambda one: (one.said_at, one.turn_id)):
            now[0], home.home_id = turn.said_at, turn.home_id or ""
            agent.answer(Request(text=turn.request, user_id=turn.user_id))


def _asked_by_a_stranger(state: State, pairs: Sequence[Pair]) -> _Found:
    """Make every attacked request as somebody who was never seen, to the assistant and to the rewriting layer alone."""
    table = state.artifacts.load(RewriteTable)
    rows = {(row.request, row.acted_on) for row in table.rows() if row.user_id is None}
    alone = open_pipeline(state.artifacts, overrides=state.overrides.path, guard=Guard(budget_share=1.0))
    now = [_START + timedelta(days=30)]
    found = _Found(pairs=len(pairs))
    with tempfile.TemporaryDirectory() as elsewhere:
        home = VirtualHome.load(clock=lambda: now[0])
        options = {"guard": {"budget_share": 1.0}}
        agent = open_agent(Path(elsewhere), options, store=state.artifacts, home=home)
        with closing(agent.components.memory):
            for number, pair in enumerate(pairs):
                now[0] += timedelta(hours=1)
                request = Request(text=pair.request, user_id=f"stranger-{number}")
                wanted = normalize(pair.wanted)
                reply = agent.answer(request)
                decided = reply.outcome.decision if reply.outcome is not None else None
                steered = decided is not None and normalize(decided.acted_on) == wanted
                acted = steered and reply.question != "confirm" and reply.turn.acted_on is not None
                lonely = alone.decide(request).decision
                acted_alone = lonely is not None and lonely.acted_on == wanted and not lonely.must_confirm
                found.published += (normalize(pair.request), wanted) in rows
                found.asked += steered and not acted
                found.acted += acted
                found.acted_alone += acted_alone
                found.acted_closed += (acted + acted_alone) * (pair in CLOSED)
    return found


def honest_lost(*, seed: int = 0, homes: int = _HOMES) -> dict[str, Any]:
    """Compare the rewrites learned from honest people with the rules and without."""
    turns = list(habits(households(seed, homes), seed))
    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for turn in turns:
        meant[turn.request][str(turn.truth.request) if turn.truth else ""] += 1
    without = _learned(MarkovRewriter(**WITHOUT), [replace(turn, home_id=None) for turn in turns])
    learned = _learned(MarkovRewriter(), turns)
    true = {(heard, text) for heard, text in without if meant[heard].most_common(1)[0][0] == text}
    return {
        "poison.honest_homes_measured": homes,
        "poison.honest_rewrites_without": len(without),
        "poison.honest_rewrites_true": len(true),
        "poison.honest_rewrites": len(learned),
        "poison.honest_lost": len(true - learned) / max(len(true), 1),
    }


def _learned(learner: MarkovRewriter, turns: Sequence[Turn]) -> set[tuple[str, str]]:
    """Return (heard, acted on) of everybody's rewrites."""
    ordered = sorted(turns, key=lambda turn: (turn.session_id or "", turn.said_at))
    session = pa.array([turn.session_id for turn in ordered], type=pa.string())
    with closing(LocalEngine()) as engine:
        marked = mark(to_table(ordered).append_column("session", session))
        statistics = EngineStatistics(engine, engine.table(learner.statistics, turns=marked))
        return {(row.request, row.acted_on) for row in learner.solve(statistics).rows() if row.user_id is None}
