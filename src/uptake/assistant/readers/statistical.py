"""Reader "statistical": intent classifier and slot tagger, for what no sentence template matches.

Names of the home are replaced by placeholders, the model reads what is left, and labels and tags become a frame again.
The model is trained on sentences sampled from the templates, said in other ways and misspelt, and on requests about
other things (`training_set`); it knows no home and serves all. A reading is dropped where the request says the opposite
of what the reading's sentences say. What else speaks for a reading or against it is evidence, and `calibration`
weighs it:
the model's own chance, words that are left over, names that were misspelt, slots that never occurred together.

Limit: English; questions to sensors are left to the grammar.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar, NamedTuple

from rapidfuzz.distance import OSA

from uptake.assistant.hypotheses import OUT_OF_SCOPE, READINGS_KEPT, Hypothesis
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.calibration import PLAIN, Calibration, apart
from uptake.assistant.readers.cleaning.disfluency import is_no_request
from uptake.assistant.readers.complete import ROOMY, completed
from uptake.assistant.readers.courtesy import VERBS
from uptake.assistant.readers.cues import asks_for_no_deed, declares, excepts, lacks_word, limits, tells, wonders
from uptake.assistant.readers.doubts import DOUBTED, has_other_object, tells_apart
from uptake.assistant.readers.frames import Frames, frame_of, opposite, says_nothing
from uptake.assistant.readers.masking import Masked, Mention, mask
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.stakes import changes
from uptake.errors import ArtifactRefused
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.types import Interpretation, Situation
from uptake.understanding.intents.artifact import IntentModel

__all__ = ["Evidence", "ServedReader", "StatisticalReader"]

_TOP = 4
_FREE_NAMES = re.compile(r"Timer|List|Alarm|Reminder|Media|Command")
"""Intents whose `name` need not be that of a device."""
_DOES = re.compile(r"Hass(TurnO|LightSet|Set|ClimateSet|Fan|Vacuum|LawnMower|Toggle)")
"""Labels that change something: a question, a statement or a prohibition does not, however many words it shares."""
_OF_A_THING = frozenset({"HassTurnOn", "HassTurnOff", "HassToggle"})
"""Labels that say nothing without a thing."""
_TRANSPORT = frozenset({"HassMediaPause", "HassMediaUnpause", "HassMediaNext", "HassMediaPrevious"})
_CHATS = re.compile(r"TellJoke|SmallTalk|GetFact")
"""Labels that a word more or less takes nothing from."""
_UNREAD = frozenset({"sensor", "binary_sensor"})
_SHORT = 2  # letters; shorter words say little
_MOST_WORDS = 4  # more words of a sort say nothing more
_LEAST_CHANCE = 1e-4
_MISSPELT = "misspelt_name"
_FREE_WORDS = 0.82
"""Most confidence in where free words begin and end: less than in a template's."""
_SPELT = 0.89
"""Most confidence where a word may be misspelt: the spelling is looked at first."""
_RIVALLED, _LIMITED, _APART, _CLEARLY = "rivalled", "limited", "apart", 30.0
_TEXTS = frozenset({"item", "message", "search_query", "subject", "text"})
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_UNSUPPORTED = 0.4
"""Most confidence in one of two opposites where no word of the request tells them apart, and in what a request has
exceptions, conditions or times for that the reading leaves out."""
_WORD_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
).replace(" ", "|")
_SPELT_OUT = re.compile(
    rf"\b(?:{_WORD_NUMBERS})(?:[\s-]+(?:and\s+)?(?:{_WORD_NUMBERS}))*\b(?=\s*(?:%|percent|per cent|degree|minute"
    rf"|min|second|sec\b|hour"
    r"|more|extra|p\.?m|a\.?m|o'clock|please|$|[,.?!]))",
    re.IGNORECASE,
)
Evidence = Mapping[str, float]
"""What speaks for a reading or against it, by name."""


class StatisticalReader:
    """Reader that uses a model.

    Args:
        model: Trained on labels of `sampling`.
        frames: What turns its labels and tags into frames.
        vocabulary: Names of the home.
        calibration: What its scores are worth.
        needed: Intent -> the slots that it cannot be done without.
    """

    name: ClassVar[str] = "statistical"

    def __init__(
        self,
        model: IntentModel,
        frames: Frames,
        vocabulary: Vocabulary,
        *,
        calibration: Calibration = PLAIN,
        needed: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.model, self.frames, self.vocabulary, self.calibration = model, frames, vocabulary, calibration
        self.needed = needed or {}
        self._always = {label: frames.needs(label) for label in frames.labels}
        self._takes = {label: frozenset(" ".join(sets).split()) for label, sets in frames.combinations.items()}
        self._read = lru_cache(maxsize=READINGS_KEPT)(self._learnt)
        self._modelled = lru_cache(maxsize=READINGS_KEPT)(self._asked)

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings, best first, `OutOfScope` among them."""
        return self._read(text, situation.context.room)

    def _learnt(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        hypotheses = [
            Hypothesis(
                interpretation=replace(reading, confidence=self._worth(evidence)),
                reader=self.name,
                reason="learnt from sampled sentences",
            )
            for reading, evidence in self.scored(text, room)
        ]
        return apart(hypotheses)

    def _worth(self, evidence: Evidence) -> float:
        """Return the chance that a reading is right: as calibrated, and that its names are the ones that were said."""
        worth = self.calibration.of_statistical(evidence) * (1.0 - evidence.get(_MISSPELT, 0.0))
        most = _SPELT if evidence.get("strange") or evidence.get(_MISSPELT) else 1.0
        if evidence.get("free_slots"):
            most = _FREE_WORDS
        if evidence.get(_APART):
            most = DOUBTED
        if evidence.get(_RIVALLED) or evidence.get(_LIMITED):
            most = _UNSUPPORTED
        return round(min(worth, most), 4)

    def scored(self, text: str, room: str | None) -> Iterator[tuple[Interpretation, Evidence]]:
        """Return (reading, what speaks for it and against it) of the likeliest labels."""
        masked = mask(_SPELT_OUT.sub(lambda said: in_digits(said[0]), text), self.vocabulary, self.frames.known)
        fits = self._fits(masked.text)
        chances = [(read, read.confidence or 0.0) for read in self._modelled(masked.text)]
        for at, (read, chance) in enumerate(chances):
            rival = max((other for place, (_, other) in enumerate(chances) if place != at), default=0.0)
            if read.intent == OUT_OF_SCOPE:
                yield Interpretation(intent=OUT_OF_SCOPE, confidence=chance), _of_outside(chance, rival)
            elif fits(read.intent):
                reading = self._frame(read, masked, room)
                if reading is not None:
                    turned = opposite(read.intent)
                    other = next((chance for one, chance in chances if one.intent == turned), 0.0)
                    rivalled = reading[1]["unsupported"] * float(other * _CLEARLY > chance)
                    yield reading[0], {**reading[1], **_of_chance(chance, rival), _RIVALLED: rivalled}

    def _asked(self, masked: str) -> tuple[Interpretation, ...]:
        """Ask the model of a masked request: one for all that differ in nothing but names of a kind."""
        return self.model.read(masked, top=_TOP, fills=self._fits(masked))

    def _fits(self, masked: str) -> Callable[[str], bool]:
        """Return what tells whether a label may be meant by a masked request, which does not say its opposite."""
        folded = masked.casefold()
        idle = asks_for_no_deed(folded)
        return lambda label: (
            not (label == OUT_OF_SCOPE or (idle and _DOES.match(label)) or lacks_word(label, folded))
            and not self.frames.contradicts(label, folded)
        )

    def _frame(
        self, read: Interpretation, masked: Masked, room: str | None
    ) -> tuple[Interpretation, dict[str, float]] | None:
        filled = self._filled(read, masked)
        if filled is None:
            return None
        label, slots, left, free, domain = read.intent, *filled
        intent, whole = frame_of(label, slots.items())
        if whole.get("domain") in _UNREAD:
            return None
        rest = masked.text
        for said in free:
            rest = rest.replace(said, " ", 1)
        for mention in masked.mentions:
            rest = rest.replace(mention.placeholder, " ", 1)
        unsaid = sum(mention.said.casefold() not in " ".join(whole.values()).casefold() for mention in left)
        evidence = {
            **self._of_words(label, masked, rest),
            _MISSPELT: 1.0 - masked.score,
            "odd_slots": float(not self.frames.allows(label, slots)),
            "unsaid_name": float(unsaid),
            "free_slots": float(sum(self.frames.is_open(slot) for slot in slots)),
            "names_nothing": float(not slots and not whole),
        }
        if self._lacks(label, intent, whole, evidence["unaccounted"]):
            evidence[_LIMITED] = 1.0
        takes = self._takes.get(label, frozenset())
        if "name" in slots and "name" not in takes and not changes(label):
            return None  # nobody converts an oven
        is_foreign = not takes.issuperset(slots)
        unread = self.frames.unaccounted(label, rest) if evidence["names_nothing"] else []
        if changes(label) and (is_foreign or has_other_object(_said(masked.text).text.split(), unread)):
            evidence[_APART] = 1.0
        if " " not in masked.text.strip() and not masked.mentions:
            evidence[_LIMITED] = 1.0  # one word that no template has, "roll", says too little
        if label in _TRANSPORT and unread and masked.text.casefold().startswith("play "):
            evidence[_LIMITED] = 1.0  # "play rock and roll" goes on with nothing
        if label in _OF_A_THING and evidence["names_nothing"]:
            evidence[_LIMITED] = 1.0  # "turn it off": what, the situation tells
        if evidence["strange"] and _DOES.match(label) and "name" not in slots:
            evidence[_LIMITED] = 1.0  # the word that nobody knows may be what is meant: "the overhed light"
        if room and intent in ROOMY and not {"name", "area", "floor"} & whole.keys():
            whole["area"] = room
        whole = completed(intent, whole, self.vocabulary)
        reading = Interpretation(
            intent=intent, domain=whole.get("domain") or domain, slots=tuple(sorted(whole.items())), confidence=0.0
        )
        return reading, evidence

    def _filled(
        self, read: Interpretation, masked: Masked
    ) -> tuple[dict[str, str], list[Mention], list[str], str | None] | None:
        """Return (slots, names that fill none, words that fill one, domain); None where a slot makes no sense."""
        label, left, domain = read.intent, list(masked.mentions), None
        slots: dict[str, str] = {}
        free = []
        for slot, tagged in read.slots:
            mention = next(
                (each for each in left if each.placeholder == tagged.casefold().strip().removesuffix("'s")), None
            )
            if mention is not None:
                left.remove(mention)
                slots[slot] = mention.name.meant
                domain = mention.name.domain or domain
                continue
            said = self._with_neighbours(read, tagged, masked) if slot in _TEXTS else tagged
            value = self.frames.meant(slot, _unmasked(said, masked))
            if value is None or (slot == "name" and not _FREE_NAMES.search(label)):
                return None
            if slot == "relation" and says_nothing(said):
                return None  # "what does" begins any question
            if slot == "place" and value.isdecimal():
                return None  # "at eight" is no place
            free.append(said)
            slots[slot] = value
        return slots, left, free, domain

    def _with_neighbours(self, read: Interpretation, said: str, masked: Masked) -> str:
        """Return free words with the content words beside them that belong to nothing else: "coffee filters"."""
        at = masked.text.find(said)
        if at < 0:
            return said.strip()
        start, end = at, at + len(said)
        around = [(word.start(), word.end()) for word in _WORD.finditer(masked.text)]
        others = [each.placeholder for each in masked.mentions] + [each for _, each in read.slots if each != said]
        placed = {word for each in others for word in _WORD.findall(each)}

        def belongs(first: int, last: int) -> bool:
            word = masked.text[first:last]
            is_verb = first == around[0][0] and _is_nearly_verb(word.casefold())  # "lay some jazz"
            return word not in placed and not is_verb and bool(self.frames.unaccounted(read.intent, word))

        for first, last in reversed(around):
            if last <= start and not masked.text[last:start].strip() and belongs(first, last):
                start = first
        for first, last in around:
            if first >= end and not masked.text[end:first].strip() and belongs(first, last):
                end = last
        return masked.text[start:end].strip()

    def _lacks(self, label: str, intent: str, slots: Mapping[str, str], unaccounted: float) -> bool:
        """Tell whether a slot is missing that each sentence of a label has, or a skill needs and words may fill."""
        missing = self._always.get(label, frozenset()) - slots.keys()
        return bool(missing) or bool(unaccounted and self.needed.get(intent, frozenset()) - slots.keys())

    def _of_words(self, label: str, masked: Masked, rest: str) -> dict[str, float]:
        """Return the evidence of the words that fill no slot.

        Args:
            label: What the model reads.
            masked: The request.
            rest: The request without what fills the slots.
        """
        said, unknown, does = _said(masked.text), self.frames.unknown(rest), _DOES.match(label) is not None
        strange = [word for word in unknown if len(word) > _SHORT and word not in common_words()]
        left, does_change = normalize(rest).split(), changes(label)
        unaccounted = self.frames.unaccounted(label, rest)
        numbers_left = [word.strip("%°") for word in left if word.strip("%°").isdigit()]
        is_other = tells_apart(said.text.split(), unaccounted, does=does) and not _CHATS.match(label)
        return {
            "unaccounted": float(min(len(unaccounted), _MOST_WORDS)),
            "unknown": float(min(len(unknown), _MOST_WORDS)),
            "strange": float(min(len(strange), _MOST_WORDS)),
            "unsupported": float(not self.frames.supports(label, said.text)),
            "number_left": float(bool(numbers_left)),
            "wonders": float(does and said.wonders),
            "tells": float(does and said.tells),
            "excepts": float(does and said.excepts),
            _LIMITED: float(does and limits(left)),
            _APART: float(is_other or (not {"1"}.issuperset(numbers_left) if does_change else said.declares)),
            "no_request": float(does_change and is_no_request(masked.text)),
            "asks": float(not does_change),
            "short": float(said.size < 3),
            "long": max(0.0, said.size - 10.0) / 10.0,
        }


class _Said(NamedTuple):
    """Request, whatever its label."""

    text: str
    """The normalised words."""
    size: int
    """Their number."""
    wonders: bool
    """Whether it asks."""
    tells: bool
    """Whether it tells."""
    excepts: bool
    """Whether it makes an exception."""
    declares: bool
    """Whether it says how something is."""


@lru_cache(maxsize=64)
def _said(text: str) -> _Said:
    words = normalize(text).split()
    return _Said(
        " ".join(words), len(words), wonders(words), tells(words), excepts(words), declares(words) and "?" not in text
    )


def _of_chance(chance: float, rival: float) -> dict[str, float]:
    """Return the evidence of the model's own probability, and of that of the likeliest other label."""
    sure = max(chance, _LEAST_CHANCE)
    return {
        "chance": chance,
        "log_odds": math.log(sure / max(1.0 - sure, _LEAST_CHANCE)),
        "margin": max(-5.0, min(5.0, math.log(sure / max(rival, _LEAST_CHANCE)))),
        "second": float(rival > chance),
    }


def _of_outside(chance: float, rival: float) -> dict[str, float]:
    return {"outside": 1.0, "outside_log_odds": _of_chance(chance, rival)["log_odds"], "chance": chance}


@lru_cache(maxsize=1_024)
def _is_nearly_verb(word: str) -> bool:
    """Tell whether a word is one that requests begin with, but for one letter or by its sound."""
    return any(OSA.distance(word, verb, score_cutoff=1) <= 1 or sound_key(word) == sound_key(verb) for verb in VERBS)


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
        return StatisticalReader(
            model, frames, shipped.vocabulary, calibration=shipped.calibration, needed=shipped.needed
        )
