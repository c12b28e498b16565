"""Audit of groups: who is served worse, who is too few, what narrowing costs."""

import numpy as np
import pytest

from tests.builders import turn
from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.experiments.coded import Coded
from uptake.experiments.groups.audit import Chosen, audit_of_tables
from uptake.experiments.groups.gaps import gaps, holm
from uptake.experiments.groups.membership import Grouping, groupings_of_file, word_errors
from uptake.experiments.groups.narrowing import narrowing
from uptake.experiments.groups.reach import newly_named, reach
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.log.rows import to_table
from uptake.log.schema import PART_SCHEMA, complete
from uptake.log.sessions import GAP_S, with_sessions
from uptake.types import Context, Interpretation, Truth


def people(name, count, *, fails, sure=(0.9, 0.9), turns=10, room="Kitchen"):
    """People of a home each, of whose turns a share fails; readings that fail are as sure as the second number."""
    generator = np.random.default_rng(len(name))
    found = []
    for person in range(count):
        for at in range(turns):
            failed = bool(generator.random() < fails)
            reading = Interpretation(intent="play", confidence=sure[failed] - 0.1 * generator.random())
            found.append(
                turn(
                    f"play {name} {at}",
                    user=f"{name}-{person}",
                    at_s=person * 10_000 + at * 600,
                    home_id=f"home-{name}-{person}",
                    interpretation=reading,
                    context=Context(room=room),
                    truth=Truth(defect=failed),
                )
            )
    return found


def tables(turns):
    return [complete(with_sessions(to_table(turns), gap_s=GAP_S), PART_SCHEMA)]


def by_name(outcomes):
    return Grouping(
        name="accent", of_turn=Coded.of([outcomes.user.names[at].split("-")[0] for at in outcomes.user.codes])
    )


def test_a_group_that_is_served_worse_is_found_and_equal_ones_are_not(tmp_path):
    said = people("north", 60, fails=0.1) + people("south", 60, fails=0.4) + people("east", 60, fails=0.1)
    said += people("west", 3, fails=0.9)
    file = tmp_path / "groups.csv"
    users = sorted({one.user_id for one in said})
    rows = [f"{user},{user.split('-')[0]},{'ab'[at % 2]}\n" for at, user in enumerate(users)]
    file.write_text("user_id,accent,coin\n" + "".join(rows))
    found = audit_of_tables(tables(said), Chosen(defect="truth", groups=file))
    south = next(one for one in found["gaps"] if one["group"] == "south" and one["measure"] == "defect")
    assert south["differs"]
    assert south["gap_low"] < 0.3 < south["gap_high"]
    assert south["people"] == 60
    assert not [one for one in found["gaps"] if one["grouping"] == "coin" and one["differs"]]
    assert [one for one in found["no_claim"] if one["group"] == "west" and one["people"] == 3]
    assert not [one for one in found["gaps"] if one["group"] == "west"]


def test_with_no_difference_at_all_few_of_many_comparisons_are_called_one():
    called = 0
    for seed in range(12):
        said = people("n" * (seed + 1), 80, fails=0.3, turns=5)
        outcomes = outcomes_of_turns(said)
        generator = np.random.default_rng(seed)
        coin = generator.integers(0, 6, len(outcomes.user.names))
        grouping = Grouping(name="die", of_turn=Coded(tuple("abcdef"), coin[outcomes.user.codes]))
        found, _ = gaps(outcomes, [grouping], {"defect": outcomes.defect}, min_users=5)
        called += any(one.is_gap for one in found)
    assert called <= 3


def test_corrections_never_lower_a_p_value():
    values = np.random.default_rng(0).random(50) ** 3
    assert (np.array(holm(values)) >= values).all()
    assert holm([]) == []


def test_the_k_users_rule_leaves_less_to_those_who_say_what_few_say():
    rare = [turn(f"my own words {n}", user=f"rare-{n}", home_id=f"r{n}", truth=Truth(defect=True)) for n in range(25)]
    many = [turn("play jazz", user=f"many-{n}", home_id=f"m{n}", truth=Truth(defect=True)) for n in range(25)]
    outcomes = outcomes_of_turns(rare + many)
    found = {
        (one.group, one.k): one.share.rate for one in reach(outcomes, [by_name(outcomes)], ks=(1, 3), min_users=20)
    }
    assert found == {("rare", 1): 1.0, ("many", 1): 1.0, ("rare", 3): 0.0, ("many", 3): 1.0}
    assert newly_named(outcomes, ks=(1, 2, 25)) == {1: 25, 2: 0, 25: 1}


def test_questions_for_those_served_worst_narrow_the_gap_and_the_price_is_told():
    said = people("well", 80, fails=0.1, sure=(0.9, 0.4)) + people("badly", 80, fails=0.5, sure=(0.9, 0.5))
    outcomes = outcomes_of_turns(said)
    found = narrowing(outcomes, by_name(outcomes), budget=0.1)
    assert found.gap_own < found.gap_same - 0.05
    assert found.worst_own < found.worst_same
    assert found.asked_most > found.asked_own
    assert found.asked_own <= 0.25


def test_word_errors_are_of_words_said():
    assert word_errors(["play some jazz", "", None], ["play jazz", "noise", "x"])[0] == pytest.approx(1 / 3)
    assert np.isnan(word_errors(["play some jazz", "", None], ["play jazz", "noise", "x"])[1:]).all()


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("name,accent\na,b\n", BadRecord, "line 1: needs a header with user_id"),
        ("user_id\na\n", BadRecord, "at least one group"),
        ("user_id,accent\na\n", BadRecord, "line 2: must have 2 cells"),
        ("user_id,accent\nann-0,x\nann-0,y\n", BadRecord, "line 3, field user_id: names a person twice"),
        ("user_id,accent\n", BadRecord, "names nobody"),
        ("user_id,accent\nnobody,x\n", NotReady, "none of its 1 people is in the log"),
    ],
)
def test_a_file_of_groups_that_is_wrong_is_refused_by_its_place(tmp_path, text, error, said):
    file = tmp_path / "groups.csv"
    file.write_text(text)
    with pytest.raises(error, match=said):
        groupings_of_file(file, outcomes_of_turns(people("ann", 2, fails=0.5)))


def test_unknown_fields_and_options_are_refused():
    said = tables(people("ann", 2, fails=0.5))
    with pytest.raises(BadConfig, match=r"context\.room"):
        audit_of_tables(said, Chosen(fields=("context.rom",)))
    with pytest.raises(BadConfig, match="at least 5"):
        Chosen(min_users=2)
    with pytest.raises(BadConfig, match="budget"):
        Chosen(budget=float("nan"))


def test_a_field_of_the_log_parts_the_turns():
    said = people("ann", 30, fails=0.1, room="Kitchen") + people("bo", 30, fails=0.6, room="Garage")
    found = audit_of_tables(tables(said), Chosen(defect="truth", fields=("context.room",)))
    garage = next(one for one in found["gaps"] if one["group"] == "Garage" and one["measure"] == "defect")
    assert garage["differs"]
    assert found["narrowing"]
