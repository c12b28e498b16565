"""The home file: what it may say, and how it tells what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from uptake.assistant.home import VirtualHome, plain
from uptake.errors import BadConfig, UptakeError

GOOD = """\
[home]
timezone = "Europe/Berlin"

[[floor]]
id = "up"
name = "Upstairs"

[[area]]
id = "den"
name = "Den"
floor = "up"

[[device]]
id = "light.den"
name = "Den Light"
area = "den"
can = ["brightness"]
attributes = { brightness = 40 }

[[device]]
id = "scene.cosy"
name = "Cosy"

[device.sets]
"light.den" = { state = "on", brightness = 10 }
"""


def load(tmp_path: Path, text: str) -> VirtualHome:
    path = tmp_path / "home.toml"
    path.write_text(text, encoding="utf-8")
    return VirtualHome.load(path)


def problem(tmp_path: Path, old: str, new: str) -> str:
    with pytest.raises(BadConfig) as caught:
        load(tmp_path, GOOD.replace(old, new))
    return str(caught.value)


def test_a_home_file_describes_floors_areas_devices_and_scenes(tmp_path):
    home = load(tmp_path, GOOD)
    assert [floor.name for floor in home.floors] == ["Upstairs"]
    assert home.areas[0].floor_id == "up"
    assert home.now().tzinfo.key == "Europe/Berlin"
    home.call("scene.turn_on", "scene.cosy")
    assert plain(home.devices[0], home.states()["light.den"]) == "on, 10 %"


def test_the_home_that_ships_is_large_and_without_errors():
    home = VirtualHome.load()
    assert len(home.devices) >= 40
    assert {device.domain for device in home.devices} >= {"light", "climate", "cover", "lock", "media_player", "sensor"}
    assert all(device.area_id is None or device.area_id in {a.area_id for a in home.areas} for device in home.devices)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('name = "Den Light"', 'nmae = "Den Light"', 15, "nmae: a device has no such key; did you mean name?"),
        ('name = "Den Light"\n', "", 13, "name is missing"),
        ('area = "den"', 'area = "dne"', 16, "area: there is no dne; did you mean den?"),
        ('floor = "up"', 'floor = "down"', 11, "floor: there is no down"),
        ('id = "light.den"', 'id = "lamp.den"', 14, "id: there is no domain lamp"),
        ('id = "light.den"', 'id = "light"', 14, "id: expected a domain, a dot and a name"),
        ('id = "scene.cosy"', 'id = "light.den"', 21, "id: light.den is there twice"),
        ('["brightness"]', '["brightnes"]', 17, "can: a light cannot brightnes; did you mean brightness?"),
        ('["brightness"]', '"brightness"', 17, "can: expected a list of texts"),
        ("brightness = 40", "brightness = 400", 18, "brightness: expected a number from 0 to 100"),
        ("brightness = 40", "loudness = 4", 18, "loudness: a light has no such attribute"),
        ('state = "on", brightness = 10', 'state = "lit"', 25, "state: a light is never lit; expected off, on"),
        ('"light.den" = {', '"light.dne" = {', 25, "sets: there is no device light.dne; did you mean light.den?"),
        ('"Europe/Berlin"', '"Berlin"', 2, "timezone: there is no Berlin"),
        ("[[floor]]", "[[flor]]", 4, "there is no [flor]; did you mean floor?"),
        ("[[area]]", "[area]", 8, "expected [[area]], one heading for each"),
    ],
)
def test_an_error_is_told_with_its_line_its_key_and_what_was_expected(tmp_path, old, new, line, said):
    assert f"home.toml, line {line}: {said}" in problem(tmp_path, old, new)


def test_several_errors_are_told_at_once_in_the_order_of_their_lines(tmp_path):
    told = problem(tmp_path, "40", "true").splitlines()
    both = problem(
        tmp_path, 'area = "den"\ncan = ["brightness"]\nattributes = { brightness = 40 }', "area = 1\ncan = 2"
    )
    assert len(told) == 1
    assert [part.partition(", line ")[2].split(":")[0] for part in both.splitlines()][:2] == ["16", "17"]


def test_a_script_that_calls_what_a_device_cannot_do_is_an_error(tmp_path):
    script = '[[device]]\nid = "script.go"\nname = "Go"\ndoes = ["light.fly light.den"]\n'
    with pytest.raises(BadConfig, match=r"line 30: does: light\.den knows no light\.fly"):
        load(tmp_path, GOOD + "\n" + script)


@pytest.mark.parametrize("text", ["[home", "home = 3", "device = [1, 2]", "[[device]]\nid = 3", "\x00", "[device]\n"])
def test_nonsense_is_an_error_of_the_file_and_no_traceback(tmp_path, text):
    with pytest.raises(UptakeError) as caught:
        load(tmp_path, text)
    assert "home.toml" in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadConfig, match="cannot be read"):
        VirtualHome.load(tmp_path / "nowhere.toml")
