"""Goal labels: neighbours tell what a turn alone does not; every turn belongs to one goal; too little is refused."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import session, turn
from tests.insight.goals.toy_goals import toy
from uptake.errors import BadConfig, NotReady
from uptake.insight.dialogues.learn import Targets
from uptake.insight.goals import Material, begins, label
from uptake.insight.goals.artifact import GoalLabels
from uptake.insight.goals.learn import from_signals, label_log, train, train_from_signals, training_set
from uptake.insight.goals.learn.weak_labels import joined
from uptake.ml.metrics import counts, roc_auc
from uptake.types import Interpretation, Session, Truth

pytest.importorskip("lightgbm")


@pytest.fixture(scope="module")
def taught():
    sessions, targets = toy()
    return training_set(Material.of(sessions), targets)


@pytest.fixture(scope="module")
def model(taught):
    return train(taught).model


@pytest.mark.slow
def test_a_boundary_that_only_neighbours_show_is_found_with_context_and_not_without(taught):
    inner = taught.material.places > 0
    truth = taught.boundary[inner] == 1.0
    f1 = {}
    for context in (True, False):
        fitted = train(taught, context=context)
        f1[context] = counts(truth, fitted.boundary[inner] >= fitted.model.threshold("boundary")).f1
    assert f1[True] > 0.9
    assert f1[True] > f1[False] + 0.2


@pytest.mark.slow
def test_success_that_only_the_whole_goal_shows_is_found_with_context_and_not_without(taught):
    auc = {on: roc_auc(taught.failed == 0.0, train(taught, context=on).success) for on in (True, False)}
    assert auc[True] > 0.9
    assert auc[True] > auc[False] + 0.2


@pytest.mark.slow
def test_other_sessions_are_labelled_right_and_every_turn_belongs_to_one_goal(model):
    sessions, targets = toy(20, seed=9)
    goals = label(model, sessions)
    assert [name for goal in goals for name in goal.turn_ids] == [
        turn.turn_id for one in sessions for turn in one.turns
    ]
    found = {goal.turn_ids[0] for goal in goals}
    truth = {
        one.turns[at].turn_id
        for one, told in zip(sessions, targets, strict=True)
        for at in np.flatnonzero(told.boundary)
    }
    assert len(found & truth) > 0.9 * len(truth)
    assert len(found) < 1.1 * len(truth)
    assert all(0.0 < goal.success < 1.0 for goal in goals)


@pytest.mark.slow
def test_the_labels_of_a_session_do_not_depend_on_those_beside_it(model):
    sessions, _ = toy(6, seed=3)
    apart = [goal for one in sessions for goal in label(model, [one])]
    assert label(model, sessions) == apart


@pytest.mark.slow
def test_nothing_but_the_log_is_looked_at(model):
    sessions, _ = toy(6, seed=4)
    told = [
        Session(
            session_id=one.session_id,
            turns=tuple(replace(turn, truth=Truth(goal_success=False, defect=True)) for turn in one.turns),
        )
        for one in sessions
    ]
    assert label(model, told) == label(model, sessions)


@pytest.mark.slow
def test_a_loaded_model_labels_as_the_saved_one(model, tmp_path):
    model.save(tmp_path)
    sessions, _ = toy(4, seed=5)
    assert label(GoalLabels.load(tmp_path), sessions) == label(model, sessions)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 1_000])
def test_sessions_of_any_length_are_read(model, size):
    one = Session(session_id="x", turns=tuple(turn("taxi", at_s=at, response=None) for at in range(size)))
    assert sum(len(goal.turn_ids) for goal in label(model, [one])) == size


@pytest.mark.slow
def test_fields_that_were_never_logged_do_no_harm(model):
    bare = session("now the taxi", "", "🙂 now the film")
    rich = Interpretation(intent="Book", domain="rides", slots=(("to", "airport"),), confidence=0.5)
    full = session("now the taxi", interpretation=rich, action="query(x=1)", answer=True, undone=False)
    assert len(label(model, [bare, full])) >= 2
    assert label(model, []) == []


def test_too_few_examples_are_refused_and_it_is_said_how_many_are_needed():
    sessions, targets = toy(4)
    with pytest.raises(NotReady, match=r"at least 20 examples .* are needed, there are"):
        train(training_set(Material.of(sessions), targets))
    with pytest.raises(NotReady, match="nothing is known"):
        train(training_set(Material.of(sessions), [Targets() for _ in sessions]))
    with pytest.raises(NotReady, match="at least 20 sessions"):
        label_log(sessions)


def test_targets_that_do_not_fit_are_refused():
    sessions, targets = toy(4)
    with pytest.raises(BadConfig):
        training_set(Material.of(sessions), targets[:-1])
    with pytest.raises(BadConfig):
        training_set(Material.of(sessions), [Targets(boundary=(True,) * 50), *targets[1:]])


def test_labels_that_contradict_each_other_count_as_unknown():
    one = session("a", "b")
    given = training_set(Material.of([one]), [Targets(success=(True, False))], whole=True)
    assert np.isnan(given.failed).all()


@pytest.mark.slow
def test_a_model_without_a_head_says_so():
    sessions, targets = toy(60)
    only = [Targets(success=told.success) for told in targets]
    fitted = train(training_set(Material.of(sessions), only, whole=True))
    with pytest.raises(NotReady, match="has not learned boundary"):
        begins(fitted.model, Material.of(sessions[:2]))
    assert [len(goal.turn_ids) for goal in label(fitted.model, sessions[:2])] == [len(s.turns) for s in sessions[:2]]


@pytest.mark.slow
def test_a_log_without_any_label_teaches_where_goals_begin():
    single = [one for one in toy(400, seed=1)[0] if len(one.turns) <= 4]
    model = train_from_signals(single)
    sessions, targets = toy(60, seed=2)
    material = Material.of(sessions)
    inner = material.places > 0
    truth = np.concatenate([told.boundary for told in targets])[inner]
    assert roc_auc(truth, begins(model, material)[inner]) > 0.8
    assert label_log(sessions, model) == label(model, sessions)


def test_a_joint_of_two_sessions_is_a_boundary_without_greetings_around_it():
    one, other = session("play jazz", "thank you bye"), session("hello", "set a timer", "ten minutes")
    (first, *_), (told, *_) = joined([one, other])
    requests = [turn.request for turn in first.turns]
    assert requests in (
        ["play jazz", "set a timer", "ten minutes"],
        ["hello", "set a timer", "ten minutes", "play jazz"],
    )
    assert sum(told.boundary) == 2
    assert [turn.said_at for turn in first.turns] == sorted(turn.said_at for turn in first.turns)


def test_what_is_said_aloud_decides_whether_a_goal_was_reached():
    sessions = [
        session("play jazz", answer=True),
        session("play jazz", answer=False),
        session("play jazz", "never mind"),
    ]
    assert [told.success[0] for told in from_signals(sessions)] == [True, False, False]
