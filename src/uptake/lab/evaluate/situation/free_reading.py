"""Interpret a case with the whole agent, without given candidates.

A home is built of the things whose state a case gives, and earlier turns and habits are read first. Then the stages of
the loop run, up to acting: a move in the conversation, else the readers, the resolver and the situation, and the first
reading that names what exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from uptake.assistant.components import Components
from uptake.assistant.context.context_reader import ContextReader
from uptake.assistant.dialogue import Conversation, find_move
from uptake.assistant.dialogue.conversation import LastAction
from uptake.assistant.entities import Resolver
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.memory import Memory
from uptake.assistant.read import read as read_text
from uptake.assistant.readers import Understanding
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.resolve import choose
from uptake.assistant.skills import Skills
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.evaluate.situation.case_home import home_of
from uptake.lab.evaluate.situation.sameness import Comparison
from uptake.lab.simulate.situations.cases import Case, Group
from uptake.types import Exchange, Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

__all__ = ["free", "read"]

_READ = 0.5  # least confidence with which an earlier request is taken as read
_ASK_AT = 0.25  # as the loop: a reading that is believed less is not acted on


def free(groups: Sequence[Group], rankers: Mapping[str, ContextRanker], *, seed: int = 0) -> dict[str, float]:
    """Return the share of the cases that the agent reads right by itself, where it has the intent.

    Args:
        groups: What to judge.
        rankers: For each group, what the situation makes of readings.
        seed: Of the interval.

    Returns:
        `free_accuracy` with its interval, over `free_cases`; `free_coverage`, their share of all cases;
        `free_context_free`, the same without the situation.
    """
    skills = Skills()
    names, right, blind = [], [], []
    for group in groups:
        for case in group:
            if case.reading.intent not in skills.intents:
                continue
            names.append(case.group)
            right.append(_is_right(case, rankers[case.group], case.situation))
            blind.append(_is_right(case, rankers[case.group], Situation()))
    total = sum(map(len, groups))
    figures = {"free_cases": len(right), "free_coverage": len(right) / total if total else float("nan")}
    if not right:
        return figures
    hits = np.array(right, dtype=np.float64)
    return {
        **figures,
        **bounded("free_accuracy", mean(hits), names, seed=seed),
        "free_context_free": float(np.mean(blind)),
    }


def read(case: Case, ranker: ContextRanker, situation: Situation | None = None) -> tuple[Hypothesis, ...]:
    """Read a case as the assistant does, best first."""
    components = replace(_parts(tuple(sorted(case.situation.states)), case.situation.context.room), ranker=ranker)
    seen = _read_before(case.situation if situation is None else situation, components.understanding)
    moved = _moved(case.text, seen, components)
    if moved is not None:
        return (moved,)
    found = read_text(case.text, seen, components)
    best = choose(found, seen, components, ask_at=_ASK_AT)
    if best is None:
        return found.hypotheses
    return best.hypothesis, *(one for one in found.hypotheses if one is not best.hypothesis)


@lru_cache(maxsize=4)
def _parts(things: tuple[tuple[str, str], ...], room: str | None) -> Components:
    home, skills, memory = home_of(things, room), Skills(), Memory()
    base = Understanding.for_home(home, skills)
    return Components(
        home=home,
        memory=memory,
        skills=skills,
        understanding=base.with_readers([ContextReader(skills.intents, home=home), *base.readers]),
        resolver=Resolver(home, skills),
        recorder=Recorder(memory),
    )


def _read_before(situation: Situation, understanding: Understanding) -> Situation:
    """Return the situation with earlier turns and habits read."""
    plain = replace(situation, recent=(), habits=())

    def meant(text: str) -> Interpretation | None:
        best = next(iter(understanding.read(text, plain)), None)
        known = best is not None and best.confidence >= _READ and best.interpretation.intent != OUT_OF_SCOPE
        return best.interpretation if best is not None and known else None

    recent = tuple(replace(one, interpretation=meant(one.request)) for one in situation.recent)
    habits = tuple(replace(one, interpretation=meant(one.request)) for one in situation.habits)
    return replace(situation, recent=recent, habits=habits)


def _moved(text: str, situation: Situation, components: Components) -> Hypothesis | None:
    """Return the reading of a request that goes on with what was done last; None where it stands on its own.

    Questions that wait for an answer are not known from the words of a case alone: none is taken to be open.
    """
    if not situation.recent:
        return None
    last = _last_action(situation.recent[-1], situation, components)
    talk = Conversation(session_id="case", exchanges=situation.recent, last=last, done=last)
    move = find_move(text, talk, situation, understanding=components.understanding, resolver=components.resolver)
    if move is None or move.interpretation is None:
        return None
    return Hypothesis(
        interpretation=replace(move.interpretation, confidence=1.0), reader="dialogue", reason=move.reason
    )


def _last_action(exchange: Exchange, situation: Situation, components: Components) -> LastAction | None:
    if exchange.interpretation is None:
        return None
    done = components.resolver.resolve(exchange.interpretation, situation, text=exchange.request)
    targets = tuple(device.entity_id for device in done.targets)
    return LastAction(turn_id="last", interpretation=done.interpretation, targets=targets)


def _is_right(case: Case, ranker: ContextRanker, situation: Situation) -> bool:
    found = read(case, ranker, situation)
    resolver = _parts(tuple(sorted(case.situation.states)), case.situation.context.room).resolver
    return bool(found) and Comparison(case=case, resolver=resolver).same(case.reading, found[0].interpretation)
