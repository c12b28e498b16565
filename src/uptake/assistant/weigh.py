"""Decide whether to act or to ask first, from the confidence of the interpretation or of the rewrite."""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.asking.explore import note as note_explored
from uptake.assistant.asking.policy import Explored
from uptake.assistant.clauses.account import is_unread
from uptake.assistant.components import Components
from uptake.assistant.hypotheses import ACCOUNTING
from uptake.assistant.incoming import Incoming
from uptake.assistant.resolve import Resolved, changes, weigh
from uptake.assistant.rewrite import Rewritten

__all__ = ["weigh_learned"]


def weigh_learned(
    turn: Incoming, rewritten: Rewritten, best: Resolved, components: Components, *, act_at: float
) -> tuple[Resolved, Explored | None]:
    """Decide whether to ask first.

    Args:
        turn: The turn.
        rewritten: The request as heard, or what was learned to act on instead.
        best: Its best reading, resolved.
        components: What the assistant is made of.
        act_at: Least confidence, in [0, 1], with which a reading is acted on without asking.

    Returns:
        The reading, unsure where it is to be asked about, and the choice that was left to chance, if one was.
    """
    learned = rewritten.decision
    if learned is None or (learned.interpretation is None and not learned.must_confirm):
        weighed = weigh(best, rewritten.readings, turn.situation, components, act_at=act_at)
        household = components.resolver.household
        counted, text = best.hypothesis.reader in ACCOUNTING, rewritten.readings.text
        if changes(best, components.skills) and is_unread(text, best.resolution, household, counted=counted):
            weighed = replace(weighed, unsure=True)
        return weighed, None
    unsure = replace(best, unsure=learned.must_confirm)
    if learned.interpretation is not None or learned.unproven or components.explores is None or turn.dry_run:
        return unsure, None
    explored = components.explores.tries(
        learned, best.resolution, components.skills, request=turn.request, turn_id=turn.turn_id, now=turn.now
    )
    note_explored(explored, turn.trace)
    return replace(unsure, unsure=explored.action != "try"), explored
