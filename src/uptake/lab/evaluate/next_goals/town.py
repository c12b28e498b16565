"""Evaluate discovery and offers in a simulated town with known pairs of goals (`uptake.lab.simulate.follow_ups`).

The town lives for two weeks without offers; what the product's learners find is compared with the planted pairs, and
with logs in which the goals were shuffled within each home and hour. Then half of the homes get offers for two more
weeks, by the product's proposers and policy, learned again every few days; the other half, an arm of the product's own
experiments, does not. A second town has routines besides, with all kinds of offers on (`town_all`). A goal counts as
reached if a person had it, which the town knows: a yes to an unneeded offer reaches none, and a routine that is run by
its name reaches all its goals. Off-policy estimates of other thresholds are compared with the truth (`offpolicy`).
Every figure is of these homes alone: simulated.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.experiments.assignment import Experiment
from uptake.experiments.offered import Moment
from uptake.feedback.turns_view import mark
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.evaluate.next_goals.offpolicy import offpolicy
from uptake.lab.simulate.follow_ups import BEGIN, CURIOUS, LATE, MISHEARD, WELCOME, Deal, FollowUpTown, Need, Person
from uptake.log.rows import to_table
from uptake.ml.bootstrap import interval
from uptake.proactive.latent_goals.artifact import SHARED, GoalPairs
from uptake.proactive.latent_goals.features import general
from uptake.proactive.latent_goals.learn import LatentGoalLearner
from uptake.proactive.latent_goals.step import LatentGoals
from uptake.proactive.offers.artifact import OfferAnswers
from uptake.proactive.offers.learn import OfferLearner
from uptake.proactive.offers.offer import Occasion, Offer, fulfils
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Made, Standing
from uptake.proactive.routines.learn import RoutineLearner
from uptake.proactive.routines.step import RoutineOffers
from uptake.types import Context, Interpretation, Offered, Situation, Turn

__all__ = ["town"]

_DAYS = 14
_AGAIN_DAYS, _PAIRS_AGAIN_DAYS = 2, 6
_HOMES, _SHUFFLES, _SHUFFLED_HOMES = 140, 100, 40
_ROUTINES = 0.5
"""Share of people of the second town who have a routine."""
_COST = 0.5
"""What an unwelcome offer costs, against 1 that a welcome one gains which nobody would have asked for."""


def town(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Measure discovery and offers in the town."""
    say = tell or (lambda _: None)
    say("two weeks without offers")
    built = FollowUpTown(_HOMES, 8, seed=seed)
    turns = list(built.days(0, _DAYS))
    engine = LocalEngine()
    marked = _marked(turns)
    found = _learned(LatentGoalLearner(), marked, engine)
    say("shuffled logs")
    spurious = _shuffled(marked, engine, seed=seed)
    bare = FollowUpTown(_HOMES, 0, seed=seed + 1)
    none = _learned(LatentGoalLearner(), _marked(list(bare.days(0, _DAYS))), engine)
    say("two weeks of offers")
    return {
        "simulated": True,
        "homes": _HOMES,
        "turns": len(turns),
        **_discovery(found, built.pairs_planted(), turns),
        "pairs.shuffled_runs": _SHUFFLES,
        "pairs.shuffled_with_an_offer": float(np.mean([bool(len(one)) for one in spurious])),
        "pairs.without_any": len(none),
        **_offers(built, turns, engine, seed=seed),
        **_with_routines(engine, seed=seed, say=say),
    }


def _with_routines(engine: LocalEngine, *, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Compare the arms in a town in which half of the people have a routine, with every kind of offers on."""
    say("four weeks with routines")
    built = FollowUpTown(_HOMES, 8, routines=_ROUTINES, seed=seed + 2)
    figures = _offers(built, list(built.days(0, _DAYS)), engine, seed=seed, routines=True)
    arms = {name.replace("town.", "town_all."): value for name, value in figures.items() if name.startswith("town.")}
    kept = [person.kept for person in built.people if person.routine]
    return {**arms, "town_all.routines": len(kept), "town_all.routines_kept": sum(kept)}


def _discovery(found: GoalPairs, planted: set[tuple[str, str]], turns: Sequence[Turn]) -> dict[str, Any]:
    rows = [(pair.scope, (general(pair.source), general(pair.target))) for pair in found.rows()]
    shared = {pair for scope, pair in rows if scope == SHARED}
    frequent = _most_frequent(turns, len(planted))
    return {
        "pairs.planted": len(planted),
        "pairs.found": len(rows),
        "pairs.found_shared": len(shared),
        "pairs.recall": len(shared & planted) / len(planted),
        "pairs.false_discovery": float(np.mean([pair not in planted for _, pair in rows] or [False])),
        "pairs.false_discovery_shared": len(shared - planted) / max(len(shared), 1),
        "baseline.most_frequent_recall": len(frequent & planted) / len(planted),
    }


def _most_frequent(turns: Sequence[Turn], count: int) -> set[tuple[str, str]]:
    """Return the pairs that are seen most often, as many as are planted: the named baseline."""
    seen: Counter[tuple[str, str]] = Counter()
    ordered = sorted(turns, key=lambda one: (one.session_id or "", one.said_at, one.turn_id))
    for one, after in pairwise(ordered):
        if one.session_id == after.session_id and one.interpretation is not None and after.interpretation is not None:
            pair = general(one.interpretation.key), general(after.interpretation.key)
            seen[pair] += pair[0] != pair[1]
    return {pair for pair, _ in seen.most_common(count)}


def _marked(turns: Sequence[Turn]) -> pa.Table:
    ordered = sorted(turns, key=lambda one: (one.session_id or "", one.said_at, one.turn_id))
    session = pa.array([one.session_id for one in ordered], type=pa.string())
    return mark(to_table(ordered).append_column("session", session))


def _learned(learner: Any, marked: pa.Table, engine: LocalEngine) -> Any:
    return learner.solve(EngineStatistics(engine, engine.table(learner.statistics, turns=marked)))


def _shuffled(marked: pa.Table, engine: LocalEngine, *, seed: int) -> list[GoalPairs]:
    """Learn from logs in which the goals of each home were shuffled among its turns of the same hour."""
    rng = np.random.default_rng(seed)
    homes = sorted(set(marked.column("home_id").to_pylist()))[:_SHUFFLED_HOMES]
    marked = marked.filter(pc.is_in(marked.column("home_id"), pa.array(homes)))
    state, home = marked.column("state").to_pylist(), marked.column("home_id").to_pylist()
    hour, control = marked.column("hour").to_pylist(), marked.column("control").to_pylist()
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, name in enumerate(state):
        if "|" in name and not control[at]:
            places[home[at], hour[at]].append(at)
    at_state = marked.schema.get_field_index("state")
    found = []
    for _ in range(_SHUFFLES):
        shuffled = list(state)
        for rows in places.values():
            for to, source in zip(rows, rng.permutation(rows), strict=True):
                shuffled[to] = state[source]
        table = marked.set_column(at_state, marked.schema.field(at_state), pa.array(shuffled, type=pa.string()))
        found.append(_learned(LatentGoalLearner(), table, engine))
    return found


@dataclass
class _Assistant:
    """Decide as the product does: its proposer, its policy, the standing of each person."""

    hears: set[str]
    """Homes that hear offers."""
    policy: OfferPolicy
    proposer: LatentGoals
    routines: RoutineOffers | None = None
    """Offers to keep routines; None where that is off."""
    answers: OfferAnswers = field(default_factory=OfferAnswers)
    standings: dict[str, Standing] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    """CPU time of each decision, from what is proposed to the choice."""

    def offer(
        self, person: Person, done: Interpretation, earlier: tuple[Interpretation, ...], now: datetime, turn_id: str
    ) -> Deal | None:
        """Decide as the assistant does."""
        if person.home_id not in self.hears:
            return None
        standing = self.standings.get(person.user_id, Standing(on=("all",)))
        if standing.open is not None:  # passed over, for what was offered or for something else
            standing = standing.answered("anyway" if fulfils(done.key, standing.open.offer_id) else "ignored")
            self.standings[person.user_id] = standing
        if self.policy.hush(standing, now) is not None:
            return None
        began = time.thread_time_ns()
        occasion = Occasion(
            turn_id=turn_id,
            user_id=person.user_id,
            now=now,
            done=replace(done, confidence=None),
            earlier=earlier,
            situation=Situation(home_id=person.home_id, context=Context()),
        )
        choice = self.policy.choose(self._proposed(person, occasion, standing), occasion, standing, self.answers)
        self.took_ms.append((time.thread_time_ns() - began) / 1e6)
        if choice.offer is None:
            return None
        made = Made(offer_id=choice.offer.offer_id, turn_id=turn_id, at=now, said=choice.said)
        self.standings[person.user_id] = standing.with_made(made)
        offered = Offered(offer_id=choice.offer.offer_id, said=choice.said, propensity=choice.propensity)
        keeps = frozenset(one.key for one in choice.offer.deeds) if choice.offer.keep_as else frozenset()
        return Deal(offered, "" if keeps else general(choice.offer.deeds[0].key), keeps)

    def _proposed(self, person: Person, occasion: Occasion, standing: Standing) -> list[Offer]:
        """Return what is proposed: nothing twice a day that is made once, and no routine that is kept already."""
        offers = list(self.proposer(occasion))
        if self.routines is not None and not person.kept:
            offers += self.routines(occasion)
        return [one for one in offers if not (one.once_a_day and standing.was_made_on(occasion.now, one.offer_id))]

    def answered(self, person: Person, answer: str) -> None:
        """Take the answer to the offer that is open; it stays so where it was passed over."""
        if answer:
            standing = self.standings[person.user_id]
            self.standings[person.user_id] = standing.answered("accepted" if answer == "yes" else "declined")


def _offers(
    built: FollowUpTown, turns: list[Turn], engine: LocalEngine, *, seed: int, routines: bool = False
) -> dict[str, Any]:
    """Let half of the homes hear offers, and compare them with the other half."""
    arms = Experiment(name=f"offers {seed}", unchanged=(), silent=("control",), holdout=0.0)
    hears = {person.home_id for person in built.people if arms.assign(person.home_id).offers}
    before = len(built.needs)
    log, later = list(turns), []
    served: list[tuple[int, LatentGoals]] = []
    assistant = _Assistant(hears, OfferPolicy(), LatentGoals(GoalPairs()))
    for day in range(_DAYS, 2 * _DAYS, _AGAIN_DAYS):
        marked = _marked(log)
        if (day - _DAYS) % _PAIRS_AGAIN_DAYS == 0:
            assistant.proposer = LatentGoals(_learned(LatentGoalLearner(), marked, engine))
            served.append((day, assistant.proposer))
            if routines:
                assistant.routines = RoutineOffers(_learned(RoutineLearner(), marked, engine), "town")
        assistant.answers = _learned(OfferLearner(), marked, engine)
        fresh = list(built.days(day, _AGAIN_DAYS, offers=assistant.offer, answers=assistant.answered))
        log += fresh
        later += fresh
    figures = {**_of_offers(built, before, hears, seed=seed), **_of_arms(later, built.reached, hears, seed=seed)}
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        figures[f"proactive.decide_ms_{name}"] = float(np.quantile(assistant.took_ms, share))
    hearing = sum(person.home_id in hears for person in built.people)
    kept = _bytes(assistant.proposer.pairs) / len(built.people) + _bytes(assistant.answers) / hearing
    figures["proactive.bytes_a_user"] = kept
    if not routines:
        silent = [one for one in built.needs[before:] if one.home not in hears]
        spoken = sum(one.home_id not in hears for one in later)
        figures["town.turns_per_goal_oracle"] = _best_change(spoken, _oracle(silent), figures)
        figures |= offpolicy(later, built.needs[before:], _finds(served), seed=seed)
    return figures


def _bytes(artifact: GoalPairs | OfferAnswers) -> int:
    """Return what an artifact takes on disk."""
    with tempfile.TemporaryDirectory() as directory:
        artifact.save(Path(directory))
        return sum(file.stat().st_size for file in Path(directory).iterdir())


def _finds(served: Sequence[tuple[int, LatentGoals]]) -> Callable[[Moment], Offer | None]:
    """Return what finds an offer as it was proposed at a moment, from what was served from which day on."""
    known: dict[tuple[int, str], dict[str, Offer]] = {}

    def find(moment: Moment) -> Offer | None:
        day, proposer = next(one for one in reversed(served) if moment.at >= BEGIN + timedelta(days=one[0]))
        if (day, moment.user_id) not in known:
            known[day, moment.user_id] = {one.offer_id: one for one in proposer.offers(moment.user_id)}
        return known[day, moment.user_id].get(moment.offer_id)

    return find


def _of_offers(built: FollowUpTown, before: int, hears: set[str], *, seed: int) -> dict[str, Any]:
    """Return what became of the offers that were said, and what an oracle would have gained."""
    moments = [one for one in built.needs[before:] if one.home in hears]
    said = [one for one in moments if one.offered]
    people = [one.home for one in said]
    accepted = np.array([one.accepted for one in said], dtype=np.float64)
    right = np.array([one.offered.rpartition("=> ")[2].split("|")[:2] == one.target.split("|") for one in said])
    anyway = np.array([bool(fits) and one.remembered for one, fits in zip(said, right, strict=True)], dtype=np.float64)
    gained = np.where(accepted > 0, 1.0 - anyway, -_COST)
    oracle = max(_oracle(moments), 1.0)
    random_welcome = float(np.mean([one.accepted for one in said if not one.target] or [False]))
    return {
        "proactive.offers": len(said),
        **bounded("proactive.accept_rate", mean(accepted), people, seed=seed),
        **bounded("proactive.anyway", mean(anyway), people, seed=seed),
        "proactive.unneeded_accepted": random_welcome,
        "proactive.regret": 1.0 - float(gained.sum()) / oracle,
        "baseline.random_accept_rate": CURIOUS,
        "baseline.silence_regret": 1.0,
    }


def _oracle(moments: Sequence[Need]) -> float:
    """Return what one gains who knows every need: what nobody would have asked for, within the day's budget."""
    days: Counter[tuple[str, date]] = Counter(
        (one.person, one.at.date()) for one in moments if one.target and not one.remembered
    )
    return float(sum(min(count, OfferPolicy().per_day) for count in days.values()))


def _best_change(turns: int, forgotten: float, figures: Mapping[str, Any]) -> float:
    """Return the change of turns a goal in homes without offers if just what is forgotten were offered, within budget.

    Args:
        turns: Turns of those homes.
        forgotten: Offers that it would take.
        figures: Hold their turns a goal.
    """
    without: float = figures["town.turns_per_goal_without"]
    came_late = forgotten * WELCOME * LATE
    goals = turns / without + forgotten * WELCOME - came_late
    said = forgotten * (WELCOME + (1.0 - WELCOME) / 2.0) - came_late / (1.0 - MISHEARD)
    return (turns + said) / goals - without


def _of_arms(turns: Sequence[Turn], goals: Mapping[str, int], hears: set[str], *, seed: int) -> dict[str, Any]:
    """Compare turns, words and defects for each goal that was reached between homes with offers and without."""
    view = _marked(turns)
    columns = (view.column(name).to_pylist() for name in ("home_id", "turn_id", "defect", "request"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for home, turn_id, defect, request in zip(*columns, strict=True):
        counts[home].update(turns=1, defects=defect, words=len(request.split()), goals=goals.get(turn_id, 0))
    homes = sorted(counts)
    with_offers = np.array([one in hears for one in homes])

    def column(name: str) -> NDArray[np.float64]:
        return np.array([counts[one][name] for one in homes], dtype=np.float64)

    figures: dict[str, Any] = {}
    for name in ("turns", "words", "defects"):
        figures |= _compared(f"{name}_per_goal", column(name), column("goals"), with_offers, homes, seed=seed)
    return figures


def _compared(
    name: str,
    above: NDArray[np.float64],
    below: NDArray[np.float64],
    on: NDArray[np.bool_],
    homes: Sequence[str],
    *,
    seed: int,
) -> dict[str, Any]:
    """Return a ratio in both arms, and its difference with an interval over homes."""

    def ratio(rows: NDArray[np.int64]) -> float:
        return float(above[rows].sum() / max(below[rows].sum(), 1.0))

    def difference(rows: NDArray[np.int64]) -> float:
        return ratio(rows[on[rows]]) - ratio(rows[~on[rows]])

    rows = np.arange(len(homes))
    low, high = interval(difference, homes, seed=seed)
    return {
        f"town.{name}_with": ratio(rows[on]),
        f"town.{name}_without": ratio(rows[~on]),
        f"town.{name}_change": difference(rows),
        f"town.{name}_change_low": low,
        f"town.{name}_change_high": high,
    }
