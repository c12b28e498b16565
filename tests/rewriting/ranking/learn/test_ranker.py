"""learn.rank: which candidate, what comes of it, and a threshold that keeps its promise on others."""

import math

import numpy as np
import pytest

from uptake.errors import BadConfig, NotReady
from uptake.rewriting.ranking.learn.ranker import Case, Outcomes, Rankings, choose_threshold, fit, judged, reweighed

QUICK = Rankings(rounds=15, outcome_rounds=15, seeds=1, folds=3, target=3.0)


def cases(count=240, *, seed=0):
    """Where the first feature is large the candidate is right and the request as heard mostly wrong."""
    random = np.random.default_rng(seed)
    made = []
    for at in range(count):
        like = random.random()
        right = like > 0.5
        heard = bool(random.random() < (0.1 if right else 0.9))
        rows = np.array([[1.0, random.random()], [like, random.random()]])
        made.append(
            Case(
                group=f"{seed}-{at // 2}",
                rows=rows,
                right=np.array([heard, right and not heard]),
                changes=np.array([False, True]),
                heard_right=heard,
                said=np.array([not right, right]),
            )
        )
    return made


def let_pass(*, shown, count=900, seed=0):
    """Failures of which a share shows: the others are taken for right. Returns them, and which are right in truth."""
    random = np.random.default_rng(seed)
    made, truth = [], []
    for at in range(count):
        like = random.random()
        right = bool(random.random() < (0.05 if like > 0.5 else 0.95))
        told = right or bool(random.random() >= shown)
        made.append(
            Case(
                group=str(at),
                rows=np.array([[1.0, 0.0], [like, random.random()]]),
                right=np.array([told, not told]),
                changes=np.array([False, True]),
                heard_right=told,
                shown=shown,
            )
        )
        truth.append(right)
    return made, np.array(truth)


def outcomes(score, win, loss, group=None):
    count = len(score)
    names = np.array(group if group is not None else [str(at) for at in range(count)], dtype=str)
    return Outcomes(
        score=np.array(score, dtype=float),
        win=np.array(win, dtype=bool),
        loss=np.array(loss, dtype=bool),
        weight=np.ones(count),
        group=names,
        best=np.zeros(count, dtype=int),
    )


@pytest.mark.slow
def test_a_learned_head_fixes_unseen_requests_at_the_promised_ratio():
    fitted = fit(cases(), ("like", "noise"), QUICK)
    wins, losses = judged(fitted.head, cases(seed=1)).counts(fitted.head.threshold)
    assert wins > 50
    assert wins >= 3.0 * losses


def test_failures_that_people_let_pass_count_less_as_requests_that_were_right():
    made, right = let_pass(shown=0.3)
    weights = np.array([one.weight for one in reweighed(made, QUICK)])
    told = np.array([one.heard_right for one in made])
    assert weights[told & right].mean() > 0.8
    assert weights[told & ~right].mean() < 0.35
    assert weights[told].sum() == pytest.approx(right.sum(), rel=0.15)
    assert weights[~told] == pytest.approx(1.0 / 0.3)


def test_where_every_failure_shows_nobody_is_doubted():
    made, _ = let_pass(shown=1.0)
    assert [one.weight for one in reweighed(made, QUICK)] == pytest.approx([1.0] * len(made))


@pytest.mark.slow
def test_equal_cases_give_equal_heads_and_unseen_scores_are_those_it_was_judged_by():
    one, other = (fit(cases(90), ("like", "noise"), QUICK) for _ in range(2))
    assert one.head.threshold == other.head.threshold
    assert np.array_equal(one.outcomes.score, other.outcomes.score)


def test_nothing_to_learn_from_is_said():
    nothing = Case(
        group="a", rows=np.zeros((1, 2)), right=np.array([True]), changes=np.array([False]), heard_right=True
    )
    with pytest.raises(NotReady):
        fit([nothing], ("like", "noise"), QUICK)


def test_a_request_that_nothing_can_change_keeps_its_place():
    fitted = cases(2)
    alone = Case(group="z", rows=np.zeros((0, 2)), right=np.zeros(0, bool), changes=np.zeros(0, bool), heard_right=True)
    from tests.rewriting.ranking.rankings import head

    found = judged(head(features=("sound", "edit")), [alone, *fitted])
    assert math.isinf(found.score[0])
    assert np.isfinite(found.score[1:]).all()


def test_the_threshold_lets_in_what_wins_and_keeps_out_what_loses():
    found = outcomes(range(200, 0, -1), [True] * 100 + [False] * 100, [False] * 100 + [True] * 100)
    assert 90 <= choose_threshold(found, QUICK) <= 101


def test_a_lucky_few_are_no_promise():
    few = outcomes(range(60, 0, -1), [True] * 20 + [False] * 40, [False] * 18 + [True] * 2 + [False] * 40)
    bold = choose_threshold(few, Rankings(target=8.5, caution=0.9))
    assert math.isfinite(bold)
    spread = choose_threshold(few, Rankings(target=8.5, caution=0.05))
    assert few.counts(spread)[1] == 0.0  # with a margin it stops before the losses


def test_losses_of_one_group_weigh_as_one_surprise():
    """A hundred recordings of one sentence are no hundred proofs: with all wins in one group there is no margin."""
    found = outcomes(range(100, 0, -1), [True] * 99 + [False], [False] * 99 + [True], group=["a"] * 99 + ["b"])
    assert found.counts(choose_threshold(found, Rankings(caution=0.3)))[1] == 0.0


def test_no_threshold_keeps_an_impossible_promise():
    bad = outcomes(range(50, 0, -1), [True, False] * 25, [False, True] * 25)
    assert math.isinf(choose_threshold(bad, Rankings(target=50.0)))


@pytest.mark.parametrize("wrong", [{"caution": 0.0}, {"caution": 1.0}, {"target": 0.0}, {"folds": 1}])
def test_senseless_options_are_refused(wrong):
    with pytest.raises(BadConfig):
        Rankings(**wrong)
