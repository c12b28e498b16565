"""Exploration: where asking is worth most, within budgets, with its probability."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.asking.policy import Explorer, Spent, draw, worth
from uptake.errors import BadConfig
from uptake.types import Interpretation

explore = Explorer()
shares = st.floats(0.0, 1.0)


def readings(*confidences, domain="music"):
    return [Interpretation(intent=f"i{at}", domain=domain, confidence=sure) for at, sure in enumerate(confidences)]


def decided(*confidences, seen=20, spent=None, chance=0.0, by=explore, **fields):
    return by(readings(*confidences), seen=seen, spent=spent or Spent(), chance=chance, **fields)


def test_what_is_unsure_and_comes_often_is_worth_most():
    assert worth(readings(0.5), 20) > worth(readings(0.5), 1) > worth(readings(0.99), 1)
    assert worth(readings(0.5, 0.45), 20) > worth(readings(0.5), 20)


def test_nothing_read_or_an_unknown_confidence_is_worth_nothing():
    assert worth([], 5) == worth(readings(None), 5) == 0.0


def test_a_question_says_how_likely_it_was():
    asked, spared = decided(0.5, chance=0.0), decided(0.5, chance=0.99)
    assert (asked.action, spared.action) == ("ask", "none")
    assert asked.propensity + spared.propensity == pytest.approx(1.0)


def test_a_sure_reading_is_left_alone():
    assert decided(0.99).action == "none"


def test_a_person_is_asked_so_many_times_a_day():
    assert decided(0.5, spent=Spent(user_today=3)).action == "none"


def test_a_domain_has_a_budget_of_its_own():
    used = Spent(domain_explored=5, domain_turns=100)
    assert decided(0.5, spent=used).action == "none"
    assert decided(0.5, spent=used, by=Explorer(budgets={"music": 0.2})).action == "ask"


def test_a_close_second_reading_is_tried_only_where_it_does_no_harm():
    assert decided(0.5, 0.48, harmless=True).action == "try"
    assert decided(0.5, 0.48).action == "ask"
    assert decided(0.5, 0.2, harmless=True).action == "ask"


@given(shares, shares, st.integers(0, 100), st.floats(0.0, 1.0, exclude_max=True))
def test_every_decision_has_a_probability(first, second, seen, chance):
    found = decided(first, second, seen=seen, chance=chance, harmless=True)
    assert 0.0 < found.propensity <= 1.0
    assert 0.0 <= found.worth <= 1.0


@given(st.text(), st.text())
def test_equal_turns_draw_equally_and_within_bounds(user, turn_id):
    assert 0.0 <= draw(user, turn_id) < 1.0
    assert draw(user, turn_id) == draw(user, turn_id)


def test_budgets_out_of_range_are_refused():
    for wrong in ({"budget": 1.5}, {"per_day": -1}, {"most_likely": 0.0}, {"budgets": {"music": -0.1}}):
        with pytest.raises(BadConfig):
            Explorer(**wrong)
