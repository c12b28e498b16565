"""Evaluate labels from the log: train a model with them and test it on requests that failed before.

The assistant starts with a model trained on written sentences (HWU64; SLURP's texts too for `slurp`). People talk to it
(`labels_log`: real recordings, simulated reactions), labels are inferred from the log alone, and the model is trained
again with them. The test set is recordings of other speakers. Its *failing slice* are the recordings of sentences of
which some recording in the log was misinterpreted: failures that recur. The *old test* are written sentences that
neither training set nor log has. Errors are those of the intent, means over three seeds.

Baselines on the same log: no labels; self-training, each request labelled with the model's own interpretation; and
human labels for every request of the log, the upper bound. `new` are recordings of sentences that nobody said there.

No sentence of the log or the test set is in the training set of the first model: equal texts are left out, and a tenth
of the written sentences is held out for the old test.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.corpora.commands import Command, commands
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.evaluate.intents import arrived, draw
from uptake.lab.evaluate.labels.log import Recording, split, talk
from uptake.ml.encoder.minilm import MiniLM
from uptake.text.tokens import words
from uptake.types import Session
from uptake.understanding.intents.artifact import IntentModel
from uptake.understanding.intents.learn.train import Example, train
from uptake.understanding.labels.artifact import Label, Labels
from uptake.understanding.labels.learn.label import Labeller
from uptake.understanding.labels.learn.projection import Projector, located, needed
from uptake.understanding.labels.learn.training_set import STEADY, LabelledRequest, Meaning, labelled_requests

__all__ = ["hwu64", "slurp"]

_SAME_FILES = 0.5
_HELD_OUT = 0.1
_TRAININGS = 3
"""Trainings whose errors are averaged, before and after: chance alone moves an error by half a point."""

Floats = NDArray[np.float64]


def slurp(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Evaluate on SLURP: the first model knows HWU64 and SLURP's texts; the old test is prompts of SLURP.

    Args:
        train: Root with `hwu64`, `slurp_text`, `slurp_asr`: written sentences to learn from.
        data: Root with `slurp_asr`: recordings of which some make the log and others, of other speakers, are judged.
        seed: Of training, reactions and bootstrap.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by bootstrap over sentences.

    Raises:
        NotReady: A root holds no commands.
    """
    return _measured(train, data, ("hwu64", "slurp_text", "slurp_asr"), seed=seed)


def hwu64(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Evaluate on HWU64: the first model knows HWU64 alone, whose held-out sentences are the old test.

    Raises:
        NotReady: A root holds no commands.
    """
    return _measured(train, data, ("hwu64",), seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Training, conversation and test data of one run."""

    written: dict[str, Example]
    taught: list[Command]
    log: tuple[Recording, ...]
    again: tuple[Recording, ...]
    new: tuple[Recording, ...]
    old: tuple[Recording, ...]
    held_out: bool


def _measured(train_root: Path, data: Path, folders: Sequence[str], *, seed: int) -> dict[str, Any]:
    started = time.perf_counter()
    case = _case(train_root, data, folders)
    before = _trained(case, (), seed=seed)
    sessions, behind = talk(case.log, before, taught=case.taught, seed=seed)
    labels = _labelled(case, sessions)
    learnt = labelled_requests(labels.accepted(), known=_reads(before))
    seeds = range(seed, seed + _TRAININGS)
    first = [before, *(_trained(case, (), seed=one) for one in seeds[1:])]
    after = [_trained(case, _weighed(learnt), seed=one) for one in seeds]
    slices = _slices(case, _failed(sessions, behind))
    figures: dict[str, Any] = {
        "held_out": case.held_out,
        "shared_callers": 0 if case.held_out else len(case.again),
        "train.sentences": len(case.written),
        "log.sessions": len(sessions),
        "log.turns": sum(len(one.turns) for one in sessions),
        "log.answers": labels.answers,
        "labels.lessons": len(learnt),
        "labels.lessons_new": sum(one.is_new for one in learnt),
        "labels.threshold": labels.threshold,
        **{f"sizes.{name}": len(said) for name, said in slices.items()},
        **_quality(labels, behind, seed=seed),
    }
    errors = {name: _errors(first, said) for name, said in slices.items()}
    if not errors["failing"].any():
        raise NotReady("nothing that failed in the log fails again for other speakers, so there is nothing to gain")
    figures |= _compared("labels", slices, errors, after, seed=seed)
    for name, own in (
        ("self_training", _self_taught(case.log, before)),
        ("human", _by_people(case.log)),
    ):
        figures |= _compared(name, slices, errors, [_trained(case, own, seed=seed)], seed=seed)
    return figures | {"seconds": time.perf_counter() - started}


def _case(train_root: Path, data: Path, folders: Sequence[str]) -> _Case:
    spoken = [one for one in commands(data, folders=("slurp_asr",)) if one.heard]
    known = list(commands(train_root, folders=folders))
    if not spoken or not known:
        raise NotReady("labels need hwu64 below --train and slurp_asr below --data; one holds none of them")
    parts = split(spoken)
    is_own = "slurp_asr" in folders
    seen = {one.sentence for one in known}
    held_out = float(np.mean([one.sentence in seen for one in spoken])) < _SAME_FILES or not is_own
    old = [one for one in known if draw(one.sentence) < _HELD_OUT]
    if is_own:
        old += list({one.command.sentence: one.command for one in parts.new}.values())
    else:
        other = [one for one in commands(data, folders=("hwu64",)) if one.sentence not in seen]
        held_out = bool(other)
        old = other or old
    taken = {text for one in (*spoken, *old) for text in (one.sentence, one.marked)}
    taught = [one for one in known if one.sentence not in taken and one.marked not in taken and words(one.marked)]
    talked = {text for one in spoken for text in (one.sentence, one.marked)}
    return _Case(
        written={one.marked: Example(one.marked, one.intent, one.slots) for one in taught},
        taught=taught,
        log=parts.log,
        again=parts.again,
        new=parts.new,
        old=tuple(
            Recording(command=one, text=one.sentence, speaker=one.sentence, close=True)
            for one in old
            if one.corpus == "slurp_asr" or (one.sentence not in talked and one.marked not in talked)
        ),
        held_out=held_out,
    )


def _weighed(learnt: Iterable[LabelledRequest]) -> list[Example]:
    """Weigh the examples; those that the model reads already only steady what is near them."""
    return [
        Example(one.text, one.intent, one.slots, weight=one.weight * (1.0 if one.is_new else STEADY)) for one in learnt
    ]


def _trained(case: _Case, more: Iterable[Example], *, seed: int) -> IntentModel:
    own = {one.text: one for one in more if words(one.text) and one.text not in case.written}
    return train([*case.written.values(), *own.values()], seed=seed, fillers=True)


def _labelled(case: _Case, sessions: Sequence[Session]) -> Labels:
    """Learn labels from the log; the slots that an intent needs are known from the model's training data."""
    encoder = MiniLM.available(remember=50_000)
    read = [(one.intent, [name for name, _, _ in one.slots]) for one in case.written.values()]
    return Labeller(projector=Projector(needed=needed(read)), encoder=encoder)(sessions)


def _reads(model: IntentModel) -> Callable[[str], Meaning | None]:
    def read(text: str) -> Meaning | None:
        found = model.read(text, top=1)
        return (found[0].intent, tuple(sorted(found[0].slots))) if found else None

    return read


def _self_taught(log: Sequence[Recording], model: IntentModel) -> list[Example]:
    """Label every request by the model's own reading."""
    found = {one.text: model.read(one.text, top=1) for one in log}
    return [Example(text, read[0].intent, located(text, read[0].slots)[0]) for text, read in found.items() if read]


def _by_people(log: Sequence[Recording]) -> list[Example]:
    """Label every request by its speaker's meaning."""
    return [Example(one.text, one.command.intent, arrived(one.command, one.text)) for one in log if words(one.text)]


def _slices(case: _Case, bad: set[str]) -> dict[str, list[Recording]]:
    """Return the judged recordings by slice.

    Args:
        case: All that was said.
        bad: Sentences of which some hearing in the log was misread.
    """
    slices = {
        "failing": [one for one in case.again if one.command.sentence in bad],
        "failing_misheard": [one for one in case.again if one.command.sentence in bad and one.misheard],
        "misheard": [one for one in case.again if one.misheard],
        "again": list(case.again),
        "new": list(case.new),
        "old_test": list(case.old),
    }
    for name in ("failing", "old_test"):
        if not slices[name]:
            raise NotReady(f"nothing to judge: the roots hold no sentence of the {name.replace('_', ' ')}")
    return slices


def _failed(sessions: Sequence[Session], behind: dict[str, Recording]) -> set[str]:
    """Return the sentences of which some hearing in the log was misread."""
    return {
        behind[turn.turn_id].command.sentence
        for one in sessions
        for turn in one.turns
        if turn.turn_id in behind
        and (turn.interpretation is None or turn.interpretation.intent != behind[turn.turn_id].command.intent)
    }


def _quality(labels: Labels, behind: dict[str, Recording], *, seed: int) -> dict[str, Any]:
    """Measure precision and coverage of the labels; of those that correct a reading, too."""
    rows = [one for one in labels.rows if one.turn_id in behind]
    trusted = [one for one in rows if one.confidence >= labels.threshold]
    if not trusted:
        raise NotReady("no label can be trusted: the log is too short or nobody was understood")

    def right(one: Label) -> bool:
        return one.intent == behind[one.turn_id].command.intent

    truth = np.array([right(one) for one in trusted], dtype=np.float64)
    users = [behind[one.turn_id].command.sentence for one in trusted]
    corrections = [right(one) for one in trusted if one.origin not in ("accepted", "answer")]
    figures: dict[str, Any] = {
        **bounded("labels.precision", mean(truth), users, seed=seed),
        "labels.precision_claimed": float(np.mean([one.confidence for one in trusted])),
        "labels.precision_of_readings": float(np.mean([right(one) for one in rows if one.origin == "accepted"])),
        "labels.coverage": len(trusted) / len(behind),
        "labels.abstained": len(rows) - len(trusted),
        "labels.projected": len(corrections),
    }
    return figures | ({"labels.projected_precision": float(np.mean(corrections))} if corrections else {})


def _errors(models: Sequence[IntentModel], said: Sequence[Recording]) -> Floats:
    """Return (n,) share of the models that misread the intent."""
    wrong = np.zeros(len(said))
    for model in models:
        read = {text: model.read(text, top=1) for text in {one.text for one in said}}
        wrong += [not read[one.text] or read[one.text][0].intent != one.command.intent for one in said]
    return wrong / len(models)


def _compared(
    name: str,
    slices: dict[str, list[Recording]],
    before: dict[str, Floats],
    models: Sequence[IntentModel],
    *,
    seed: int,
) -> dict[str, Any]:
    """Compare errors of the slices before and after, with the relative gain on those that failed."""
    figures: dict[str, Any] = {}
    for part, said in slices.items():
        if not said:
            continue
        old, new = before[part], _errors(models, said)
        users = [one.command.sentence for one in said]
        key = f"{name}.{part}" if part == "old_test" else f"{name}.{part}_error"
        change = new - old
        figures |= {f"{key}_before": float(old.mean()), f"{key}_after": float(new.mean())}
        figures |= bounded(f"{key}_change", mean(change), users, seed=seed)
        if old.any() and part in ("failing", "misheard", "again", "failing_misheard"):
            figures |= _gain(f"{name}.{'' if part == 'failing' else part + '_'}relative_gain", old, new, users, seed)
    return figures


def _gain(key: str, old: Floats, new: Floats, users: Sequence[str], seed: int) -> dict[str, float]:
    def gain(at: NDArray[np.int64]) -> float:
        if not old[at].sum():
            raise NotReady("nothing failed")
        return float(1.0 - new[at].sum() / old[at].sum())

    return bounded(key, gain, users, seed=seed)
