"""Train the statistical reader that ships with the package.

The weights of its evidence are calibrated with a first model, on held-out templates and paraphrase families, and on
half of the crowd-sourced wordings. So a confidence is valid for unforeseen wordings, not only for new samples of known
templates.

    uptake train reader --data ROOT --out DIR

The same templates, words and seed give the same model.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.assistant.home import VirtualHome
from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.augment import misspelt
from uptake.assistant.readers.bundled import WORDS
from uptake.assistant.readers.calibration import Calibration, Curve, isotonic
from uptake.assistant.readers.cleaning.disfluency import plainly
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.readers.learn.paraphrases import AUTHORS
from uptake.assistant.readers.learn.training_set import TrainingSet, draw_training_set
from uptake.assistant.readers.sampling import placeholder_vocabulary
from uptake.assistant.readers.statistical import Evidence, StatisticalReader
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.lab.corpora.crowd import Sentence, drawn, is_judged, load
from uptake.ml.learn.logit import Choice, fit_choices
from uptake.types import Interpretation

if TYPE_CHECKING:
    from uptake.assistant.skills import Skills
    from uptake.understanding.intents.artifact import IntentModel

__all__ = ["build", "calibrating", "make", "provenance"]

_TRIED = 1_200
_LEFT_OUT = 0.2
"""Share of the templates that the first model does not see."""
_COMMON = 12_000
_RANKED = 2
"""Readings of a sentence that confidence is learnt from."""
_NO_WEIGHTS = frozenset({"chance", "misspelt_name", "rivalled", "limited", "apart"})
"""Evidence that limits a confidence instead of being weighed."""
_CROWD = 12
"""Sentences of an intent of a crowd's corpus, of the half that is not judged."""


def build(
    skills: Skills | None,
    *,
    seed: int = 0,
    wordings: bool = True,
    crowd: Sequence[Sentence] = (),
    authors: Collection[str] = tuple(AUTHORS),
    progress: Callable[[str], None] | None = None,
) -> tuple[IntentModel, TrainingSet, Calibration]:
    """Train the model on sampled sentences.

    Args:
        skills: Whose templates are learnt, beside Home Assistant's.
        seed: Of everything that draws.
        wordings: Whether older wordings are learnt, too.
        crowd: Sentences of crowds, by which confidence is learnt as well.
        authors: Whose families of wordings are learnt from.
        progress: Is told what is being done.
    """
    tell = progress or (lambda _: None)
    tell("a first model, to learn what scores are worth")
    part = draw_training_set(skills, seed=seed, wordings=wordings, left_out=_LEFT_OUT, authors=authors)
    first = _trained(part, seed=seed, progress=None)
    tell("the model")
    training = draw_training_set(skills, seed=seed, wordings=wordings, authors=authors)
    model = _trained(training, seed=seed, progress=progress)
    tell("calibrating")
    grammar = Grammar(placeholder_vocabulary(), skills=skills, wordings=wordings)
    calibration = Calibration(
        statistical=_of_learnt(first, part, grammar, crowd), tolerant=_of_near(training, grammar, seed=seed)
    )
    return model, training, calibration


def _trained(training: TrainingSet, *, seed: int, progress: Callable[[str], None] | None) -> IntentModel:
    from uptake.understanding.intents.learn.train import Example, train

    examples = [Example(sample.text, sample.label, sample.slots) for sample in training.train]
    return train(examples, seed=seed, progress=progress)


def _of_learnt(
    model: IntentModel, training: TrainingSet, grammar: Grammar, crowd: Sequence[Sentence]
) -> dict[str, float]:
    """Learn what evidence of the statistical reader is worth, by logistic regression, each sentence as it is read.

    Args:
        model: Has not seen what is held out.
        training: What is held out: templates and families of wordings.
        grammar: Names of the sentences.
        crowd: Sentences of crowds, in a home; of these the intent alone is judged.
    """
    reader = StatisticalReader(model, training.frames, grammar.vocabulary)
    found: list[tuple[Evidence, bool, float]] = []
    for sample in (*training.held_out, *training.paraphrased):
        intent, slots = training.frames.frame(sample)
        for reading, evidence in list(reader.scored(sample.text, None))[:_RANKED]:
            same = (reading.intent, dict(reading.slots)) == (intent, slots)
            found.append((evidence, same or reading.intent == intent == OUT_OF_SCOPE, 1.0))
    if crowd:
        at_home = StatisticalReader(model, training.frames, Vocabulary.of(VirtualHome.load()))
        weight = len(found) / (_RANKED * len(crowd))
        for one in crowd:
            for reading, evidence in list(at_home.scored(plainly(one.text, at_home.vocabulary).text, None))[:_RANKED]:
                refused = not one.meant and reading.intent == OUT_OF_SCOPE
                found.append((evidence, refused or reading.intent in one.meant, weight))
    names = sorted({name for evidence, _, _ in found for name in evidence} - _NO_WEIGHTS)
    rows = np.array([[evidence.get(name, 0.0) for name in names] + [1.0] for evidence, _, _ in found])
    choices = [
        Choice(features=np.stack([row, np.zeros_like(row)]), right=0 if right else 1, weight=weight)
        for row, (_, right, weight) in zip(rows, found, strict=True)
    ]
    weights = fit_choices(choices, np.zeros(len(names) + 1), precision=1.0)
    found_weights = dict(zip([*names, "constant"], (float(weight) for weight in weights), strict=True))
    return {name: min(weight, _AGAINST.get(name, weight)) for name, weight in found_weights.items()}


_AGAINST = dict.fromkeys(("unaccounted", "odd_slots", "number_left", "unsupported", "excepts", "no_request"), -0.05)
"""Evidence against a reading -> the highest weight it may have: what few rows say for it is chance."""


def _of_near(training: TrainingSet, grammar: Grammar, *, seed: int) -> Curve:
    """Calibrate scores of the tolerant reader on sentences that were misspelt."""
    tolerant = TolerantReader(grammar)
    draw = random.Random(seed + 2)  # noqa: S311 - training, no secret
    near: list[tuple[float, bool]] = []
    for sample in draw.sample(training.held_out, min(_TRIED, len(training.held_out))):
        meant = grammar.matches(sample.text)
        written = " ".join(misspelt(word, draw, 0.3) for word in sample.text.split())
        if meant and written != sample.text and not grammar.matches(written):
            for reading, _ in tolerant.scored(written, None):
                near.append((reading.confidence or 0.0, _same(reading, meant[0].interpretation)))
    return isotonic(*zip(*near, strict=True))


def _same(one: Interpretation, other: Interpretation) -> bool:
    return one.intent == other.intent and dict(one.slots) == dict(other.slots)


def provenance(training: TrainingSet, *, date: str, seed: int) -> dict[str, Any]:
    """Describe the material that the model was made of."""
    digest = hashlib.sha256()
    for sample in training.train:
        digest.update(f"{sample.label}\t{sample.text}\n".encode())
    return {
        "command": "uptake train reader --data ROOT --out DIR",
        "date": date,
        "seed": seed,
        "sentences": len(training.train),
        "labels": len({sample.label for sample in training.train}),
        "sentences_sha256": digest.hexdigest(),
        "hassil": version("hassil"),
        "home_assistant_intents": version("home-assistant-intents"),
        "licence": "sentence templates: Open Home Foundation, CC BY 4.0; the skills' own templates: as this package; "
        "words.txt: from the vocabulary of BERT, Apache 2.0; weights of calibration.json: SLURP and HWU64, CC BY "
        "4.0, CLINC150, "
        "CC BY 3.0, SNIPS, CC0, half of each",
    }


def _common_words() -> list[str]:
    """Return frequent English words: the vocabulary of BERT (Apache 2.0), which is in order of frequency."""
    from uptake.ml.encoder.minilm import wordpiece

    ranked = sorted(wordpiece().get_vocab().items(), key=lambda item: item[1])
    return sorted([word for word, _ in ranked if len(word) > 2 and word.isascii() and word.isalpha()][:_COMMON])


def _written(figures: Mapping[str, Any]) -> str:
    return json.dumps(figures, indent=2, sort_keys=True) + "\n"


def calibrating(data: Path, *, seed: int = 0) -> list[Sentence]:
    """Return the sentences of crowds by which confidence is learnt: of the half that is not judged."""
    return drawn([one for one in load(data) if not is_judged(one.text)], each=_CROWD, seed=seed)


def make(out: Path, *, date: str, data: Path, seed: int = 0) -> None:
    """Train the statistical reader on sampled sentences, and write it.

    Args:
        out: Folder to write.
        date: Day of making, to be noted.
        data: Root of the corpora; half of each crowd's sentences teaches what evidence is worth, nothing else.
        seed: Of everything that draws.
    """
    from uptake.assistant.skills import Skills

    crowd = calibrating(data, seed=seed)
    model, training, calibration = build(Skills(), seed=seed, crowd=crowd)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    training.frames.save(out)
    calibration.save(out)
    (out / WORDS).write_text("\n".join(_common_words()) + "\n", encoding="utf-8")
    (out / "provenance.json").write_text(_written(provenance(training, date=date, seed=seed)), encoding="utf-8")
