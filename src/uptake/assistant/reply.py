"""Reply: compose the speech, build the turn to record, and update the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from uptake.assistant.act_or_ask import NO_ANSWER, Acted
from uptake.assistant.asking.explore import note
from uptake.assistant.asking.policy import Explored
from uptake.assistant.components import Components, Speaks, Suggestion
from uptake.assistant.context.situation import remember_habit
from uptake.assistant.dialogue import LastAction, Move, Pending
from uptake.assistant.dialogue.clarify import FEEDBACK
from uptake.assistant.incoming import Incoming
from uptake.assistant.languages.speaker import Asked
from uptake.assistant.read import Readings
from uptake.assistant.record.trace import StageTrace
from uptake.assistant.resolve import Resolved, as_logged
from uptake.assistant.rewrite import Rewritten
from uptake.assistant.skills.skill import Effect
from uptake.proactive.offers.offer import Occasion
from uptake.rewriting.pipeline import Outcome
from uptake.types import Exchange, Habit, Interpretation, Offered, Turn

__all__ = [
    "NOT_UNDERSTOOD",
    "NO_ANSWER",
    "ONLY_A_PART",
    "UNSUPPORTED",
    "Handled",
    "Reply",
    "reply",
]

NOT_UNDERSTOOD = Effect(speech="Sorry, I did not understand that. Say help to hear what I can do.", status="failed")
UNSUPPORTED = Effect(speech="Sorry, that is nothing I can do.", status="unsupported")
ONLY_A_PART = Effect(
    speech="Sorry, I understood only a part of that, so I have done nothing. Please say it in other words.",
    status="failed",
)
_BESIDE = frozenset({"feedback", "offer"})
"""Kinds of questions that come after a turn is done."""
_TALK = frozenset({"SmallTalk", "GetHelp", "HassRespond", "HassNevermind"})
_BEGINS = frozenset({"good_morning", "good_night"})
"""Topics of small talk that begin something at home: what is usual then may be offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Request after all stages: the input of the reply and the record."""

    readings: Readings
    """The text that was acted on, with its readings."""
    acted: Acted
    """The effect, or the question."""
    resolved: Resolved | None = None
    """The reading that was acted on or asked about; None where nothing was understood."""
    rewritten: Rewritten | None = None
    """The decision about rewriting; None for a move in the conversation."""
    explored: Explored | None = None
    """The choice that was left to chance, with its probability; None where none was."""
    move: Move | None = None
    """The move in the conversation, if the request was one."""
    offered: Offered | None = None
    """What was offered with the answer, or withheld."""

    def then(self, rest: Handled) -> Handled:
        """Add the rest of what was said: "yes, and turn off the light"."""
        first, second = self.acted, rest.acted
        speech = f"{first.effect.speech} {second.effect.speech}"
        acted = Acted(
            effect=replace(second.effect, speech=speech),
            pending=second.pending or first.pending,
            did=first.did or second.did,
        )
        return replace(rest, acted=acted, resolved=rest.resolved or self.resolved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Speech for the person, and the turn to record."""

    speech: str
    """The answer."""
    turn: Turn
    """The turn as it was logged (for a dry run: as it would be)."""
    stages: tuple[StageTrace, ...]
    """The trace, in the order of work."""
    outcome: Outcome | None = None
    """The decision about rewriting; None where that was not asked."""
    sure: float | None = None
    """Confidence, in [0, 1], in the request as it was heard; None where it was not read so."""
    question: str | None = None
    """Kind of question that is open: slot, confirm, choice, feedback, teach, offer; None where none is."""


def reply(turn: Incoming, handled: Handled, components: Components, *, language: str) -> Reply:
    """Put the answer together, put the turn on record, and carry the conversation on."""
    logged = as_logged(handled.readings, handled.resolved, components.skills)
    asks, handled = _asks_feedback(turn, handled, logged, components)
    if asks:
        asked = Pending(kind="feedback", interpretation=logged[0], question=FEEDBACK)
        asked = replace(asked, turn_id=turn.turn_id, asked_at=turn.now)
        effect = replace(handled.acted.effect, speech=f"{handled.acted.effect.speech} {FEEDBACK}")
        handled = replace(handled, acted=replace(handled.acted, effect=effect, pending=asked))
    else:
        handled = _moment(turn, handled, components)
        handled = _offers(turn, handled, logged, components)
    if components.speaks is not None:
        handled = _in_its_language(turn, handled, components.speaks)
    acted, rewritten = handled.acted, handled.rewritten
    turn.trace.add("reply", acted.effect.status if acted.did or acted.pending is None else "asked")
    answer = Reply(
        speech=acted.effect.speech,
        turn=_record_of(turn, handled, logged, language),
        stages=tuple(turn.trace.stages),
        outcome=rewritten.outcome if rewritten else None,
        sure=rewritten.sure if rewritten else None,
        question=acted.pending.kind if acted.pending else None,
    )
    if not turn.dry_run:
        _keep(turn, handled, answer, components)
    return answer


def _asks_feedback(
    turn: Incoming, handled: Handled, logged: Sequence[Interpretation], components: Components
) -> tuple[bool, Handled]:
    """Tell whether to ask "did I get that right?"; where that is left to chance, the choice is noted."""
    asks, explores, user_id = components.asks, components.explores, turn.request.user_id
    resolved, acted = handled.resolved, handled.acted
    if asks is None or turn.dry_run or resolved is None or handled.move is not None:
        return False, handled
    intent, targets = resolved.resolution.interpretation.intent, resolved.resolution.targets
    if not acted.did or acted.effect.status != "ok" or acted.pending is not None or intent in _TALK:
        return False, handled
    wanted = max(handled.readings.belief(intent), logged[0].confidence or 0.0)
    readings = (replace(logged[0], confidence=wanted), *logged[1:])
    plain = not components.skills.must_ask(intent, targets)
    outcome = handled.rewritten.outcome if handled.rewritten else None
    if explores is None or not plain or (outcome is not None and outcome.decision is not None):
        return asks(readings, turn.conversation, components.memory, user_id, turn.now, plain=plain), handled
    if not asks.may(turn.conversation, components.memory, user_id, turn.now):
        return False, handled
    explored = explores.asks(readings, asks, user_id=user_id, turn_id=turn.turn_id, now=turn.now)
    note(explored, turn.trace)
    return explored.action == "ask", replace(handled, explored=explored)


def _moment(turn: Incoming, handled: Handled, components: Components) -> Handled:
    """Add what is offered to be learned, where the person puts right the same again and again."""
    acted, resolved = handled.acted, handled.resolved
    if components.moments is None or resolved is None or turn.dry_run or turn.origin.more_follows:
        return handled
    if not acted.did or acted.effect.status != "ok" or acted.pending is not None:
        return handled
    resolution = resolved.resolution
    found = components.moments.propose(
        turn, resolution.interpretation, resolution.targets, components.resolver.household
    )
    if found is None:
        return handled
    effect = replace(acted.effect, speech=f"{acted.effect.speech} {found[0]}")
    return replace(handled, acted=replace(acted, effect=effect, pending=found[1]))


def _offers(turn: Incoming, handled: Handled, logged: Sequence[Interpretation], components: Components) -> Handled:
    """Add what is offered after a goal that went well, if anything is."""
    acted = handled.acted
    if components.suggests is None or turn.dry_run or turn.origin.more_follows or not logged:
        return handled
    talks = logged[0].intent in _TALK and dict(logged[0].slots).get("topic") not in _BEGINS
    if not acted.did or acted.effect.status != "ok" or acted.pending is not None or talks:
        return handled
    if handled.move is not None and handled.move.kind not in ("yes", "fill", "choose", "follow"):
        return handled
    found: Suggestion | None = components.suggests.propose(
        Occasion(
            turn_id=turn.turn_id,
            user_id=turn.request.user_id,
            now=turn.now,
            done=logged[0],
            earlier=tuple(one.interpretation for one in turn.conversation.exchanges if one.interpretation is not None),
            situation=turn.situation,
        ),
        turn.conversation,
        components,
        turn.trace,
    )
    if found is None:
        return handled
    effect = replace(acted.effect, speech=f"{acted.effect.speech} {found.speech}".strip())
    return replace(handled, acted=replace(acted, effect=effect, pending=found.pending), offered=found.offered)


def _in_its_language(turn: Incoming, handled: Handled, speaks: Speaks) -> Handled:
    """Return what was handled with its answer, and the question it ends in, in the language of the request."""
    acted, resolved = handled.acted, handled.resolved
    pending, effect = acted.pending, acted.effect
    beside = pending is not None and pending.kind in _BESIDE
    problem = resolved.resolution.problem if resolved is not None else None
    asked = Asked(
        text=handled.readings.text,
        effect=replace(effect, speech=effect.speech.removesuffix(FEEDBACK).strip()),
        now=turn.now,
        reading=resolved.resolution.interpretation if resolved is not None else None,
        targets=resolved.resolution.targets if resolved is not None else (),
        did=acted.did,
        problem=problem.slot if problem is not None else None,
        question=pending.kind if pending is not None and not beside else None,
        slot=pending.slot if pending is not None else None,
        options=pending.options if pending is not None else (),
        room=turn.situation.context.room,
    )
    speech = speaks.say(asked)
    if pending is not None:
        question = speaks.phrase(pending.kind) or FEEDBACK if beside else speech
        speech, pending = f"{speech} {question}" if beside else speech, replace(pending, question=question)
    return replace(handled, acted=replace(acted, effect=replace(effect, speech=speech), pending=pending))


def _record_of(turn: Incoming, handled: Handled, logged: Sequence[Interpretation], language: str) -> Turn:
    """Build the turn as the log keeps it: the treatment as well as the outcome."""
    acted, rewritten, arm = handled.acted, handled.rewritten, turn.assigned
    decision = rewritten.decision if rewritten else None
    fired = rewritten.outcome.decision if rewritten and rewritten.outcome else None  # without rewrites: what would have
    asked = acted.pending is not None and acted.pending.kind not in _BESIDE
    asked = asked and not (acted.did and acted.pending is not None and acted.pending.kind == "teach")
    return Turn(
        turn_id=turn.turn_id,
        user_id=turn.request.user_id,
        said_at=turn.now,
        request=turn.request.text,
        home_id=turn.situation.home_id,
        device_id=turn.origin.device_id,
        session_id=turn.conversation.session_id,
        language=language,
        alternatives=turn.request.alternatives,
        acted_on=decision.acted_on if decision else None,
        rewrite_id=fired.rewrite_id if fired else None,
        artifact_version=fired.artifact_version if fired else None,
        arm=arm.arm if arm else None,
        propensity=prod(chance.propensity for chance in (arm, decision, handled.explored) if chance is not None),
        interpretation=logged[0] if logged else None,
        runners_up=tuple(logged[1:]),
        entities=handled.resolved.resolution.entities if handled.resolved else (),
        action=acted.effect.action,
        status=None if asked else acted.effect.status,
        response=acted.effect.speech,
        context=turn.situation.context,
        offer=handled.offered,
    )


def _keep(turn: Incoming, handled: Handled, answer: Reply, components: Components) -> None:
    """Keep the turn in the log, what was done in the habits, and what was said in the conversation."""
    acted, resolved, user_id = handled.acted, handled.resolved, turn.request.user_id
    reading, recorder = answer.turn.interpretation, components.recorder
    last = None
    if acted.did and acted.effect.status == "ok" and reading is not None and reading.intent not in _TALK:
        last = LastAction(
            turn_id=turn.turn_id,
            interpretation=reading,
            alternatives=resolved.others if resolved else (),
            targets=acted.effect.shown
            or (tuple(device.entity_id for device in resolved.resolution.targets) if resolved else ()),
        )
        habit = Habit(request=handled.readings.text, at=turn.situation.local, interpretation=reading)
        remember_habit(components.memory, user_id, turn.turn_id, habit)
        if components.asks is not None:
            components.asks.count_request(components.memory, user_id, reading)
    if acted.pending is not None and acted.pending.kind == "feedback" and components.asks is not None:
        components.asks.asked(components.memory, user_id, turn.now)
    exchange = Exchange(
        request=handled.readings.text,
        response=answer.speech,
        interpretation=reading if acted.did else None,
        entities=answer.turn.entities if acted.did else (),
        action=answer.turn.action,
        alternatives=answer.turn.alternatives,
    )
    intent = components.skills.intents.get(last.interpretation.intent) if last is not None else None
    changed = intent is None or intent.changes
    after = turn.conversation.after(exchange, turn.now, pending=acted.pending, last=last, changed=changed)
    recorder.remember(user_id, after)
    recorder.record(answer.turn, answer.stages)
    if components.explores is not None:
        domain, asked = reading.domain if reading else None, answer.question == "feedback"
        components.explores.count(domain, user_id, turn.now, explored=handled.explored, asked=asked)
