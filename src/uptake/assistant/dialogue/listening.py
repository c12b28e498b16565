"""Interpret a request within its conversation: as a whole, as a fragment, or together with earlier turns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.dialogue.cues import more_or_less, starts_request
from uptake.assistant.dialogue.pieces import Fitter
from uptake.assistant.entities.resolver import Resolver
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation, Situation

__all__ = ["Listening", "Move", "MoveKind", "Understands"]

MoveKind = Literal["yes", "no", "fill", "choose", "correct", "follow", "cancel", "undo", "repeat", "recap"]

_WHOLE = 0.5  # least confidence of a request that begins as commands do
_BARE = 0.85  # least confidence of one that does not: fragments are often read as something
_QUESTION = regex(r"(?:what|what's|when|where|who|who's|why|how|is|are|do|does|did|can|could|will|would)\b")
_CLOSES = regex(r"\b(?:close|shut|lower|draw|drop|down)\b(?!.*\bopen\b)", re.IGNORECASE)
_CONNECTORS = ("", "for", "at")
_JOINT = regex(r"^(?:in|on|at|for|to|of|from|about) (?=\w)")


class Understands(Protocol):
    """Reader of whole requests (`uptake.assistant.readers.Understanding`)."""

    def read(self, text: str, situation: Situation) -> Sequence[Hypothesis]:
        """Return readings, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Conversational move of a request."""

    kind: MoveKind
    """The kind of move."""
    interpretation: Interpretation | None = None
    """The reading to act on now; it still has to be resolved. None where nothing is."""
    choice: int | None = None
    """Which of the requests that may have been meant was chosen; None where none was offered."""
    undo_last: bool = False
    """Whether what was done last is to be undone first."""
    undo_turn: str | None = None
    """The turn that is to be undone, where only that one may be."""
    undo_times: int = 1
    """How many of the last changes are to be undone."""
    rest: str | None = None
    """Words that are a request of their own: "yes, and turn off the light"."""
    reason: str
    """Why, in a few words without anybody's words."""


_ACTUALLY = regex(r"(?:(?:oh|ok|okay|well|hm+|and|so) )*actually (?!no\b|not\b|sorry\b|i (?:meant|said)\b)")


@dataclass(slots=True, kw_only=True)
class Listening:
    """Request with the data needed to handle it in the conversation."""

    words: str
    """The request as it came."""
    conversation: Conversation
    """The conversation."""
    situation: Situation
    """Situation of the request."""
    understanding: Understands
    """Reads whole requests."""
    resolver: Resolver
    """Knows names."""
    _read: dict[str, Hypothesis | None] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Normalised request."""
        return normalize(self.words)

    @property
    def fitter(self) -> Fitter:
        """Fitter of words into readings."""
        return Fitter(resolver=self.resolver, situation=self.situation)

    def sense(self, reading: Interpretation) -> int:
        """Return 1 for more of what was done last, -1 for less of it, 0 where neither is said.

        "A bit more" goes on with a blind the way it went: after "close it halfway", that is less of its opening.
        """
        sense = more_or_less(self.text)
        before = self.conversation.exchanges[-1].request if sense and self.conversation.exchanges else ""
        closes = reading.intent == "HassSetPosition" and "position" in dict(reading.slots) and _CLOSES.search(before)
        return -sense if closes else sense

    def best(self, text: str) -> Hypothesis | None:
        """Return the best reading of a text on its own."""
        if text not in self._read:
            hypotheses = self.understanding.read(text, self.situation)
            self._read[text] = next(
                (one for one in hypotheses if one.reader != "context"), None
            )  # words alone count here
        return self._read[text]

    def is_request(self, text: str) -> bool:
        """Tell whether a text is a whole request of its own."""
        if not content_words(text) and not starts_request(text):
            return False
        best = self.best(text)
        if best is None or best.interpretation.intent == OUT_OF_SCOPE:
            return False
        return best.confidence >= (_WHOLE if starts_request(text) else _BARE)

    def is_question(self) -> bool:
        """Tell whether it plainly asks for something else."""
        return _QUESTION.match(self.text) is not None and self.is_request(self.text)

    def means(self, text: str, reading: Interpretation) -> bool:
        """Tell whether a text asks for what a reading is: "unlock it" after "shall I unlock the door?"."""
        best = self.best(text)
        if best is None or best.interpretation.intent != reading.intent:
            return False
        said = {pair for pair in best.interpretation.slots if pair[0] in ("name", "area", "floor")}
        return {value.casefold() for _, value in said} <= {value.casefold() for _, value in reading.slots}

    def change(self, words: str, reading: Interpretation) -> Interpretation | None:
        """Put some words into a reading; a whole request in their place replaces it."""
        if starts_request(words) and self.is_request(words):
            best = self.best(words)
            return None if best is None else best.interpretation
        targets = self.conversation.last.targets if self.conversation.last is not None else ()
        return self.fitter.fit(words, reading, targets=targets)

    def of_the_same(self, fixes: Sequence[str], reading: Interpretation) -> Sequence[str]:
        """Return corrections; none where one is a command of another kind: "not the lamp, turn off the fan".

        After "turn on the lamp and the fan" that is no correction of it.
        """
        commands = (each for each in fixes if starts_request(each) and self.is_request(each))
        others = (best for each in commands if (best := self.best(each)) is not None)
        another = any(each.interpretation.intent != reading.intent or self._is_apart(each) for each in others)
        return () if another else fixes

    def _is_apart(self, other: Hypothesis) -> bool:
        """Tell whether a request that takes nothing back is of another kind of thing: "actually, tv on" after a light.

        What was done by a scene or a routine is kept, whatever is asked for then.
        """
        done = self.conversation.last.targets if self.conversation.last is not None else ()
        if _ACTUALLY.match(self.text) is None or not done:
            return False
        before = {key.partition(".")[0] for key in done}
        targets = self.resolver.resolve(other.interpretation, self.situation).targets
        return bool(before & {"scene", "script"}) or before.isdisjoint(device.domain for device in targets)

    def is_of_a_part(self, words: str, reading: Interpretation) -> bool:
        """Tell whether a whole command is for some of several things just done: "actually turn the lamp off"."""
        done = self.conversation.last.targets if self.conversation.last is not None else ()
        if len(done) < 2 or not starts_request(words):
            return False
        meant = {device.entity_id for device in self.resolver.resolve(reading, self.situation).targets}
        return bool(meant) and meant < set(done)

    def retold(self, reading: Interpretation, words: str | None = None) -> Interpretation | None:
        """Read the last request together with these words; None where that means something else."""
        if not self.conversation.exchanges:
            return None
        before = normalize(self.conversation.exchanges[-1].request)
        swapped = self.swapped(reading, words)
        if swapped is not None:
            return swapped
        for connector in _CONNECTORS:
            best = self.best(" ".join(filter(None, (before, connector, words or self.text))))
            if best is None or best.confidence < _WHOLE:
                continue
            reading_alone = best.interpretation
            if reading_alone.intent == reading.intent and set(reading_alone.slots) - set(reading.slots):
                added, gone = reading_alone.slots, {slot for slot, _ in reading_alone.slots}
                if "name" in {slot for slot, _ in set(added) - set(reading.slots)}:  # a thing is where it is
                    added = tuple(pair for pair in added if pair[0] == "name" or pair[0] not in HOME_SLOTS)
                    gone |= set(HOME_SLOTS)
                return Interpretation(
                    intent=reading_alone.intent,
                    domain=reading.domain,
                    slots=(*(pair for pair in reading.slots if pair[0] not in gone), *added),
                    confidence=reading_alone.confidence,
                )
        return None

    def swapped(self, reading: Interpretation, words: str | None = None) -> Interpretation | None:
        """Read the last request with these words in the place of one of its values; None where it means another."""
        new = _JOINT.sub("", words or self.text)
        for exchange in reversed(self.conversation.exchanges):  # a follow-up does not say its request in full
            before = exchange.interpretation
            if before is None or before.intent != reading.intent:
                return None
            for slot, value in before.slots:
                said = regex(rf"\b{re.escape(normalize(value))}\b")
                best = self.best(said.sub(new, normalize(exchange.request), count=1))
                if slot in HOME_SLOTS or best is None or best.interpretation.intent != reading.intent:
                    continue
                kept, slots = {pair for pair in before.slots if pair[0] != slot}, set(best.interpretation.slots)
                if (
                    best.confidence >= _WHOLE
                    and kept <= slots
                    and any(one == slot for one, _ in slots - {(slot, value)})
                ):
                    return replace(best.interpretation, domain=reading.domain)
        return None
