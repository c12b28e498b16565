"""Repairs are learned from labels, or from a log and a second recogniser, and judged on people nobody learned from."""

import dataclasses

import numpy as np
import pytest

from tests.rewriting.repair.learn import talk
from tests.rewriting.repair.repairing import CONVENTIONS
from uptake.errors import NotReady
from uptake.rewriting.repair.learn.examples import Material, believed, cross_fit
from uptake.rewriting.repair.learn.fit import fit_few, fit_labelled, fit_unlabelled
from uptake.rewriting.repair.learn.threshold import Goal
from uptake.rewriting.repair.learn.weak_labels import teach, unspoken

pytest.importorskip("lightgbm")
pytest.importorskip("scipy")

GOAL = Goal(win_loss=3.0, neutral=0.3, spread=0.0)


@pytest.fixture(scope="module")
def learned():
    sessions, meant = talk.calls(range(24))
    return cross_fit(Material.of(sessions, CONVENTIONS, second=talk.second(sessions), meant=meant))


@pytest.fixture(scope="module")
def others():
    sessions, meant = talk.calls(range(24, 32), seed=1)
    return Material.of(sessions, CONVENTIONS, meant=meant)


def judged(model, others):
    """(wins, losses) on others' turns."""
    wins = losses = 0
    for turn, meant in zip(others.turns, others.meant, strict=True):
        proposal = model.propose(turn)
        if proposal is not None:
            wins += proposal.meaning == meant
            losses += turn.served == meant
    return wins, losses


@pytest.mark.slow
def test_what_labels_taught_repairs_the_turns_of_people_nobody_labelled(learned, others):
    fitted = fit_labelled(learned, goal=GOAL)
    wins, losses = judged(fitted.model, others)
    wrong = sum(turn.served != meant for turn, meant in zip(others.turns, others.meant, strict=True))
    assert wins >= 0.7 * wrong > 0
    assert losses * 3 <= wins


@pytest.mark.slow
def test_without_a_single_label_repairs_win_and_only_add(learned, others):
    blind = dataclasses.replace(learned.material, meant=(None,) * len(learned.material))
    alone = fit_unlabelled(cross_fit(blind), goal=GOAL)
    wins, losses = judged(alone.model, others)
    assert wins > 3 * losses
    assert alone.model.rule.additive
    for turn in others.turns:
        proposal = alone.model.propose(turn)
        assert proposal is None or proposal.meaning > turn.served
    with pytest.raises(NotReady):
        fit_labelled(cross_fit(blind), goal=GOAL)


@pytest.mark.slow
def test_too_few_labels_leave_what_the_log_taught(learned):
    alone = fit_unlabelled(learned, goal=GOAL)
    assert fit_few(learned, alone, at=np.arange(40), goal=Goal(win_loss=1e6)) is alone


def test_learning_again_gives_the_same_words(learned):
    again = cross_fit(learned.material)
    assert again.values.phrases == learned.values.phrases
    assert np.array_equal(again.gist_model.gists.weights, learned.gist_model.gists.weights)


def test_an_empty_reading_of_words_is_no_label(learned):
    trusted = believed(learned.material)
    empty = [bool(one.top) and not one.served and not one.courteous for one in learned.material.turns]
    assert not (trusted & np.array(empty)).any()
    assert trusted.any()


def test_what_two_recognisers_do_not_share_was_said_to_nobody(learned):
    chances = unspoken(learned.material)
    short = np.array([one.seconds == 0.2 for one in learned.material.turns])
    assert chances[short].mean() > chances[~short].mean()
    deaf = dataclasses.replace(learned.material, second=(None,) * len(learned.material))
    assert len(set(unspoken(deaf))) == 1


def test_a_teachers_beliefs_sum_to_one(learned):
    found = [[turn.served, *(meaning for meaning, _ in turn.readings[1:])] for turn in learned.material.turns]
    for some, beliefs in zip(found, teach(learned.material, learned.out_of_fold(), found), strict=True):
        assert len(beliefs) == len(some)
        assert np.isclose(beliefs.sum(), 1.0)


def test_turns_are_seen_through_a_lens_that_never_saw_their_user(learned):
    seen, users = learned.out_of_fold(), learned.material.users
    for part in learned.parts:
        own = {users[at] for at in part.outside}
        taught = {user for at, user in enumerate(users) if at not in set(part.outside.tolist())}
        assert not own & taught
        assert all(seen[at].gist_models == (part.gist_model,) for at in part.outside)


def test_one_user_is_not_enough():
    sessions, meant = talk.calls(range(1))
    with pytest.raises(NotReady):
        cross_fit(Material.of(sessions, CONVENTIONS, meant=meant))
