"""forget: what one user did leaves no trace in what is served, and nobody else loses anything."""

import pytest

from tests.artifacts.made_labels import some_labels
from tests.artifacts.rankings import head, ranker
from tests.artifacts.readings import small_model
from tests.artifacts.repairing import model
from tests.builders import log as turns_of
from tests.builders import session
from uptake.artifacts.index import RequestIndex
from uptake.artifacts.labels import Labels
from uptake.artifacts.ranker import Person, Ranker
from uptake.artifacts.rewrites import RewriteTable
from uptake.artifacts.shelves import FreshShelves
from uptake.artifacts.sounds import SoundIndex
from uptake.artifacts.store import ArtifactStore
from uptake.engine.local import LocalEngine
from uptake.learn.forget import forget
from uptake.learn.incremental import learn, publish
from uptake.learn.markov import MarkovRewriter
from uptake.learn.retrieve import RetrieveLearner, shelve
from uptake.learn.sound import SoundLearner
from uptake.log.store import TurnLog

LEARNERS = [MarkovRewriter(), SoundLearner(), RetrieveLearner()]
USERS = ["ann", "bo", "cy", "di"]


@pytest.fixture
def state(tmp_path):
    everybody = [session("play harry porter", "play harry potter", user=name, failed=(0,)) for name in USERS * 5]
    own = [session("play my mix", "play rain sounds", user="ann", failed=(0,)) for _ in range(5)]
    log, store = TurnLog(tmp_path / "log"), ArtifactStore(tmp_path / "artifacts")
    log.append(turns_of(everybody, own))
    log.compact()
    place = {
        "log": log,
        "engine": LocalEngine(),
        "learners": LEARNERS,
        "store": store,
        "directory": tmp_path / "learning",
    }
    for _ in range(2):
        for report in learn(log, place["engine"], LEARNERS, place["directory"]):
            publish(store, report)
    return place


def test_a_users_own_rewrites_go_and_shared_ones_stay(state):
    before = state["store"].load(RewriteTable)
    assert before.lookup("play my mix", "ann") is not None
    assert forget("ann", **state) == 20
    after = state["store"].load(RewriteTable)
    assert after.lookup("play my mix", "ann") is None
    assert after.lookup("play harry porter").evidence.users == 3
    assert [turn.user_id for turn in state["log"].read() if turn.user_id == "ann"] == []


def test_a_users_shelf_is_emptied_also_of_what_was_just_said(state):
    fresh = FreshShelves.beside(state["directory"])
    for name in ("ann", "bo"):
        shelve(fresh, session("play my mix", user=name).turns, session_id=f"now-{name}")
    assert state["store"].load(RequestIndex).own("ann").requests
    forget("ann", **state)
    index = state["store"].load(RequestIndex)
    assert fresh.over(index.own("ann"), "ann").requests == index.own("ann").pairs == ()
    assert index.find("play harry potter").users == 3
    assert [one.text for one in fresh.over(index.own("bo"), "bo").working()] == ["play harry potter", "play my mix"]


def test_no_older_version_remembers(state):
    forget("ann", **state)
    for kind in ("rewrites", "sounds", "index"):
        assert len(state["store"].versions(kind)) == 1
    left = b"".join(path.read_bytes() for path in state["directory"].parent.rglob("*") if path.is_file())
    assert b"play my mix" not in left


def test_forgetting_everybody_leaves_empty_artifacts(state):
    for name in USERS:
        forget(name, **state)
    assert len(state["store"].load(RewriteTable)) == len(state["store"].load(SoundIndex)) == 0
    assert len(state["store"].load(RequestIndex)) == 0


def test_forgetting_a_stranger_changes_nothing(state):
    before = state["store"].load(RewriteTable)
    assert forget("nobody", **state) == 0
    assert state["store"].load(RewriteTable) == before


def test_labels_go_with_their_user_and_so_does_a_model_trained_with_them(tmp_path):
    store = ArtifactStore(tmp_path / "artifacts")
    store.publish(some_labels())
    store.publish(small_model())
    forget("ann", **_nothing_learned(tmp_path, store))
    left = store.load(Labels)
    assert (left.rows, left.defects) == ((), {})  # bo's label rested on what ann said
    assert len(store.versions("labels")) == 1
    assert store.current_version("intents") is None


def test_what_the_ranker_knows_of_a_user_goes_with_all_older_versions_and_repairs_go_as_a_whole(tmp_path):
    store = ArtifactStore(tmp_path / "artifacts")
    known = {"ann": Person(requests=9.0, repeats=4.0), "bo": Person(requests=5.0, wins=2.0)}
    store.publish(ranker({}, personal=head()))
    store.publish(ranker(known, personal=head()))
    store.publish(model())
    forget("ann", **_nothing_learned(tmp_path, store))
    left = store.load(Ranker)
    assert (set(left.people), list(left.heads)) == ({"bo"}, ["personal"])
    assert len(store.versions("rankers")) == 1
    assert store.current_version("repairs") is None
    written = b"".join(path.read_bytes() for path in store.directory.rglob("ranker.json"))
    assert b"ann" not in written


def _nothing_learned(directory, store):
    """Where to forget in, with an empty log and no learners."""
    return {
        "log": TurnLog(directory / "log"),
        "engine": LocalEngine(),
        "learners": [],
        "store": store,
        "directory": directory / "learning",
    }
