"""Reader "grammar": Home Assistant's own sentence templates, the skills' templates, and older wordings.

Templates are compiled from hassil's published format and searched together (`matching`), after a filter has left the
few that can match. All matches are kept, not only the best one: they are ranked as Home Assistant ranks them (a name of
the home first, then fewer free words, then more literal words).

Source: hassil and home-assistant-intents, Open Home Foundation (Apache 2.0, CC BY 4.0).
Limit: a template matches or it does not; a misspelt word is another word (see `spelling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from uptake.assistant.hypotheses import READINGS_KEPT, Hypothesis
from uptake.assistant.languages.words import ALL
from uptake.assistant.readers.calibration import PLAIN, Calibration
from uptake.assistant.readers.complete import completed
from uptake.assistant.readers.extra_templates import everyone, quantity_class
from uptake.assistant.readers.matching.match import Match, Template
from uptake.assistant.readers.matching.prefilter import Prefilter
from uptake.assistant.readers.matching.shapes import Shaper, tokens
from uptake.assistant.readers.templates import template_source
from uptake.assistant.readers.vocabulary import KINDS, Name, Vocabulary
from uptake.text.lexicon import numbers
from uptake.text.phonetic import heard_similarity
from uptake.types import Interpretation, Situation

if TYPE_CHECKING:
    from hassil.expression import Sentence
    from hassil.intents import Intents, SlotList

    from uptake.assistant.readers.matching.recognition import Filled, Found
    from uptake.assistant.skills import Skills

__all__ = ["Grammar", "GrammarReader"]

_NOWHERE = "\0nowhere"
"""Area of a request whose room is unknown: templates that need one match, and the slot is left out."""
_TEXTS = frozenset({"text", "message", "conversation_command", "item", "search_query", "name", "title", "artist"})
"""Slots that may well hold words that steer devices."""
_NUMBERS = frozenset({"left", "right"})
_UNITS, _MOST_UNIT_WORDS = frozenset({"from", "to"}), 3
_NUMBER_LIKE = frozenset("it that this pi result answer half quarter third dozen".split())
_STEERS = KINDS | {"on", "off", "up", "down"}
_SHOPPING, _NEARLY = "shopping", 0.75
_MOST_READINGS = 10
_TYPICAL = ("turn on the light", "set a timer for five minutes", "set the volume to twenty percent", "play some music")
_WITH_RESPONSE = frozenset({"HassRespond", "HassGetState"})


class Grammar:
    """Sentence templates, compiled for one home.

    Args:
        vocabulary: What things in the home are called.
        language: BCP 47 tag of a language that Home Assistant ships.
        skills: Whose templates are added (English only); None for Home Assistant's alone.
        wordings: Whether older wordings of Home Assistant's requests are added (English only).

    Raises:
        BadConfig: There are no templates for the language.
    """

    def __init__(
        self, vocabulary: Vocabulary, *, language: str = "en", skills: Skills | None = None, wordings: bool = True
    ) -> None:
        from hassil.intents import Intents

        from uptake.assistant.readers.matching.recognition import Recognition

        source = template_source(language, skills=skills, wordings=wordings)
        self.vocabulary, self.language = vocabulary, language
        self._in_other_words = language.split("-", maxsplit=1)[0] != "en"
        self._intents: Intents = Intents.from_dict(source)
        self.lists: dict[str, SlotList] = {**self._intents.slot_lists, **_name_lists(vocabulary, source)}
        self._classes = {(name.domain, name.device_class) for name in vocabulary.of_kind("name")}
        self.templates = tuple(_each_template(self._intents))
        self._has_people = any(name.domain == "person" for name in vocabulary.names)
        self._shipped = {
            at for at, template in enumerate(self.templates) if "slot_combination" in (template.data.metadata or {})
        }
        self.prefilter = self._prefilter(source["expansion_rules"])
        self._recognition = Recognition(self._intents, self.templates, self.lists, language=language)

    def __len__(self) -> int:
        return len(self.templates)

    @property
    def intents(self) -> Intents:
        """The grammar as hassil has it, without the names of the home."""
        return self._intents

    @property
    def rules(self) -> Mapping[str, Sentence]:
        """The expansion rules, parsed."""
        return self._intents.expansion_rules

    def matches(self, text: str, *, room: str | None = None, exhaustive: bool = False) -> list[Match]:
        """Return every way to match a request, best first; one for each meaning.

        Args:
            text: The request.
            room: The room in which it was heard.
            exhaustive: Try every template instead of those that can match (slow; for tests).
        """
        matches = [self._match(found, text) for found in self.results(text, room=room, exhaustive=exhaustive)]
        matches.sort(key=_rank)
        best: dict[str, Match] = {}
        for match in matches:
            if match is not None:
                best.setdefault(match.interpretation.key, match)
        return list(best.values())

    def warm(self) -> None:
        """Compile every template now (half a second), so that no request waits for it."""
        self._recognition.prepare()
        for text in _TYPICAL:
            self.matches(text)

    def results(self, text: str, *, room: str | None = None, exhaustive: bool = False) -> list[Found]:
        """Return every match of every template that can match, as the template format has it; arguments as above."""
        heard = self._recognition.heard(text)
        chosen = (
            range(len(self.templates)) if exhaustive else self.prefilter.candidates(heard.bare.text, heard.haystack)
        )
        return list(self._recognition.results(heard, chosen, {"area": room or _NOWHERE}))

    def _match(self, found: Found, text: str) -> Match | None:
        intent = self.templates[found.at].intent
        slots: dict[str, str] = {}
        spans, wild, named, assumed = [], [], 0, False
        device: Mapping[str, Any] = {}
        for slot in found.slots:
            if slot.value == _NOWHERE:
                continue
            slots[slot.name] = _as_text(slot.value)
            if slot.span is not None and slot.text:
                spans.append((slot.name, *slot.span))
            elif slot.name == "area":
                assumed = True
            if slot.is_free:
                wild.append(slot)
            elif slot.name == "name" and slot.metadata:
                device, named = slot.metadata, len(slot.text.strip())
        if intent in _WITH_RESPONSE and found.response:
            slots["response"] = found.response
        if found.response in ALL and self._in_other_words and not slots.keys() & {"name", "area", "floor"}:
            slots["name"] = "all"
        settled = quantity_class(slots, device)
        if settled is None:
            return None
        placed = any(slot in ("area", "floor") for slot, _, _ in spans)
        every = completed(intent, everyone(intent, settled, text, placed=placed), self.vocabulary)
        if not self._is_meant(settled, wild):
            return None
        return Match(
            interpretation=Interpretation(
                intent=intent,
                domain=settled.get("domain") or device.get("domain"),
                slots=tuple(sorted(every.items())),
            ),
            spans=tuple(spans),
            literal=found.literal,
            wildcards=len(wild),
            free=sum(len(slot.text) for slot in wild),
            named=named,
            assumed=assumed,
            fit=self._fit(settled, device),
            odd=any(self._is_odd(slot.name, slot.text) for slot in wild),
            shipped=found.at in self._shipped,
            order=found.at,
            response=found.response,
        )

    def _is_meant(self, slots: Mapping[str, str], wild: Sequence[Filled]) -> bool:
        """Tell whether slots for any words hold what they are for."""
        if any(slot.name == "name" and _is_nearly_shopping(slot.text) for slot in wild):
            return False  # "the shoping list" is no list of that name: spelling comes first
        # "who is …" asks for a place only where people are tracked
        return not (wild and slots.get("domain") == "person" and not self._has_people)

    def _is_odd(self, slot: str, free: str) -> bool:
        if slot in _TEXTS:
            return False
        words = tokens(free)
        if slot in _UNITS and (len(words) > _MOST_UNIT_WORDS or "the" in words):
            return True
        if slot in _NUMBERS and not numbers(free) and _NUMBER_LIKE.isdisjoint(words):
            return True
        return not _STEERS.isdisjoint(words) or free.strip().casefold() in self.vocabulary.devices

    def _fit(self, slots: Mapping[str, str], device: Mapping[str, Any]) -> int:
        said, domain = slots.get("device_class"), slots.get("domain")
        if said is None:
            return 0
        if device:
            return 1 if device.get("device_class") == said else -1
        return 1 if (domain, said) in self._classes else -1

    def _prefilter(self, rules: Mapping[str, str]) -> Prefilter:
        spaced = not self._intents.settings.ignore_whitespace
        numbers = _number_words(self.language, self._intents) if spaced else frozenset()
        shared = Shaper(rules=rules, lists=self.lists, numbers=numbers)
        shapes = []
        for template in self.templates:
            data = template.data
            shaper = shared
            if data.slot_lists or data.expansion_rules:
                own = {name: rule.text or "" for name, rule in data.expansion_rules.items()}
                shaper = Shaper(rules={**rules, **own}, lists={**self.lists, **data.slot_lists}, numbers=numbers)
            text = data.sentence_texts[0]
            shapes.append(shaper.shape(text, domains=_needed_domains(data.requires_context.get("domain"))))
        return Prefilter(shapes, numbers=numbers, spaced=spaced)


class GrammarReader:
    """Reader of what the grammar matches.

    Args:
        grammar: The templates, compiled for the home.
        calibration: What its matches are worth [default: what shipped].
    """

    name: ClassVar[str] = "grammar"

    def __init__(self, grammar: Grammar, *, calibration: Calibration = PLAIN) -> None:
        self.grammar, self.calibration = grammar, calibration
        self._read = lru_cache(maxsize=READINGS_KEPT)(self._matched)

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings of every template that matches, best first."""
        return self._read(text, situation.context.room)

    def _matched(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        return self.calibration.of_grammar(self.grammar.matches(text, room=room)[:_MOST_READINGS])


def _rank(match: Match | None) -> tuple[int, ...]:
    return match.rank if match is not None else ()


def _each_template(intents: Intents) -> Iterable[Template]:
    """Yield every template as a block of its own; hassil parses it when it is first tried."""
    from dataclasses import replace

    for intent in intents.intents.values():
        for data in intent.data:
            for text in data.sentence_texts:
                yield Template(intent.name, replace(data, sentence_texts=[text]))


def _name_lists(vocabulary: Vocabulary, source: Mapping[str, Any]) -> dict[str, SlotList]:
    """Return the lists of names: all, and those of some domains or of one kind of device."""
    from hassil.intents import TextSlotList

    def values(names: Iterable[Name]) -> list[Any]:
        return [
            (
                name.said,
                name.meant,
                {"domain": name.domain} if name.domain else {},
                {"domain": name.domain, "device_class": name.device_class},
            )
            for name in names
        ]

    lists: dict[str, SlotList] = {
        kind: TextSlotList.from_tuples(values(vocabulary.of_kind(kind)), allow_template=False, name=kind)
        for kind in ("name", "area", "floor")
    }
    for name, chosen in source["names"].items():
        lists[name] = TextSlotList.from_tuples(
            values(each for each in vocabulary.of_kind("name") if chosen.takes(each)), allow_template=False, name=name
        )
    return lists


def _needed_domains(required: Any) -> frozenset[str] | None:
    if isinstance(required, Mapping):
        required = required.get("value")
    if isinstance(required, str):
        return frozenset({required})
    return frozenset(required) if required else None


def _number_words(language: str, intents: Intents) -> frozenset[str]:
    """Return words that the numbers of the grammar are said with."""
    from hassil.intents import RangeSlotList
    from hassil.numbers import get_rbnf_engine

    wanted: set[float] = set(range(101))
    for values in intents.slot_lists.values():
        if isinstance(values, RangeSlotList):
            wanted.update(values.get_numbers())
    said: set[str] = set()
    try:
        engine = get_rbnf_engine(language)
        for number in wanted:
            for words in engine.format_number(number).text_by_ruleset.values():
                said.update(tokens(words))
    except ValueError:  # no number words are known of the language, or of its numbers
        return frozenset(said)
    return frozenset(said)


def _is_nearly_shopping(free: str) -> bool:
    """Tell whether the name of a list is the shopping list's, misspelt or misheard."""
    said = free.strip().casefold()
    return said != _SHOPPING and heard_similarity(said, _SHOPPING) >= _NEARLY


def _as_text(value: Any) -> str:
    """Return a slot value as text: numbers in digits, without a needless ".0"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
