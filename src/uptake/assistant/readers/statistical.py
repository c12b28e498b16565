"""Reader "statistical": intent classifier and slot tagger, for what no sentence template matches.

Names of the home are replaced by placeholders, the model reads what is left, and labels and tags become a frame again.
The model is trained on sentences sampled from the templates, said in other ways and misspelt, and on requests about
other things (`practice`); it knows no home and serves all. A reading is dropped where the request says the opposite of
what the reading's sentences say, and trusted less where its slots never occurred together or words are unknown.

Limit: English; questions to sensors are left to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.cache import ReadingCache
from uptake.assistant.readers.calibration import PLAIN, Calibration, apart
from uptake.assistant.readers.complete import completed
from uptake.assistant.readers.cues import excepts, tells, wonders
from uptake.assistant.readers.frames import Frames, frame_of
from uptake.assistant.readers.masking import Masked, mask
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.errors import ArtifactRefused
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation
from uptake.understanding.intents.artifact import IntentModel

__all__ = ["ServedReader", "StatisticalReader"]

_TOP = 4
_FREE_NAMES = re.compile(r"Timer|List|Alarm|Reminder|Media|Command")
"""Intents whose `name` need not be that of a device."""
_DOES = re.compile(r"Hass(TurnO|LightSet|Set|ClimateSet|Fan|Vacuum|LawnMower|Toggle)")
"""Labels that change something: a question, a statement or a prohibition does not, however many words it shares."""
_UNREAD = frozenset({"sensor", "binary_sensor"})
_ODD_SLOTS = 0.5
_UNKNOWN_WORD = 0.6
_SHORT = 2  # letters; shorter words say little
_UNSURE = 0.45
"""A reading whose sense rests on no word, or that passes over a word nobody knows, is worth no more: ask."""
_ROOMY = frozenset({"HassTurnOn", "HassTurnOff", "HassLightSet", "HassClimateGetTemperature", "HassSetPosition"})


class StatisticalReader:
    """Reader that uses a model.

    Args:
        model: Trained on labels of `sampling`.
        frames: What turns its labels and tags into frames.
        vocabulary: Names of the home.
        calibration: What its scores are worth.
    """

    name: ClassVar[str] = "statistical"

    def __init__(
        self, model: IntentModel, frames: Frames, vocabulary: Vocabulary, *, calibration: Calibration = PLAIN
    ) -> None:
        self.model, self.frames, self.vocabulary, self.calibration = model, frames, vocabulary, calibration
        self._read = ReadingCache(self._learnt)

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings, best first, `OutOfScope` among them."""
        return self._read(text, situation.context.room)

    def _learnt(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        hypotheses = [
            Hypothesis(
                interpretation=Interpretation(
                    intent=reading.intent,
                    domain=reading.domain,
                    slots=reading.slots,
                    confidence=min(
                        self.calibration.of_statistical(reading.confidence or 0.0), _UNSURE if doubtful else 1.0
                    ),
                ),
                reader=self.name,
                reason="learnt from sampled sentences",
            )
            for reading, doubtful in self.scored(text, room)
        ]
        return apart(hypotheses)

    def scored(self, text: str, room: str | None) -> Iterator[tuple[Interpretation, bool]]:
        """Return (reading with a raw score in [0, 1], whether it is too doubtful to be acted on unasked)."""
        masked = mask(text, self.vocabulary)
        folded = masked.text.casefold()

        def fits(label: str) -> bool:
            return label != OUT_OF_SCOPE and not self.frames.contradicts(label, folded)

        for read in self.model.read(masked.text, top=_TOP, fills=fits):
            if read.intent == OUT_OF_SCOPE:
                yield Interpretation(intent=OUT_OF_SCOPE, confidence=read.confidence), False
            elif fits(read.intent):
                reading = self._frame(read, masked, room)
                if reading is not None:
                    yield reading

    def _frame(self, read: Interpretation, masked: Masked, room: str | None) -> tuple[Interpretation, bool] | None:
        label, left = read.intent, list(masked.mentions)
        slots: dict[str, str] = {}
        domain = None
        free = []
        for slot, said in read.slots:
            mention = next((each for each in left if each.placeholder == said.casefold().strip()), None)
            if mention is not None:
                left.remove(mention)
                slots[slot] = mention.name.meant
                domain = mention.name.domain or domain
                continue
            value = self.frames.meant(slot, _unmasked(said, masked))
            if value is None or (slot == "name" and not _FREE_NAMES.search(label)):
                return None
            free.append(said)
            slots[slot] = value
        intent, whole = frame_of(label, slots.items())
        if whole.get("domain") in _UNREAD:
            return None
        score = (read.confidence or 0.0) * masked.score
        if not self.frames.allows(label, slots):
            score *= _ODD_SLOTS
        rest = masked.text
        for said in free:
            rest = rest.replace(said, " ", 1)
        for mention in masked.mentions:
            rest = rest.replace(mention.placeholder, " ", 1)
        unknown = self.frames.unknown(rest)
        score *= _UNKNOWN_WORD ** len(unknown)
        score *= _ODD_SLOTS ** sum(
            mention.said.casefold() not in " ".join(whole.values()).casefold() for mention in left
        )
        if room and intent in _ROOMY and not {"name", "area", "floor"} & whole.keys():
            whole["area"] = room
        doubtful = self._is_doubtful(label, masked, rest)
        whole = completed(intent, whole, self.vocabulary)
        reading = Interpretation(
            intent=intent,
            domain=whole.get("domain") or domain,
            slots=tuple(sorted(whole.items())),
            confidence=score,
        )
        return reading, doubtful

    def _is_doubtful(self, label: str, masked: Masked, rest: str) -> bool:
        """Whether a label leaves words out, lacks the words that carry its sense, or does what was not asked for.

        Args:
            label: What the model reads.
            masked: The request.
            rest: The request without what fills the slots.
        """
        said = normalize(masked.text)
        if _DOES.match(label) and (wonders(said.split()) or tells(said.split()) or excepts(said.split())):
            return True
        if self.frames.unaccounted(label, rest) or not self.frames.supports(label, said):
            return True
        unknown = self.frames.unknown(rest)
        return not common_words().issuperset(word for word in unknown if len(word) > _SHORT)


def _unmasked(said: str, masked: Masked) -> str:
    for mention in masked.mentions:
        said = said.replace(mention.placeholder, mention.said, 1)
    return said


class ServedReader(Served[StatisticalReader]):
    """Reader that opens itself again when another model is published; else it reads with the one that ships.

    A model that is refused, or that knows other labels than the shipped one, is passed over; the one before goes on.

    Args:
        shipped: The reader with the shipped model.
        store: Where models are published.
    """

    name: ClassVar[str] = "statistical"

    def __init__(self, shipped: StatisticalReader, store: ArtifactStore) -> None:
        super().__init__(store, IntentModel.kind, self._opened, missing=shipped)
        self._shipped = shipped

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings, best first."""
        return self.current().read(text, situation)

    def _opened(self, store: ArtifactStore, version: str) -> StatisticalReader:
        model, shipped = store.load(IntentModel, version), self._shipped
        if not {*model.labels} <= {*shipped.frames.labels, OUT_OF_SCOPE}:
            raise ArtifactRefused(f"model {version} knows labels that the assistant does not")
        frames = shipped.frames.with_words(model.taught)
        return StatisticalReader(model, frames, shipped.vocabulary, calibration=shipped.calibration)
