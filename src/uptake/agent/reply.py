"""Sixth stage: the answer, the question that may follow it, and the turn as it goes on record."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from uptake.agent.dialogue import AskPolicy, Conversation, Done, Pending
from uptake.agent.dialogue.clarify import FEEDBACK
from uptake.agent.explore import Exploration
from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.keep import Keeper
from uptake.agent.progress import Progress, Reply
from uptake.agent.resolve import belief
from uptake.agent.situation import remember_habit
from uptake.agent.skills import Skills
from uptake.agent.skills.skill import Effect
from uptake.types import Exchange, Habit, Interpretation, Turn

__all__ = ["reply"]

_SILENT = Effect(speech="Sorry, I did not understand that.", status="failed")
_MAX_RUNNERS_UP = 4
_TALK = frozenset({"SmallTalk", "GetHelp", "HassRespond", "HassNevermind"})


def reply(
    work: Progress,
    skills: Skills,
    keeper: Keeper,
    asks: AskPolicy | None,
    *,
    language: str,
    explores: Exploration | None = None,
) -> Reply:
    """Put the answer together, put the turn on record, and carry the conversation on.

    Args:
        work: What the stages found.
        skills: For the domain of the reading.
        keeper: The log, the traces, the conversation.
        asks: When to ask "did I get that right?"; None never to.
        explores: Who leaves asking to chance, where no rewrite was proposed; None for nobody.
        language: BCP 47 tag of the request.
    """
    effect = work.effect or _SILENT
    reading = _reading(work, skills)
    speech = effect.speech
    if asks is not None and not work.dry_run and _may_ask(work, effect) and reading is not None:
        wanted = belief(Hypothesis(interpretation=reading, reader=""), work)
        readings = (replace(reading, confidence=max(wanted, reading.confidence or 0.0)), *_runners_up(work, reading))
        plain = _is_plain(work, skills)
        if explores is not None and plain and (work.outcome is None or work.outcome.decision is None):
            asking = explores.asks(work, readings, asks)
        else:
            asking = asks(readings, work.conversation, keeper.memory, work.request.user_id, work.now, plain=plain)
        if asking:
            asks.asked(keeper.memory, work.request.user_id, work.now)
            speech = f"{speech} {FEEDBACK}"
            work.pending = Pending(
                kind="feedback", interpretation=reading, question=FEEDBACK, turn_id=work.turn_id, asked_at=work.now
            )
    work.trace.add("reply", effect.status if work.did or work.pending is None else "asked", "")
    turn = _turn(work, effect, reading, speech, language)
    question = work.pending.kind if work.pending else None
    answer = Reply(
        speech=speech,
        turn=turn,
        stages=tuple(work.trace.stages),
        outcome=work.outcome,
        sure=work.sure,
        question=question,
    )
    if not work.dry_run:
        _keep(work, effect, reading, answer, keeper, asks)
        if explores is not None:
            explores.count(work, reading)
    return answer


def _may_ask(work: Progress, effect: Effect) -> bool:
    said = work.resolution is not None and work.resolution.interpretation.intent not in _TALK
    return work.did and said and effect.status == "ok" and work.pending is None and work.move is None


def _is_plain(work: Progress, skills: Skills) -> bool:
    resolution = work.resolution
    return resolution is not None and not skills.must_ask(resolution.interpretation.intent, resolution.targets)


def _reading(work: Progress, skills: Skills) -> Interpretation | None:
    """The reading that was acted on (or asked about), with the name of its skill and its confidence."""
    if work.resolution is None:
        best = work.hypotheses[0].interpretation if work.hypotheses else None
        return best if best is not None and best.intent == OUT_OF_SCOPE else None
    reading, targets = work.resolution.interpretation, work.resolution.targets
    skill = skills.find(reading.intent, targets[0].domain if targets else None)
    chosen = next((found for found in work.hypotheses if found.interpretation.intent == reading.intent), None)
    return replace(
        reading,
        domain=skill.name if skill else reading.domain,
        confidence=chosen.interpretation.confidence if chosen else reading.confidence,
    )


def _runners_up(work: Progress, reading: Interpretation) -> tuple[Interpretation, ...]:
    bare = replace(reading, domain=None).key
    others = (found.interpretation for found in work.hypotheses)
    return tuple(other for other in others if replace(other, domain=None).key != bare)[:_MAX_RUNNERS_UP]


def _turn(work: Progress, effect: Effect, reading: Interpretation | None, speech: str, language: str) -> Turn:
    decision = work.decision
    fired = work.outcome.decision if work.outcome else None  # in an arm without rewrites: what would have been
    arm = work.assigned
    asked = work.pending is not None and work.pending.kind != "feedback"
    return Turn(
        turn_id=work.turn_id,
        user_id=work.request.user_id,
        said_at=work.now,
        request=work.request.text,
        home_id=work.situation.home_id,
        device_id=work.origin.device_id,
        session_id=work.conversation.session_id,
        language=language,
        alternatives=work.request.alternatives,
        acted_on=decision.acted_on if decision else None,
        rewrite_id=fired.rewrite_id if fired else None,
        artifact_version=fired.artifact_version if fired else None,
        arm=arm.arm if arm else None,
        propensity=_propensity(work),
        interpretation=reading,
        runners_up=_runners_up(work, reading) if reading else (),
        entities=work.resolution.entities if work.resolution else (),
        action=effect.action,
        status=None if asked else effect.status,
        response=speech,
        context=work.situation.context,
    )


def _propensity(work: Progress) -> float:
    """How probable it was that the turn was treated as it was: by arm, by the step that decided, by exploration."""
    chances = (work.assigned, work.decision, work.explored)
    return prod(one.propensity for one in chances if one is not None)


def _keep(
    work: Progress,
    effect: Effect,
    reading: Interpretation | None,
    answer: Reply,
    keeper: Keeper,
    asks: AskPolicy | None,
) -> None:
    user_id, turn = work.request.user_id, answer.turn
    did = work.did and effect.status == "ok" and reading is not None
    last = None
    if did and reading is not None:
        targets = work.resolution.targets if work.resolution else ()
        last = Done(
            turn_id=work.turn_id,
            interpretation=reading,
            alternatives=work.alternatives,
            targets=tuple(device.entity_id for device in targets),
        )
        said = Habit(request=work.text, at=work.situation.local, interpretation=reading)
        remember_habit(keeper.memory, user_id, work.turn_id, said)
        if asks is not None:
            asks.seen(keeper.memory, user_id, reading)
    exchange = Exchange(
        request=work.text,
        response=answer.speech,
        interpretation=reading if work.did else None,
        entities=turn.entities if work.did else (),
        action=turn.action,
        alternatives=turn.alternatives,
    )
    going_on: Conversation = work.conversation.after(exchange, work.now, pending=work.pending, last=last)
    keeper.remember(user_id, going_on)
    keeper.record(turn, answer.stages)
