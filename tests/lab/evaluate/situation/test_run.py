"""The evaluation of the context model: cases, situations, fitting, figures."""

from __future__ import annotations

import gzip
import json
from datetime import datetime

import numpy as np
import pytest

from uptake.assistant.entities import Resolver
from uptake.assistant.skills import Skills
from uptake.errors import BadRecord, NotReady
from uptake.lab.evaluate.situation import run as evaluation
from uptake.lab.evaluate.situation.case_home import home_of
from uptake.lab.evaluate.situation.free_reading import free
from uptake.lab.evaluate.situation.sameness import Comparison, same
from uptake.lab.simulate.situations.cases import Case, load
from uptake.lab.simulate.situations.hand_written import reading, written
from uptake.lab.simulate.situations.households import draw
from uptake.lab.train.situation import candidates, fit_weights, prior
from uptake.types import Context, Situation
from uptake.understanding.situation.step import ContextRanker


def case(number: int, first: int, state: str, name: str) -> dict:
    return {
        "id": f"c{number}",
        "text": "turn it off",
        "context": {
            "device": {"type": "speaker", "has_screen": False, "room": "Hall"},
            "states": {"Lamp": state, "Fan": "off" if state == "on" else "on"},
            "local_time": "2026-03-10T18:20",
            "place": "home",
            "recent_turns": [],
            "habit": [{"at": "2026-03-09T18:00", "request": "turn on the lamp"}],
        },
        "expect": {"reading": name, "intent": "HassTurnOff", "slots": {"name": name}},
        "contrast_of": None if number == first else f"c{first}",
    }


def stored(root, lines: list[str]):
    (root / "context_cases").mkdir(parents=True)
    with gzip.open(root / "context_cases" / "any.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return root


def share(groups, weights) -> float:
    ranker = ContextRanker(weights=weights)
    right = [
        ranker.rank(case.text, candidates(group), case.situation)[0].interpretation.key == case.reading.key
        for group in groups
        for case in group
    ]
    return float(np.mean(right))


def test_cases_are_read_in_groups(tmp_path):
    rows = [json.dumps(case(1, 1, "on", "Lamp")), json.dumps(case(2, 1, "off", "Fan"))]
    (group,) = load(stored(tmp_path, rows))
    assert [one.reading.slots for one in group] == [(("name", "Lamp"),), (("name", "Fan"),)]
    assert group[0].situation.habits[0].request == "turn on the lamp"


def test_a_broken_line_is_named_and_a_missing_file_too(tmp_path):
    with pytest.raises(NotReady):
        load(tmp_path)
    with pytest.raises(BadRecord) as caught:
        load(stored(tmp_path, [json.dumps(case(1, 1, "on", "Lamp")), "{}"]))
    assert "2" in str(caught.value)


def test_drawn_situations_are_the_same_for_the_same_seed_and_have_a_right_answer_among_others():
    assert draw(30, seed=3) == draw(30, seed=3) != draw(30, seed=4)
    assert all(len({one.key for one in drawn.candidates}) == len(drawn.candidates) > 1 for drawn in draw(60))


def test_written_groups_say_the_same_words_and_mean_different_things():
    for group in written():
        assert len({case.text for case in group}) == 1
        assert len({case.reading.key for case in group}) == len(group) > 1


def test_what_is_learnt_in_drawn_households_holds_in_situations_written_by_hand():
    weights = fit_weights([], own=False, drawn=240)
    assert share(written(), weights) >= 0.9
    assert share(written(), prior()) <= share(written(), weights)


def test_readings_are_compared_by_meaning():
    wanted = reading("HassSetVolumeRelative name=Soundbar; volume_step=down")
    assert same(wanted, reading("HassSetVolumeRelative name=Soundbar; volume_step=-10; area=Hall"))
    assert not same(wanted, reading("HassSetVolumeRelative name=Soundbar; volume_step=up"))
    assert not same(wanted, reading("HassSetVolumeRelative name=Radio; volume_step=down"))
    assert same(reading("HassTurnOff name=all; domain=light"), reading("HassTurnOff domain=light; name=all"))


def judged(text: str, states: dict[str, str], local: str, room: str = "Study"):
    """Compares readings in a situation."""
    known = Situation(
        context=Context(room=room), states=tuple(states.items()), local=datetime.fromisoformat(f"2026-03-10T{local}")
    )
    one = Case(case_id="c", text=text, situation=known, reading=reading("HassRespond"), group="c")
    return Comparison(case=one, resolver=Resolver(home_of(tuple(states.items()), room), Skills())).same


def test_readings_are_the_same_where_the_same_would_be_done():
    blinds = judged("put the blind down", {"Study Blind": "open", "Attic Blind": "open"}, "12:45")
    wanted = reading("HassTurnOff name=Study Blind")
    assert blinds(wanted, reading("HassTurnOff area=Study; device_class=blind; domain=cover"))
    assert not blinds(wanted, reading("HassTurnOff area=Attic; device_class=blind; domain=cover"))
    assert not blinds(wanted, reading("HassTurnOff name=all; domain=cover"))
    assert not blinds(wanted, reading("HassTurnOn area=Study; device_class=blind; domain=cover"))


def test_times_timers_and_lists_are_compared_as_the_skills_take_them():
    evening = judged("wake me at half past six", {"Alarm Clock": "off"}, "17:40")
    assert evening(reading("SetAlarm at=18:30"), reading("SetAlarm at=half past six"))
    assert not evening(reading("SetAlarm at=06:30"), reading("SetAlarm at=half past six"))
    one = judged("stop the timer", {"Egg Timer": "running"}, "08:00")
    two = judged("stop the timer", {"Egg Timer": "running", "Tea Timer": "running"}, "08:00")
    assert one(reading("HassCancelTimer name=Egg"), reading("HassCancelTimer"))
    assert not two(reading("HassCancelTimer name=Egg"), reading("HassCancelTimer"))
    assert one(reading("SetReminder text=ring mum; day=friday"), reading("SetReminder text=ring mum; date=friday"))
    assert one(reading("HassListAddItem item=milk; name=shopping list"), reading("HassShoppingListAddItem item=milk"))


def test_a_home_is_made_of_the_things_of_a_case():
    home = home_of((("Hall Lamp", "on"), ("Egg Timer", "running"), ("Front Door", "locked"), ("TV", "off")), "Hall")
    assert {device.entity_id for device in home.devices} == {"light.hall_lamp", "lock.front_door", "media_player.tv"}


def test_every_group_is_judged_by_weights_that_were_fitted_without_it(tmp_path, monkeypatch):
    """The fit notes in its weights whom it saw; what judges a group must not have seen it, and all the others."""
    seen, judges = [], {}

    def fit(groups, **_):
        seen.append({one.case_id for group in groups for one in group})
        return {**prior(), "said": float(len(seen) - 1)}

    monkeypatch.setattr(evaluation, "fit_weights", fit)
    monkeypatch.setattr(
        "uptake.lab.evaluate.situation.free_reading.free", lambda _, rankers, **__: judges.update(rankers) or {}
    )
    pairs = [(case(at, at, "on", "Lamp"), case(at + 1, at, "off", "Fan")) for at in (1, 3, 5)]
    lines = [[json.dumps(one) for one in pair] for pair in pairs]
    train = stored(tmp_path / "train", lines[0] + lines[1])
    evaluation.context(train, stored(tmp_path / "data", lines[1] + lines[2]))
    assert {name: seen[int(ranker.weights["said"])] for name, ranker in judges.items()} == {
        "c3": {"c1", "c2"},
        "c5": {"c1", "c2", "c3", "c4"},
    }


def test_a_case_on_both_sides_is_said_and_the_situation_tells_what_the_words_do_not(tmp_path, monkeypatch):
    monkeypatch.setattr("uptake.lab.evaluate.situation.free_reading.free", lambda *_, **__: {"free_cases": 0})
    root = stored(tmp_path, [json.dumps(case(1, 1, "on", "Lamp")), json.dumps(case(2, 1, "off", "Fan"))])
    figures = evaluation.context(root, root)
    assert figures["context.held_out"] is False
    assert (figures["context.choice_accuracy"], figures["context.group_accuracy"]) == (1.0, 1.0)
    assert (figures["context.context_free_choice"], figures["context.context_free_group"]) == (0.5, 0.0)


@pytest.mark.long
@pytest.mark.data
@pytest.mark.slow
def test_the_situation_tells_what_words_alone_do_not(data_root, monkeypatch):
    monkeypatch.setattr("uptake.lab.evaluate.situation.free_reading.free", lambda *_, **__: {})
    figures = evaluation.context(data_root, data_root)
    assert figures["context.choice_accuracy"] >= 0.8
    assert figures["context.group_accuracy"] >= 0.65
    assert figures["context.context_free_choice"] <= 0.5


@pytest.mark.slow
def test_the_agent_reads_freely_what_a_situation_makes_plain(tmp_path):
    group = load(stored(tmp_path, [json.dumps(case(1, 1, "on", "Lamp")), json.dumps(case(2, 1, "off", "Fan"))]))[0]
    figures = free([group], {"c1": ContextRanker()})
    assert (figures["free_cases"], figures["free_accuracy"]) == (2, 1.0)
    assert figures["free_context_free"] < 1.0
