"""Sample labelled sentences from the grammar, for any home.

A template is walked at random; what is drawn from a list is a slot, and its place in the sentence is known. Names of
the home are drawn as placeholders that say only what kind of thing is named ("devicelight", "someroom"), so that what
is learnt from the sentences holds for every home: a reader puts the same placeholders where it finds names
(`masking`). A name is drawn only where the template lets a device of its domain stand, so no sentence asks to stop a
lamp from mowing.

The label of a sentence is its intent with the slots that its wording fixes: "HassTurnOn|domain=light".
"""

from __future__ import annotations

import random
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uptake.assistant.readers.vocabulary import Name, Vocabulary

if TYPE_CHECKING:
    from hassil.expression import Expression
    from hassil.intents import SlotList

    from uptake.assistant.readers.grammar import Grammar

__all__ = ["DOMAINS", "Sample", "Sampler", "device_mask", "label_of", "placeholder_vocabulary", "split_label"]

DOMAINS = tuple(
    "light switch fan cover lock valve climate media_player vacuum lawn_mower scene script sensor binary_sensor camera "
    "person todo weather button input_button input_boolean water_heater".split()
)
"""Domains that a placeholder may name."""

ROOM, FLOOR = "someroom", "somefloor"
"""Placeholders of areas and floors."""

_FIXED_VALUES = 4
"""A list of at most so many meanings fixes its slot: the label says which."""
_IN_LABEL = frozenset({"direction", "state", "volume_step", "domain", "topic", "temperature_direction", "response"})
_LATE = 0.35
"""Chance to say an optional part."""
_DEEP = 40
_SPACES = re.compile(r"\s+")
_ONLY_GRAMMAR = frozenset({"sensor", "binary_sensor"})


@dataclass(frozen=True, slots=True)
class Sample:
    """Sentence and its meaning."""

    text: str
    """The sentence, with placeholders for names."""
    label: str
    """Intent, and slots that its wording fixes."""
    slots: tuple[tuple[str, int, int], ...]
    """(slot, start, end) of what it says of each other slot."""


def device_mask(domain: str | None) -> str:
    """Return the word that stands for a name of a device.

    >>> device_mask("media_player")
    'devicemediaplayer'
    """
    return "device" + (domain or "").replace("_", "")


def placeholder_vocabulary() -> Vocabulary:
    """Return a vocabulary whose things are called by placeholders."""
    return Vocabulary(
        [
            *(
                Name(said=device_mask(domain), meant=device_mask(domain), kind="name", domain=domain)
                for domain in DOMAINS
            ),
            Name(said=ROOM, meant=ROOM, kind="area"),
            Name(said=FLOOR, meant=FLOOR, kind="floor"),
        ]
    )


def label_of(intent: str, fixed: Mapping[str, str]) -> str:
    """Return one string for an intent and the slots that a wording fixes."""
    return "|".join([intent, *(f"{name}={value}" for name, value in sorted(fixed.items()))])


def split_label(label: str) -> tuple[str, dict[str, str]]:
    """Return the intent and the fixed slots of a label.

    >>> split_label("HassTurnOn|domain=light")
    ('HassTurnOn', {'domain': 'light'})
    """
    intent, *pairs = label.split("|")
    return intent, {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


@dataclass(slots=True)
class _Draft:
    """Sentence in the making."""

    pieces: list[str]
    slots: list[tuple[str, int, int]]
    fixed: dict[str, str]

    def say(self, text: str) -> None:
        self.pieces.append(text)

    @property
    def length(self) -> int:
        return sum(map(len, self.pieces))


class Sampler:
    """Sampler of labelled sentences from a grammar whose names are placeholders.

    Args:
        grammar: Compiled for `placeholder_vocabulary`.
        fillers: List that takes any words -> what may be said there.
        seed: Of the draws.
    """

    def __init__(self, grammar: Grammar, *, fillers: Mapping[str, Sequence[str]], seed: int = 0) -> None:
        self._grammar, self._fillers = grammar, fillers
        self._random = random.Random(seed)  # noqa: S311 - practice, no secret

    def samples(self, each: int, *, only: Container[int] | None = None) -> Iterator[Sample]:
        """Return sentences of every template, at most `each` of one, without repetition.

        Args:
            each: Most sentences of one template.
            only: Positions of the templates to draw from [default: all].
        """
        for at, template in enumerate(self._grammar.templates):
            if only is not None and at not in only:
                continue
            if template.data.slots.get("domain") not in _ONLY_GRAMMAR or self._random.random() < 0.2:
                yield from self._of_template(template.intent, template.data, each)

    def _of_template(self, intent: str, data: Any, each: int) -> Iterator[Sample]:
        seen = set()
        lists = {**self._grammar.lists, **data.slot_lists}
        needed = _domains(data.requires_context)
        for _ in range(each):
            draft = _Draft([], [], {})
            if not self._walk(data.sentences[0].expression, draft, lists, needed, 0):
                continue
            fixed = {name: str(value) for name, value in data.slots.items()} | draft.fixed
            if fixed.get("domain") in _ONLY_GRAMMAR:
                fixed = {"domain": fixed["domain"]}
            sample = _finished(draft, label_of(intent, fixed))
            if sample is not None and sample.text not in seen:
                seen.add(sample.text)
                yield sample

    def _walk(
        self, expression: Expression, draft: _Draft, lists: Mapping[str, SlotList], needed: frozenset[str], depth: int
    ) -> bool:
        """Add an expression to the draft. Returns whether that was possible."""
        from hassil.expression import Alternative, Group, ListReference, RuleReference, TextChunk

        if depth > _DEEP:
            return False
        if isinstance(expression, TextChunk):
            draft.say(expression.text)
            return True
        if isinstance(expression, ListReference):
            return self._value(expression, draft, lists, needed, depth)
        parts: list[Expression] = []
        if isinstance(expression, RuleReference):
            parts = [self._grammar.rules[expression.rule_name].expression]
        elif isinstance(expression, Alternative):
            parts = self._choice(expression)
        elif isinstance(expression, Group):
            parts = self._ordered(expression)
        return all(self._walk(part, draft, lists, needed, depth + 1) for part in parts)

    def _choice(self, expression: Any) -> list[Expression]:
        from hassil.expression import TextChunk

        items = [item for item in expression.items if not (isinstance(item, TextChunk) and not item.text)]
        if not items or (expression.is_optional and self._random.random() > _LATE):
            return []
        return [self._random.choice(items)]

    def _ordered(self, expression: Any) -> list[Expression]:
        from hassil.expression import Permutation

        items = list(expression.items)
        return self._random.sample(items, len(items)) if isinstance(expression, Permutation) else items

    def _value(
        self, reference: Any, draft: _Draft, lists: Mapping[str, SlotList], needed: frozenset[str], depth: int
    ) -> bool:
        from hassil.intents import TextSlotList, WildcardSlotList

        values, slot = lists.get(reference.list_name), reference.slot_name
        start = draft.length
        if isinstance(values, WildcardSlotList):
            draft.say(self._random.choice(self._fillers.get(reference.list_name) or self._fillers["*"]))
        elif isinstance(values, TextSlotList):
            allowed = [
                value
                for value in values.values
                if not (needed and value.context and value.context.get("domain") not in (*needed, None))
            ]
            if not allowed:
                return False
            value = self._random.choice(allowed)
            if not self._walk(value.text_in, draft, lists, needed, depth + 1):
                return False
            if slot in _IN_LABEL and len({each.value_out for each in values.values}) <= _FIXED_VALUES:
                draft.fixed[slot] = str(value.value_out)
                return True
        else:
            draft.say(self._number(values, reference))
        if not reference.is_capture:
            draft.slots.append((slot, start, draft.length))
        return True

    def _number(self, values: Any, reference: Any) -> str:
        if values is None:
            start, stop, step = reference.get_inline_range() or (1, 10, 1)
        else:
            start, stop, step = values.start, values.stop, values.step
        return str(self._random.randrange(start, stop + 1, step))


def _domains(required: Mapping[str, Any]) -> frozenset[str]:
    said = required.get("domain")
    said = said.get("value") if isinstance(said, Mapping) else said
    return frozenset([said] if isinstance(said, str) else said or ())


def _finished(draft: _Draft, label: str) -> Sample | None:
    """Return the sentence with single spaces, its slots moved along."""
    raw = "".join(draft.pieces)
    moved, text = [0] * (len(raw) + 1), ""
    for at, char in enumerate(raw):
        moved[at] = len(text)
        if not char.isspace():
            text += char
        elif text and not text.endswith(" "):
            text += " "
    moved[len(raw)] = len(text)
    text = text.rstrip()
    slots = []
    for name, start, end in draft.slots:
        first, last = moved[start], min(moved[end], len(text))
        while first < last and text[first] == " ":
            first += 1
        while last > first and text[last - 1] == " ":
            last -= 1
        if first < last:
            slots.append((name, first, last))
    return Sample(text, label, tuple(slots)) if text else None
