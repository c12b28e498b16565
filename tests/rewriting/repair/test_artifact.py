"""Repairs: what a turn is taken for, what it may have meant, and what is never proposed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import session, turn
from tests.rewriting.repair.repairing import CONVENTIONS, FOOD, VALUES, heard, model, stump
from uptake.errors import ArtifactRefused
from uptake.rewriting.repair.act_candidates import TurnEvidence, again, guessed
from uptake.rewriting.repair.artifact import RepairModel, Rule, best_other
from uptake.rewriting.repair.reading_candidates import meanings
from uptake.rewriting.repair.turn import acts_done, hear, meaning_of, spoken, written
from uptake.rewriting.repair.values import Values, gist
from uptake.types import Interpretation, Transcript

NOTHING = frozenset()
ITALIAN = frozenset({("inform", "food", "italian")})
names = st.sampled_from(["inform", "request", "affirm"])
meant = st.frozensets(st.tuples(names, st.sampled_from(["food", "area"]), st.sampled_from(["a", "b c"])), max_size=4)


@given(meant)
def test_a_meaning_survives_being_written(meaning):
    assert meaning_of(written(meaning)) == meaning


def test_readings_that_mean_the_same_are_one_and_courtesy_is_no_meaning():
    (one,) = hear(
        [
            turn(
                "indian please bye",
                interpretation=Interpretation(intent="bye", confidence=0.4),
                runners_up=(
                    Interpretation(intent="inform", slots=(("inform.food", "indian"),), confidence=0.3),
                    Interpretation(intent="bye+inform", slots=(("inform.food", "indian"),), confidence=0.2),
                ),
            )
        ],
        CONVENTIONS,
    )
    assert one.readings == ((NOTHING, 0.4), (FOOD, 0.5))
    assert one.courteous


def test_any_takes_the_slot_that_was_asked_about():
    first = turn("hello", action="request(slot=area)")
    any_will_do = Interpretation(intent="inform", slots=(("inform.this", "dontcare"),), confidence=0.9)
    second = hear([first, turn("any", interpretation=any_will_do)], CONVENTIONS)[1]
    assert second.served == {("inform", "area", "dontcare")}
    assert [gist(act, second.asked) for act in second.served] == ["inform:asked=*"]


def test_what_was_done_is_read_back():
    assert acts_done("offer(name=la%3Bx);reqmore()") == (("offer", "name", "la;x"), ("reqmore", "", ""))
    assert acts_done(None) == ()


@given(st.lists(st.tuples(st.text(max_size=20), st.one_of(st.none(), st.floats())), min_size=1, max_size=12))
def test_a_recognisers_list_is_masses_that_sum_to_one_whatever_its_scores(given_list):
    masses = [mass for _, mass in spoken(tuple(Transcript(text=text, score=score) for text, score in given_list))]
    assert np.isclose(sum(masses), 1.0)
    assert min(masses) >= 0.0


def test_another_spelling_is_learned_from_what_it_was_taken_for():
    moderate = frozenset({("inform", "pricerange", "moderate")})
    log = [heard("moderately priced", readings=((moderate, 0.9),)) for _ in range(5)] + [heard("the number")] * 5
    found, left = Values.of(log).find("a moderately restaurant")
    assert found == (("pricerange", "moderate"),)
    assert left == "a #pricerange restaurant"


def test_a_repair_is_proposed_where_the_list_agrees_and_nothing_was_understood():
    proposal = model().propose(heard("indian food", "the indian food"))
    assert proposal is not None
    assert proposal.meaning == FOOD
    assert proposal.probability > 0.9
    assert proposal.served < 0.1


def test_what_was_served_is_never_replaced_by_an_additive_rule():
    served = heard("indian food", readings=((ITALIAN, 0.2), (FOOD, 0.1)))
    assert model().propose(served).meaning > ITALIAN
    assert best_other([ITALIAN, FOOD], [0.1, 0.9], Rule(additive=True)) is None
    assert best_other([ITALIAN, FOOD], [0.1, 0.9], Rule()) is not None


def test_a_rule_that_was_not_chosen_never_repairs():
    assert model(rule=Rule()).propose(heard("indian food")) is None


@given(st.lists(st.sampled_from(["", "indian", "italian food", "north", "what"]), min_size=1, max_size=5), meant)
def test_candidates_are_distinct_and_the_served_meaning_is_the_first(texts, served):
    turn_heard = heard(*texts, readings=((served, 0.7),))
    seen = TurnEvidence(heard=turn_heard, values=VALUES, gist_models=model().gist_models, names=model().names)
    chances = guessed(seen)
    found = meanings(seen, chances)
    assert found[0] == served
    assert len(found) == len(set(found)) <= 64
    assert all(0.0 <= chance <= 1.0 for chance in chances.values())


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_worth_of_a_repair_falls_with_the_chance_that_the_served_meaning_is_right(right, served):
    rule = Rule(loss=3.0, neutral=0.5)
    if right + served <= 0.9:
        assert rule.worth(right, served) > rule.worth(right, served + 0.1)
    assert best_other([FOOD], [served], rule) is None


def test_a_turn_said_again_has_words_or_meaning_in_common():
    one, same, other = (hear(session(text).turns, CONVENTIONS)[0] for text in ("cheap food", "cheap food", "bye"))
    assert again(one, same) > 0.8
    assert again(one, other) == 0.0


@pytest.mark.parametrize("broken", ["repairs.json", "whole-leaves.npy", "log-weights.npy"])
def test_an_artifact_that_lacks_a_file_is_refused(tmp_path, broken):
    model().save(tmp_path)
    (tmp_path / broken).unlink()
    with pytest.raises(ArtifactRefused):
        RepairModel.load(tmp_path)


def test_trees_that_lead_nowhere_are_refused(tmp_path):
    model(pieces=stump("mass", 0.5, -1.0, 1.0)).save(tmp_path)
    np.save(tmp_path / "pieces-left.npy", np.array([7], np.int32))
    with pytest.raises(ArtifactRefused):
        RepairModel.load(tmp_path)


def test_an_artifact_names_no_text_that_somebody_said(tmp_path):
    model().save(tmp_path)
    assert "indian food" not in (tmp_path / "repairs.json").read_text()
