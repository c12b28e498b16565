"""All readers together: their proposals are merged, weighed and cut to those that are good enough."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Self

from uptake.assistant.home.model import Home
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis, Reader, trusted
from uptake.assistant.languages.words import words_of
from uptake.assistant.phrases.shares import in_percent
from uptake.assistant.readers.bundled import bundled_parts
from uptake.assistant.readers.cleaning.disfluency import Plain, is_no_request, plainly
from uptake.assistant.readers.cleaning.near_words import NearWordsReader, SpeltReader
from uptake.assistant.readers.cleaning.past import asked_state, asks_past, tells_deed, tells_past
from uptake.assistant.readers.cleaning.places import with_place_told
from uptake.assistant.readers.cleaning.respelling import Respeller, Respelt
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.courtesy import stripped
from uptake.assistant.readers.doubts import DOUBTED, converts, doubted
from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.keywords import ComposedReader
from uptake.assistant.readers.levels import LEVELS, LevelReader
from uptake.assistant.readers.settling import settled, with_set_phrases, with_spaced_names
from uptake.assistant.readers.statistical import StatisticalReader
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.stakes import changes
from uptake.text.patterns import compile_all
from uptake.types import Situation

if TYPE_CHECKING:
    from uptake.assistant.skills import Skills
    from uptake.understanding.intents.artifact import IntentModel, SentenceEncoder

__all__ = ["Understanding"]

_MOST = 10
_LONGEST = 500
"""Characters beyond which a request that no template has is nothing: it is not looked at word by word, nor respelt."""
_OF_ANY_LENGTH = frozenset({"context", "grammar"})
_SURE = 0.9
_LEAST = 0.02
_KNOW_MORE = frozenset({"context", "llm"})
"""Readers that go by more than the words: who knows the words alone does not doubt them."""
_TYPICAL = ("would you mind swiching the light on", "book a flight to paris")
_AGREED, _IN_DOUBT = 0.5, 0.45
_FREE, _LEARNT = "free words", "statistical"
_DROPPED, _REPAIRED = 0.95, 0.95
_ELSEWHERE = 0.3
"""Most confidence in what nobody asked the assistant to do: said to somebody else, told, wished for or forbidden."""
_CERTAIN, _HARDLY, _DOUBT = 0.6, 0.05, 0.5
_LIKELY, _OUTSIDE = 0.8, 0.75
_OF_ANYTHING = "GetFact"
"""Intent that is about nothing of the home, and says so where it knows nothing."""
_OF_WHATEVER = frozenset({"known_as", "location"})
"""Relations of which anything is asked: "who is …", "tell me about …", "where is …"."""
_FREE_SLOTS = frozenset({"search_query", "item", "message", "text", "subject", "place"})
"""Slots that hold anybody's words."""


class Understanding:
    """Readers, asked in order until one is sure.

    Args:
        readers: Who proposes readings, the most trusted first.
        sure_at: Confidence, in [0, 1], at which no further reader is asked.
        least: Readings below this confidence are dropped.
        budget_ms: No further reader is asked once reading has taken this much CPU time, in milliseconds: a machine that
            is busy with other things reads the same, only later.
        vocabulary: Names of the home, where hesitation, corrections and preambles are taken away first (English).
        respeller: Respells what no reader is sure of (English).
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        *,
        sure_at: float = _SURE,
        least: float = _LEAST,
        budget_ms: float = 1_000.0,
        vocabulary: Vocabulary | None = None,
        respeller: Respeller | None = None,
    ) -> None:
        self.readers, self._vocabulary, self._respeller = tuple(readers), vocabulary, respeller
        self._sure_at, self._least, self._budget_ms = sure_at, least, budget_ms

    @classmethod
    def for_home(
        cls,
        home: Home,
        skills: Skills | None,
        *,
        language: str = "en",
        model: IntentModel | None = None,
        encoder: SentenceEncoder | None = None,
    ) -> Self:
        """Build the readers of a home.

        Args:
            home: Whose names are known.
            skills: Whose templates are known.
            language: BCP 47 tag of what people say.
            model: Reads what no template matches [default: the one that ships].
            encoder: Sentence vectors for the model, if it was trained with them.

        Raises:
            BadConfig: There are no templates for the language.
        """
        return cls.for_vocabulary(Vocabulary.of(home), skills=skills, language=language, model=model, encoder=encoder)

    @classmethod
    def for_vocabulary(
        cls,
        vocabulary: Vocabulary,
        *,
        skills: Skills | None = None,
        language: str = "en",
        model: IntentModel | None = None,
        encoder: SentenceEncoder | None = None,
    ) -> Self:
        """Build the readers of a home of which only the names are known; arguments as of `for_home`.

        Raises:
            BadConfig: There are no templates for the language.
        """
        grammar = Grammar(vocabulary, language=language, skills=skills)
        readers: list[Reader] = [GrammarReader(grammar)]
        known = bundled_parts() if language.split("-", maxsplit=1)[0] == "en" else None
        if known is not None:
            calibration = known[2]
            readers += [ComposedReader(vocabulary), LevelReader(vocabulary)]
            read_by = (model or known[0]).with_encoder(encoder) if encoder is not None else model or known[0]
            needed = {
                name: frozenset(slot.name for slot in intent.slots if slot.required)
                for name, intent in (skills.intents.items() if skills is not None else ())
            }
            readers.append(StatisticalReader(read_by, known[1], vocabulary, calibration=calibration, needed=needed))
            readers.append(TolerantReader(grammar, calibration=calibration))
            asked = frozenset(grammar.prefilter.vocabulary) | known[1].known | known[1].listed
            return cls(readers, vocabulary=vocabulary, respeller=Respeller.for_home(asked, vocabulary))
        near = NearWordsReader(grammar, words_of(language))
        return cls([SpeltReader(near), near])

    def warm(self) -> None:
        """Load and compile now what the first requests would wait for: worth it where the assistant stays."""
        compile_all()
        for reader in self.readers:
            if isinstance(reader, GrammarReader):
                reader.grammar.warm()
        if self._respeller is not None:
            self._respeller.warm()
        for text in _TYPICAL:
            self.read(text, Situation())

    def sets_value(self, text: str, situation: Situation) -> bool:
        """Tell whether all of a text sets one value: no part of it is a time, a reason or another request."""
        reader = next((reader for reader in self.readers if reader.name == LevelReader.name), None)
        found = reader.read(stripped(text), situation) if reader is not None else ()
        return any(len(LEVELS.intersection(dict(each.interpretation.slots))) == 1 for each in found)

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings, best first, at most ten, one a meaning; empty where nothing is good enough."""
        if self._vocabulary is None:
            return self._weighed(self._opinions(text, situation))
        text = self.placed(with_spaced_names(text, self._vocabulary))
        asked = asked_state(stripped(text)) or with_set_phrases(text)
        found = settled(self._read(asked, situation), asked, self._vocabulary, room=situation.context.room)
        return doubted(found, asked, self._vocabulary)

    def placed(self, text: str) -> str:
        """Return a request with the place that is told beside it, in English: "I'm in the study, put the light on"."""
        return with_place_told(text, self._vocabulary) if self._vocabulary is not None else text

    def _read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Read a request as it is said and, where that is not sure, respelt."""
        if self._is_known(text, situation):
            return self._weighed(self._opinions(text, situation))
        found = self._plainly_read(text, situation)
        if self._respeller is None or len(text) > _LONGEST or (found and _is_sure(found[0], self._sure_at)):
            return found
        variants = self._respeller.respelt(text, misheard=not (found and _is_likely(found[0])))
        respelt = [(one, self._plainly_read(one.text, situation)) for one in variants]
        return self._with_respelt(found, respelt) if respelt else found

    def _with_respelt(
        self, found: tuple[Hypothesis, ...], respelt: Sequence[tuple[Respelt, tuple[Hypothesis, ...]]]
    ) -> tuple[Hypothesis, ...]:
        """Merge what was read as it was said with what was read respelt; one that says more of the same wins."""
        best = {each.interpretation.meaning: each for each in found}
        for one, others in respelt:
            for at, other in enumerate(others):
                if other.interpretation.intent == OUT_OF_SCOPE:
                    continue
                mended = _as_said(_limited(other, one.worth, one.most), one)
                if at == 0 and other.confidence >= _CERTAIN:
                    best = {key: _told_less(each, mended, one) for key, each in best.items()}
                key = mended.interpretation.meaning
                if key not in best or best[key].confidence < mended.confidence:
                    best[key] = mended
        ranked = sorted(best.values(), key=lambda each: -each.confidence)
        return tuple(each for each in ranked[:_MOST] if each.confidence >= self._least)

    def _plainly_read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Read a request without hesitation, corrections and preambles."""
        plain = plainly(in_percent(text), self._vocabulary) if self._vocabulary is not None else Plain(text=text)
        found = self._weighed(self._opinions(plain.text, situation))
        if not found and plain.text != text:
            found = self._weighed(self._opinions(text, situation))
        worth = (_DROPPED if plain.dropped else 1.0) * (_REPAIRED if plain.repaired else 1.0)
        told = is_no_request(plain.text) or asks_past(plain.text) or tells_deed(plain.text)
        most = _ELSEWHERE if plain.elsewhere or told else 1.0
        if tells_past(plain.text):
            return tuple(_limited(each, worth, _ELSEWHERE) for each in found)
        if worth == most == 1.0:
            return found
        return tuple(_limited(each, worth, most if changes(each.interpretation.intent) else 1.0) for each in found)

    def with_readers(self, readers: Sequence[Reader], *, budget_ms: float | None = None) -> Self:
        """Return the same with other readers, and with another budget where one is given."""
        return type(self)(
            readers,
            sure_at=self._sure_at,
            least=self._least,
            budget_ms=self._budget_ms if budget_ms is None else budget_ms,
            vocabulary=self._vocabulary,
            respeller=self._respeller,
        )

    def _is_known(self, text: str, situation: Situation) -> bool:
        """Tell whether a template says all of a text, courtesy and all."""
        grammar = next((reader for reader in self.readers if reader.name == GrammarReader.name), None)
        found = grammar.read(text, situation) if grammar is not None else ()
        return bool(found) and found[0].confidence >= self._sure_at and _FREE not in (found[0].reason or "")

    def _opinions(self, text: str, situation: Situation) -> list[tuple[Hypothesis, ...]]:
        """Ask the readers in order until one is sure."""
        opinions: list[tuple[Hypothesis, ...]] = []
        began, begun_at = time.thread_time(), time.perf_counter()
        for reader in self.readers:
            respells = reader.name == TolerantReader.name
            if len(text) > _LONGEST and reader.name not in _OF_ANY_LENGTH and (respells or not any(opinions)):
                continue
            hypotheses = tuple(reader.read(text, situation))
            opinions.append(hypotheses)
            if any(each.confidence >= self._sure_at for each in hypotheses):
                is_whole = any(
                    _is_sure(each, self._sure_at)
                    or each.interpretation.intent == _OF_ANYTHING
                    or converts(each.interpretation)
                    for each in hypotheses[:1]
                )
                opinions += [] if is_whole else self._outside(text, situation)
                break
            if self._is_spent(began, begun_at):
                break
        return opinions

    def _is_spent(self, began: float, begun_at: float) -> bool:
        """Tell whether reading has taken its budget; the CPU clock, a system call, is asked only where it may have."""
        if (time.perf_counter() - begun_at) * 1e3 <= self._budget_ms:
            return False
        return (time.thread_time() - began) * 1e3 > self._budget_ms

    def _outside(self, text: str, situation: Situation) -> list[tuple[Hypothesis, ...]]:
        """Return that nothing of the home is meant, where who learnt from all templates is sure of it.

        A template with free words takes "how much longer until my passport is renewed" for a timer's name.
        """
        learnt = next((reader for reader in self.readers if reader.name == _LEARNT), None)
        best = tuple(learnt.read(text, situation))[:1] if learnt is not None else ()
        is_sure = any(each.interpretation.intent == OUT_OF_SCOPE and each.confidence >= _OUTSIDE for each in best)
        return [best] if is_sure else []

    def _weighed(self, opinions: Sequence[tuple[Hypothesis, ...]]) -> tuple[Hypothesis, ...]:
        """Merge what the readers propose, best first."""
        best: dict[str, Hypothesis] = {}
        doubted = _doubted(opinions)
        facts = any(_asks_fact(each) or _names_whole(each) for each in chain.from_iterable(opinions))
        for each in chain.from_iterable(opinions):
            outside = facts and each.interpretation.intent == OUT_OF_SCOPE
            is_doubted = each.interpretation.intent in doubted and not _asks_fact(each)
            worth = each.confidence * (_DOUBT if outside or is_doubted else 1.0)
            key, heard = each.interpretation.meaning, trusted(each, round(worth, 4))
            best[key] = _agreed(best[key], heard) if key in best else heard
        ranked = sorted(best.values(), key=lambda each: -each.confidence)
        return tuple(each for each in ranked[:_MOST] if each.confidence >= self._least)


def _is_sure(hypothesis: Hypothesis, sure_at: float) -> bool:
    """Tell whether a reading need not be compared with what might have been meant: no word of it is anybody's."""
    return hypothesis.confidence >= sure_at and _FREE not in (hypothesis.reason or "")


def _asks_fact(hypothesis: Hypothesis) -> bool:
    """Tell whether a template reads a request as a question after a known relation: "what's the capital of Peru"."""
    reading = hypothesis.interpretation
    relation = dict(reading.slots).get("relation")
    is_fact = reading.intent == _OF_ANYTHING and relation is not None and relation not in _OF_WHATEVER
    return is_fact and hypothesis.reader == "grammar"


def _names_whole(hypothesis: Hypothesis) -> bool:
    """Tell whether a request is nearly a template's about a whole name of the home: "clothes the bedroom curtains"."""
    is_near = hypothesis.reader == TolerantReader.name and hypothesis.confidence >= _IN_DOUBT
    return is_near and " " in dict(hypothesis.interpretation.slots).get("name", "")


def _is_likely(hypothesis: Hypothesis) -> bool:
    """Tell whether a reading is likelier than that a word was misheard: one with a word passed over is not."""
    is_outside = hypothesis.interpretation.intent == OUT_OF_SCOPE
    return hypothesis.confidence >= (_CERTAIN if is_outside else _LIKELY)


def _as_said(hypothesis: Hypothesis, respelt: Respelt) -> Hypothesis:
    """Give free words back as they were said: a title is nobody's to correct."""
    slots = tuple(
        (slot, " ".join(respelt.changed.get(word, word) for word in value.split()) if slot in _FREE_SLOTS else value)
        for slot, value in hypothesis.interpretation.slots
    )
    return replace(hypothesis, interpretation=replace(hypothesis.interpretation, slots=slots))


def _told_less(hypothesis: Hypothesis, fuller: Hypothesis, respelt: Respelt) -> Hypothesis:
    """Doubt a reading that the respelt one explains better: a word was passed over, or a misspelt one made a name."""
    one, other = hypothesis.interpretation, fuller.interpretation
    passed = one.intent == other.intent and set(one.slots) < set(other.slots)
    wrong = {word.casefold() for word in respelt.changed.values()} if respelt.is_slip else set()
    if not passed and wrong.isdisjoint(dict(one.slots).get("name", "").casefold().split()):
        return hypothesis
    return _limited(hypothesis, 1.0, max(fuller.confidence - _LEAST, 0.0))


def _limited(hypothesis: Hypothesis, worth: float, most: float) -> Hypothesis:
    return trusted(hypothesis, round(min(hypothesis.confidence * worth, most), 4))


def _doubted(opinions: Sequence[Sequence[Hypothesis]]) -> frozenset[str]:
    """Return the intents that a reader proposes, and the statistical one, sure of another, does not.

    A template with slots for any words matches much that it was not meant for; whoever learnt from all templates
    knows better what such a request looks like.
    """
    learnt = next((each for each in opinions if each and each[0].reader == _LEARNT), ())
    if not learnt or learnt[0].confidence < _CERTAIN:
        return frozenset()
    believed = {hypothesis.interpretation.intent for hypothesis in learnt if hypothesis.confidence >= _HARDLY}
    return frozenset(
        hypothesis.interpretation.intent
        for others in opinions
        for hypothesis in others
        if hypothesis.interpretation.intent not in believed
        and hypothesis.reader not in _KNOW_MORE
        and not _asks_fact(hypothesis)
    )


def _agreed(one: Hypothesis, other: Hypothesis) -> Hypothesis:
    """Merge equal readings of two readers: the surer, raised a little; where both doubt it, it stays in doubt."""
    first, second = (one, other) if one.confidence >= other.confidence else (other, one)
    if first.confidence <= DOUBTED:
        return first
    worth = first.confidence + _AGREED * (1.0 - first.confidence) * second.confidence
    return trusted(first, round(worth, 4))
