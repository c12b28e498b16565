"""The law of `protocols.Engine` for Spark: every query of every capability, and whole logs, as on the local engine."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders import START, turn
from tests.contracts.test_learners import LEARNERS
from tests.engine.sparkling import every_way, spark
from tests.feedback.marked import ENGINE
from tests.rewriting.table.learn.test_absorbing import chain
from uptake.engine.local import EngineStatistics
from uptake.experiments.exposures import Past, baselines, exposures
from uptake.experiments.pooled import OUTCOMES, Pooled
from uptake.feedback.turns_view import Marker
from uptake.log.schema import to_micros
from uptake.log.store import TurnLog
from uptake.log.timeline import SCHEMA, Change
from uptake.proactive.hunches.learn import HunchLearner
from uptake.protocols import Engine
from uptake.release.solve import count_outcomes, learn
from uptake.rewriting.ranking.learn.user_priors import STATISTICS
from uptake.rewriting.table.learn import component_cache
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.types import Context, Interpretation, Offered

pytestmark = pytest.mark.slow

OFFER = "latent_goals:music|play => music|stop"
REQUESTS = (
    "play jazz",
    "play jass",
    "play Jazz!",
    "stop",
    "no",
    "lights on",
    "lights of",
    "Straße 5 \U0001f600",
    "",
    "ẞ",
)


def alike(here: pa.Table, there: pa.Table) -> bool:
    """Same columns of the same types, same rows in any order: floats to 1e-9, everything else exactly."""
    if here.schema.names != there.schema.names or here.schema.types != there.schema.types:
        return False
    floats = [field.name for field in here.schema if pa.types.is_floating(field.type)]
    others = [name for name in here.column_names if name not in floats]
    left, right = (one.sort_by([(name, "ascending") for name in others + floats]) for one in (here, there))
    return left.select(others).to_pylist() == right.select(others).to_pylist() and all(
        math.isclose(one, other, abs_tol=1e-9)
        for name in floats
        for one, other in zip(left[name].to_pylist(), right[name].to_pylist(), strict=True)
    )


def random_log(seed: int, users: int, sessions: int):
    """Sessions of some days, in which people say the same few things again and again, and much is unknown."""
    chance, found = random.Random(seed), []
    for at in range(sessions):
        user, begun = f"user {chance.randrange(users)}", START + timedelta(hours=chance.randrange(80), seconds=at)
        for step in range(chance.randint(1, 4)):
            reading = Interpretation(
                domain=chance.choice([None, "music"]),
                intent=chance.choice(["play", "stop"]),
                slots=(("song", chance.choice(["jazz", "ja|zz"])),),
                confidence=chance.choice([None, 0.3, 0.9]),
            )
            found.append(
                turn(
                    chance.choice(REQUESTS),
                    user=user,
                    turn_id=f"{seed}-{at}-{step}",
                    device_id=f"{at}",
                    home_id=chance.choice([None, "home 1", "home 2"]),
                    interpretation=chance.choice([None, reading]),
                    acted_on=chance.choice([None, None, "play jazz"]),
                    status=chance.choice([None, "ok", "failed"]),
                    barge_in_ms=chance.choice([None, None, 300.0]),
                    answer=chance.choice([None, None, False]),
                    response=chance.choice([None, "Playing.", "Did you mean jazz?"]),
                    context=Context(room=chance.choice([None, "Küche"]), local_time=chance.choice([None, "07:30"])),
                    arm=chance.choice([None, "a"]),
                    offer=Offered(offer_id=OFFER, said=at % 3 > 0, propensity=0.5) if at % 4 == step == 0 else None,
                )
            )
            fired = f"r{at % 3}" if found[-1].acted_on else None
            found[-1] = replace(found[-1], said_at=begun + timedelta(seconds=8 * step), rewrite_id=fired)
    return found


def random_changes(seed: int = 0, count: int = 400):
    """Changes of a few devices; some twice, some of homes without a clock."""
    chance = random.Random(seed)
    for _ in range(count):
        minute = chance.randrange(60)
        yield Change(
            chance.choice(["home 1", "home 2"]), f"light.{chance.randrange(3)}", minute * 60_000_000,
            chance.choice([None, minute, minute + 60]), chance.choice(["on", "off"]), chance.choice([None, "ann"]),
        )._asdict()  # fmt: skip


class Both:
    """The local engine, which asks Spark the same every time, in each way that it pools, and compares."""

    def __init__(self, ways: Mapping[str, Engine]) -> None:
        self.ways, self.spark, self.asked, self.solved = ways, next(iter(ways.values())), 0, 0

    def table(self, sql, **relations):
        here = ENGINE.table(sql, **relations)
        for way, engine in self.ways.items():
            assert alike(here, engine.table(sql, **relations)), f"{way}: {sql}"
        self.asked += 1
        return here

    def run(self, sql, **relations):
        return self.table(sql, **relations).to_batches()

    def each(self, function, tables):
        here, there = ENGINE.each(function, tables), self.spark.each(function, tables)
        assert len(here) > 3
        for one, other in zip(here, there, strict=True):
            for name in one.column_names:
                np.testing.assert_allclose(*(table[name][0].values.to_numpy() for table in (one, other)), atol=1e-9)
        self.solved += len(here)
        return here

    def connected(self, edges):
        here, there = ENGINE.connected(edges), self.spark.connected(edges)
        assert alike(here, there)
        return here

    def count(self, queries, view, due, progress):
        self.spark.count(queries, view, due, progress)
        theirs = [(path, pq.read_table(path)) for one in due for path in one.into.values()]
        ENGINE.count(queries, view, due, progress)
        assert all(alike(pq.read_table(path), table) for path, table in theirs)
        assert not due or sum(table.num_rows for _, table in theirs) > 100 * len(queries)


@pytest.mark.long
def test_every_query_of_every_capability_answers_alike_on_a_random_log(tmp_path):
    said = random_log(seed=0, users=9, sessions=250)
    both = Both(every_way(tmp_path))
    with TurnLog(tmp_path / "log") as log:
        log.append(said[:400])
        log.compact()
        log.append(said[400:])
        counted = count_outcomes(log, both, LEARNERS, tmp_path / "learning")
        reports = learn(log, both, LEARNERS, tmp_path / "learning", counted=counted)
        view = Marker().mark(log.fresh())
    for sql in (OUTCOMES, *(learner.statistics for learner in LEARNERS)):
        both.table(sql, turns=view)
    assert {one.parts_new for one in reports} == {reports[0].parts}
    assert reports[0].parts > 3
    assert both.asked >= 5 * len(LEARNERS)
    assert sum(len(one.artifact) for one in reports) > 20
    both.table(STATISTICS, turns=view)
    both.table(HunchLearner.counted, timeline=pa.Table.from_pylist(list(random_changes()), schema=SCHEMA))


@pytest.mark.long
def test_either_engine_goes_on_from_what_the_other_counted(tmp_path):
    learner = MarkovRewriter(min_users=1)
    with TurnLog(tmp_path / "log") as log:
        log.append(random_log(seed=1, users=3, sessions=40))
        log.compact()
        (there,) = learn(log, spark(tmp_path), [learner], tmp_path / "learning")
        (here,) = learn(log, ENGINE, [learner], tmp_path / "learning")
        (anew,) = learn(log, ENGINE, [learner], tmp_path / "anew")
    assert (there.parts_new, here.parts_new) == (there.parts, 0)
    assert there.artifact == here.artifact == anew.artifact
    assert not (tmp_path / "learning" / ".spark").exists()


def test_counts_that_the_local_engine_compressed_are_filtered_alike(tmp_path):
    said = pa.table({"target": [f"request {at % 5000}" for at in range(20_000)], "moves": list(range(20_000))})
    pq.write_table(said, tmp_path / "counts.parquet", compression="lz4")
    sql = "SELECT target, moves FROM statistics WHERE target NOT IN ('request 7', 'request 8')"
    Both(every_way(tmp_path)).table(sql, statistics=[tmp_path / "counts.parquet"])


def test_what_a_release_asks_of_outcomes_is_answered_alike(tmp_path):
    said = random_log(seed=2, users=9, sessions=100)
    with TurnLog(tmp_path / "log") as log:
        log.append(said)
        rows = ENGINE.table(OUTCOMES, turns=Marker().mark(log.fresh()))
    both = Both(every_way(tmp_path))
    outcomes = Pooled(EngineStatistics(both, rows))
    past = Past(outcomes)
    past.look_up((text, user, None) for text in REQUESTS for user in (None, "user 1"))
    assert past.failures(0.1, turns=3, homes=2)
    assert len(baselines(outcomes, past=past)) == 3
    assert len(list(exposures(outcomes))) > 20
    assert outcomes.totals(to_micros(said[100].said_at)).turns > 20
    assert len(outcomes) > 200 > len(outcomes.said_last()) > 0
    assert both.asked >= 10


def edges(pairs):
    source, target = zip(*pairs, strict=True)
    return pa.table({"source": pa.array(source, pa.int64()), "target": pa.array(target, pa.int64())})


def test_components_of_a_graph_are_found_alike_however_long_its_paths_are(tmp_path):
    chance, both = random.Random(0), Both(every_way(tmp_path))
    path = [7 * at for at in range(1_000)]
    chance.shuffle(path)
    tangle = [(10_000 + chance.randrange(300), 10_000 + chance.randrange(300)) for _ in range(200)]
    star = [(30_000, 30_000 + at) for at in range(200)]
    found = both.connected(edges([*pairwise(path), *tangle, *star, (40_000, 40_000)]))
    labels = dict(zip(found["node"].to_pylist(), found["label"].to_pylist(), strict=True))
    assert {labels.get(node, node) for node in path} == {0}
    assert len(labels) > 999 + 199 + 60


def test_components_of_a_chain_are_solved_on_the_executors_as_here(tmp_path, monkeypatch):
    monkeypatch.setattr(component_cache, "_SHARE_MOVES", 40)
    graph = SimpleNamespace(chain=chain(400, 250, 0), states=pa.array([f"state {at:03d}" for at in range(400)]))
    both = Both(every_way(tmp_path))
    apart, whole = component_cache.solve(graph, None, both), component_cache.solve(graph)
    assert both.solved > 3
    for name in ("wins", "lost", "own", "best", "joint"):
        np.testing.assert_allclose(getattr(apart.absorbed, name), getattr(whole.absorbed, name), atol=1e-9)
    assert both.spark.each(len, []) == []
