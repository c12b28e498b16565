"""Measure the utility of differentially private releases: wins, losses and coverage by epsilon and number of people.

Both populations are simulated: who says what, and how often, is drawn. The texts come from a real recogniser in SLURP,
and from a simulated channel in the town.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.engine.local import LocalEngine
from uptake.lab import corpora
from uptake.lab.evaluate import slurp_replay as replay
from uptake.lab.evaluate.poison.people import habits, households
from uptake.lab.evaluate.privacy.population import Source, statistics_of, under
from uptake.lab.evaluate.table import served
from uptake.privacy.budget import Budget
from uptake.release.private import releasable_names
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.rewriting.table.step import ExactRewrite
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["EPSILONS", "World", "slurp_world", "town_world", "utility"]

EPSILONS = (None, 8.0, 4.0, 2.0, 1.0)
"""Bounds that are compared; None is the k-users rule without noise."""
_SESSIONS, _JUDGED = 20, 30_000
_TOWN_HOMES, _TOWN_JUDGED = 120, 40

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Turns from which populations are drawn, and test turns for their rewrites."""

    name: str
    turns: list[Turn]
    """Turns to learn from."""
    block: str
    """Column of the statistics whose values are drawn as a whole: a session named as a user, or a home."""
    blocks: list[str]
    """These values, ascending."""
    weights: NDArray[np.float64]
    """Chance of each block."""
    sessions: int
    """Blocks of one person; 1 where a block is a home."""
    judged: list[tuple[Turn, bool, int]]
    """Turns of others: the turn, whether it was heard rightly, how often it is said."""
    is_right: Callable[[Turn, str], bool]
    """Whether acting on a text in the place of a turn's request is right."""
    people: tuple[int, ...]
    """Sizes of the populations."""


def slurp_world(data: Path, *, seed: int) -> World:
    """SLURP: a person is some assembled sessions of one half of the recordings, drawn by how popular sentences are.

    Popularity falls as one over the rank, with ranks drawn at random; the recordings of the other half that are
    judged are drawn by the same popularity. Both microphones of an utterance lie in one half.
    """
    loaded = (turn for record in corpora.records("slurp", data) for turn in corpora.CORPORA["slurp"].turns(record))
    turns = [turn for turn in loaded if turn.request and replay.sentence(turn)]
    learn, judge = replay.split(turns, by=lambda turn: replay.utterance(turn.turn_id))
    rng = np.random.default_rng([seed, 11])
    sentences = sorted({replay.sentence(turn) for turn in turns})
    popular = dict(zip(sentences, 1.0 / (1.0 + rng.permutation(len(sentences))), strict=True))
    of_file = {turn.turn_id: replay.sentence(turn) for turn in turns}
    sessions = list(replay.assembled(learn))
    said = [of_file[session[0].turn_id.partition("#")[0].partition("+")[0]] for session in sessions]
    often = Counter(said)
    weights = np.array([popular[sentence] / often[sentence] for sentence in said])
    readings = {normalize(turn.request): replay.frame(turn.interpretation) for turn in learn}
    chance = np.array([popular[replay.sentence(turn)] for turn in judge])
    drawn = Counter(rng.choice(len(judge), size=_JUDGED, p=chance / chance.sum()).tolist())
    return World(
        name="slurp",
        turns=[replace(turn, user_id=f"{at:07d}") for at, session in enumerate(sessions) for turn in session],
        block="user_id",
        blocks=[f"{at:07d}" for at in range(len(sessions))],
        weights=weights / weights.sum(),
        sessions=_SESSIONS,
        judged=[(judge[at], replay.read_rightly(judge[at]), times) for at, times in sorted(drawn.items())],
        is_right=lambda turn, text: (
            turn.truth is not None and readings.get(text) == replay.frame(turn.truth.interpretation)
        ),
        people=(1_000, 5_000, 30_000),
    )


def town_world(*, seed: int) -> World:
    """A town: made-up households of two weeks, drawn again as often as the population has homes."""
    people = households(seed, _TOWN_HOMES + _TOWN_JUDGED)
    told = {f"home-{home:03d}" for home in range(_TOWN_HOMES)}
    turns = list(habits(people, seed))
    others = Counter(
        (turn.request, turn.truth.request if turn.truth else None) for turn in turns if turn.home_id not in told
    )
    example = {(turn.request, turn.truth.request if turn.truth else None): turn for turn in turns}
    return World(
        name="town",
        turns=[replace(turn, truth=None) for turn in turns if turn.home_id in told],
        block="home_id",
        blocks=sorted(told),
        weights=np.full(_TOWN_HOMES, 1.0 / _TOWN_HOMES),
        sessions=1,
        judged=[(example[pair], pair[0] == pair[1], times) for pair, times in sorted(others.items())],
        is_right=lambda turn, text: turn.truth is not None and text == turn.truth.request,
        people=(120, 1_000, 5_000),
    )


def utility(world: World, *, budget: dict[str, Any], seed: int, tell: Tell) -> dict[str, Any]:
    """Learn from populations of every size under every bound, and judge what is served on others' turns.

    Args:
        world: What people say.
        budget: Options of the budget but for epsilon.
        seed: Of the populations.
        tell: Is told what is being done.
    """
    figures: dict[str, Any] = {}
    learners: tuple[Any, ...] = (MarkovRewriter(personal_sessions=0), RetrieveLearner(own_most=0))
    wins: defaultdict[int, dict[float | None, int]] = defaultdict(dict)
    with closing(LocalEngine()) as engine:
        sources = [Source.of(statistics_of(engine, one, world.turns), world.block, world.blocks) for one in learners]
        for people in world.people:
            drawn = _drawn(world, people, seed)
            tables = [source.people(drawn, homes=world.sessions == 1) for source in sources]
            for epsilon in EPSILONS:
                tell(f"{world.name}: {people:,} people, epsilon {epsilon or 'infinite'}")
                chosen = Budget(epsilon=epsilon, **budget)
                table, index = (
                    one.solve(under(engine, one.cells, counted, chosen, len(releasable_names())))
                    for one, counted in zip(learners, tables, strict=True)
                )
                found = _judged(world, served(ExactRewrite(table), NearRewrite(index)))
                wins[people][epsilon] = found["wins"]
                bound = "inf" if epsilon is None else f"{epsilon:g}"
                figures |= {f"{world.name}.{people}.eps_{bound}.{name}": value for name, value in found.items()}
    return figures | _kept(world, wins)


def _drawn(world: World, people: int, seed: int) -> NDArray[np.int64]:
    rng = np.random.default_rng([seed, 12, people])
    return rng.choice(len(world.weights), size=(people, world.sessions), p=world.weights).astype(np.int64)


def _judged(world: World, rewriter: Callable[[Turn], str | None]) -> dict[str, Any]:
    """Wins, losses, neutral rewrites and coverage of what would be acted on unasked."""
    counted: Counter[str] = Counter()
    for turn, before, times in world.judged:
        text = rewriter(turn)
        if text is not None:
            after = world.is_right(turn, text)
            counted["neutral" if before == after else "wins" if after else "losses"] += times
    said = sum(times for _, _, times in world.judged)
    names = ("wins", "losses", "neutral")
    return {**{name: counted[name] for name in names}, "coverage": sum(counted[name] for name in names) / said}


def _kept(world: World, wins: dict[int, dict[float | None, int]]) -> dict[str, Any]:
    """Share of the wins without noise that are kept, for the largest population; and how many people keep half."""
    largest = wins[max(world.people)]
    figures: dict[str, Any] = {f"{world.name}.people": max(world.people)}
    for epsilon in (one for one in EPSILONS if one is not None):
        figures[f"{world.name}.wins_kept_eps{epsilon:g}"] = largest[epsilon] / max(largest[None], 1)
        enough = [size for size in world.people if _half(wins[size], epsilon)]
        figures[f"{world.name}.people_for_half_eps{epsilon:g}"] = enough[0] if enough else None
    return figures


def _half(wins: dict[float | None, int], epsilon: float) -> bool:
    return wins[None] > 0 and 2 * wins[epsilon] >= wins[None]
