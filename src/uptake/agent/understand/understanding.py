"""All readers together: what each proposes is merged, weighed and cut to what is good enough."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Self

from uptake.agent.home.model import Home
from uptake.agent.hypotheses import Hypothesis, Reader
from uptake.agent.understand.composed import ComposedReader
from uptake.agent.understand.grammar import Grammar, GrammarReader
from uptake.agent.understand.packaged import packaged
from uptake.agent.understand.statistical import StatisticalReader
from uptake.agent.understand.tolerant import TolerantReader
from uptake.agent.understand.vocabulary import Vocabulary
from uptake.types import Situation

if TYPE_CHECKING:
    from uptake.agent.skills import Skills
    from uptake.artifacts.intents import IntentModel, SentenceEncoder

__all__ = ["Understanding"]

_MOST = 10
_SURE = 0.9
_LEAST = 0.02
_KNOW_MORE = frozenset({"context", "llm"})
"""Readers that go by more than the words: who knows the words alone does not doubt them."""
_TYPICAL = ("would you mind swiching the light on", "book a flight to paris")
_AGREED, _IN_DOUBT = 0.5, 0.45
_CERTAIN, _HARDLY, _DOUBT = 0.6, 0.05, 0.5


class Understanding:
    """Readers, asked in order until one is sure.

    Args:
        readers: Who proposes readings, the most trusted first.
        sure_at: Confidence, in [0, 1], at which no further reader is asked.
        least: Readings below this confidence are dropped.
        budget_ms: No further reader is asked once this much time has passed, in milliseconds.
    """

    def __init__(
        self, readers: Sequence[Reader], *, sure_at: float = _SURE, least: float = _LEAST, budget_ms: float = 1_000.0
    ) -> None:
        self.readers = tuple(readers)
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
        """The readers of a home.

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
        """The readers of a home of which only the names are known; arguments as of `for_home`.

        Raises:
            BadConfig: There are no templates for the language.
        """
        grammar = Grammar(vocabulary, language=language, skills=skills)
        readers: list[Reader] = [GrammarReader(grammar)]
        known = packaged() if language.split("-", maxsplit=1)[0] == "en" else None
        if known is not None:
            calibration = known[2]
            readers.append(ComposedReader(vocabulary))
            readers.append(TolerantReader(grammar, calibration=calibration))
            read_by = (model or known[0]).with_encoder(encoder) if encoder is not None else model or known[0]
            readers.append(StatisticalReader(read_by, known[1], vocabulary, calibration=calibration))
        return cls(readers)

    def warm(self) -> None:
        """Do now what the first requests would wait for: worth it where the assistant stays."""
        for reader in self.readers:
            if isinstance(reader, GrammarReader):
                reader.grammar.warm()
        for text in _TYPICAL:
            self.read(text, Situation())

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Readings, best first, at most ten, one a meaning; empty where nothing is good enough."""
        best: dict[str, Hypothesis] = {}
        opinions: list[tuple[Hypothesis, ...]] = []
        began = time.perf_counter()
        for reader in self.readers:
            found = tuple(reader.read(text, situation))
            opinions.append(found)
            if any(each.confidence >= self._sure_at for each in found):
                break
            if (time.perf_counter() - began) * 1e3 > self._budget_ms:
                break
        doubted = _doubted(opinions)
        for each in chain.from_iterable(opinions):
            worth = each.confidence * (_DOUBT if each.interpretation.intent in doubted else 1.0)
            heard = replace(each, interpretation=replace(each.interpretation, confidence=round(worth, 4)))
            key = replace(each.interpretation, domain=None).key
            best[key] = _agreed(best[key], heard) if key in best else heard
        ranked = sorted(best.values(), key=lambda found: -found.confidence)
        return tuple(found for found in ranked[:_MOST] if found.confidence >= self._least)


def _doubted(opinions: Sequence[Sequence[Hypothesis]]) -> frozenset[str]:
    """Intents that an early reader proposes first, and a later one, sure of another, does not propose at all.

    A template with slots for any words matches much that it was not meant for; whoever learnt from all templates
    knows better what such a request looks like.
    """
    if len(opinions) < 2 or not opinions[-1] or opinions[-1][0].confidence < _CERTAIN:
        return frozenset()
    believed = {found.interpretation.intent for found in opinions[-1] if found.confidence >= _HARDLY}
    return frozenset(
        found.interpretation.intent
        for early in opinions[:-1]
        for found in early
        if found.interpretation.intent not in believed and found.reader not in _KNOW_MORE
    )


def _agreed(one: Hypothesis, other: Hypothesis) -> Hypothesis:
    """Two readers propose the same: the surer of them, and a little surer; two that doubt it stay in doubt."""
    first, second = (one, other) if one.confidence >= other.confidence else (other, one)
    if first.confidence <= _IN_DOUBT:
        return first
    worth = first.confidence + _AGREED * (1.0 - first.confidence) * second.confidence
    return replace(first, interpretation=replace(first.interpretation, confidence=round(worth, 4)))
