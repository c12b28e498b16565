"""Carry out a planned command, or ask about all of it first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.assistant.act_or_ask import Acted, act_or_ask, ask_about
from uptake.assistant.clauses.compose import Command, DirectAnswer, Instead, Parts, compose
from uptake.assistant.clauses.plan import Plan
from uptake.assistant.clauses.wording.reasons import tells_nothing
from uptake.assistant.components import Components
from uptake.assistant.dialogue import Pending
from uptake.assistant.dialogue.deeds import deed
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.read import Readings, read
from uptake.assistant.reply import Handled
from uptake.assistant.resolve import Resolved, choose, note, resolve
from uptake.assistant.skills.skill import Effect
from uptake.assistant.stakes import act_at
from uptake.types import Interpretation

__all__ = ["ask_about_core", "carry_out", "do_readings", "several"]

_CONTRADICTS = Effect(
    speech="That contradicts itself, so I have done nothing. Which of the two do you want?", status="failed"
)
_NEVERMIND = "HassNevermind"
_OPPOSITE = {"HassTurnOn": "HassTurnOff", "HassTurnOff": "HassTurnOn"}


def carry_out(turn: Incoming, text: str, planned: Plan, components: Components, *, timeout_s: float) -> Handled:
    """Do the steps of a plan, or ask about all of them where one must be asked about."""
    turn.trace.extend(planned.readings.stages)
    steps = [components.resolver.resolve(each, turn.situation, components.memory) for each in planned.steps]
    must_ask = components.skills.is_critical if planned.named else components.skills.must_ask
    asks = planned.unsure or any(must_ask(each.interpretation.intent, each.targets) for each in steps)
    if not asks or any(each.problem is not None for each in steps):
        named = planned.named and not asks
        handled = do_readings(turn, text, planned.steps, components, timeout_s=timeout_s, agreed=named)
    else:
        resolved = replace(planned.first, resolution=steps[0])
        note(resolved, turn.trace)
        acted = ask_about(turn, steps)
        handled = Handled(readings=replace(planned.readings, text=text), acted=acted, resolved=resolved)
    if not planned.aside:
        return handled
    effect = handled.acted.effect
    return replace(
        handled, acted=replace(handled.acted, effect=replace(effect, speech=f"{planned.aside} {effect.speech}"))
    )


def do_readings(
    turn: Incoming,
    text: str,
    steps: Sequence[Interpretation],
    components: Components,
    *,
    timeout_s: float,
    agreed: bool = False,
) -> Handled:
    """Act on some readings, one after the other; a question ends it."""
    handled: Handled | None = None
    for reading in steps:
        hypothesis = Hypothesis(interpretation=reading, reader="dialogue")
        readings = Readings(text=text, hypotheses=(hypothesis,))
        resolved = resolve(hypothesis, replace(readings, text=""), turn.situation, components)
        note(resolved, turn.trace)
        acted = act_or_ask(turn, resolved, components, timeout_s=timeout_s, agreed=agreed)
        done = Handled(readings=readings, acted=acted, resolved=resolved)
        handled = done if handled is None else replace(handled.then(done), resolved=handled.resolved)
        if acted.pending is not None:
            break
    if handled is None:
        raise ValueError("there is nothing to do")
    return handled


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """Several requests of one turn, before any of them is done."""

    ordered: tuple[str, ...]
    """Those that were understood, the ones that must be asked about last."""
    unread: tuple[str, ...] = ()
    """Those that were not."""
    first: Interpretation | None = None
    """Reading of the first that was understood."""
    readings: tuple[Interpretation, ...] = ()
    """Readings of all that were understood."""
    question: str = ""
    """Question whether to do those that were understood."""
    contradicts: bool = False
    """Whether one takes back what another asks for."""


def _survey(texts: Sequence[str], turn: Incoming, components: Components, *, ask_at: float) -> _Survey:
    """Read the requests of a turn, and change nothing."""
    found: list[tuple[str, Resolved, str]] = []
    unread = []
    for text in texts:
        plain, when = _plainly(text, turn, components)
        best = None
        if plain is not None:
            readings = read(plain, turn.situation, components)
            best = choose(readings, turn.situation, components, ask_at=ask_at)
        if best is None and plain is not None:
            unread.append(text)
        elif best is not None:
            found.append((text, best, when))
    answered = [text for text in texts if text not in unread and text not in [each[0] for each in found]]
    asked = [text for text, each, when in found if not when and _asks(each, components)]
    deeds = [f"{deed(each.resolution, turn.now)} {when}".strip() for _, each, when in found]
    return _Survey(
        ordered=(*(text for text, _, _ in found if text not in asked), *answered, *asked),
        unread=tuple(unread),
        first=found[0][1].resolution.interpretation if found else None,
        readings=tuple(each.resolution.interpretation for _, each, _ in found),
        question=f"Shall I {say_list(deeds)}?" if deeds else "",
        contradicts=_contradicts([each for _, each, when in found if not when]),
    )


def several(
    parts: Parts, text: str, turn: Incoming, components: Components, *, ask_at: float
) -> Handled | Parts | None:
    """Return the requests to handle one by one, or ask about those that were understood; None where too few were."""
    texts = _that_ask(parts.texts, turn, components, ask_at=ask_at)
    found = _survey(texts, turn, components, ask_at=ask_at)
    if found.contradicts and " then " not in text:
        return Handled(readings=Readings(text=text), acted=Acted(effect=_CONTRADICTS))
    if not found.unread:
        return Parts(texts=found.ordered)
    if found.first is None or len(found.unread) > len(found.ordered):
        return None
    intents = [components.skills.intents.get(reading.intent) for reading in found.readings]
    if all(intent is not None and not intent.changes for intent in intents):
        return Parts(texts=found.ordered)  # to answer a question is no harm, whatever was said beside it
    return _ask_about_part(text, found.first, found.ordered, found.question, turn)


def ask_about_core(text: str, core: Resolved, turn: Incoming) -> Handled:
    """Ask whether to do what was understood of a request."""
    question = f"Shall I {deed(core.resolution, turn.now)}?"
    return _ask_about_part(text, core.resolution.interpretation, (), question, turn)


def _ask_about_part(
    text: str, reading: Interpretation, parts: tuple[str, ...], question: str, turn: Incoming
) -> Handled:
    asked = f"I understood only a part of that. {question}"
    pending = Pending(kind="confirm", interpretation=reading, parts=parts, question=asked)
    waits = replace(pending, turn_id=turn.turn_id, asked_at=turn.now)
    effect = Effect(speech=asked, action="dialogue.ask_confirm")
    return Handled(readings=Readings(text=text), acted=Acted(effect=effect, pending=waits))


def _that_ask(texts: Sequence[str], turn: Incoming, components: Components, *, ask_at: float) -> tuple[str, ...]:
    """Return the parts of a request without what stands before the others and asks for nothing ("me again")."""
    household, kept = components.resolver.household, list(texts)
    while len(kept) > 1 and tells_nothing(kept[0], household):
        readings = read(kept[0], turn.situation, components)
        best = choose(readings, turn.situation, components, ask_at=ask_at)
        intent = best.resolution.interpretation.intent if best is not None else OUT_OF_SCOPE
        if intent not in (OUT_OF_SCOPE, _NEVERMIND) and readings.belief(intent) >= act_at(intent):
            break
        kept = kept[1:]
    return tuple(kept)


def _plainly(text: str, turn: Incoming, components: Components) -> tuple[str | None, str]:
    """Return what is to be read of a request, and its time; no text where it is answered without being read."""
    meant = compose(text, components.resolver.household, turn.now)
    if isinstance(meant, DirectAnswer):
        return None, ""
    if isinstance(meant, Command):
        return meant.texts[0], meant.timing.words(turn.now) if meant.timing is not None else ""
    return (meant.text if isinstance(meant, Instead) else text), ""


def _asks(resolved: Resolved, components: Components) -> bool:
    resolution = resolved.resolution
    return resolution.problem is not None or components.skills.must_ask(
        resolution.interpretation.intent, resolution.targets
    )


def _contradicts(found: Sequence[Resolved]) -> bool:
    """Tell whether one thing is to be switched on and off."""
    wanted: dict[str, str] = {}
    for each in found:
        intent = each.resolution.interpretation.intent
        for device in each.resolution.targets:
            if intent in _OPPOSITE and wanted.setdefault(device.entity_id, intent) == _OPPOSITE[intent]:
                return True
    return False
