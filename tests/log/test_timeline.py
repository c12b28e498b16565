"""Timeline: the changes of devices, durable, idempotent, forgotten with their person."""

from zoneinfo import ZoneInfo

import pytest

from uptake.errors import BadRecord, StorageFailed
from uptake.log.timeline import Change, Timeline, change_of

OPENED = Change("h", "cover.garage", 1_000_000, 60, "open", "ann")
CLOSED = Change("h", "cover.garage", 2_000_000, 70, "closed", None)


def test_what_was_stored_is_read_in_order_and_storing_it_again_is_harmless(tmp_path):
    timeline = Timeline(tmp_path / "timeline.sqlite")
    timeline.append([CLOSED, OPENED])
    timeline.append([OPENED])
    assert [row["state"] for row in Timeline(tmp_path / "timeline.sqlite").table().to_pylist()] == ["open", "closed"]
    assert timeline.last("h") == {"cover.garage": "closed"}
    assert timeline.last("another home") == {}


def test_nothing_is_made_by_looking(tmp_path):
    timeline = Timeline(tmp_path / "timeline.sqlite")
    assert timeline.table().num_rows == 0
    timeline.forget("ann")
    assert not (tmp_path / "timeline.sqlite").exists()


def test_forgetting_a_person_removes_what_they_asked_for_and_where_they_were(tmp_path):
    timeline = Timeline(tmp_path / "timeline.sqlite")
    timeline.append([OPENED, CLOSED, Change("h", "person.ann", 3, 1, "home"), Change("h", "person.bo", 3, 1, "home")])
    timeline.forget("ann")
    assert [(row["entity_id"], row["state"]) for row in timeline.table().to_pylist()] == [
        ("cover.garage", "closed"), ("person.bo", "home"),
    ]  # fmt: skip


def test_a_damaged_file_says_what_to_do(tmp_path):
    (tmp_path / "timeline.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StorageFailed, match="move the file away"):
        Timeline(tmp_path / "timeline.sqlite").append([OPENED])


def test_the_clock_of_the_home_is_told_by_the_offset_or_a_zone_and_unknown_else():
    fields = {"home_id": "h", "entity_id": "light.hall", "state": "on"}
    berlin = ZoneInfo("Europe/Berlin")
    assert change_of({**fields, "at": "1970-01-02T00:30:00+02:00"}).local == 1440 + 30
    assert change_of({**fields, "at": "1970-01-01T23:30:00Z"}, zone=berlin).local == 1440 + 30
    assert change_of({**fields, "at": "1970-01-02T00:30:00"}, zone=berlin).local == 1440 + 30
    assert change_of({**fields, "at": "1970-01-02T00:30:00Z"}).local is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"entity_id": "hall"}, "entity_id"), ({"state": 3}, "state"), ({"state": ""}, "state"), ({"at": "noon"}, "at"),
        ({"at": "2026-01-01T00:00:00"}, "at"), ({"user_id": 4}, "user_id"), ({"home_id": None}, "home_id"),
    ],
)  # fmt: skip
def test_a_record_that_is_wrong_is_told_with_its_field(wrong, field):
    right = {"home_id": "h", "entity_id": "light.hall", "state": "on", "at": "2026-01-01T00:00:00+01:00"}
    with pytest.raises(BadRecord) as told:
        change_of({**right, **wrong})
    assert told.value.field == field
    with pytest.raises(BadRecord):
        change_of(["light.hall"])
