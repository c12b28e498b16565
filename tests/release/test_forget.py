"""forget: what one user did leaves no trace in what is served, and nobody else loses anything."""

import pytest

from tests.builders import log as turns_of
from tests.builders import session
from tests.rewriting.ranking.rankings import head, ranker
from tests.rewriting.repair.repairing import model
from tests.understanding.intents.readings import small_model
from tests.understanding.labels.made_labels import some_labels
from uptake.lab.simulate.small_log import small_log
from uptake.release.forget import forget
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.ranking.artifact import Person, Ranker
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.fresh import add_to_history
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.store import ArtifactStore
from uptake.understanding.labels.artifact import Labels

USERS = ["ann", "bo", "cy", "di"]


@pytest.fixture
def state(tmp_path):
    everybody = [session("play harry porter", "play harry potter", user=name, failed=(0,)) for name in USERS * 5]
    own = [session("play my mix", "play rain sounds", user="ann", failed=(0,)) for _ in range(5)]
    state = State(tmp_path)
    state.log.append(turns_of(everybody, own))
    state.log.compact()
    for _ in range(2):
        release(state)
    return state


def test_a_users_own_rewrites_go_and_shared_ones_stay(state):
    before = state.artifacts.load(RewriteTable)
    assert before.lookup("play my mix", "ann") is not None
    assert forget("ann", state) == 20
    after = state.artifacts.load(RewriteTable)
    assert after.lookup("play my mix", "ann") is None
    assert after.lookup("play harry porter").evidence.users == 3
    assert [turn.user_id for turn in state.log.read() if turn.user_id == "ann"] == []


@pytest.mark.slow
def test_what_the_assistant_of_the_home_refused_is_not_published_by_a_forgetting(tmp_path):
    (tmp_path / "uptake.toml").write_text("[home]\n")
    state = State(tmp_path)
    state.log.append(small_log(seed=0))
    [learned] = release(state, ("rewrites",)).learned
    refused = {one.request for one in learned.refused if one.gate in ("preflight", "effect")}
    assert refused
    forget(next(iter(state.log.read())).user_id, state)
    served = {row.request for row in state.artifacts.load(RewriteTable).rows()}
    assert served
    assert not refused & served


def test_a_users_shelf_is_emptied_also_of_what_was_just_said(state):
    fresh = FreshHistory.beside(state.learning)
    for name in ("ann", "bo"):
        add_to_history(fresh, session("play my mix", user=name).turns, session_id=f"now-{name}")
    assert state.artifacts.load(RequestIndex).own("ann").requests
    forget("ann", state)
    index = state.artifacts.load(RequestIndex)
    assert fresh.over(index.own("ann"), "ann").requests == index.own("ann").pairs == ()
    assert index.find("play harry potter").users == 3
    assert [one.text for one in fresh.over(index.own("bo"), "bo").working()] == ["play harry potter", "play my mix"]


def test_no_older_version_remembers(state):
    forget("ann", state)
    for kind in ("rewrites", "index"):
        assert len(state.artifacts.versions(kind)) == 1
    left = b"".join(path.read_bytes() for path in state.directory.rglob("*") if path.is_file())
    assert b"play my mix" not in left


def test_what_only_an_older_uptake_could_read_goes_whole(state):
    for kept in (state.artifacts.directory / "sounds" / "000001-0123abcd", state.learning / "sound"):
        kept.mkdir(parents=True)
        (kept / "own.npy").write_bytes(b"play my mix")
    forget("bo", state)
    assert not (state.artifacts.directory / "sounds").exists()
    assert not (state.learning / "sound").exists()


@pytest.mark.long
def test_forgetting_everybody_leaves_empty_artifacts(state):
    for name in USERS:
        forget(name, state)
    assert len(state.artifacts.load(RewriteTable)) == len(state.artifacts.load(RequestIndex)) == 0


def test_forgetting_a_stranger_changes_nothing(state):
    before = state.artifacts.load(RewriteTable)
    assert forget("nobody", state) == 0
    assert state.artifacts.load(RewriteTable) == before


def test_labels_go_with_their_user_and_so_does_a_model_trained_with_them(tmp_path):
    store = ArtifactStore(tmp_path / "artifacts")
    store.publish(some_labels())
    store.publish(small_model())
    forget("ann", State(tmp_path))
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
    forget("ann", State(tmp_path))
    left = store.load(Ranker)
    assert (set(left.people), list(left.heads)) == ({"bo"}, ["personal"])
    assert len(store.versions("rankers")) == 1
    assert store.current_version("repairs") is None
    written = b"".join(path.read_bytes() for path in store.directory.rglob("ranker.json"))
    assert b"ann" not in written
