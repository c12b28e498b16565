"""VirtualHome: it obeys the laws of a home, lets time pass, fails on demand, and is written down and read again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.calls import NOON, a_home
from uptake.assistant.home import Device, Home, VirtualHome, plain
from uptake.errors import BadConfig, BadRecord, DeviceFailed


def told(home: VirtualHome, entity_id: str) -> str:
    return plain(next(each for each in home.devices if each.entity_id == entity_id), home.states()[entity_id])


HOME = a_home()
VERBS = """turn_on turn_off toggle set_temperature set_hvac_mode set_fan_mode set_percentage open_cover close_cover
    stop_cover set_cover_position lock unlock media_play media_pause media_next_track play_media volume_set volume_mute
    start pause return_to_base dock clean_area fly close_valve set_valve_position play_stream""".split()
WORDS = "brightness_pct color_name color_temp_kelvin temperature percentage position volume_level hvac_mode".split()
services = st.sampled_from(VERBS)
entities = st.sampled_from([device.entity_id for device in HOME.devices])
some = st.one_of(st.integers(-10, 320), st.floats(0, 1), st.sampled_from(["red", "heat"]), st.none())
data = st.dictionaries(st.sampled_from(WORDS), some)
calls = st.lists(st.tuples(services, entities, data), max_size=8)
failures = st.dictionaries(entities, st.sampled_from(["refuse", "hang", "away"]), max_size=3)


def obey(home: VirtualHome, verb: str, entity_id: str, given_data: dict) -> bool:
    try:
        home.call(f"{entity_id.partition('.')[0]}.{verb}", entity_id, given_data)
    except DeviceFailed:
        return False
    return True


def test_a_virtual_home_is_a_home():
    assert isinstance(HOME, Home)


@settings(max_examples=25)
@given(calls, failures)
def test_a_call_that_raises_changes_nothing(made, failing):
    home = a_home()
    for entity_id, how in failing.items():
        home.fail(entity_id, how)
    for verb, entity_id, given_data in made:
        before = home.states()
        assert obey(home, verb, entity_id, given_data) or home.states() == before


@settings(max_examples=25)
@given(calls, calls)
def test_restoring_what_was_before_undoes_every_call(earlier, later):
    home = a_home()
    for made in earlier:
        obey(home, *made)
    before = home.states()
    for made in later:
        obey(home, *made)
    home.restore(before)
    assert home.states() == before


@settings(max_examples=25)
@given(calls, failures, st.integers(0, 300))
def test_what_was_written_down_is_the_same_home_again(made, failing, minutes):
    home = a_home()
    for each in made:
        obey(home, *each)
    for entity_id, how in failing.items():
        home.fail(entity_id, how)
    home.advance(timedelta(minutes=minutes))
    again = a_home()
    again.restore_dump(json.loads(json.dumps(home.dump())))
    assert (again.states(), again.now(), again.dump()) == (home.states(), home.now(), home.dump())


@settings(max_examples=25)
@given(calls, st.integers(1, 200), st.integers(1, 200))
def test_two_short_whiles_are_one_long_while(made, first, second):
    whole, parts = a_home(), a_home()
    for home in (whole, parts):
        for each in made:
            obey(home, *each)
    whole.advance(timedelta(minutes=first + second))
    parts.advance(timedelta(minutes=first))
    parts.advance(timedelta(minutes=second))
    for name, state in whole.states().items():
        other = parts.states()[name]
        assert state.value == other.value
        for key, value in state.attributes.items():
            assert other.attributes[key] == (pytest.approx(value) if isinstance(value, float) else value)


def test_the_oven_heats_and_the_dishwasher_ends():
    home = a_home()
    home.call("switch.set_temperature", "switch.oven", {"temperature": 200})
    home.call("switch.turn_on", "switch.dishwasher")
    home.advance(timedelta(minutes=9))
    assert home.states()["switch.oven"].attributes["current_temperature"] == 110
    home.advance(timedelta(hours=2))
    state = home.states()["switch.dishwasher"]
    assert (state.value, state.changed_at) == ("off", NOON + timedelta(minutes=110))
    assert told(home, "switch.oven") == "on, 200 °C"


def test_a_room_drifts_to_its_set_point_and_a_robot_comes_home():
    home = a_home()
    home.call("climate.set_temperature", "climate.living_room", {"temperature": 23})
    home.call("vacuum.start", "vacuum.rover")
    assert told(home, "climate.living_room") == "heating, 20.5 °C, set to 23 °C"
    assert told(home, "vacuum.rover") == "cleaning, battery 100 %"
    home.advance(timedelta(hours=2))
    assert told(home, "climate.living_room") == "idle, 23 °C, set to 23 °C"
    assert home.states()["vacuum.rover"].value == "docked"


@pytest.mark.parametrize(
    ("how", "problem"), [("refuse", "refused"), ("hang", "did not answer"), ("away", "is not reachable")]
)
def test_a_device_fails_as_it_is_told_to_until_it_is_healed(how, problem):
    home = a_home()
    home.fail("light.desk", how)
    with pytest.raises(DeviceFailed) as caught:
        home.call("light.turn_on", "light.desk")
    assert (caught.value.problem, caught.value.entity_id) == (problem, "light.desk")
    assert (home.states()["light.desk"].value == "unavailable") == (how == "away")
    home.heal("light.desk")
    assert home.call("light.turn_on", "light.desk").value == "on"


def test_a_device_that_hangs_goes_on_when_it_is_healed():
    home = VirtualHome(devices=[Device(entity_id="light.desk", name="Desk")], clock=lambda: NOON, timeout_s=600)
    home.fail("light.desk", "hang")
    waiting = Thread(target=home.call, args=("light.turn_on", "light.desk"))
    waiting.start()
    home.heal("light.desk")
    waiting.join(timeout=300)
    assert home.states()["light.desk"].value == "on"


def test_undoing_touches_nothing_that_only_drifted():
    home = a_home()
    home.call("switch.turn_on", "switch.dishwasher")
    before = home.states()
    home.call("light.turn_on", "light.desk")
    home.advance(timedelta(minutes=10))
    home.restore(before)
    assert home.states()["light.desk"].value == "off"
    assert home.states()["switch.dishwasher"].attributes["remaining_min"] == 100


def test_a_scene_sets_what_it_can_and_tells_what_it_missed():
    home = a_home()
    home.fail("media_player.tv", "away")
    assert home.call("scene.turn_on", "scene.movie_night").attributes["missed"] == ["media_player.tv"]
    assert told(home, "light.floor_lamp") == "on, 20 %, blue"
    home.heal()
    assert "missed" not in home.call("scene.turn_on", "scene.movie_night").attributes


def test_something_may_happen_in_the_home():
    home = a_home()
    home.set_state("camera.doorbell", "ringing")
    home.set_state("binary_sensor.kitchen_smoke", "on")
    assert (told(home, "camera.doorbell"), told(home, "binary_sensor.kitchen_smoke")) == ("ringing", "smoke detected")


def test_time_without_a_zone_is_time_at_home_and_none_is_the_clock_again():
    home = VirtualHome(timezone="Asia/Tokyo", clock=lambda: NOON)
    home.set_time(datetime(2026, 1, 1, 7, 30))
    assert home.now().isoformat() == "2026-01-01T07:30:00+09:00"
    home.set_time(None)
    assert home.now() == NOON


def test_a_home_that_cannot_be_is_refused():
    lamp = Device(entity_id="light.a", name="A")
    with pytest.raises(BadConfig, match="same entity_id"):
        VirtualHome(devices=[lamp, lamp])
    with pytest.raises(BadConfig, match="no time zone"):
        VirtualHome(timezone="Mars/Base")
    with pytest.raises(BadRecord):
        a_home().restore_dump({"states": {"light.desk": 3}})


def test_going_back_to_a_moment_undoes_what_was_done_and_what_failed_since():
    home = a_home()
    moment, before = home.moment(), dict(home.states())
    home.call("light.turn_on", "light.desk")
    home.fail("light.desk", "refuse")
    home.back_to(moment)
    assert dict(home.states()) == before
    home.call("light.turn_on", "light.desk")
