"""Answer conversational moves that need no action, and record their feedback on the previous turn."""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.act_or_ask import Acted, take_back, undo_unsafely
from uptake.assistant.components import Components
from uptake.assistant.context.situation import forget_habit
from uptake.assistant.dialogue import Move, Pending
from uptake.assistant.dialogue.clarify import FEEDBACK
from uptake.assistant.incoming import Incoming
from uptake.assistant.reply import Handled
from uptake.assistant.rewrite import Rewritten
from uptake.assistant.skills.skill import Effect
from uptake.rewriting.pipeline import Outcome
from uptake.types import Decision, Status

__all__ = ["NOTHING_TO_UNDO", "chosen", "record_answer", "talk"]

NOTHING_TO_UNDO = "There is nothing to undo."
"""Answer where nothing was changed."""

_SORRY: tuple[str, Status] = ("Sorry about that. What did you mean?", "ok")
_TALK: dict[str, tuple[str, Status]] = {"yes": ("Good.", "ok"), "cancel": ("All right.", "cancelled")}


def record_answer(turn: Incoming, move: Move | None, components: Components) -> None:
    """Record what a move says of the turn that it answers; take back what it rejects."""
    pending, user_id = turn.conversation.pending, turn.request.user_id
    kind = move.kind if move is not None else None
    if pending is not None and pending.kind == "feedback":
        right = {"yes": True, "no": False, "correct": False}.get(kind or "")
        if right is not None:
            components.recorder.amend(user_id, pending.turn_id, answer=right)
        if right is False and pending.turn_id is not None:
            forget_habit(components.memory, user_id, pending.turn_id)
        if components.asks is not None and (right is not None or move is None):
            components.asks.answered(components.memory, user_id, right)
    if pending is None and kind in ("no", "correct"):
        components.recorder.object(user_id)
    if move is not None and move.undo_last:
        take_back(user_id, components, only=move.undo_turn)
    if pending is not None and pending.heard is not None and kind in ("yes", "no"):
        components.recorder.amend(user_id, pending.turn_id, answer=kind == "yes")
    if pending is not None and move is not None and move.choice is not None and pending.rewrite_ids:
        if move.choice == 0:
            components.recorder.amend(user_id, pending.turn_id, answer=True)
        elif not pending.rewrite_ids[move.choice]:  # the request as heard: no rewrite was meant
            components.recorder.amend(user_id, pending.turn_id, answer=False)


def chosen(done: Handled, pending: Pending | None, choice: int | None) -> Handled:
    """Record which of several requests was chosen: it is acted on instead of the words of the choice.

    The likeliest of them stands on record with the turn that asked already, and the request as heard is no rewrite.
    """
    if pending is None or not choice or not pending.rewrite_ids[choice]:
        return done
    decision = Decision(
        step="choice",
        acted_on=pending.options[choice],
        rewrite_id=pending.rewrite_ids[choice],
        artifact_version=None,
        layer="global",
        reason="chosen by the person",
    )
    outcome = Outcome(done.readings.text, decision, ())
    rewritten = Rewritten(readings=done.readings, best=done.resolved, decision=decision, outcome=outcome)
    return replace(done, rewritten=rewritten)


def talk(turn: Incoming, move: Move, pending: Pending | None, components: Components) -> Acted:
    """Answer a move that asks for nothing to be done."""
    if move.kind == "undo":
        if move.undo_times > 1 and not turn.dry_run:
            components.recorder.join_last_undos(turn.request.user_id, move.undo_times)
        return _undo(turn, components)
    if move.kind == "recap":
        return _recap(turn)
    if move.kind == "repeat":
        said = next((one.response for one in reversed(turn.conversation.exchanges) if one.response), None)
        effect = Effect(speech=said or "I have not said anything yet.", action="dialogue.repeat")
        return Acted(effect=effect, pending=pending)  # what was asked is still asked
    if move.kind == "no" and pending is not None and pending.kind != "feedback":
        return Acted(effect=Effect(speech="All right, I will leave it.", status="cancelled", action="dialogue.no"))
    speech, status = _TALK.get(move.kind, _SORRY)
    return Acted(effect=Effect(speech=speech, status=status, action=f"dialogue.{move.kind}"))


def _undo(turn: Incoming, components: Components) -> Acted:
    if turn.dry_run:
        return Acted(effect=Effect(speech=NOTHING_TO_UNDO, action="dialogue.undo"))
    asked = undo_unsafely(turn, components)
    if asked is not None:
        return asked
    said = take_back(turn.request.user_id, components)
    return Acted(effect=Effect(speech=said or NOTHING_TO_UNDO, action="dialogue.undo"))


def _recap(turn: Incoming) -> Acted:
    done = next((one for one in reversed(turn.conversation.exchanges) if one.action and one.interpretation), None)
    speech = f"The last thing I did: {done.response}" if done is not None else "I have done nothing lately."
    return Acted(effect=Effect(speech=speech.removesuffix(FEEDBACK).strip(), action="dialogue.recap"))
