"""Stage "teach" of the loop: handle teaching before the request is interpreted.

It comes first, so that an answer in a teaching dialogue is not split or taken for a command. A request that is not
about teaching passes through, at the cost of a few word tests. Taught actions run through the same resolver and the
same skills as any request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

from uptake.assistant.components import Components
from uptake.assistant.dialogue import Pending
from uptake.assistant.entities.household import Household
from uptake.assistant.execute import Undo
from uptake.assistant.hypotheses import ACCOUNTING, OUT_OF_SCOPE
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.remarks import is_told
from uptake.assistant.teaching.house_view import house_of
from uptake.assistant.teaching.memory import Offers, concepts_of, keep, preferences_of
from uptake.assistant.teaching.mending import objected
from uptake.assistant.teaching.preferring import prefer
from uptake.assistant.teaching.running import Ran, run_all
from uptake.assistant.teaching.turns import TeachingTurn, handled, speaker, waiting
from uptake.errors import BadRecord
from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.dialogue import answered
from uptake.teaching.concepts.events import DOMAIN, event, taught_by
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.lesson import Lesson, Scene, Taught
from uptake.teaching.concepts.step import offered, parts_of, taught, unknown_forgotten
from uptake.teaching.preferences.saying import known
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation, Status

__all__ = ["Teaching"]

Reads = Callable[[str, Incoming, Components], tuple[Interpretation, ...]]
InFull = Callable[[str, Household], str]
_AT_ANY_TIME = frozenset({"TeachUse", "TeachShow", "TeachForget"})
_EXCEPTS = regex(r"\b(?:except|apart from|other than|excluding|but not)\b", re.IGNORECASE)
"""What leaves something out of a request teaches no word: "all the lights except for the bedside lamp"."""
_SURE = 0.9
_LIKELY = 0.25
_READERS = ACCOUNTING | {"grammar"}
_FINISHED = re.compile(
    r"(?:(?:i'm|i am|we're|we are) (?:all )?(?:done|finished|through) with|no more) (?P<what>.+)"
    r"|(?:i|we) (?:don't|do not|no longer) (?:want|need) (?:any |the |this |that )?(?P<now>.+?)"
    r"(?: in here| on| playing)?(?: any ?more| any longer| now| right now| just now| for now| in here)"
)
_SENTENCE = re.compile(
    r"\d|'(?:m|re|ve|ll|d)\b|\b(?:it|that|there|what|who|here|he|she|let)'s\b"
    r"|\b(?:i|it|we|you|they|he|she|is|are|was|were|because|so|too|normal|please|pls|plz|actually|its|their|there"
    r"|something|anything|precisely|exactly|percent|degrees|half|quarter|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:please )?(?:don't|do not|never|make sure|see to it|check|ensure|see if|tell me|remind)\b", re.IGNORECASE
)
"""What begins a request, and no name."""
_NOBODY = re.compile(r"(?:nobody|no[ -]one)(?:'s| is| may| must| should)?\b", re.IGNORECASE)
_STATED = re.compile(r"(?<=\w) (?:is|are) (?=\w)")
_PLAYED = re.compile(r"\b(?:music|songs|tunes|carols|radio)$", re.IGNORECASE)
"""What is played under the name that it has."""
_PLAYING = frozenset("music noise sound songs".split())
_FREE = "free words"  # what the grammar says of a reading that took words it does not know


class Teaching:
    """Stage of the loop that is taught.

    Args:
        memory: Memory of concepts and preferences.
        offers: Budget of teaching offers.
        reads: Returns what a text would do in the home as a request; None for nothing.
        in_full: Says a request's fragments as commands; the text itself where it has none.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        offers: Offers | None = None,
        reads: Reads = lambda *_: (),
        in_full: InFull = lambda text, _: text,
    ) -> None:
        self.memory, self.offers, self.reads, self.in_full = memory, offers or Offers(memory), reads, in_full
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
        pending = turn.conversation.pending
        lesson, asked = _waiting(pending)
        scene = self._scene(turn, components)
        if pending is not None and pending.kind == "teach":
            turn = replace(turn, conversation=replace(turn.conversation, pending=None))
        elif pending is not None and pending.kind != "feedback":
            return self._meanwhile(turn, text, scene, components, timeout_s)
        found = objected(turn, text, components) if lesson is None else answered(text, replace(scene, lesson=lesson))
        if found is None and not asked:
            found = _unless_asked(taught(text, scene), text)
            parts = parts_of(text, scene) if found is None and not turn.dry_run else ()
            if parts:
                turn.trace.add("teach", "several", f"{len(parts)} requests")
                return TeachingTurn(turn=turn, text=text, parts=parts)
        if found is None and not _is_finished_with(text, scene.house):
            preferring = prefer(turn, text, asked, self.memory, components.recorder, scene.house)
            if preferring is not None:
                return preferring
            found = unknown_forgotten(text, scene) or _as_name(offered(text, scene), text)
        if found is None or (
            found.event is not None
            and found.event.intent == "TeachOffer"
            and (
                _known(turn, components)
                or _EXCEPTS.search(text) is not None
                or self.in_full(text, components.resolver.household) != text
                or _is_read(turn, text, components)
            )
        ):
            return TeachingTurn(turn=turn, text=text)
        return self._done(turn, text, found, components, timeout_s)

    def _meanwhile(
        self, turn: Incoming, text: str, scene: Scene, components: Components, timeout_s: float
    ) -> TeachingTurn:
        """Use, tell or forget what was taught while another question is open; everything else may be its answer."""
        found = taught(text, scene)
        if found is None or found.event is None or not (found.event.intent in _AT_ANY_TIME or _names(found)):
            return TeachingTurn(turn=turn, text=text)
        if found.text is None:  # the question yields
            turn = replace(turn, conversation=replace(turn.conversation, pending=None))
        return self._done(turn, text, found, components, timeout_s)

    def house(self, components: Components) -> House:
        """Return the home as it is now."""
        household = components.resolver.household
        if household is not self._household:
            self._household, self._house = household, house_of(household)
        return self._house

    def _scene(self, turn: Incoming, components: Components) -> Scene:
        user_id, now = turn.request.user_id, turn.now
        return Scene(
            user_id=speaker(turn),
            house=self.house(components),
            concepts=concepts_of(self.memory),
            done=_done_before(turn),
            failed=_failed_before(turn),
            may_offer=lambda key: self.offers.may(user_id, key, now),
            understands=lambda said: _understands(said, turn, components),
            concerns_devices=lambda said: _concerns_devices(said, turn, components),
            reads=lambda said: self.reads(said, turn, components),
        )

    def _done(self, turn: Incoming, text: str, found: Taught, components: Components, timeout_s: float) -> TeachingTurn:
        """Keep what was taught, and do what is to be done."""
        reading = found.event or event("TeachShow")
        if found.text is not None and reading.intent == "TeachUse":
            turn.trace.add("teach", "another name", reading.key)
            return TeachingTurn(turn=turn, text=found.text)
        turn.trace.add("teach", reading.intent)
        ran = run_all(found.run, turn, components, timeout_s=timeout_s) if found.run else Ran()
        if not turn.dry_run:
            self._keep(reading, turn, components, ran)
        speech = " ".join(filter(None, (ran.speech, found.speech, self._more(reading, turn)))) or "Done."
        status: Status = "cancelled" if reading.intent == "TeachDecline" else "failed"
        if found.understood and not ran.failed:
            status = "ok"
        pending = None
        if found.lesson is not None:
            pending = waiting((("lesson", found.lesson.to_json()),), speech, turn)
        done = handled(text, reading, speech, status=status, pending=pending, ran=ran)
        return TeachingTurn(turn=turn, text=text, handled=done, rest=found.text)

    def _more(self, reading: Interpretation, turn: Incoming) -> str:
        """Return what is known of a person's preferences, where they ask what was learned."""
        listing = reading.intent == "TeachShow" and not reading.slots
        return known(preferences_of(self.memory).visible(speaker(turn))) if listing else ""

    def _keep(self, reading: Interpretation, turn: Incoming, components: Components, ran: Ran) -> None:
        user_id, concept = turn.request.user_id, dict(reading.slots).get("concept", "")
        if reading.intent == "TeachOffer":
            self.offers.made(user_id, turn.now)
        if reading.intent == "TeachDecline":
            self.offers.declined(user_id, key_of(concept), turn.now)
        own = [row for row in concepts_of(self.memory).rows() if row.user_id == user_id]
        rows = taught_by(reading, user_id, turn.now.astimezone(UTC).isoformat(), turn.turn_id, own)
        with self.memory.recording() as changes:
            if rows:
                keep(self.memory, user_id, rows)
        undo = Undo(states=ran.undo.states, changes=(*ran.undo.changes, *changes))
        if undo:
            components.recorder.can_undo(user_id, turn.turn_id, undo)


def _names(found: Taught) -> bool:
    """Return whether another name is taught: that is no answer to any question but its own."""
    return found.lesson is not None and found.lesson.stage == "confirm" and found.lesson.alias_of is not None


def _known(turn: Incoming, components: Components) -> bool:
    """Return whether something learned proposes what to act on instead: what was misheard is no gap."""
    pipeline = components.pipeline
    return pipeline is not None and pipeline.decide(turn.request, turn.situation).decision is not None


def _is_read(turn: Incoming, text: str, components: Components) -> bool:
    """Return whether a language model knows what is meant."""
    readings = () if components.llm is None or turn.dry_run else components.llm.read(text, turn.situation)
    return any(one.interpretation.intent != OUT_OF_SCOPE for one in readings)


def _waiting(pending: Pending | None) -> tuple[Lesson | None, tuple[str, ...]]:
    """Return the lesson that waits for an answer, and what a guided round has asked about."""
    if pending is None or pending.kind != "teach":
        return None, ()
    asked = tuple(value for slot, value in pending.interpretation.slots if slot == "asked")
    written = dict(pending.interpretation.slots).get("lesson")
    try:
        return (None if written is None else Lesson.from_json(written)), asked
    except BadRecord:
        return None, asked


def _done_before(turn: Incoming) -> tuple[Interpretation, ...]:
    """Return what the last turns of the conversation did in the home, for "call that party mode"."""
    found: list[Interpretation] = []
    for exchange in reversed(turn.conversation.exchanges):
        reading = exchange.interpretation
        if reading is None or reading.domain == DOMAIN or not exchange.entities:
            break
        found.insert(0, Interpretation(intent=reading.intent, slots=reading.slots))
    return tuple(dict.fromkeys(found))


def _failed_before(turn: Incoming) -> str:
    """Return the request before, where it was not understood; "" where it was."""
    last = turn.conversation.exchanges[-1] if turn.conversation.exchanges else None
    return last.request if last is not None and last.interpretation is None and last.action is None else ""


def _as_name(found: Taught | None, text: str) -> Taught | None:
    """Return an offer to be taught, unless its words are a piece of a sentence, which nobody calls anything.

    Behind a thing and "to" or "on", how things are may be a name: "the speaker on neighbours are away". What stands
    behind a comma is a piece of its own.
    """
    offer = found.event if found is not None else None
    concept = dict(offer.slots).get("concept", "") if offer is not None and offer.intent == "TeachOffer" else ""
    led = re.search(rf"\w (?:to|on|at) {re.escape(concept)}\W*$", text) is not None
    if _PLAYED.search(concept):
        return None
    apart = bool(concept) and re.search(rf"[,;] *{re.escape(concept)}\W*$", text, re.IGNORECASE) is not None
    return None if apart or _SENTENCE.search(_STATED.sub("", concept) if led else concept) else found


def _unless_asked(found: Taught | None, text: str) -> Taught | None:
    """Return what was taught, unless its name is a request or of a remark: "my hands are wet, turn on the lamp"."""
    lesson = found.lesson if found is not None else None
    if lesson is None:
        return found
    first = re.split(r"[,;.!?]\s", text, maxsplit=1)
    begins = key_of(first[0]).startswith(key_of(lesson.phrase))  # "the taxi is here, everything off" calls nothing so
    told = len(first) > 1 and begins and is_told(first[0])
    return None if told or _ASKED.match(lesson.phrase) or _NOBODY.match(text) else found


def _is_finished_with(text: str, house: House) -> bool:
    """Tell whether a person has no more use for a thing of the home just now, which says nothing of their taste."""
    match = _FINISHED.fullmatch(normalize(text))
    words = (match["what"] or match["now"]).split() if match is not None else []
    return bool(words) and (words[0] in _PLAYING or bool(house.mentions(words)))


def _understands(said: str, turn: Incoming, components: Components) -> bool:
    """Return whether the assistant surely understands a text as it is."""
    best = next(iter(components.understanding.read(said, turn.situation)), None)
    if best is None or best.interpretation.intent == OUT_OF_SCOPE or best.confidence < _SURE:
        return False
    return best.reader in _READERS and _FREE not in (best.reason or "")


def _concerns_devices(said: str, turn: Incoming, components: Components) -> bool:
    """Return whether a text is most likely a request about devices."""
    best = next(iter(components.understanding.read(said, turn.situation)), None)
    if best is None or best.interpretation.intent == OUT_OF_SCOPE or best.confidence < _LIKELY:
        return False
    return components.resolver.is_about_devices(best.interpretation.intent)
