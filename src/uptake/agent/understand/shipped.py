"""Build the statistical reader that comes with the package.

What its scores are worth is learnt from a first model, on sentences of templates which that model never saw: so a
score is worth what it is worth on wordings that nobody foresaw, not on other draws from known templates.

    python -m uptake.agent.understand.shipped --date 2026-11-21

The same templates, words and seed give the same model.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uptake.agent.hypotheses import OUT_OF_SCOPE
from uptake.agent.understand.calibration import Calibration, Curve, isotonic
from uptake.agent.understand.frames import Frames
from uptake.agent.understand.grammar import Grammar, Template
from uptake.agent.understand.packaged import HERE, WORDS
from uptake.agent.understand.practice import FILLERS, misspelt, other_topics, varied
from uptake.agent.understand.sampling import Sample, Sampler, placeholder_vocabulary
from uptake.agent.understand.statistical import StatisticalReader
from uptake.agent.understand.tolerant import TolerantReader
from uptake.text.normalize import normalize
from uptake.types import Interpretation

if TYPE_CHECKING:
    from hassil.expression import ListReference

    from uptake.agent.skills import Skills
    from uptake.artifacts.intents import IntentModel

__all__ = ["Practice", "build", "practise", "provenance"]

_EACH = 12
_EACH_LEFT_OUT = 3
_MOST_OF_A_LABEL = 500
_LEAST_OF_A_LABEL = 60
_OUTSIDE = 4_000
_LISTED = 400
_TRIED = 1_200
_LEFT_OUT = 0.2
"""Share of the templates that the first model does not see."""
_COMMON = 12_000


@dataclass(frozen=True, slots=True)
class Practice:
    """What the reader is trained and tried on."""

    train: tuple[Sample, ...]
    """Sentences to learn from."""
    held_out: tuple[Sample, ...]
    """Sentences of other draws, for calibration."""
    frames: Frames
    """What turns labels into frames."""


def practise(
    skills: Skills | None, *, seed: int = 0, each: int = _EACH, wordings: bool = True, left_out: float = 0.0
) -> Practice:
    """Draw the sentences.

    Args:
        skills: Whose templates are learnt, beside Home Assistant's.
        seed: Of the draws.
        each: Most sentences of one template.
        wordings: Whether older wordings are learnt, too.
        left_out: Share of the templates that are not learnt from: what is held out is then theirs.
    """
    grammar = Grammar(placeholder_vocabulary(), skills=skills, wordings=wordings)
    sampler = Sampler(grammar, fillers={**FILLERS, **_examples(skills)}, seed=seed)
    draw = random.Random(seed + 1)  # noqa: S311 - practice, no secret
    kept = frozenset(at for at in range(len(grammar)) if draw.random() >= left_out)
    drawn = list(sampler.samples(each, only=kept))
    train: list[Sample] = []
    held_out: list[Sample] = []
    share = 0.0 if left_out else 0.12
    for sample in _balanced(drawn, draw):
        (held_out if draw.random() < share else train).append(_maybe_varied(sample, draw))
    if left_out:
        others = frozenset(range(len(grammar))) - kept
        held_out = [_maybe_varied(sample, draw) for sample in sampler.samples(_EACH_LEFT_OUT, only=others)]
    outside = [Sample(text, OUT_OF_SCOPE, ()) for text in dict.fromkeys(other_topics(_OUTSIDE, draw))]
    cut = len(outside) // 8
    return Practice(
        (*train, *outside[cut:]), (*held_out, *outside[:cut]), Frames.of(drawn, _closed_values(grammar), train)
    )


def _maybe_varied(sample: Sample, draw: random.Random) -> Sample:
    return varied(sample, draw) if draw.random() < 0.75 else sample


def build(
    skills: Skills | None,
    *,
    seed: int = 0,
    wordings: bool = True,
    progress: Callable[[str], None] | None = None,
) -> tuple[IntentModel, Practice, Calibration]:
    """Train the model on sampled sentences.

    Args:
        skills: Whose templates are learnt, beside Home Assistant's.
        seed: Of everything that draws.
        wordings: Whether older wordings are learnt, too.
        progress: Is told what is being done.
    """
    tell = progress or (lambda _: None)
    tell("a first model, to learn what scores are worth")
    part = practise(skills, seed=seed, wordings=wordings, left_out=_LEFT_OUT)
    first = _trained(part, seed=seed, progress=None)
    tell("the model")
    practice = practise(skills, seed=seed, wordings=wordings)
    model = _trained(practice, seed=seed, progress=progress)
    tell("calibrating")
    grammar = Grammar(placeholder_vocabulary(), skills=skills, wordings=wordings)
    calibration = Calibration(
        statistical=_of_learnt(first, part, grammar), tolerant=_of_near(practice, grammar, seed=seed)
    )
    return model, practice, calibration


def _trained(practice: Practice, *, seed: int, progress: Callable[[str], None] | None) -> IntentModel:
    from uptake.learn.intent import Example, train

    examples = [Example(sample.text, sample.label, sample.slots) for sample in practice.train]
    return train(examples, seed=seed, progress=progress)


def _of_learnt(model: IntentModel, practice: Practice, grammar: Grammar) -> Curve:
    """What scores of the statistical reader are worth, where no doubt is left."""
    reader = StatisticalReader(model, practice.frames, grammar.vocabulary)
    found: list[tuple[float, bool]] = []
    for sample in practice.held_out:
        intent, slots = practice.frames.frame(sample)
        for reading, doubtful in reader.scored(sample.text, None):
            if not doubtful:
                found.append((reading.confidence or 0.0, (reading.intent, dict(reading.slots)) == (intent, slots)))
    return isotonic(*zip(*found, strict=True))


def _of_near(practice: Practice, grammar: Grammar, *, seed: int) -> Curve:
    """What scores of the tolerant reader are worth, on sentences that were misspelt."""
    tolerant = TolerantReader(grammar)
    draw = random.Random(seed + 2)  # noqa: S311 - practice, no secret
    near: list[tuple[float, bool]] = []
    for sample in draw.sample(practice.held_out, min(_TRIED, len(practice.held_out))):
        meant = grammar.matches(sample.text)
        written = " ".join(misspelt(word, draw, 0.3) for word in sample.text.split())
        if meant and written != sample.text and not grammar.matches(written):
            for reading, _ in tolerant.scored(written, None):
                near.append((reading.confidence or 0.0, _same(reading, meant[0].interpretation)))
    return isotonic(*zip(*near, strict=True))


def _same(one: Interpretation, other: Interpretation) -> bool:
    return one.intent == other.intent and dict(one.slots) == dict(other.slots)


def _balanced(samples: Iterable[Sample], draw: random.Random) -> list[Sample]:
    """Samples of every label: no label has very many, none very few."""
    by_label: dict[str, list[Sample]] = {}
    for sample in samples:
        by_label.setdefault(sample.label, []).append(sample)
    chosen: list[Sample] = []
    for _, found in sorted(by_label.items()):
        chosen += found if len(found) <= _MOST_OF_A_LABEL else draw.sample(found, _MOST_OF_A_LABEL)
        chosen += [draw.choice(found) for _ in range(_LEAST_OF_A_LABEL - len(found))]
    draw.shuffle(chosen)
    return chosen


def _examples(skills: Skills | None) -> dict[str, tuple[str, ...]]:
    """What is said in the skills' lists that take any words."""
    if skills is None:
        return {}
    return {
        name: tuple(value.replace("[", "").replace("]", "").rpartition(":")[0] or value for value in intent.lists[name])
        for intent in skills.intents.values()
        for name in intent.wildcards
        if intent.lists.get(name)
    }


def _closed_values(grammar: Grammar) -> dict[str, dict[str, str]]:
    """Slot -> what is said -> what is meant, of the lists that have few values."""
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
                known = values.setdefault(reference.slot_name, {})
                if (mark := f"\0{reference.list_name}") in known:
                    continue
                known[mark] = ""
                for value in listed.values:
                    for said in islice(sample_expression(value.text_in, expansion_rules=dict(grammar.rules)), 60):
                        known.setdefault(normalize(said), str(value.value_out))
    return {
        slot: {said: meant for said, meant in known.items() if said and not said.startswith("\0")}
        for slot, known in values.items()
        if slot not in open_slots
    }


def _references(template: Template, grammar: Grammar) -> Iterable[ListReference]:
    from hassil.expression import Group, ListReference

    expression = template.data.sentences[0].expression
    if isinstance(expression, ListReference):
        return [expression]
    return expression.list_references(dict(grammar.rules)) if isinstance(expression, Group) else []


def provenance(practice: Practice, *, date: str, seed: int) -> dict[str, Any]:
    """What the model was made of."""
    digest = hashlib.sha256()
    for sample in practice.train:
        digest.update(f"{sample.label}\t{sample.text}\n".encode())
    return {
        "command": f"python -m uptake.agent.understand.shipped --date {date}",
        "date": date,
        "seed": seed,
        "sentences": len(practice.train),
        "labels": len({sample.label for sample in practice.train}),
        "sentences_sha256": digest.hexdigest(),
        "hassil": version("hassil"),
        "home_assistant_intents": version("home-assistant-intents"),
        "licence": "sentence templates: Open Home Foundation, CC BY 4.0; the skills' own templates: as this package; "
        "words.txt: from the vocabulary of BERT, Apache 2.0",
    }


def _common_words() -> list[str]:
    """Frequent English words: the vocabulary of BERT (Apache 2.0), which is in order of frequency."""
    from uptake.text.encode import wordpiece

    ranked = sorted(wordpiece().get_vocab().items(), key=lambda item: item[1])
    return sorted([word for word, _ in ranked if len(word) > 2 and word.isascii() and word.isalpha()][:_COMMON])


def _written(figures: Mapping[str, Any]) -> str:
    return json.dumps(figures, indent=2, sort_keys=True) + "\n"


@click.command()
@click.option("--date", required=True, help="Date to note, for example 2026-11-21.")
@click.option("--out", type=click.Path(path_type=Path), default=HERE, help="Directory to write.")
@click.option("--seed", default=0, help="Of everything that draws.")
def _main(date: str, out: Path, seed: int) -> None:
    """Train the statistical reader on sampled sentences, and write it."""
    from uptake.agent.skills import Skills

    model, practice, calibration = build(Skills(), seed=seed, progress=lambda said: click.echo(said, err=True))
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    practice.frames.save(out)
    calibration.save(out)
    (out / WORDS).write_text("\n".join(_common_words()) + "\n", encoding="utf-8")
    (out / "provenance.json").write_text(_written(provenance(practice, date=date, seed=seed)), encoding="utf-8")


if __name__ == "__main__":
    _main()
