"""What every skill for devices keeps to, whatever was understood."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.skills.calls import NOON, PLAN, SKILLS, a_call, a_home, ask, targets
from uptake.assistant.home import VirtualHome
from uptake.assistant.skills.skill import Effect, Skill

HOME = a_home()
INTENTS = sorted(SKILLS.intents)
values = st.one_of(
    st.sampled_from(
        ["on", "up", "down", "50", "-3", "900", "1e9", "nan", "red", "open", "any", "all", "Kitchen", "oven"]
    ),
    st.text(max_size=5),
)
slots = st.dictionaries(
    st.sampled_from(sorted({slot.name for intent in SKILLS.intents.values() for slot in intent.slots} - {"name"})),
    values,
    max_size=4,
)
names = st.sampled_from([None, "Nothing", *(device.name for device in HOME.devices)])


def test_a_skill_is_a_skill_and_its_intents_have_examples_or_come_from_home_assistant():
    for skill in SKILLS.skills:
        assert isinstance(skill, Skill)
        assert skill.domains or skill.name == "states"
        for intent in skill.intents:
            assert intent.name.startswith("Hass") or (intent.examples and intent.sentences), intent.name


@settings(max_examples=100)
@given(st.sampled_from(INTENTS), slots, names, st.sampled_from([None, "Kitchen", "Garage"]))
def test_every_intent_is_answered_whatever_the_slots(intent, said, name, room):
    said = {**said, **({"name": name} if name else {})}
    effect = ask(a_home(), intent, room=room, **said)
    assert effect.speech
    assert effect.speech[0] == effect.speech[0].upper()
    assert effect.speech[-1] in ".?"
    if effect.missing:
        assert effect.action is None


@given(st.sampled_from(INTENTS), slots, st.sampled_from([device.name for device in HOME.devices]))
def test_a_question_changes_nothing(intent, said, name):
    if SKILLS.intents[intent].changes:
        return
    home = a_home()
    before = home.states()
    ask(home, intent, name=name, **said)
    assert home.states() == before


def turn_off(home: VirtualHome, *entity_ids: str) -> Effect | None:
    devices = tuple(device for device in home.devices if device.entity_id in entity_ids)
    return SKILLS.handle(replace(a_call(home, "HassTurnOff", area="Living Room"), targets=devices))


def test_skills_for_several_kinds_of_devices_each_do_their_part_in_one_answer():
    home = a_home()
    for name in ("light.floor_lamp", "fan.living_room", "media_player.tv"):
        home.call(f"{name.partition('.')[0]}.turn_on", name)
    assert (
        turn_off(home, "light.floor_lamp", "fan.living_room").speech == "The floor lamp is off. The ceiling fan is off."
    )
    everything = ("light.floor_lamp", "light.living_room", "fan.living_room", "media_player.tv", "climate.living_room")
    assert turn_off(home, *everything).speech == "All 5 devices in the living room are off."
    assert home.states()["media_player.tv"].value == "off"


def test_devices_are_called_at_the_same_time_so_that_slow_ones_wait_together():
    meeting = Barrier(2, timeout=300)

    class Meeting(VirtualHome):
        def call(self, service, entity_id, data=None):
            meeting.wait()
            return super().call(service, entity_id, data)

    home = Meeting(PLAN.floors, PLAN.areas, PLAN.devices, states=PLAN.states, clock=lambda: NOON)
    assert ask(home, "HassTurnOn", area="Study", domain="light").speech == "The study lights are on."


def test_one_skill_that_fails_does_not_keep_the_others_from_acting():
    home = a_home()
    home.call("fan.turn_on", "fan.living_room")
    home.fail("light.floor_lamp", "hang")
    effect = ask(home, "HassTurnOff", area="Living Room")
    assert effect.status == "failed"
    assert "the floor lamp did not answer" in effect.speech
    assert home.states()["fan.living_room"].value == "off"


@pytest.mark.parametrize(
    ("intent", "name", "asks"),
    [
        ("HassTurnOff", "Front Door", True),
        ("HassTurnOn", "Front Door", False),
        ("HassTurnOn", "Garage Door", True),
        ("HassTurnOn", "Garage Light", False),
        ("HassGetState", "Garage Door", False),
    ],
)
def test_people_are_asked_before_a_door_is_unlocked_or_the_garage_moves(intent, name, asks):
    assert SKILLS.must_ask(intent, targets(HOME, {"name": name})) is asks


def test_every_template_is_well_formed_and_uses_lists_and_rules_that_exist():
    from hassil import parse_sentence
    from home_assistant_intents import get_intents

    shipped = get_intents("en")
    for intent in (intent for skill in SKILLS.skills for intent in skill.intents):
        known = {*shipped["lists"], *intent.lists, *intent.wildcards, "name", "area", "floor"}
        for template in intent.sentences:
            parse_sentence(template)
            assert set(re.findall(r"\{([a-z_]+)[:}]", template)) <= known, template
            assert set(re.findall(r"<([a-z_]+)>", template)) <= shipped["expansion_rules"].keys(), template


def test_what_no_skill_has_is_nobodys():
    assert SKILLS.find("OrderPizza") is None
    assert SKILLS.handle(a_call(a_home(), "OrderPizza")) is None
