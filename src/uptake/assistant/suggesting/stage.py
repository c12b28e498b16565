"""Stage "offer" of the loop: make an offer after a goal that was reached, and handle the answer.

An offer stays open until the next request: a yes runs it, a no does not, "stop suggesting that" ends it permanently,
"why did you say that?" explains the evidence. Any other request ignores it, and is handled as if nothing had been
offered. Nothing is offered to people who did not opt in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from uptake.assistant.components import Components, Suggestion
from uptake.assistant.dialogue import Conversation, Pending
from uptake.assistant.dialogue.agreeing import split_yes
from uptake.assistant.dialogue.conversation import QUESTION
from uptake.assistant.dialogue.deeds import confirmation
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.record.trace import Trace
from uptake.assistant.suggesting.keeping import name_for, renamed, store, stored
from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.assistant.suggesting.unasked import ALLOW, allow, asks_leave
from uptake.assistant.teaching import STRANGER, TeachingTurn
from uptake.assistant.teaching.memory import preferences_of
from uptake.assistant.teaching.running import Ran, run_all
from uptake.assistant.teaching.turns import handled
from uptake.errors import BadConfig
from uptake.proactive.offers.artifact import OfferAnswers
from uptake.proactive.offers.events import DOMAIN, Said, event, heard
from uptake.proactive.offers.offer import Occasion, Offer, Proposes, fulfils
from uptake.proactive.offers.policy import Choice, OfferPolicy
from uptake.proactive.offers.standing import Made, Standing
from uptake.teaching.concepts.events import DOMAIN as TAUGHT
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Offered, Status

__all__ = ["NOTHING_SUGGESTED", "Suggesting"]

_RECENT = timedelta(minutes=10)
_SPEECH: dict[Said, tuple[str, Status]] = {
    "no": ("All right.", "cancelled"),
    "never": ("All right, I will not suggest that again.", "ok"),
    "off": ('All right, I will suggest nothing more. Say "make suggestions" to hear some again.', "ok"),
    "on": ("All right, now and then I will suggest something that may help.", "ok"),
}
NOTHING_SUGGESTED = "I have suggested nothing lately."
"""Answer where nothing was offered that could be stopped."""
_NO_GOALS = frozenset({DOMAIN, "teaching", "preferences"})
_HOLDS = {"HassTurnOn": "on", "HassTurnOff": "off"}
_SWITCHED = frozenset({"light", "switch", "fan", "input_boolean"})


class Suggesting:
    """Stage of the loop that makes offers.

    Args:
        memory: Memory of each person's settings and answers.
        policy: Decides whether one offer may be made.
        proposers: Return the current proposers of offers, or None if nothing was learned.
        answers: Returns the learned statistics of answers to offers.
    """

    def __init__(
        self,
        memory: Memory,
        policy: OfferPolicy,
        *,
        proposers: Sequence[Callable[[], Proposes | None]] = (),
        answers: Callable[[], OfferAnswers | None] = OfferAnswers,
    ) -> None:
        self.memory, self.policy = memory, policy
        self._proposers, self._answers = proposers, answers

    # What people say to offers.

    def hear(self, turn: Incoming, text: str, components: Components, *, timeout_s: float = 5.0) -> TeachingTurn:
        """Handle a request that concerns offers; pass any other on, and close the question that was open.

        Args:
            turn: The turn.
            text: The request, as `uptake.assistant.hear` leaves it.
            components: What the assistant is made of.
            timeout_s: Longest time that one action may take, in seconds.
        """
        pending, user_id = turn.conversation.pending, turn.request.user_id
        waits = pending if pending is not None and pending.kind == "offer" else None
        waits, agreed = self._agreed(text, waits, user_id, components)
        said = "yes" if agreed is not None else self._heard(text, turn, open_=waits is not None)
        if waits is not None and said != "why":
            turn = replace(turn, conversation=replace(turn.conversation, pending=None))
        if said is None or turn.request.user_id == STRANGER:
            return TeachingTurn(turn=turn, text=text)
        standing = standing_of(self.memory, user_id)
        last = _last(standing, turn)
        turn.trace.add("offer", f"answered: {said}", last.offer_id if last is not None else "")
        ran = self._run(waits, turn, components, timeout_s) if said == "yes" and waits is not None else Ran()
        speech, status = _SPEECH.get(said, (ran.speech or "Good.", "failed" if ran.failed else "ok"))
        standing = _answered(standing, said, last)
        asks = None if said == "why" else self._asks_leave(said, waits, standing, last, turn, components)
        speech = f"{speech} {asks.question}" if asks is not None else speech
        if said in ("why", "never") and last is None:
            speech = NOTHING_SUGGESTED
        elif said == "why" and last is not None:
            speech = last.because
        if not turn.dry_run:
            keep_standing(self.memory, user_id, standing)
        done = handled(
            text,
            _event(said, last, waits),
            speech,
            status=status,
            pending=pending if said == "why" else asks,  # whatever was asked still waits for its answer
            ran=ran,
        )
        return TeachingTurn(turn=turn, text=text, handled=done, rest=agreed or None)

    def _agreed(
        self, text: str, waits: Pending | None, user_id: str, components: Components
    ) -> tuple[Pending | None, str | None]:
        """Return the offer that waits, by the name in the answer, and the request that a yes starts (None: no yes)."""
        if waits is None:
            return None, None
        reading, taken = waits.interpretation, [device.name for device in components.home.devices]
        name = renamed(text, reading, user_id, self.memory, taken) if reading.domain == TAUGHT else None
        if name is None:
            return waits, split_yes(normalize(text))
        slots = tuple((slot, name if slot == "concept" else value) for slot, value in reading.slots)
        return replace(waits, interpretation=replace(reading, slots=slots)), ""

    def _heard(self, text: str, turn: Incoming, *, open_: bool) -> Said | None:
        """Return what is said about an offer, or about what was just done unasked."""
        said = heard(text, open_=open_)
        of_deed = heard(text, open_=open_, was_done=True) if said is None else None
        if of_deed is None:
            return said
        last = _last(standing_of(self.memory, turn.request.user_id), turn)
        if last is None or not last.by_itself:
            return None
        before = turn.conversation.exchanges[-1:]
        is_last = [one.request for one in before] == [last.text]  # "why did you do that" is about the last thing done
        return of_deed if is_last or of_deed == "never" else None

    def _run(self, waits: Pending, turn: Incoming, components: Components, timeout_s: float) -> Ran:
        deeds = _deeds(waits)
        if waits.interpretation.intent == ALLOW:
            ran = Ran(speech=allow(waits.interpretation, turn.request.user_id, self.memory) if not turn.dry_run else "")
        elif deeds and deeds[0].domain == TAUGHT:
            ran = store(deeds[0], turn, self.memory)
        else:
            ran = run_all(deeds, turn, components, timeout_s=timeout_s) if deeds else Ran()
        if ran.undo and not turn.dry_run:
            components.recorder.can_undo(turn.request.user_id, turn.turn_id, ran.undo)
        return ran

    @staticmethod
    def _asks_leave(
        said: Said,
        waits: Pending | None,
        standing: Standing,
        last: Made | None,
        turn: Incoming,
        components: Components,
    ) -> Pending | None:
        if said != "yes" or waits is None or last is None or not (deeds := _deeds(waits)):
            return None
        return asks_leave(standing, last.offer_id, deeds, turn, components)

    # What is offered.

    def propose(
        self, occasion: Occasion, conversation: Conversation, components: Components, trace: Trace
    ) -> Suggestion | None:
        """Return the offer to make on an occasion; None for silence.

        Args:
            occasion: When, to whom, and what went well.
            conversation: The conversation before this turn.
            components: What the assistant is made of.
            trace: Told what was decided, where the person asked for offers.
        """
        user_id, now, done = occasion.user_id, occasion.now, occasion.done
        if user_id == STRANGER or (done is not None and done.domain in _NO_GOALS):
            return None
        before = standing_of(self.memory, user_id)
        standing = _settled(before, done, conversation).as_of(now, QUESTION)
        found = None
        hushed = _silenced(user_id, components) or self.policy.hush(
            standing, now, quiet=self._quiet_hours(user_id), failing=_is_failing(conversation)
        )
        if hushed is None:
            choice, speech, deeds = self._chosen(occasion, standing, components)
            trace.add("offer", _verdict(choice), choice.reason)
            if choice.offer is not None:
                standing = standing.with_made(_made(choice.offer, occasion, speech, choice.said))
                found = _suggestion(choice, choice.offer, occasion, speech, deeds)
        elif standing.on or self.policy.kinds:
            trace.add("offer", "none", hushed)
        if standing != before:
            keep_standing(self.memory, user_id, standing)
        return found

    def offers(self, occasion: Occasion) -> tuple[Offer, ...]:
        """Return all that is proposed on an occasion, said or not."""
        asked: Iterable[Proposes | None] = (current() for current in self._proposers)
        return tuple(chain.from_iterable(one(occasion) for one in asked if one is not None))

    @property
    def answers(self) -> OfferAnswers:
        """Learned counts of the answers to offers."""
        return self._answers() or OfferAnswers()

    def _chosen(
        self, occasion: Occasion, standing: Standing, components: Components
    ) -> tuple[Choice, str, tuple[Interpretation, ...]]:
        """Choose an offer that can be carried out now: its devices exist here, and are not in that state already."""
        disliked = preferences_of(self.memory).of(occasion.user_id, "dislikes", now=occasion.now)
        offers = [
            one
            for one in self.offers(occasion)
            if not (one.once_a_day and standing.was_made_on(occasion.now, one.offer_id)) and not _names(one, disliked)
        ]
        while True:
            choice = self.policy.choose(offers, occasion, standing, self.answers)
            if choice.offer is None:
                return choice, "", ()
            steps = [components.resolver.resolve(one, occasion.situation, self.memory) for one in choice.offer.deeds]
            if not any(one.problem is not None for one in steps):
                asked = confirmation(steps, occasion.now) if steps else ""
                if choice.offer.keep_as:
                    worded = self._to_keep(choice.offer, asked, occasion, components)
                elif not _holds(steps, components):
                    worded = choice.offer.text.replace("{asked}", asked) or asked, choice.offer.deeds
                else:
                    worded = None
                if worded is not None:
                    return choice, *worded
            offers.remove(choice.offer)

    def _to_keep(
        self, offer: Offer, asked: str, occasion: Occasion, components: Components
    ) -> tuple[str, tuple[Interpretation, ...]] | None:
        """Return the offer to keep its deeds under a name, and the event that does; None where they are kept."""
        taken = [device.name for device in components.home.devices]
        name = name_for(offer.keep_as, offer.deeds, occasion.user_id, self.memory, taken)
        if name is None:
            return None
        deeds = asked.removeprefix("Shall I ").removesuffix("?")
        return offer.text.format(deeds=deeds, name=name), (stored(name, offer.deeds, for_home=offer.keep_for_home),)

    def _quiet_hours(self, user_id: str) -> tuple[str, ...]:
        """Return the quiet hours that a person stated, as far as they can be read."""
        return tuple(
            hours for hours in preferences_of(self.memory).of(user_id, "quiet_hours") if _is_span(self.policy, hours)
        )


def _names(offer: Offer, values: Iterable[str]) -> bool:
    """Tell whether an offer names one of some things: what a person said that they dislike is not offered to them."""
    slots = (value for deed in offer.deeds for _, value in deed.slots)
    said = [f" {normalize(one)} " for one in (*slots, offer.text)]
    return any(f" {normalize(value)} " in one for value in values for one in said)


def _last(standing: Standing, turn: Incoming) -> Made | None:
    """Return the last offer that a person may speak of; None where it was long ago."""
    last = standing.last_said()
    return last if last is not None and turn.now - last.at <= _RECENT else None


def _deeds(waits: Pending) -> tuple[Interpretation, ...]:
    return tuple(each for each in (waits.interpretation, *waits.also) if each.domain != DOMAIN)


def _event(said: Said, last: Made | None, waits: Pending | None) -> Interpretation:
    """Return what the log keeps of an answer: with a yes to keep something, what is kept."""
    reading = event(said, last.offer_id if last is not None else "")
    if said == "yes" and waits is not None and waits.interpretation.domain == TAUGHT:
        return replace(reading, slots=(*reading.slots, *waits.interpretation.slots))
    return reading


def _answered(standing: Standing, said: Said, last: Made | None) -> Standing:
    """Return the standing of a person after their request."""
    if said == "yes":
        return standing.answered("accepted")
    if said == "why":
        return standing
    if said in ("off", "on"):
        return standing.answered("declined" if said == "off" else "ignored").switched("all", on=said == "on")
    standing = standing.answered("declined")
    return standing.stopped(last.offer_id) if said == "never" and last is not None else standing


def _settled(standing: Standing, done: Interpretation | None, conversation: Conversation) -> Standing:
    """Return the standing with the open offer closed: asked for in other words, or ignored."""
    if standing.open is None or done is None or conversation.pending is not None:
        return standing
    return standing.answered("anyway" if fulfils(done.key, standing.open.offer_id) else "ignored")


def _silenced(user_id: str, components: Components) -> str | None:
    """Return the reason for silence where an experiment leaves a person without offers."""
    given = components.experiment.assign(user_id) if components.experiment is not None else None
    return f"arm {given.arm} hears no offers" if given is not None and not given.offers else None


def _is_failing(conversation: Conversation) -> bool:
    """Return whether one of the last requests of a conversation failed."""
    return any(one.action is None for one in conversation.exchanges[-2:])


def _holds(steps: Sequence[Resolution], components: Components) -> bool:
    """Return whether every device is already in the offered state."""
    states = components.home.states()

    def is_so(step: Resolution) -> bool:
        wanted = _HOLDS.get(step.interpretation.intent)
        return bool(step.targets) and all(
            device.domain in _SWITCHED and states[device.entity_id].value == wanted for device in step.targets
        )

    return bool(steps) and all(is_so(step) for step in steps)


def _made(offer: Offer, occasion: Occasion, speech: str, said: bool) -> Made:
    return Made(
        offer_id=offer.offer_id,
        turn_id=occasion.turn_id,
        at=occasion.now,
        text=speech if said else "",
        because=offer.because,
        said=said,
    )


def _suggestion(
    choice: Choice, offer: Offer, occasion: Occasion, speech: str, deeds: tuple[Interpretation, ...]
) -> Suggestion:
    offered = Offered(offer_id=offer.offer_id, said=choice.said, propensity=choice.propensity)
    if not choice.said:
        return Suggestion(offered=offered)
    first = deeds[0] if deeds else event("why", offer.offer_id)
    asked = Pending(kind="offer", interpretation=first, also=deeds[1:], question=speech)
    pending = replace(asked, turn_id=occasion.turn_id, asked_at=occasion.now)
    return Suggestion(offered=offered, speech=speech, pending=pending)


def _verdict(choice: Choice) -> str:
    if choice.offer is None:
        return "none"
    return "offered" if choice.said else "withheld"


def _is_span(policy: OfferPolicy, hours: str) -> bool:
    try:
        replace(policy, quiet=hours)
    except BadConfig:
        return False
    return True
