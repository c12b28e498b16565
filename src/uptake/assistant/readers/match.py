"""Match a request with a few templates of a grammar: hassil's `recognize_all`, with its preparations made once.

hassil prepares every template anew for every request, and the request for every call; here templates are prepared when
they are first tried, and the request once for prefilter and matching. A test holds that the answers are hassil's.

Source: hassil 3.12 (`recognize_all`), whose matcher this calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uptake.types import Interpretation

if TYPE_CHECKING:
    from hassil import RecognizeResult
    from hassil.expression import Sentence
    from hassil.intents import IntentData, Intents


from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from hassil import RecognizeResult
    from hassil.expression import Sentence
    from hassil.intents import Intent, IntentData, Intents
    from hassil.string_matcher import MatchSettings
    from hassil.util import TrackedText


__all__ = ["Heard", "Match", "Recognition", "Template"]

_PLACES = frozenset({"name", "area", "floor"})

_Kept = Literal["none", "all", "start", "end"]
"""Side on which words that the grammar skips stay in the text, because free words may stand there."""


class Heard(NamedTuple):
    """Request as hassil compares it."""

    text: str
    """As it was said."""
    whole: TrackedText
    """Normalised."""
    bare: TrackedText
    """Without the words that the grammar skips."""

    @property
    def haystack(self) -> str:
        """Every text that a template may be compared with."""
        return f"{self.whole.text}\n{self.bare.text}"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Template, ready to be tried."""

    intent: Intent
    data: IntentData
    settings: MatchSettings
    sentences: tuple[tuple[Sentence, frozenset[frozenset[str]], _Kept], ...]
    """Each with the pieces of text that it requires."""


class Recognition:
    """Matcher of templates.

    Args:
        intents: The grammar: its rules, words to skip and settings.
        templates: Its templates.
        lists: Its slot lists, names of the home included.
        language: BCP 47 tag.
    """

    def __init__(
        self, intents: Intents, templates: Sequence[Template], lists: dict[str, Any], *, language: str
    ) -> None:
        from hassil import util
        from hassil.recognize import _process_match_contexts
        from hassil.string_matcher import MatchContext, match_expression

        self._util, self._begin, self._match, self._end = util, MatchContext, match_expression, _process_match_contexts
        self._intents, self._templates, self._lists, self._language = intents, templates, lists, language
        self._unspaced = intents.settings.ignore_whitespace
        self._prepared: dict[int, _Prepared] = {}

    def heard(self, text: str) -> Heard:
        """Prepare a request for comparison."""
        whole = self._util.normalize_for_matching(text)
        return Heard(text, whole, self._without_skipped(whole))

    def results(self, heard: Heard, chosen: Iterable[int], context: dict[str, Any]) -> Iterator[RecognizeResult]:
        """Return every match of some templates.

        Args:
            heard: The request.
            chosen: Positions of the templates.
            context: What is known beside the words, as hassil takes it.
        """
        haystack = heard.haystack.casefold()
        if self._unspaced:
            haystack = f"{haystack}\n{self._util.CJK_WHITESPACE.sub('', haystack)}"
        words = frozenset(heard.bare.text.split())
        texts: dict[_Kept, TrackedText] = {}
        for at in chosen:
            one = self._prepared.get(at) or self._prepare(at)
            if not self._fits(one.data, words, context):
                continue
            for sentence, needed, kept in one.sentences:
                if all(any(piece in haystack for piece in clause) for clause in needed):
                    for text in self._compared(heard, kept, texts):
                        yield from self._matches(heard.text, text, one, sentence, context)

    def _prepare(self, at: int) -> _Prepared:
        from hassil.intents import Intent
        from hassil.string_matcher import MatchSettings

        template = self._templates[at]
        data = template.data
        settings = MatchSettings(
            slot_lists={**self._lists, **data.slot_lists},
            expansion_rules={**self._intents.expansion_rules, **data.expansion_rules},
            ignore_whitespace=self._unspaced,
            language=self._language or self._intents.language,
        )
        sentences = tuple(
            (sentence, sentence.get_required_clauses(settings.expansion_rules), self._wildcards(sentence))
            for sentence in data.sentences
        )
        prepared = self._prepared[at] = _Prepared(Intent(template.intent, [data]), data, settings, sentences)
        return prepared

    def _wildcards(self, sentence: Sentence) -> _Kept:
        from hassil.expression import ListReference, Sequence
        from hassil.intents import WildcardSlotList

        expression = sentence.expression
        if not isinstance(expression, Sequence) or not expression.items:
            return "none"
        first, last = (
            isinstance(item, ListReference) and isinstance(self._lists.get(item.list_name), WildcardSlotList)
            for item in (expression.items[0], expression.items[-1])
        )
        if len(expression.items) == 1:
            return "all" if first else "none"
        return "start" if first else "end" if last else "none"

    def _compared(self, heard: Heard, kept: _Kept, texts: dict[_Kept, TrackedText]) -> Iterator[TrackedText]:
        """Yield the texts that a template is compared with; first with words that the grammar skips."""
        text = self._text(heard, kept, texts)
        skipped = heard.bare.text != heard.whole.text
        if skipped and text.text == self._text(heard, "none", texts).text:
            yield self._matchable(heard.whole)
        yield text

    def _text(self, heard: Heard, kept: _Kept, texts: dict[_Kept, TrackedText]) -> TrackedText:
        if kept not in texts:
            if kept == "none":
                texts[kept] = self._matchable(heard.bare)
            elif kept == "all":
                texts[kept] = heard.whole
            else:
                texts[kept] = self._matchable(
                    self._without_skipped(heard.whole, start=kept == "end", end=kept == "start")
                )
        return texts[kept]

    def _without_skipped(self, whole: TrackedText, *, start: bool = True, end: bool = True) -> TrackedText:
        rest = whole.copy()
        self._util.remove_skip_words_tracked(rest, self._intents.skip_words, self._unspaced, start=start, end=end)
        return rest

    def _matchable(self, tracked: TrackedText) -> TrackedText:
        copy = tracked.copy()
        if self._unspaced:
            copy.sub(self._util.CJK_WHITESPACE)
        else:
            copy.append(" ")
        return copy

    def _fits(self, data: IntentData, words: frozenset[str], context: dict[str, Any]) -> bool:
        """Whether keywords and context leave a template possible."""
        required, excluded = data.requires_context, data.excludes_context
        if data.required_keywords and words.isdisjoint(data.required_keywords):
            return False
        if required and not self._util.check_required_context(required, context, allow_missing_keys=True):
            return False
        return not excluded or self._util.check_excluded_context(excluded, context)

    def _matches(
        self, said: str, text: TrackedText, one: _Prepared, sentence: Sentence, context: dict[str, Any]
    ) -> Iterable[RecognizeResult]:
        start = self._begin(
            text=text.text, intent_context=context, intent_sentence=sentence, intent_data=one.data, original_text=said
        )
        contexts = self._match(one.settings, start, sentence.expression)
        return self._end(contexts, one.intent, one.data, text_offsets=text.offsets, default_response="default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Match of a request."""

    interpretation: Interpretation
    """Meaning of the match."""
    spans: tuple[tuple[str, int, int], ...]
    """(slot, start, end) of what was said of each slot, in the request."""
    literal: int
    """Characters matched by the template's own words."""
    wildcards: int
    """Slots that took any words."""
    free: int
    """Characters that those slots took."""
    named: int
    """Characters of the name of a device; 0 where none was said."""
    assumed: bool
    """Whether the room was taken from where the request was heard."""
    fit: int
    """1 where the class of device it speaks of is that of the named device, or is in the home; -1 where it is not."""
    odd: bool
    """Whether a slot for any words took some that it is hardly meant for: steering a device, its name, no number."""
    shipped: bool
    """Whether the template is one of Home Assistant's."""
    order: int
    """Position of the template."""

    @property
    def rank(self) -> tuple[int, ...]:
        """Sort key that puts the best match first."""
        name = (-min(self.named, 1), -self.named)
        places = sum(slot in _PLACES for slot, _, _ in self.spans)
        wild = (-self.literal, self.free) if self.wildcards else (0, 0)
        return (*name, self.wildcards, *wild, -self.fit, int(not self.shipped), -self.literal, places, self.order)


@dataclass(frozen=True, slots=True)
class Template:
    """Sentence template."""

    intent: str
    """The intent it stands for."""
    data: IntentData
    """The template as the only one of its block."""
