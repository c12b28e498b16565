"""Draw the training set of the statistical reader: sentences of the grammar, varied, and of other topics."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.augment import FILLERS, other_topics, varied
from uptake.assistant.readers.frames import Frames
from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.readers.learn.paraphrases import AUTHORS, authors_of_families, paraphrases
from uptake.assistant.readers.matching.match import Template
from uptake.assistant.readers.sampling import Sample, Sampler, placeholder_vocabulary
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from hassil.expression import ListReference

    from uptake.assistant.skills import Skills

__all__ = ["TrainingSet", "draw_training_set"]

_EACH = 12
_EACH_LEFT_OUT = 3
_MOST_OF_A_LABEL = 500
_LEAST_OF_A_LABEL = 60
_OUTSIDE = 3_200
_LISTED = 400
_EACH_PARAPHRASE, _EACH_LEFT_OUT_PARAPHRASE = 16, 8


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Training and test sentences of the reader."""

    train: tuple[Sample, ...]
    """Sentences to learn from."""
    held_out: tuple[Sample, ...]
    """Sentences of other draws, for calibration."""
    frames: Frames
    """Frames, which turn labels into readings."""
    paraphrased: tuple[Sample, ...] = ()
    """Sentences of families of wordings that are not learnt from; none where all are."""


def draw_training_set(
    skills: Skills | None,
    *,
    seed: int = 0,
    each: int = _EACH,
    wordings: bool = True,
    left_out: float = 0.0,
    authors: Collection[str] = tuple(AUTHORS),
) -> TrainingSet:
    """Draw the sentences.

    Args:
        skills: Whose templates are learnt, beside Home Assistant's.
        seed: Of the draws.
        each: Most sentences of one template.
        wordings: Whether older wordings are learnt, too.
        left_out: Share of the templates and of the families of wordings that are not learnt from: what is held out is
            then theirs.
        authors: Whose families of wordings are learnt from, of `paraphrases.AUTHORS`.
    """
    grammar = Grammar(placeholder_vocabulary(), skills=skills, wordings=wordings)
    sampler = Sampler(grammar, fillers={**FILLERS, **_examples(skills)}, seed=seed)
    draw = random.Random(seed + 1)  # noqa: S311 - training, no secret
    trained_on = frozenset(at for at in range(len(grammar)) if draw.random() >= left_out)
    drawn = list(sampler.samples(each, only=trained_on))
    train: list[Sample] = []
    held_out: list[Sample] = []
    share = 0.0 if left_out else 0.12
    for sample in _balanced(drawn, draw):
        (held_out if draw.random() < share else train).append(_maybe_varied(sample, draw))
    if left_out:
        others = frozenset(range(len(grammar))) - trained_on
        held_out = [_maybe_varied(sample, draw) for sample in sampler.samples(_EACH_LEFT_OUT, only=others)]
    written = frozenset(at for at, author in enumerate(authors_of_families()) if author in authors)
    families_in = frozenset(at for at in sorted(written) if draw.random() >= left_out)
    worded = list(paraphrases(_EACH_PARAPHRASE, draw, only=families_in))
    train += [sample if draw.random() < 0.6 else varied(sample, draw) for sample in worded]
    if left_out:
        others = written - families_in
        paraphrased = tuple(paraphrases(_EACH_LEFT_OUT_PARAPHRASE, draw, only=others))
    else:
        paraphrased = ()
    outside = [Sample(text, OUT_OF_SCOPE, ()) for text in dict.fromkeys(other_topics(_OUTSIDE, draw))]
    cut = len(outside) // 8
    return TrainingSet(
        (*train, *outside[cut:]),
        (*held_out, *outside[:cut]),
        Frames.of(drawn, _closed_values(grammar), train, paraphrased=worded),
        paraphrased,
    )


def _maybe_varied(sample: Sample, draw: random.Random) -> Sample:
    return varied(sample, draw) if draw.random() < 0.75 else sample


def _balanced(samples: Iterable[Sample], draw: random.Random) -> list[Sample]:
    """Balance the samples: no label has very many, none very few."""
    by_label: dict[str, list[Sample]] = {}
    for sample in samples:
        by_label.setdefault(sample.label, []).append(sample)
    chosen: list[Sample] = []
    for _, group in sorted(by_label.items()):
        chosen += group if len(group) <= _MOST_OF_A_LABEL else draw.sample(group, _MOST_OF_A_LABEL)
        chosen += [draw.choice(group) for _ in range(_LEAST_OF_A_LABEL - len(group))]
    draw.shuffle(chosen)
    return chosen


def _examples(skills: Skills | None) -> dict[str, tuple[str, ...]]:
    """Return examples of the skills' lists that take any words."""
    if skills is None:
        return {}
    return {
        name: tuple(value.replace("[", "").replace("]", "").rpartition(":")[0] or value for value in intent.lists[name])
        for intent in skills.intents.values()
        for name in intent.wildcards
        if intent.lists.get(name)
    }


def _closed_values(grammar: Grammar) -> dict[str, dict[str, str]]:
    """Collect slot -> what is said -> what is meant, of the lists that have few values."""
    from itertools import islice

    from hassil.intents import TextSlotList, WildcardSlotList
    from hassil.sample import sample_expression

    values: dict[str, dict[str, str]] = {}
    open_slots: set[str] = {"name", "area", "floor"}
    for template in grammar.templates:
        for reference in _references(template, grammar):
            listed = grammar.lists.get(reference.list_name)
            if isinstance(listed, WildcardSlotList):
                open_slots.add(reference.slot_name)
            elif isinstance(listed, TextSlotList) and len(listed.values) <= _LISTED:
                meanings = values.setdefault(reference.slot_name, {})
                if (mark := f"\0{reference.list_name}") in meanings:
                    continue
                meanings[mark] = ""
                for value in listed.values:
                    for said in islice(sample_expression(value.text_in, expansion_rules=dict(grammar.rules)), 60):
                        meanings.setdefault(normalize(said), str(value.value_out))
    return {
        slot: {said: meant for said, meant in meanings.items() if said and not said.startswith("\0")}
        for slot, meanings in values.items()
        if slot not in open_slots
    }


def _references(template: Template, grammar: Grammar) -> Iterable[ListReference]:
    from hassil.expression import Group, ListReference

    expression = template.data.sentences[0].expression
    if isinstance(expression, ListReference):
        return [expression]
    return expression.list_references(dict(grammar.rules)) if isinstance(expression, Group) else []
