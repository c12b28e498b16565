"""Train a reader of dialogues: a light model, a neural one where torch is installed, and the better mix of both.

Which member answers for which head, and with which share, is decided on people that neither had seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.learn.reader.examples import Examples, examples
from uptake.learn.reader.light import LightFit, fit_light_reader
from uptake.learn.reader.network import Lesson, Network, Options, available, exported, fit
from uptake.learn.reader.targets import Targets
from uptake.signals.fitting import best_f1_threshold
from uptake.signals.folds import grouped_folds
from uptake.signals.neural_inputs import Columns, Inputs, inputs
from uptake.signals.neural_reader import NeuralReader, answers
from uptake.signals.reading import ONLINE, DialogueReader, Hearing, mixed
from uptake.signals.views import views
from uptake.text.encode import MiniLM
from uptake.text.encoders import Encoder, HashedEncoder
from uptake.types import Session

__all__ = ["Fit", "Teacher", "train"]

_SHARES = {"light": (0.0, 0.25, 0.5, 0.75, 1.0, 1.25), "neural": (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)}
"""Weights of the members' log-odds that are tried."""
_ROUNDING = 0.01
"""Most that int8 weights may change an answer."""

Floats = NDArray[np.float64]
Answers = Mapping[str, Floats]


def train(
    sessions: Sequence[Session],
    targets: Sequence[Targets],
    *,
    pretrain: Sequence[Session] | None = None,
    encoder: Encoder | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DialogueReader:
    """Learn to read dialogues from some whose targets are known.

    A head is trained where at least 20 examples of each answer are known; a head nothing is known for is left out.

    Args:
        sessions: Whole sessions.
        targets: What is known of each, from whatever source the caller trusts.
        pretrain: Sessions without targets, for contrastive pretraining [default: the same sessions].
        encoder: Sentence vectors [default: MiniLM where it is installed, else hashed n-grams].
        seed: Of everything that draws.
        progress: Is told what is being done.

    Raises:
        NotReady: A head has too few examples; the message says how many it needs.
        BadConfig: Targets do not fit the sessions.
        MissingExtra: LightGBM is not installed.
    """
    teacher = Teacher(pretrain=pretrain, encoder=encoder, seed=seed, tell=progress or (lambda _: None))
    return teacher.fit(sessions, targets).reader


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A trained reader, and what it says of people it had not seen."""

    reader: DialogueReader
    held_out: Mapping[str, Answers]
    """Member ("light", "neural", "mixed") -> head ("rephrase", "defect", "online:defect", ...) -> (n, ...)."""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """How to train; `train` with all its options."""

    neural: bool | None = None
    """Whether to train a network; None where torch is installed."""
    pretrain: Sequence[Session] | None = None
    encoder: Encoder | None = None
    hearing: Hearing | None = None
    """turn_id -> what a second recogniser heard, where one did; such a reader wants it when it reads as well."""
    options: Options = field(default_factory=Options)
    folds: int = 3
    """Networks trained to see what one says of new people."""
    last: bool = True
    """Whether a network is trained on everybody at the end; without, the reader gets that of the last fold: for
    evaluations that only ask what was said out of fold."""
    least: int = 20
    """Fewest examples of each answer."""
    seed: int = 0
    tell: Callable[[str], None] = print

    def fit(self, sessions: Sequence[Session], targets: Sequence[Targets]) -> Fit:
        """Train all members."""
        given = examples(sessions, targets, least=self.least, hearing=self.hearing)
        light = fit_light_reader(given, seed=self.seed, tell=self.tell)
        members: dict[str, Any] = {"light": light.reader}
        held: dict[str, Answers] = {"light": light.held_out}
        figures: dict[str, float] = {"contradictions": given.contradictions}
        if self.neural or (self.neural is None and available()):
            members["neural"], held["neural"], gap = self._neural(given, light)
            figures["neural.int8_gap"] = gap
        shares = {head: self._shares(given, head, held) for head in light.held_out}
        held["mixed"] = {
            head: mixed({name: told[head] for name, told in held.items()}, shares[head]) for head in shares
        }
        for name, told in held.items():
            figures |= {f"{name}.{head}.loss": _loss(given, head, chances) for head, chances in told.items()}
        thresholds = {head: _threshold(given, head, chances) for head, chances in held["mixed"].items()}
        reader = DialogueReader(
            stage=light.stage, members=members, shares=shares, thresholds=thresholds, figures=figures
        )
        return Fit(reader=reader, held_out=held)

    def _neural(self, given: Examples, light: LightFit) -> tuple[NeuralReader, Answers, float]:
        """A network, what networks say of people they had not seen, and the most that int8 changes an answer."""
        encoder = self.encoder or MiniLM.available() or HashedEncoder()
        turn, pair = Columns.of(light.rows.turns), Columns.of([row for row in light.rows.pairs if row is not None])
        self.tell("neural: sentence vectors")
        everything = inputs(given.seen, light.rows, encoder, turn, pair)
        unlabelled = self._unlabelled(light, encoder, turn, pair)
        parts: list[tuple[NDArray[np.int64], Answers]] = []
        for number, (inside, outside) in enumerate(grouped_folds(given.people, folds=self.folds, seed=self.seed)):
            self.tell(f"neural: fold {number + 1} of {self.folds}")
            network = self._network(given, everything, inside, unlabelled)
            parts.append((outside, _asked(network, everything.some(outside), given.heads)))
        held = {head: np.zeros((len(given.seen), *told.shape[1:])) for head, told in parts[0][1].items()}
        for outside, told in parts:
            for head, chances in told.items():
                held[head][outside] = chances
        if self.last:
            self.tell("neural: all")
            network = self._network(given, everything, np.arange(len(given.seen)), unlabelled)
        for exact in range(3):
            model = exported(network, exact=exact)
            reader = NeuralReader(model=model, turn=turn, pair=pair, encoder=encoder, heads=given.heads)
            gap = _gap(network, reader, everything, given)
            if gap <= _ROUNDING:
                break
        return reader, held, gap

    def _network(
        self, given: Examples, everything: Inputs, places: NDArray[np.int64], unlabelled: Inputs | None
    ) -> Network:
        lesson = Lesson({head: truth[places] for head, truth in given.truth.items()}, given.weights[places])
        return fit(everything.some(places), lesson, pretrain=unlabelled, options=self.options, seed=self.seed)

    def _unlabelled(self, light: LightFit, encoder: Encoder, turn: Columns, pair: Columns) -> Inputs | None:
        if not self.pretrain:
            return None
        seen = list(views(self.pretrain))
        return inputs(seen, light.stage.rows(seen, reach=1), encoder, turn, pair)

    def _shares(self, given: Examples, head: str, held: Mapping[str, Answers]) -> dict[str, float]:
        """The shares under which the truth about people not seen is likeliest."""
        said = {name: told[head] for name, told in held.items()}
        if len(said) == 1:
            return dict.fromkeys(said, 1.0)
        tried = [dict(zip(_SHARES, shares, strict=True)) for shares in product(*_SHARES.values()) if any(shares)]
        return min(tried, key=lambda shares: _loss(given, head, mixed(said, shares)))


def _asked(network: Network, given: Inputs, heads: Sequence[str]) -> dict[str, Floats]:
    online = answers(network.logits(given, online=True), heads, online=True)
    return {
        **answers(network.logits(given), heads, online=False),
        **{ONLINE + head: chances for head, chances in online.items()},
    }


def _gap(network: Network, reader: NeuralReader, everything: Inputs, given: Examples) -> float:
    """The most that any answer to a sample of turns changes when the weights are rounded to int8."""
    sample = everything.some(np.arange(min(len(given.seen), 1_000)))
    exact = _asked(network, sample, given.heads)
    served = {
        **reader.answer(sample),
        **{ONLINE + head: chances for head, chances in reader.answer(sample, online=True).items()},
    }
    return float(max(np.abs(exact[head] - served[head]).max() for head in exact))


def _loss(given: Examples, head: str, chances: Floats) -> float:
    """Mean of -ln of the probability that the truth was given."""
    known, answers_of = given.known(head.removeprefix(ONLINE)), given.truth[head.removeprefix(ONLINE)]
    truth, said = answers_of[known], np.clip(chances[known], 1e-9, 1.0 - 1e-9)
    if said.ndim == 1:
        told = np.where(truth == 1, said, 1.0 - said)
    else:
        told = said[np.arange(len(truth)), np.minimum(truth, said.shape[1] - 1)]
    return float(np.average(-np.log(told), weights=given.weights[known]))


def _threshold(given: Examples, head: str, chances: Floats) -> float:
    """The probability from which the answer is yes: the best F1."""
    bare = head.removeprefix(ONLINE)
    if bare == "failure":
        return 0.5
    known, truth = given.known(bare), given.truth[bare]
    score = chances[:, 1:].max(axis=1) if bare == "rephrase" else chances
    return best_f1_threshold(truth[known] > 0, score[known])
