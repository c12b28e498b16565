"""Announce a hunch while nobody speaks, and act by itself if the person has allowed it.

Permission to act is asked for once, after a hunch was accepted several times; never for critical devices, such as
locks. Such actions are announced, can be undone like any other, and end with "stop suggesting that". They are recorded
as a turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from uptake.assistant.components import Components
from uptake.assistant.dialogue import Pending
from uptake.assistant.dialogue.deeds import confirmation
from uptake.assistant.entities.rules import is_critical
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory, of_user
from uptake.assistant.record.trace import Trace
from uptake.assistant.skills.skill import Announcement
from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.proactive.offers.events import DOMAIN
from uptake.proactive.offers.offer import Occasion, kind_of
from uptake.proactive.offers.standing import Made, Standing
from uptake.types import Interpretation, Situation

__all__ = ["ALLOW", "allow", "asks_leave", "unasked"]

ALLOW = "AllowOffer"
"""Intent of a yes to "shall I do that by myself from now on?"."""
_KIND = "hunches"
_ALLOWED, _ASKED = "suggestions.allowed", "suggestions.asked_leave"
_ACCEPTED = 3
"""Times that a hunch must have been accepted before leave to act is asked for."""


def asks_leave(standing: Standing, offer_id: str, deeds: tuple[Interpretation, ...], turn: Incoming,
               components: Components) -> Pending | None:  # fmt: skip
    """Return the question for leave to act by itself, after a yes; None where it is too early, or must not be asked."""
    memory, owner = components.memory, of_user(turn.request.user_id)
    asked = memory.get(owner, _ASKED, [])
    if kind_of(offer_id) != _KIND or offer_id in asked or standing.tally(offer_id).accepted < _ACCEPTED:
        return None
    steps = [components.resolver.resolve(one, turn.situation, memory) for one in deeds]
    if not steps or any(is_critical(device) for step in steps for device in step.targets):
        return None
    if not turn.dry_run:
        memory.set(owner, _ASKED, [*asked, offer_id])
    reading = Interpretation(intent=ALLOW, domain=DOMAIN, slots=(("offer", offer_id),))
    asked_for = Pending(kind="offer", interpretation=reading, question="Shall I do that by myself from now on?")
    return replace(asked_for, turn_id=turn.turn_id, asked_at=turn.now)


def allow(reading: Interpretation, user_id: str, memory: Memory) -> str:
    """Keep that the assistant may act by itself; returns what to say."""
    allowed = memory.get(of_user(user_id), _ALLOWED, [])
    offer_id = dict(reading.slots).get("offer", "")
    memory.set(of_user(user_id), _ALLOWED, sorted({*allowed, offer_id}))
    return 'All right, I will do that by myself, and tell you. "Undo that" takes it back.'


def unasked(situation: Situation, user_id: str, components: Components) -> Iterator[Announcement]:
    """Yield what is to be said or done now, though nobody asked."""
    stage, now = components.suggests, components.home.now()
    if stage is None or not user_id:
        return
    standing = standing_of(components.memory, user_id)
    conversation = components.recorder.conversation(user_id, now)
    if not standing.allows(_KIND) or conversation.pending is not None:
        return
    occasion = Occasion(turn_id=f"{user_id} {now:%Y-%m-%d}", user_id=user_id, now=now, situation=situation)
    allowed = components.memory.get(of_user(user_id), _ALLOWED, [])
    made = {one.offer_id for one in standing.made if one.at.astimezone(now.tzinfo).date() == now.date()}
    offers = [one for one in stage.offers(occasion) if one.offer_id not in made]
    for offer in offers:
        steps = [components.resolver.resolve(one, situation, components.memory) for one in offer.deeds]
        able = all(step.problem is None and not any(map(is_critical, step.targets)) for step in steps)
        if offer.offer_id in allowed and offer.offer_id not in standing.never and able:
            words = confirmation(steps, now).removeprefix("Shall I ").removesuffix("?")
            did = Made(offer_id=offer.offer_id, turn_id=occasion.turn_id, at=now, text=words, because=offer.because)
            done = replace(did, answer="accepted", by_itself=True)
            keep_standing(components.memory, user_id, standing.with_made(done))
            yield Announcement(
                speech=offer.text.replace(" {asked}", " You let me see to that."),
                user_id=user_id,
                request=words,
                reading=offer.deeds[0],
            )
            return
    if offers:
        found = stage.propose(occasion, conversation, components, Trace())
        if found is not None and found.speech:
            components.recorder.remember(user_id, replace(conversation, pending=found.pending))
            yield Announcement(speech=found.speech, user_id=user_id)
