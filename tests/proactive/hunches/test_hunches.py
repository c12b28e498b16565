"""HunchLearner: what is usual of a device; hunches: what is not so now."""

from random import Random

import pyarrow as pa
import pytest

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig
from uptake.log.timeline import SCHEMA, Change
from uptake.proactive.hunches.artifact import EVERYBODY_LEFT, Expectation, Expectations
from uptake.proactive.hunches.learn import HunchLearner
from uptake.proactive.hunches.learn.alike import embedding
from uptake.proactive.hunches.learn.series import series_of
from uptake.proactive.hunches.step import HunchOffers, ObservedState, hunches

ENGINE = LocalEngine(memory_limit="256MB")
FIRST = 20_458  # a Monday
GARAGE = "cover.garage"


def at(day, clock):
    return (FIRST + day) * 1440 + clock


def evenings(days, entity=GARAGE, opens=1080, closes=1260):
    """A garage door that is opened and closed at its times."""
    for day in days:
        yield at(day, opens + day % 7), entity, "open"
        yield at(day, closes + day * 5 % 11), entity, "closed"


def learn(changes, user=None, local=True, names=None, **options):
    rows = [
        Change("h", entity, minute * 60_000_000, minute if local else None, state, user)._asdict()
        for minute, entity, state in changes
    ]
    table = ENGINE.table(HunchLearner.counted, timeline=pa.Table.from_pylist(rows, schema=SCHEMA))
    return HunchLearner(**options).solve(EngineStatistics(ENGINE, table), names)


def said(found, now, **devices):
    seen = {name.replace("__", "."): one for name, one in devices.items()}
    return [one.usual.entity_id for one in hunches(found.of("h"), seen, now)]


def test_a_door_that_is_closed_every_evening_is_missed_when_it_is_open():
    found = learn(evenings(range(12)))
    (row,) = found.rows()
    assert (row.entity_id, row.state, row.days, row.of_days) == (GARAGE, "closed", 10, 10)
    opened = ObservedState("open", at(13, 1080))
    assert said(found, at(13, 1320), cover__garage=opened) == [GARAGE]
    assert said(found, at(13, 1240), cover__garage=opened) == []
    assert said(found, at(13, 1320), cover__garage=ObservedState("closed", at(13, 1265))) == []


def test_what_somebody_opened_after_its_time_is_as_they_want_it():
    assert said(learn(evenings(range(12))), at(13, 1320), cover__garage=ObservedState("open", at(13, 1290))) == []


def test_what_was_removed_or_is_away_is_passed_over():
    found = learn(evenings(range(12)))
    assert said(found, at(13, 1320)) == []
    assert said(found, at(13, 1320), cover__garage=ObservedState("unavailable", at(13, 1080))) == []


def test_nothing_is_usual_after_two_days_or_without_a_clock():
    assert len(learn(evenings(range(2)))) == 0
    assert len(learn(evenings(range(12)), local=False)) == 0


def test_a_device_that_flaps_has_no_habit():
    flaps = [(at(0, 0) + step // 2, "light.hall", ("on", "off")[step % 2]) for step in range(14 * 1440)]
    assert len(learn(flaps)) == 0


def test_a_device_that_is_used_at_random_has_no_habit():
    rng, changes = Random(1), []
    for number in range(30):
        for day in range(14):
            for _ in range(2):
                begin = at(day, rng.randrange(0, 1400))
                changes += [
                    (begin, f"light.l{number}", "on"),
                    (begin + rng.randrange(5, 120), f"light.l{number}", "off"),
                ]
    assert len(learn(changes)) == 0


def leaving(days):
    for day in days:
        yield at(day, 405 + day % 3), "light.study", "on"
        yield at(day, 478 + day % 5), "light.study", "off"
        yield at(day, 480), "person.ann", "not_home"
        yield at(day, 1050), "person.ann", "home"


def test_what_is_switched_off_when_everybody_leaves_is_missed_when_nobody_is_home():
    found = learn(leaving(range(12)))
    assert EVERYBODY_LEFT in {row.after for row in found.rows()}
    on, away = ObservedState("on", at(20, 600)), ObservedState("not_home", at(20, 700))
    assert said(found, at(20, 720), light__study=on, person__ann=away) == ["light.study"]
    assert said(found, at(20, 720), light__study=on, person__ann=ObservedState("home", at(20, 700))) == []
    assert said(found, at(20, 720), light__study=on) == []  # a home without presence


def test_a_device_with_few_days_borrows_from_one_alike_that_agrees():
    other = "cover.carport"
    names = {GARAGE: "Garage Door", other: "Carport Door"}
    few = learn([*evenings(range(12)), *evenings(range(6, 12), other)], names=names)
    assert {row.entity_id: row.like for row in few.rows()} == {GARAGE: None, other: GARAGE}
    at_noon = learn([*evenings(range(12)), *evenings(range(6, 12), other, 600, 720)], names=names)
    assert {row.entity_id for row in at_noon.rows()} == {GARAGE}


def test_devices_of_one_kind_and_rhythm_are_nearer_than_others():
    def vector(entity, name, opens, closes):
        changes = [(minute, state) for minute, _, state in evenings(range(8), entity, opens, closes)]
        return embedding(entity, name, series_of(changes, until=at(9, 0), flaps_min=3))

    garage, carport = vector(GARAGE, "Garage Door", 1080, 1260), vector("cover.carport", "Carport Door", 1080, 1260)
    radio = vector("media_player.radio", "Kitchen Radio", 420, 480)
    assert garage @ carport > 0.75 > garage @ radio


def test_forgetting_who_changed_something_learns_anew():
    found = learn(evenings(range(12)), user="ann")
    assert found.without("ann") is None
    assert found.without("bo") == found


def test_what_is_kept_of_a_home_is_small(tmp_path):
    changes = [row for number in range(20) for row in evenings(range(12), f"cover.blinds_{number}", 900 + number, 1200)]
    learn(changes).save(tmp_path)
    assert len(Expectations.load(tmp_path)) == 12
    assert (tmp_path / "hunches.json").stat().st_size <= 2_048


@pytest.mark.parametrize("wrong", [{"min_days": 3}, {"min_share": 1.0}, {"confidence": 0.0}, {"flaps_min": 0}])
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadConfig):
        HunchLearner(**wrong)


def test_a_list_names_a_device_by_its_room_and_kind():
    rows = [
        Expectation(home_id="h", entity_id=entity, state="off", days=9, of_days=9, share=0.9, usual=1200, by=1230)
        for entity in ("fan.living_room", "light.hall_light", "cover.garage")
    ]
    offers = HunchOffers(Expectations.from_rows(rows), "1").offers(None)
    assert {dict(one.deeds[0].slots)["name"] for one in offers} == {"living room fan", "hall light", "garage"}
