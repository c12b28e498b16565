"""Evaluate the prediction of the next service in dialogues, beside popularity and a first-order Markov chain.

A goal is finished with the last call that the assistant made for it before the service changed or the dialogue ended.
Later words and annotations are not used: a goodbye would reveal the end. The target is the next service (without its
version: "Flights_3" is "Flights"), or none. Test dialogues are never in the training set: if both roots hold the same
ones, the evaluation is out of fold.

Limit: goals are those that annotators and wizards marked; a log of an assistant has its own interpretations instead.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.evaluate.goals.cases import load
from uptake.lab.evaluate.harness import apart, bounded, mean
from uptake.lab.evaluate.next_goals.fit import fit_next_goals
from uptake.lab.evaluate.next_goals.next_goal import NO_GOAL, clues
from uptake.ml.metrics import pr_auc
from uptake.proactive.latent_goals.features import goal_of
from uptake.types import Interpretation, Turn

__all__ = ["Moment", "moments", "sequences"]

_VERSION = re.compile(r"_\d+$")
_QUERY = re.compile(r"query\.(\w+)\(\)")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Finished goal."""

    dialogue: str
    """Dialogue that it belongs to."""
    person: str
    """Whoever stays together when people are drawn again."""
    history: tuple[str, ...]
    """Keys of the goals so far, oldest first."""
    service: str
    """Its service."""
    following: str
    """The next service; `NO_GOAL` where there is none."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """Prediction for one moment."""

    ranked: tuple[str, ...]
    popular: tuple[str, ...]
    chained: tuple[str, ...]
    more: float
    more_popular: float
    """Share of goals with a next one after this service: what the chain says."""
    unseen: bool


def sequences(*, corpus: str, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Measure on "sgd" or "star".

    Raises:
        NotReady: A root holds no dialogue with a finished goal.
    """
    taught, judged = moments(corpus, train), moments(corpus, data)
    if not taught or not judged:
        raise NotReady(f"{corpus}: no dialogue with a finished goal; see `uptake corpora list`")
    guesses: list[tuple[Moment, _Guess]] = []
    parts = apart({one.dialogue for one in taught}, {one.dialogue for one in judged}, seed=seed)
    for part in parts:
        learn = [one for one in taught if one.dialogue not in part]
        guesses += _foretell(learn, [one for one in judged if one.dialogue in part])
    known = {one.service for one in taught}
    return {
        "dialogues": len({one.dialogue for one in judged}),
        "goals": len(judged),
        "held_out": len(parts) == 1,
        "services": len({one.service for one in judged}),
        "services_unseen": len({one.service for one in judged} - known),
        **_figures(guesses, seed=seed),
    }


def moments(corpus: str, root: Path) -> list[Moment]:
    """Return every finished goal of a corpus below a root."""
    found: list[Moment] = []
    for case in load(corpus, root):
        found += _of_dialogue(corpus, case.session.turns)
    return found


def _of_dialogue(corpus: str, turns: Sequence[Turn]) -> Iterator[Moment]:
    """Yield the finished goals of one dialogue."""
    runs: list[list[Interpretation]] = []  # goals by run of one service, those that were called for
    services: list[str] = []
    filled: dict[str, str] = {}
    for turn in turns:
        meant = turn.truth.interpretation if turn.truth is not None else None
        for service, intent, called in _marked(corpus, turn, meant):
            if not services or services[-1] != service:
                services.append(service)
                runs.append([])
                filled = {}
            filled |= dict(meant.slots) if meant is not None else {}
            if called:
                runs[-1].append(Interpretation(domain=service, intent=intent, slots=tuple(sorted(filled.items()))))
    history: list[str] = []
    for at, (service, run) in enumerate(zip(services, runs, strict=True)):
        history += [one.key for one in run]
        if run:
            after = services[at + 1] if at + 1 < len(services) else NO_GOAL
            yield Moment(
                dialogue=turns[0].session_id or "",
                person=turns[0].user_id,
                history=tuple(history),
                service=service,
                following=after,
            )


def _marked(corpus: str, turn: Turn, meant: Interpretation | None) -> Iterator[tuple[str, str, bool]]:
    """Yield (service, intent, whether the assistant called for it) of a turn."""
    if corpus == "sgd":
        if meant is not None and meant.domain:
            yield _VERSION.sub("", meant.domain), meant.intent, bool(turn.action)
        return
    for name in _QUERY.findall(turn.action or ""):
        yield name.partition("_")[0], name, True


def _foretell(learn: Sequence[Moment], judge: Sequence[Moment]) -> Iterator[tuple[Moment, _Guess]]:
    """Foretell the next goal of each moment, by all three methods."""
    model = fit_next_goals((clues(one.history), one.following, 1.0) for one in learn)
    popular: Counter[str] = Counter(one.following for one in learn)
    chain: dict[str, Counter[str]] = defaultdict(Counter)
    for one in learn:
        chain[one.service][one.following] += 1
    usual = _ranked(popular)
    known = {one.service for one in learn}
    for one in judge:
        chances = model.chances(clues(one.history))
        after = chain.get(one.service, popular)
        yield (
            one,
            _Guess(
                ranked=_ranked(chances),
                popular=usual,
                chained=(*_ranked(after), *(name for name in usual if name not in after)),
                more=1.0 - chances.get(NO_GOAL, 0.0),
                more_popular=1.0 - after[NO_GOAL] / max(after.total(), 1),
                unseen=goal_of(one.history[-1]).domain not in known or one.following not in (known | {NO_GOAL}),
            ),
        )


def _ranked(chances: dict[str, float] | Counter[str]) -> tuple[str, ...]:
    return tuple(sorted((name for name in chances if name != NO_GOAL), key=lambda name: (-chances[name], name)))


def _figures(guesses: Sequence[tuple[Moment, _Guess]], *, seed: int) -> dict[str, Any]:
    followed = [(one, guess) for one, guess in guesses if one.following != NO_GOAL]
    people = [one.person for one, _ in followed]
    if not followed:
        raise NotReady("no dialogue under --data goes on to a second service; give dialogues over several services")

    def hit(name: str, most: int) -> Floats:
        return np.array([one.following in getattr(guess, name)[:most] for one, guess in followed], dtype=np.float64)

    ours, chained, popular = hit("ranked", 1), hit("chained", 1), hit("popular", 1)
    better = chained if chained.mean() >= popular.mean() else popular
    more = np.array([one.following != NO_GOAL for one, _ in guesses])
    score = np.array([guess.more for _, guess in guesses])
    chain_score = np.array([guess.more_popular for _, guess in guesses])
    everyone = [one.person for one, _ in guesses]
    unseen = np.array([guess.unseen for _, guess in followed])
    by_unseen = {"next_goal.hit1_unseen": float(ours[unseen].mean())} if unseen.any() else {}
    return {
        **bounded("next_goal.hit1", mean(ours), people, seed=seed),
        **bounded("next_goal.hit1_gain", mean(ours - better), people, seed=seed),
        **bounded("next_goal.hit3", mean(hit("ranked", 3)), people, seed=seed),
        **bounded("next_goal.prauc", lambda rows: pr_auc(more[rows], score[rows]), everyone, seed=seed),
        "next_goal.goes_on": float(more.mean()),
        "next_goal.unseen": int(unseen.sum()),
        **by_unseen,
        "baseline.popularity_hit1": float(popular.mean()),
        "baseline.markov_hit1": float(chained.mean()),
        "baseline.popularity_hit3": float(hit("popular", 3).mean()),
        "baseline.markov_hit3": float(hit("chained", 3).mean()),
        "baseline.markov_prauc": pr_auc(more, chain_score),
    }
