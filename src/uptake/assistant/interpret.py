"""Decide what to act on: interpret a request, apply rewrites, and, if still unsure, ask a language model once."""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.components import Components
from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.incoming import Incoming
from uptake.assistant.read import Readings, read
from uptake.assistant.record.trace import Candidate
from uptake.assistant.resolve import choose
from uptake.assistant.rewrite import Rewritten, rewrite
from uptake.assistant.stakes import acts_unasked

__all__ = ["interpret"]

_SURE = 0.85
"""Confidence, in [0, 1], from which it is no request to the assistant."""


def interpret(turn: Incoming, text: str, components: Components, *, ask_at: float) -> tuple[Readings, Rewritten]:
    """Return the readings of a request as heard, and what to act on."""
    heard = read(text, turn.situation, components)
    turn.trace.extend(heard.stages)
    rewritten = rewrite(turn, heard, components, ask_at=ask_at)
    return heard, _with_second_opinion(turn, rewritten, components, ask_at=ask_at)


def _with_second_opinion(turn: Incoming, rewritten: Rewritten, components: Components, *, ask_at: float) -> Rewritten:
    """Return what to act on, weighed with a language model's readings where it would be asked about, or refused.

    Nobody is asked in a dry run, nor where something was learned to act on, or a reader is sure that it is no request
    to the assistant.
    """
    model, heard = components.llm, rewritten.readings
    if model is None or turn.dry_run or rewritten.decision is not None or not _is_open(rewritten):
        return rewritten
    turn.trace.restart()
    others = model.read(heard.text, turn.situation)
    shown = tuple(
        Candidate(label=one.interpretation.key, score=one.confidence, by=one.reader, reason=one.reason)
        for one in others
    )
    turn.trace.add("second opinion", shown[0].label if shown else "nothing", "no reader was sure", shown)
    if not others:
        return rewritten
    readings = read(heard.text, turn.situation, components, others=others)
    best = choose(readings, turn.situation, components, ask_at=ask_at)
    return replace(rewritten, readings=readings, best=best)


def _is_open(rewritten: Rewritten) -> bool:
    """Tell whether a request would be asked about, or not be understood."""
    first = next(iter(rewritten.readings.hypotheses), None)
    if first is not None and first.interpretation.intent == OUT_OF_SCOPE and first.confidence >= _SURE:
        return False
    return rewritten.best is None or not acts_unasked(rewritten.best.hypothesis)
