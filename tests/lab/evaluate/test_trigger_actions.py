"""Commands of real users that wait for something: the definition in them is read without the trigger."""

import gzip
import json

import pytest

from uptake.lab.evaluate.teaching.trigger_actions import definition_of, trigger_actions

COMMANDS = [
    ("close the blinds when it is dark", "monitor(x) => @org.thingpedia.iot.cover.set_openclose(state=enum close);"),
    (
        "if it is cold set volume on my speaker to 14 %",
        "monitor(x) => @org.thingpedia.volume-control.set_volume(volume=14);",
    ),
    ("turn on the fan at nine", 'timer(x) => @org.thingpedia.iot.fan(name="loft").set_power(power=enum off);'),
    ("tweet it when it rains", "monitor(x) => @com.twitter.post(status=x);"),
    ("turn on the fan", "@org.thingpedia.iot.fan.set_power(power=enum on);"),
]


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("when the temperature changes turn on the air con", "turn on the air con"),
        ("in ten minutes, open the gate", "open the gate"),
        ("open the gate in 10 minutes", "open the gate"),
        ("turn on the light in the hall", "turn on the light in the hall"),
    ],
)
def test_the_trigger_is_cut_off(text, definition):
    assert definition_of(text) == definition


def test_definitions_are_compared_with_the_program_and_other_commands_are_counted(tmp_path):
    (tmp_path / "almond_logs").mkdir()
    with gzip.open(tmp_path / "almond_logs" / "dialogues.jsonl.gz", "wt") as file:
        for user, program in COMMANDS:
            file.write(json.dumps({"id": user, "turns": [{"user": user, "program": program}]}) + "\n")
    found = trigger_actions(tmp_path)
    assert found["teach.trigger_actions"] == 4
    assert found["teach.trigger_actions_at_home"] == 3
    assert found["teach.trigger_actions_understood"] == 2
    assert trigger_actions(tmp_path / "almond_logs") == {}
