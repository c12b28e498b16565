"""Stage "teach" of the loop: what a request has to do with teaching is done before it is read.

It is asked first, so that an answer in a teaching dialogue is not split or taken for a command, and it lets go of all
that is no teaching: then it costs a look at the words and nothing else. What is taught runs through the same resolver
and the same skills as any request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC

from uptake.assistant.act_or_ask import Acted
from uptake.assistant.components import Components
from uptake.assistant.dialogue import Pending
from uptake.assistant.entities.household import Household
from uptake.assistant.execute import Undo
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.read import Readings
from uptake.assistant.reply import Handled
from uptake.assistant.resolve import Resolved
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.skills.skill import Effect
from uptake.assistant.teaching.house_view import house_of
from uptake.assistant.teaching.memory import Offers, concepts_of, keep
from uptake.assistant.teaching.running import Ran, run_all
from uptake.errors import BadRecord
from uptake.teaching.concepts.dialogue import answered
from uptake.teaching.concepts.events import DOMAIN, event, taught_by
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.step import taught
from uptake.types import Interpretation

__all__ = ["STRANGER", "Teaching", "TeachingTurn"]

STRANGER = "unknown"
"""User of a request whose speaker the host does not know: shares what the household shares, and can teach nothing."""

_SURE = 0.9
_READERS = frozenset({"grammar"})
_FREE = "free words"
_WAITS = "AnswerLesson"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingTurn:
    """What the stage made of a request."""

    turn: Incoming
    """The turn, without the teaching dialogue that is over."""
    text: str
    """The request to go on with."""
    handled: Handled | None = None
    """The whole turn, where teaching was all it was about."""
    rest: str | None = None
    """A further request to be answered after this turn; None where there is none."""


class Teaching:
    """Stage of the loop that is taught.

    Args:
        memory: Where what was taught is kept.
        offers: When teaching may be offered.
    """

    def __init__(self, memory: Memory, *, offers: Offers | None = None) -> None:
        self.memory, self.offers = memory, offers or Offers(memory)
        self._household: Household | None = None
        self._house = House()

    def hear(self, turn: Incoming, text: str, components: Components, *, timeout_s: float = 5.0) -> TeachingTurn:
        """Do what a request has to do with teaching.

        Args:
            turn: The turn.
            text: The request, as `uptake.assistant.hear` leaves it.
            components: What the assistant is made of.
            timeout_s: Longest time that one action may take, in seconds.
        """
        scene = self._scene(turn, components)
        waits = scene.lesson is not None
        open_question = turn.conversation.pending is not None and not waits
        found = answered(text, scene) if waits else None
        if waits:
            turn = replace(turn, conversation=replace(turn.conversation, pending=None))
        if found is None and not (open_question and turn.conversation.pending.kind != "feedback"):  # type: ignore[union-attr]
            found = taught(text, replace(scene, lesson=None))
        if found is None:
            return TeachingTurn(turn=turn, text=text)
        return self._done(turn, text, found, components, timeout_s)

    def house(self, components: Components) -> House:
        """Return the home as it is now."""
        household = components.resolver.household
        if household is not self._household:
            self._household, self._house = household, house_of(household)
        return self._house

    def _scene(self, turn: Incoming, components: Components) -> Scene:
        user_id, now = turn.request.user_id, turn.now
        pending = turn.conversation.pending
        lesson = _lesson(pending.interpretation) if pending is not None and pending.kind == "teach" else None
        return Scene(
            user_id=None if user_id == STRANGER else user_id,
            house=self.house(components),
            concepts=concepts_of(self.memory),
            lesson=lesson,
            done=_done_before(turn),
            may_offer=lambda key: self.offers.may(user_id, key, now),
            understands=lambda said: _understands(said, turn, components),
        )

    def _done(
        self, turn: Incoming, text: str, found: Taught, components: Components, timeout_s: float
    ) -> TeachingTurn:
        """Keep what was taught, and do what is to be done."""
        reading = found.event
        if found.text is not None and (reading is None or reading.intent == "TeachUse"):
            turn.trace.add("teach", "another name", reading.key if reading is not None else "")
            return TeachingTurn(turn=turn, text=found.text)
        turn.trace.add("teach", reading.intent if reading is not None else "taught", "")
        ran = run_all(found.run, turn, components, timeout_s=timeout_s) if found.run else Ran()
        if reading is not None and not turn.dry_run:
            self._keep(reading, turn, components, ran)
        return TeachingTurn(turn=turn, text=text, handled=_handled(turn, text, found, ran), rest=found.text)

    def _keep(self, reading: Interpretation, turn: Incoming, components: Components, ran: Ran) -> None:
        user_id, slots = turn.request.user_id, dict(reading.slots)
        if reading.intent == "TeachOffer":
            self.offers.made(user_id, turn.now)
        if reading.intent == "TeachDecline":
            self.offers.declined(user_id, _key(slots.get("concept", "")), turn.now)
        own = [row for row in concepts_of(self.memory).rows() if row.user_id == user_id]
        rows = taught_by(reading, user_id, turn.now.astimezone(UTC).isoformat(), turn.turn_id, own)
        with self.memory.recording() as changes:
            if rows:
                keep(self.memory, user_id, rows)
        undo = Undo(states=ran.undo.states, changes=(*ran.undo.changes, *changes))
        if undo:
            components.recorder.can_undo(user_id, turn.turn_id, undo)


def _key(phrase: str) -> str:
    from uptake.teaching.concepts.artifact import key_of

    return key_of(phrase)


def _lesson(reading: Interpretation) -> Lesson | None:
    written = dict(reading.slots).get("lesson")
    try:
        return None if written is None else Lesson.from_json(written)
    except BadRecord:
        return None


def _pending(lesson: Lesson, question: str, turn: Incoming) -> Pending:
    waiting = Interpretation(intent=_WAITS, domain=DOMAIN, slots=(("lesson", lesson.to_json()),))
    return Pending(kind="teach", interpretation=waiting, question=question, turn_id=turn.turn_id, asked_at=turn.now)


def _handled(turn: Incoming, text: str, found: Taught, ran: Ran) -> Handled:
    reading = found.event or event("TeachShow")
    speech = " ".join(filter(None, (ran.speech, found.speech))) or "Done."
    done = found.understood and not ran.failed
    effect = Effect(
        speech=speech,
        status="ok" if done else "cancelled" if reading.intent == "TeachDecline" else "failed",
        action=ran.action or f"teaching.{reading.intent}",
    )
    pending = None if found.lesson is None else _pending(found.lesson, speech, turn)
    hypothesis = Hypothesis(interpretation=reading, reader="teaching")
    return Handled(
        readings=Readings(text=text, hypotheses=(hypothesis,)),
        acted=Acted(effect=effect, pending=pending),
        resolved=Resolved(
            hypothesis=hypothesis,
            resolution=Resolution(interpretation=reading, targets=(), entities=ran.entities),
        ),
    )


def _done_before(turn: Incoming) -> tuple[Interpretation, ...]:
    """Return what the last turns of the conversation did in the home, for "call that party mode"."""
    found: list[Interpretation] = []
    for exchange in reversed(turn.conversation.exchanges):
        reading = exchange.interpretation
        if reading is None or reading.domain == DOMAIN or not exchange.entities:
            break
        found.insert(0, Interpretation(intent=reading.intent, slots=reading.slots))
    return tuple(dict.fromkeys(found))


def _understands(said: str, turn: Incoming, components: Components) -> bool:
    """Return whether the assistant surely understands a text as it is."""
    best = next(iter(components.understanding.read(said, turn.situation)), None)
    if best is None or best.interpretation.intent == OUT_OF_SCOPE or best.confidence < _SURE:
        return False
    return best.reader in _READERS and _FREE not in (best.reason or "")


