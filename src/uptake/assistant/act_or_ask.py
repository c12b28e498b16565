"""Act on a resolved reading, or ask about what is unclear; undo what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.assistant.components import Components
from uptake.assistant.context.situation import forget_habit
from uptake.assistant.dialogue import Pending
from uptake.assistant.dialogue.clarify import did_you_mean, question
from uptake.assistant.dialogue.deeds import confirmation
from uptake.assistant.entities.resolution import Problem, Resolution
from uptake.assistant.entities.rules import is_critical
from uptake.assistant.execute import Undo, act, undo
from uptake.assistant.forgetting import note_players
from uptake.assistant.home.model import Device, Home
from uptake.assistant.hypotheses import ACCOUNTING, Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import HOME
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.resolve import Resolved
from uptake.assistant.rewrite import Offered, Rewritten
from uptake.assistant.skills import Skills
from uptake.assistant.skills.naming import the
from uptake.assistant.skills.skill import Call, Effect
from uptake.types import Decision, Interpretation

__all__ = [
    "NO_ANSWER",
    "Acted",
    "act_or_ask",
    "ask_about",
    "call_of",
    "load_home",
    "save_home",
    "take_back",
    "undo_unsafely",
]

NO_ANSWER = Effect(speech="Sorry, I do not know that. I have done nothing.", status="unsupported")
_SHALL_I = "Shall I "
_WHOLE = ACCOUNTING | {"grammar"}  # readers that leave no word of a request unread
_OPEN = frozenset({"unlocked", "open", "opening", "unlocking"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Result of acting, or the question asked instead."""

    effect: Effect
    """The answer, and what was done."""
    pending: Pending | None = None
    """The question that is open now."""
    did: bool = False
    """Whether a skill was asked to act, and asked for nothing."""


def act_or_ask(
    turn: Incoming,
    resolved: Resolved,
    components: Components,
    *,
    timeout_s: float = 5.0,
    agreed: bool = False,
    proposed: Rewritten | None = None,
) -> Acted:
    """Act on a resolved reading, or ask about what is unclear.

    Nothing is asked of a person who has `agreed` already. A rewrite that must be asked about is `proposed`, with others
    where they are as likely: a "no" then means the request as heard.
    """
    resolution, skills = resolved.resolution, components.skills
    if resolution.problem is not None:
        return _ask(turn, resolution, resolution.problem, skills)
    reading = resolution.interpretation
    must_ask = skills.must_ask(reading.intent, resolution.targets)
    intent = skills.intents.get(reading.intent)
    tells = intent is not None and not intent.changes and bool(resolution.targets)
    looks = tells and proposed is None  # to look is no harm, unless at something else than was asked for
    if not agreed and (must_ask or (resolved.unsure and not looks)):
        if (
            intent is not None
            and not intent.changes
            and proposed is None
            and _fails(turn, resolution, components, timeout_s)
        ):
            return Acted(effect=NO_ANSWER)
        asked = confirmation([resolution], turn.now)
        others = tuple(one for one in proposed.others if not _covers(one, resolution)) if proposed is not None else ()
        if proposed is not None and not must_ask and others:
            return _wait(turn, _which_meant(turn, resolution, replace(proposed, others=others)))
        if proposed is not None and proposed.decision is not None and not must_ask:
            asked = did_you_mean(_in_words(proposed.decision, resolved.hypothesis, asked))
        heard = turn.request.text if proposed is not None else None
        return _wait(turn, Pending(kind="confirm", interpretation=reading, question=asked, heard=heard))
    if turn.dry_run:
        return Acted(effect=Effect(speech="", action=f"would do {reading.intent}"))
    return _act(turn, resolution, components, timeout_s)


def _covers(offered: Offered, resolution: Resolution) -> bool:
    """Tell whether what was heard would do the same to the same things and more: the narrower is asked about."""
    other = offered.resolution
    same = offered.decision is None and other.interpretation.intent == resolution.interpretation.intent
    return same and {each.entity_id for each in other.targets} >= {each.entity_id for each in resolution.targets}


def _which_meant(turn: Incoming, resolution: Resolution, proposed: Rewritten) -> Pending:
    """Return the question which of several requests was meant."""
    likeliest = () if proposed.decision is None else (Offered(proposed.decision, resolution),)
    offers = (*likeliest, *proposed.others)
    texts = tuple(_offer_in_words(turn, one) for one in offers)
    return Pending(
        kind="choice",
        interpretation=resolution.interpretation,
        options=texts,
        readings=tuple(one.reading for one in offers),
        rewrite_ids=tuple(one.decision.rewrite_id if one.decision is not None else "" for one in offers),
        question=did_you_mean(say_list(texts, "or")),
        heard=turn.request.text,
    )


def _offer_in_words(turn: Incoming, offered: Offered) -> str:
    if offered.decision is not None:
        return offered.decision.acted_on
    return confirmation([offered.resolution], turn.now).removeprefix(_SHALL_I).removesuffix("?")


def ask_about(turn: Incoming, steps: Sequence[Resolution]) -> Acted:
    """Ask before several things are done that were asked for in one request: all of them, or none."""
    readings = tuple(each.interpretation for each in steps)
    asked = confirmation(steps, turn.now)
    return _wait(turn, Pending(kind="confirm", interpretation=readings[0], also=readings[1:], question=asked))


def _act(turn: Incoming, resolution: Resolution, components: Components, timeout_s: float) -> Acted:
    reading, user_id = resolution.interpretation, turn.request.user_id
    done = act(call_of(turn, resolution, components), components.skills, timeout_s=timeout_s)
    effect = done.effect
    turn.trace.add("act", effect.action or effect.status, done.error or "")
    if effect.missing is not None:
        return _wait(turn, Pending(kind="slot", interpretation=reading, slot=effect.missing, question=effect.speech))
    if done.undo:
        components.recorder.can_undo(user_id, turn.turn_id, done.undo)
    if done.undo.states:
        note_players(components.memory, user_id, done.undo.states)
        save_home(components)
    return Acted(effect=effect, did=True)


def call_of(turn: Incoming, resolution: Resolution, components: Components) -> Call:
    """Return what a skill is called with to act on a resolved reading."""
    return Call(
        interpretation=resolution.interpretation,
        targets=resolution.targets,
        entities=resolution.entities,
        home=components.home,
        memory=components.memory,
        situation=turn.situation,
        user_id=turn.request.user_id,
        now=turn.now,
    )


def _fails(turn: Incoming, resolution: Resolution, components: Components, timeout_s: float) -> bool:
    """Tell whether a question has no answer, so that nobody need be asked whether it was meant."""
    effect = act(call_of(turn, resolution, components), components.skills, timeout_s=timeout_s).effect
    return effect.status in ("failed", "unsupported") and effect.missing is None


def _ask(turn: Incoming, resolution: Resolution, problem: Problem, skills: Skills) -> Acted:
    reading = resolution.interpretation
    speech = question(problem, reading, skills.intents.get(reading.intent))
    if problem.kind != "missing" and not problem.options:
        return Acted(effect=Effect(speech=speech, status="failed"))
    asked = Pending(kind="slot", interpretation=reading, slot=problem.slot, question=speech)
    return _wait(turn, asked if problem.kind == "missing" else replace(asked, kind="choice", options=problem.options))


def _wait(turn: Incoming, pending: Pending) -> Acted:
    """Ask a question, and wait for the answer."""
    effect = Effect(speech=pending.question or "", action=f"dialogue.ask_{pending.kind}")
    return Acted(effect=effect, pending=replace(pending, turn_id=turn.turn_id, asked_at=turn.now))


def _in_words(proposed: Decision, read: Hypothesis, asked: str) -> str:
    """Return a rewrite as the person would say it; one that was read by likeness, or learned, by what would be done."""
    whole = (proposed.interpretation is not None or read.reader not in _WHOLE) and asked.startswith(_SHALL_I)
    return asked.removeprefix(_SHALL_I).removesuffix("?") if whole else proposed.acted_on


def take_back(user_id: str, components: Components, only: str | None = None) -> str | None:
    """Undo the last change of a person (or that of one turn). Returns what to say; None where there is none."""
    recorder, memory = components.recorder, components.memory
    last = recorder.take_undo(user_id)
    if only is None and (last is None or last[0] != getattr(recorder.last(user_id), "turn_id", None)):
        recorder.object(user_id)  # nothing was changed by what is objected to
    if last is None:
        return None
    turn_id, changed = last
    if only is not None and turn_id != only:
        recorder.can_undo(user_id, turn_id, changed)
        return None
    risky = _less_safe(changed, components.home)
    kept = {key: state for key, state in changed.states.items() if key not in {device.entity_id for device in risky}}
    problem = undo(replace(changed, states=kept), components.home, memory)
    recorder.amend(user_id, turn_id, undone=True)
    forget_habit(memory, user_id, turn_id)
    save_home(components)
    return problem or (_left(risky) if risky else "I took it back.")


def undo_unsafely(turn: Incoming, components: Components) -> Acted | None:
    """Ask before undoing what would leave a way into the home open; None where the last change is none such."""
    last = components.recorder.peek_undo(turn.request.user_id)
    risky = _less_safe(last, components.home) if last is not None else ()
    if not risky:
        return None
    take_back(turn.request.user_id, components)
    steps = [
        components.resolver.resolve(
            Interpretation(
                intent="HassTurnOff" if device.domain == "lock" else "HassTurnOn",
                slots=(("name", components.resolver.household.label(device)),),
            ),
            turn.situation,
        )
        for device in risky
    ]
    return ask_about(turn, steps)


def _less_safe(changed: Undo, home: Home) -> tuple[Device, ...]:
    """Return the ways into the home that an undo would unlock or open."""
    now = home.states()
    return tuple(
        device
        for device in home.devices
        if is_critical(device)
        and (before := changed.states.get(device.entity_id)) is not None
        and before.value in _OPEN
        and now[device.entity_id].value not in _OPEN
    )


def _left(devices: Sequence[Device]) -> str:
    return f"I left {say_list([the(device.name) for device in devices])} as it is now, to be safe."


def save_home(components: Components) -> None:
    """Keep the state of a home that lives only here."""
    dump = getattr(components.home, "dump", None)
    if dump is not None:
        components.memory.set(HOME, "home", dump())


def load_home(components: Components) -> None:
    """Take the state of a home that lives only here from where another process kept it."""
    restore = getattr(components.home, "restore_dump", None)
    if restore is not None and (kept := components.memory.get(HOME, "home")) is not None:
        restore(kept)
